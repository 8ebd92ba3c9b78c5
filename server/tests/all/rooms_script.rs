//! A script in a room, as somebody would write one after `docs/rooms.md`: it takes nothing for
//! granted of what it is sent, and fails where events come out of order, twice, or not at all.

use super::relay_peer::{PATIENCE, Socket, a_box};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use uuid::Uuid;
use visionflow_document::{Document, Edit};
use visionflow_model::AnnotationId;

/// Opens `{url}/v1/ws/rooms/{room}?protocol=events&{query}`.
pub async fn open(url: &str, room_id: impl std::fmt::Display, query: &str) -> Socket {
    let base = url.replacen("http", "ws", 1);
    let url = format!("{base}/v1/ws/rooms/{room_id}?protocol=events&{query}");
    let request = url.into_client_request().unwrap();
    let config = WebSocketConfig::default()
        .max_frame_size(None)
        .max_message_size(None);
    let opened = connect_async_with_config(request, Some(config), false).await;
    opened.unwrap().0
}

pub struct Script {
    pub socket: Socket,
    pub document: Document,
    /// The last event that it has.
    pub seq: i64,
    pub info: Value,
    /// Texts that are neither `roomInfo` nor `ack`.
    pub texts: Vec<Value>,
    /// Heads of binary messages.
    pub heads: Vec<Value>,
    pub sent: u64,
    pub acked: u64,
    url: String,
    room_id: Uuid,
    query: String,
}

impl Script {
    /// A script that knows nothing yet.
    pub async fn join(url: &str, room_id: Uuid, query: &str) -> Self {
        let client = u64::from(Uuid::new_v4().as_u128() as u32);
        Self::enter(url, room_id, query, Document::new(client), 0).await
    }

    /// A script that knows nothing, and says that it has event `seq`.
    pub async fn pretend(url: &str, room_id: Uuid, query: &str, seq: i64) -> Self {
        let mut script = Self::enter(url, room_id, query, Document::new(1), seq).await;
        script.seq = 0;
        script
    }

    async fn enter(url: &str, room_id: Uuid, query: &str, document: Document, seq: i64) -> Self {
        let socket = open(url, room_id, &format!("{query}&lastSeq={seq}")).await;
        let mut script = Self {
            socket,
            document,
            seq,
            info: Value::Null,
            texts: Vec::new(),
            heads: Vec::new(),
            sent: 0,
            acked: 0,
            url: url.to_owned(),
            room_id,
            query: query.to_owned(),
        };
        let first = script.message().await.expect("a room info");
        let Message::Text(text) = first else {
            panic!("the first message is {first:?}");
        };
        script.info = serde_json::from_str(&text).unwrap();
        assert_eq!(script.info["type"], "roomInfo");
        assert_eq!(script.info["roomId"], room_id.to_string());
        script
    }

    /// Hangs up without a word, and comes back for what it lacks.
    pub async fn reconnect(self) -> Self {
        let (url, query) = (self.url.clone(), self.query.clone());
        self.reconnect_to(&url, &query).await
    }

    pub async fn reconnect_to(self, url: &str, query: &str) -> Self {
        drop(self.socket);
        Self::enter(url, self.room_id, query, self.document, self.seq).await
    }

    /// The next text or binary message; `None` when the server has closed.
    async fn message(&mut self) -> Option<Message> {
        loop {
            match self.socket.next().await {
                Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => {
                    return Some(message);
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }

    /// Takes in one message; false when the server has closed.
    pub async fn read(&mut self) -> bool {
        match self.message().await {
            Some(Message::Binary(bytes)) => self.take_binary(&bytes),
            Some(Message::Text(text)) => self.take_text(&text),
            _ => return false,
        }
        true
    }

    fn take_binary(&mut self, bytes: &[u8]) {
        let (length, rest) = bytes.split_at(4);
        let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
        let (head, update) = rest.split_at(length);
        let head: Value = serde_json::from_slice(head).unwrap();
        let seq = head["seq"].as_i64().unwrap();
        match head["type"].as_str().unwrap() {
            "update" => assert_eq!(seq, self.seq + 1, "after {}: {head}", self.seq),
            "snapshot" => assert!(seq > self.seq, "after {}: {head}", self.seq),
            other => panic!("a message of type {other}"),
        }
        self.document.apply_update(update).unwrap();
        self.seq = seq;
        self.heads.push(head);
    }

    fn take_text(&mut self, text: &str) {
        let text: Value = serde_json::from_str(text).unwrap();
        if text["type"] != "ack" {
            return self.texts.push(text);
        }
        let (seq, update) = (
            text["seq"].as_i64().unwrap(),
            text["update"].as_u64().unwrap(),
        );
        assert!(seq <= self.seq + 1, "after {}: {text}", self.seq);
        assert_eq!(update, self.acked + 1, "acknowledged in order: {text}");
        self.seq = self.seq.max(seq);
        self.acked = update;
    }

    pub async fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let waiting = async {
            while !holds(self) {
                assert!(self.read().await, "the socket was closed before: {what}");
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(
            waited.is_ok(),
            "it did not happen: {what}; {:?}",
            self.texts
        );
    }

    /// The next text for which `holds`, of those not asked for yet.
    pub async fn told(&mut self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        self.until(what, |script| script.texts.iter().any(&holds))
            .await;
        let at = self.texts.iter().position(holds).unwrap();
        self.texts.drain(..=at).next_back().unwrap()
    }

    pub async fn error(&mut self, code: &str) -> Value {
        self.told(code, |text| text["type"] == "error" && text["code"] == code)
            .await
    }

    pub async fn send(&mut self, update: Vec<u8>) {
        self.sent += 1;
        self.socket
            .send(Message::Binary(update.into()))
            .await
            .unwrap();
    }

    pub async fn say(&mut self, text: &Value) {
        self.say_text(text.to_string()).await;
    }

    pub async fn say_text(&mut self, text: String) {
        self.socket.send(Message::Text(text.into())).await.unwrap();
    }

    pub async fn show(&mut self, x: f64, selection: &[&str]) {
        let shown = json!({
            "type": "presence", "userId": "whoever",
            "cursor": { "x": x, "y": 200 }, "selection": selection,
        });
        self.say(&shown).await;
    }

    pub async fn edit(&mut self, edits: &[Edit]) {
        self.document.edit(edits).unwrap();
        for update in self.document.take_updates() {
            self.send(update).await;
        }
    }

    pub async fn draw(&mut self, label: Uuid, x: f64) -> AnnotationId {
        let annotation = a_box(label, x);
        self.edit(&[Edit::Add(annotation.clone())]).await;
        annotation.id
    }

    pub async fn saved(&mut self) {
        self.until("saved", |script| script.acked == script.sent)
            .await;
    }

    pub async fn has(&mut self, id: AnnotationId) {
        self.until(&format!("has {id}"), |s| s.document.get(id).is_some())
            .await;
    }
}
