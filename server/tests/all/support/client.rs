//! A signed-in person who calls the API.

use reqwest::{Client, Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;
use visionflow_api::{ProjectRole, ProjectType};

/// An answer, read whole.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    /// JSON, or the text as a string.
    pub body: Value,
}

impl Reply {
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Self {
            status,
            headers,
            body,
        }
    }

    /// The body, where the status is the expected one.
    #[track_caller]
    pub fn expect<T: DeserializeOwned>(self, status: u16) -> T {
        assert_eq!(self.status, status, "{}", self.body);
        serde_json::from_value(self.body).unwrap()
    }

    /// A problem with this status and code.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, code: &str) {
        let found = (self.status, self.body["code"].as_str());
        assert_eq!(found, (status, Some(code)), "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(
            self.body["request_id"].as_str(),
            self.headers["x-request-id"].to_str().ok()
        );
    }
}

#[derive(Clone)]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub token: String,
    pub refresh_token: String,
    /// The workspace that came with the account.
    pub workspace_id: Uuid,
    url: String,
    http: Client,
}

impl User {
    /// The holder of a session as `/auth/v1` gives it.
    pub async fn of_session(url: &str, http: &Client, session: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut user = Self {
            id: text(&session["user"]["id"]).parse().unwrap(),
            email: text(&session["user"]["email"]),
            token: text(&session["access_token"]),
            refresh_token: text(&session["refresh_token"]),
            workspace_id: Uuid::nil(),
            url: url.to_owned(),
            http: http.clone(),
        };
        let me = user.get("/api/v1/me").await;
        user.workspace_id = text(&me.body["workspaces"][0]["id"]).parse().unwrap();
        user
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &impl Serialize) -> Reply {
        Reply::of(self.request(Method::POST, path).json(body)).await
    }

    /// A creation with an idempotency key.
    pub async fn post_once(&self, path: &str, key: &str, body: &impl Serialize) -> Reply {
        let request = self
            .request(Method::POST, path)
            .header("idempotency-key", key);
        Reply::of(request.json(body)).await
    }

    pub async fn put(&self, path: &str, body: &impl Serialize) -> Reply {
        Reply::of(self.request(Method::PUT, path).json(body)).await
    }

    pub async fn patch(&self, path: &str, body: &impl Serialize) -> Reply {
        Reply::of(self.request(Method::PATCH, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::DELETE, path)).await
    }

    /// A project in the own workspace with the labels `car` and `person`; its id.
    pub async fn create_project(&self, name: &str) -> Uuid {
        let body = json!({
            "workspace_id": self.workspace_id, "name": name, "project_type": ProjectType::ObjectDetection,
            "labels": [
                { "id": Uuid::new_v4(), "name": "car", "color": "#3e63dd", "hotkey": "1" },
                { "id": Uuid::new_v4(), "name": "person", "color": "#e54d2e" },
            ],
        });
        let project: Value = self.post("/api/v1/projects", &body).await.expect(201);
        project["id"].as_str().unwrap().parse().unwrap()
    }

    /// Gives another account a role in a project that this one administers.
    pub async fn add_member(&self, project_id: Uuid, other: &User, role: ProjectRole) {
        let body = json!({ "email": other.email, "role": role });
        let path = format!("/api/v1/projects/{project_id}/members");
        let _: Value = self.post(&path, &body).await.expect(201);
    }
}
