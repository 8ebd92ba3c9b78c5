//! The real binary as a process of its own, to be killed.

use super::relay_peer::{Door, PATIENCE};
use super::relay_world::{Person, answer, id, sign_up};
use super::support::free_port;
use serde_json::{Value, json};
use sqlx::ConnectOptions;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use uuid::Uuid;
use visionflow_server::store::Database;

/// A grey pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x04, 0x00, 0x00, 0x00, 0xb5, 0x1c, 0x0c,
    0x02, 0x00, 0x00, 0x00, 0x0b, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x64, 0xf8, 0x0f, 0x00,
    0x01, 0x05, 0x01, 0x01, 0x27, 0x18, 0xe3, 0x66, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44,
    0xae, 0x42, 0x60, 0x82,
];

pub struct Process {
    pub label: Uuid,
    url: String,
    ports: [u16; 2],
    directory: PathBuf,
    /// Variables of its environment.
    environment: Vec<(String, String)>,
    child: Option<Child>,
    http: reqwest::Client,
}

impl Process {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Beside others on a database that is there, which have the workers.
    pub async fn start_on(database: &Database, environment: &[(&str, &str)]) -> Self {
        let url = database.owner.to_url_lossy().to_string();
        let beside = [("DATABASE_URL", &*url), ("VISIONFLOW_NO_WORKERS", "true")];
        Self::start_with(&[&beside, environment].concat()).await
    }

    async fn start_with(environment: &[(&str, &str)]) -> Self {
        let environment = environment.iter();
        let environment =
            environment.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let ports = [free_port(), free_port()];
        let directory =
            std::env::temp_dir().join(format!("visionflow-test-{}", Uuid::new_v4().simple()));
        std::fs::create_dir_all(&directory).unwrap();
        let mut process = Self {
            label: Uuid::now_v7(),
            url: format!("http://127.0.0.1:{}", ports[0]),
            ports,
            directory,
            environment: environment.collect(),
            child: None,
            http: reqwest::Client::new(),
        };
        process.restart().await;
        process
    }

    pub async fn restart(&mut self) {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.directory.join("server.log"))
            .unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_visionflow"))
            .arg("serve")
            .args(["--listen", &format!("127.0.0.1:{}", self.ports[0])])
            .args(["--s3-listen", &format!("127.0.0.1:{}", self.ports[1])])
            .arg("--data-dir")
            .arg(self.directory.join("data"))
            .env_remove("DATABASE_URL")
            .env_remove("S3_ENDPOINT")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::from(log.try_clone().unwrap()))
            .stderr(Stdio::from(log))
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        self.child = Some(child);
        let ready = async {
            while !self.is_ready().await {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let ready = tokio::time::timeout(PATIENCE * 3, ready).await.is_ok();
        assert!(ready, "the server did not become ready:\n{}", self.log());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("server.log")).unwrap_or_default()
    }

    /// Waits until this is in its log.
    pub async fn says(&self, words: &str) {
        let said = async {
            while !self.log().contains(words) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let said = tokio::time::timeout(PATIENCE, said).await.is_ok();
        assert!(said, "it does not say “{words}”:\n{}", self.log());
    }

    async fn is_ready(&self) -> bool {
        let answer = self.http.get(format!("{}/readyz", self.url)).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// SIGTERM, and waits for its end.
    pub async fn terminate(&mut self) {
        let mut child = self.child.take().unwrap();
        let pid = child.id().unwrap().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().await;
        assert!(told.unwrap().success());
        assert!(child.wait().await.unwrap().success());
    }

    /// SIGKILL for its Postgres, which takes the server along.
    pub async fn kill_postgres(&mut self) {
        let pid = self.directory.join("data/postgres/postmaster.pid");
        let pid = std::fs::read_to_string(pid).unwrap();
        let pid = pid.lines().next().unwrap();
        let killed = Command::new("kill").args(["-KILL", pid]).status().await;
        assert!(killed.unwrap().success());
        let mut child = self.child.take().unwrap();
        let ended = tokio::time::timeout(PATIENCE * 3, child.wait()).await;
        assert!(!ended.expect("it ends with its database").unwrap().success());
    }

    /// SIGKILL: no goodbye.
    pub async fn kill(&mut self) {
        self.child.take().unwrap().kill().await.unwrap();
    }

    /// In order, and without its data.
    pub async fn stop(mut self) {
        self.terminate().await;
        let _ = std::fs::remove_dir_all(&self.directory);
    }

    /// A person, a project with [`Process::label`], and an uploaded image: the way into its room.
    pub async fn door(&self) -> Door {
        let person = sign_up(&self.http, &self.url, "ada").await;
        let me = self.call(&person, "GET", "/api/v1/me", Value::Null).await;
        let labels = json!([{ "id": self.label, "name": "car", "color": "#30a46c", "archived": false, "attributes": [] }]);
        let body = json!({
            "workspace_id": me["workspaces"][0]["id"], "name": "Streets",
            "project_type": "object_detection", "labels": labels,
        });
        let project = self.call(&person, "POST", "/api/v1/projects", body).await;
        let path = format!("/api/v1/projects/{}/upload_url", id(&project["id"]));
        let body =
            json!({ "filename": "a.png", "content_type": "image/png", "size_bytes": PNG.len() });
        let ticket = self.call(&person, "POST", &path, body).await;
        let mut put = self
            .http
            .put(ticket["presigned_url"].as_str().unwrap())
            .body(PNG);
        for header in ticket["headers"].as_array().unwrap() {
            put = put.header(header[0].as_str().unwrap(), header[1].as_str().unwrap());
        }
        assert!(put.send().await.unwrap().status().is_success());
        let body = json!({ "storage_path": ticket["storage_path"] });
        let image = self
            .call(&person, "POST", "/api/v1/images/complete_upload", body)
            .await;
        Door {
            url: self.url.clone(),
            room_id: id(&image["room_id"]),
            token: person.token,
            control: true,
        }
    }

    async fn call(&self, person: &Person, method: &str, path: &str, body: Value) -> Value {
        let request = self
            .http
            .request(method.parse().unwrap(), format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {}", person.token))
            .header("content-type", "application/json");
        let (status, value) = answer(request.body(body.to_string())).await;
        assert!(status < 300, "{method} {path} -> {status} {value}");
        value
    }
}
