//! A project with a label and an empty image, and the people around it.
//!
//! Images are written as rows: what these tests need of one is its room.

use super::relay_peer::{Door, PATIENCE};
use super::support::{TestApp, config};
use serde_json::{Value, json};
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_api::AnnotationRow;
use visionflow_document::Document;
use visionflow_server::config::Config;
use visionflow_server::history;
use visionflow_server::relay::Relay;
use visionflow_server::serve::Server;
use visionflow_server::store::{RoomIdentity, Store, Tx};

pub struct World {
    pub app: TestApp,
    pub owner: Person,
    pub project_id: Uuid,
    pub label: Uuid,
    pub room_id: Uuid,
    pub image_id: Uuid,
    workspace_id: Uuid,
    http: reqwest::Client,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub email: String,
    pub token: String,
}

/// One more image and its room.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub room_id: Uuid,
    pub image_id: Uuid,
}

impl World {
    pub async fn new() -> Self {
        Self::new_with(|_| {}).await
    }

    /// With another configuration.
    pub async fn new_with(change: impl FnOnce(&mut Config)) -> Self {
        let app = TestApp::start_with(change).await;
        let http = reqwest::Client::new();
        let owner = sign_up(&http, &app.url, "ada").await;
        let label = Uuid::now_v7();
        let mut world = Self {
            app,
            owner,
            project_id: Uuid::nil(),
            label,
            room_id: Uuid::nil(),
            image_id: Uuid::nil(),
            workspace_id: Uuid::nil(),
            http,
        };
        let owner = world.owner.clone();
        let (_, me) = world.call(&owner, "GET", "/api/v1/me", None).await;
        world.workspace_id = id(&me["workspaces"][0]["id"]);
        let labels = json!([{ "id": label, "name": "car", "color": "#30a46c", "archived": false, "attributes": [] }]);
        let body = json!({
            "workspace_id": world.workspace_id, "name": "Streets",
            "project_type": "object_detection", "labels": labels,
        });
        let (status, project) = world
            .call(&owner, "POST", "/api/v1/projects", Some(body))
            .await;
        assert_eq!(status, 201, "{project}");
        world.project_id = id(&project["id"]);
        let room = world.new_room().await;
        (world.room_id, world.image_id) = (room.room_id, room.image_id);
        world
    }

    /// Stops the server in order and starts it again on the same data.
    pub async fn restart(self) -> Self {
        Self {
            app: Box::pin(self.app.restart()).await,
            ..self
        }
    }

    pub fn identity(&self) -> RoomIdentity {
        self.identity_of(&Room {
            room_id: self.room_id,
            image_id: self.image_id,
        })
    }

    fn identity_of(&self, room: &Room) -> RoomIdentity {
        RoomIdentity {
            room_id: room.room_id,
            workspace_id: self.workspace_id,
            project_id: self.project_id,
        }
    }

    pub fn store(&self) -> Store {
        self.app.app().store().clone()
    }

    pub fn relay(&self) -> Relay {
        self.app.app().relay().clone()
    }

    /// Waits until this holds of the server's rooms.
    pub async fn until_rooms(&self, what: &str, holds: impl Fn(&Relay) -> bool) {
        let relay = self.relay();
        let waiting = async {
            while !holds(&relay) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "it did not happen: {what}");
    }

    pub async fn until_asleep(&self) {
        self.until_rooms("every room is asleep", |relay| relay.awake() == 0)
            .await;
    }

    /// Somebody without anything to do with the project.
    pub async fn stranger(&self, name: &str) -> Person {
        sign_up(&self.http, &self.app.url, name).await
    }

    pub async fn member(&self, name: &str, role: &str) -> Person {
        let person = self.stranger(name).await;
        self.add_member(&person, role).await;
        person
    }

    /// A member of the workspace without a role in the project.
    pub async fn watcher(&self, name: &str) -> Person {
        let person = self.member(name, "labeler").await;
        self.remove_member(&person).await;
        person
    }

    pub async fn add_member(&self, person: &Person, role: &str) {
        let path = format!("/api/v1/projects/{}/members", self.project_id);
        let body = json!({ "email": person.email, "role": role });
        let (status, answer) = self.call(&self.owner, "POST", &path, Some(body)).await;
        assert!(status < 300, "{answer}");
    }

    pub async fn remove_member(&self, person: &Person) {
        let path = format!("/api/v1/projects/{}/members/{}", self.project_id, person.id);
        let (status, answer) = self.call(&self.owner, "DELETE", &path, None).await;
        assert!(status < 300, "{answer}");
    }

    pub fn door(&self, person: &Person) -> Door {
        Door {
            url: self.app.url.clone(),
            room_id: self.room_id,
            token: person.token.clone(),
            control: true,
        }
    }

    /// An access token that ends in so many seconds.
    pub fn token_for(&self, person: &Person, secs: i64) -> String {
        let keys = self.app.app().tokens().provider().expect("own keys");
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let claims = json!({
            "sub": person.id, "aud": "authenticated", "role": "authenticated",
            "iat": now, "exp": now + secs, "email": person.email,
        });
        let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256);
        header.kid = Some(keys.kid.clone());
        jsonwebtoken::encode(&header, &claims, &keys.signing).unwrap()
    }

    pub async fn new_room(&self) -> Room {
        let room = Room {
            room_id: Uuid::now_v7(),
            image_id: Uuid::now_v7(),
        };
        let mut tx = self
            .store()
            .begin_as_tenant(self.workspace_id)
            .await
            .unwrap();
        sqlx::query("insert into rooms (id, workspace_id, project_id) values ($1, $2, $3)")
            .bind(room.room_id)
            .bind(self.workspace_id)
            .bind(self.project_id)
            .execute(&mut *tx)
            .await
            .unwrap();
        sqlx::query(
            "insert into images (id, workspace_id, project_id, room_id, filename, storage_path,
                 width, height, content_type, size_bytes, status, created_by)
             values ($1, $2, $3, $4, 'a.png', $1::text, 640, 480, 'image/png', 1, 'ready', $5)",
        )
        .bind(room.image_id)
        .bind(self.workspace_id)
        .bind(self.project_id)
        .bind(room.room_id)
        .bind(self.owner.id)
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        room
    }

    pub async fn archived_label(&self) -> Uuid {
        let label = Uuid::now_v7();
        self.execute(
            "insert into labels (id, workspace_id, project_id, position, name, color, archived)
             values ($1, $2, $3, 9, 'old', '#000000', true)",
            &[label, self.workspace_id, self.project_id],
        )
        .await;
        label
    }

    /// Holds the room's row until the transaction ends.
    pub async fn lock_room(&self) -> Tx {
        let mut tx = self
            .store()
            .begin_as_tenant(self.workspace_id)
            .await
            .unwrap();
        sqlx::query("select 1 from rooms where id = $1 for update")
            .bind(self.room_id)
            .execute(&mut *tx)
            .await
            .unwrap();
        tx
    }

    /// One more server on the same database.
    pub async fn second_server(&self) -> Server {
        let mut config = config(&["--listen", "127.0.0.1:0", "--s3-listen", "127.0.0.1:0"]);
        config.data_dir = self.app.app().config().data_dir.clone();
        config.nats_url = self.app.app().config().nats_url.clone();
        Server::start(config, &self.app.database).await.unwrap()
    }

    /// As the bin does it.
    pub async fn delete_image(&self) {
        self.execute(
            "update images set deleted_at = now() where id = $1",
            &[self.image_id],
        )
        .await;
    }

    pub async fn drop_rows(&self) {
        self.execute(
            "delete from annotations where project_id = $1",
            &[self.project_id],
        )
        .await;
    }

    async fn execute(&self, sql: &'static str, ids: &[Uuid]) {
        let mut tx = self
            .store()
            .begin_as_tenant(self.workspace_id)
            .await
            .unwrap();
        let mut query = sqlx::query(sql);
        for id in ids {
            query = query.bind(*id);
        }
        query.execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The document as the server would hand it to an export now.
    pub async fn document(&self) -> Document {
        self.document_of(&self.room()).await
    }

    /// The room of the first image.
    pub fn room(&self) -> Room {
        Room {
            room_id: self.room_id,
            image_id: self.image_id,
        }
    }

    pub async fn document_of(&self, room: &Room) -> Document {
        let mut tx = self
            .store()
            .begin_as_tenant(self.workspace_id)
            .await
            .unwrap();
        let heads = tx.room_heads(room.room_id).await.unwrap().unwrap();
        history::document_at(&mut tx, room.room_id, heads.seq)
            .await
            .unwrap()
    }

    pub async fn log_of(&self, room: &Room) -> Vec<Vec<u8>> {
        let mut tx = self
            .store()
            .begin_as_tenant(self.workspace_id)
            .await
            .unwrap();
        let events = tx
            .room_events(room.room_id, 0, i64::MAX, 100_000)
            .await
            .unwrap();
        events.into_iter().map(|event| event.payload).collect()
    }

    pub async fn rows(&self) -> Vec<AnnotationRow> {
        self.rows_of(&Room {
            room_id: self.room_id,
            image_id: self.image_id,
        })
        .await
    }

    /// Through the API, as anyone reads them.
    pub async fn rows_of(&self, room: &Room) -> Vec<AnnotationRow> {
        let path = format!("/api/v1/annotations?image_id={}&limit=500", room.image_id);
        let (status, page) = self.call(&self.owner, "GET", &path, None).await;
        assert_eq!(status, 200, "{page}");
        serde_json::from_value(page["items"].clone()).unwrap()
    }

    /// Every column, as JSON, by id.
    pub async fn raw_rows(&self) -> Vec<Value> {
        let mut tx = self
            .store()
            .begin_as_tenant(self.workspace_id)
            .await
            .unwrap();
        sqlx::query_scalar(
            "select to_jsonb(a) from annotations a where project_id = $1 order by id",
        )
        .bind(self.project_id)
        .fetch_all(&mut *tx)
        .await
        .unwrap()
    }

    pub async fn call(
        &self,
        person: &Person,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.call_text(person, method, path, body).await
    }

    pub async fn call_text(
        &self,
        person: &Person,
        method: &str,
        path: &str,
        body: String,
    ) -> (u16, Value) {
        let request = self.request(person, method, path).body(body);
        answer(request).await
    }

    pub async fn call_with_key(
        &self,
        person: &Person,
        path: &str,
        body: &Value,
        key: &str,
    ) -> (u16, Value) {
        let request = self
            .request(person, "POST", path)
            .header("idempotency-key", key);
        answer(request.body(body.to_string())).await
    }

    fn request(&self, person: &Person, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.app.url);
        self.http
            .request(method.parse().unwrap(), url)
            .header("authorization", format!("Bearer {}", person.token))
            .header("content-type", "application/json")
    }
}

pub async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

pub async fn sign_up(http: &reqwest::Client, url: &str, name: &str) -> Person {
    let email = format!("{name}.{}@example.org", Uuid::new_v4().simple());
    let body =
        json!({ "email": email, "password": "correct horse battery", "data": { "name": name } });
    let request = http
        .post(format!("{url}/auth/v1/signup"))
        .header("content-type", "application/json");
    let (status, session) = answer(request.body(body.to_string())).await;
    assert_eq!(status, 200, "{session}");
    Person {
        id: id(&session["user"]["id"]),
        email,
        token: session["access_token"].as_str().unwrap().to_owned(),
    }
}

pub fn id(value: &Value) -> Uuid {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| panic!("no id: {value}"))
}
