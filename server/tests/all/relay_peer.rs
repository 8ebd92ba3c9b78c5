//! A client of the relay for tests: the engine's own session over a real socket.

use futures_util::{FutureExt, SinkExt, StreamExt};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use uuid::Uuid;
use visionflow_api::ServerControl;
use visionflow_document::{Document, Edit};
use visionflow_geometry::{Point, Rect};
use visionflow_model::{Annotation, AnnotationId, LabelId, Presence, PresenceUser, Shape};
use visionflow_sync::{Acknowledgement, ClientSession, Event, Frame};

/// How long a test waits for something that has to happen.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// How long a client waits for one server before it tries the next.
const CONNECT_PATIENCE: Duration = Duration::from_millis(1500);

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Where a room is, and as whom.
#[derive(Clone)]
pub struct Door {
    /// `http://127.0.0.1:…`
    pub url: String,
    pub room_id: Uuid,
    pub token: String,
    /// Ask for our own frames.
    pub control: bool,
}

impl Door {
    pub async fn open(&self) -> Socket {
        self.try_open().await.expect("the server is there")
    }

    /// `None` while there is no server.
    pub async fn try_open(&self) -> Option<Socket> {
        let control = if self.control { "&control=1" } else { "" };
        let base = self.url.replacen("http", "ws", 1);
        let url = format!(
            "{base}/v1/ws/rooms/{}?token={}{control}",
            self.room_id, self.token
        );
        let request = url.into_client_request().unwrap();
        // As in a browser: a whole document comes as one frame.
        let config = WebSocketConfig::default()
            .max_frame_size(None)
            .max_message_size(None);
        let socket = connect_async_with_config(request, Some(config), false).await;
        socket.ok().map(|(socket, _)| socket)
    }

    /// The code with which the server closes a socket that only listens.
    pub async fn close_code(&self) -> u16 {
        close_code(&mut self.open().await).await
    }
}

/// Reads until the server closes, and returns its code.
pub async fn close_code(socket: &mut Socket) -> u16 {
    let code = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                end => panic!("closed without a code: {end:?}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, code)
        .await
        .expect("the server did not close the socket")
}

pub struct Peer {
    pub door: Door,
    pub document: Document,
    pub session: ClientSession,
    pub controls: Vec<ServerControl>,
    /// Every update that was ever made, for sending it again.
    pub updates: Vec<Vec<u8>>,
    /// Why the server closed the last socket.
    pub close_code: Option<u16>,
    socket: Option<Socket>,
}

impl Peer {
    /// A client that is connected and has all that the server had.
    pub async fn join(door: &Door) -> Self {
        let mut peer = Self::new(door);
        peer.connect().await;
        peer
    }

    pub fn new(door: &Door) -> Self {
        let client = u64::from(Uuid::new_v4().as_u128() as u32);
        let acknowledgement = if door.control {
            Acknowledgement::Durable
        } else {
            Acknowledgement::None
        };
        Self {
            door: door.clone(),
            document: Document::new(client),
            session: ClientSession::new(client, acknowledgement),
            controls: Vec::new(),
            updates: Vec::new(),
            close_code: None,
            socket: None,
        }
    }

    pub async fn connect(&mut self) {
        self.socket = Some(self.door.open().await);
        for message in self.session.on_open(&self.document) {
            self.send(message).await;
        }
        self.until("synced", |peer| peer.session.is_synced()).await;
    }

    /// Through any of these doors, as a client does that lost its server: again and again.
    pub async fn reconnect(&mut self, urls: &[String]) {
        let trying = async {
            for url in urls.iter().cycle() {
                self.door.url.clone_from(url);
                // A server that is starting takes connections before it answers them.
                let trying = self.try_connect();
                if tokio::time::timeout(CONNECT_PATIENCE, trying).await == Ok(true) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let tried = tokio::time::timeout(PATIENCE * 3, trying).await;
        assert!(tried.is_ok(), "no server takes us in: {urls:?}");
    }

    /// False when there is no server, or it goes away before all is in step.
    pub async fn try_connect(&mut self) -> bool {
        self.disconnect();
        self.socket = self.door.try_open().await;
        if self.socket.is_none() {
            return false;
        }
        for message in self.session.on_open(&self.document) {
            self.send(message).await;
        }
        while !self.session.is_synced() {
            if !self.read().await {
                return false;
            }
        }
        true
    }

    /// Whether all that this client did is durable now; false when the server went away before.
    pub async fn saved_or_lost(&mut self) -> bool {
        while self.session.pending() > 0 {
            if !self.read().await {
                return false;
            }
        }
        self.is_connected()
    }

    /// Takes in what has come until now, and waits for nothing.
    pub async fn read_what_is_there(&mut self) {
        while let Some(socket) = &mut self.socket {
            let Some(message) = socket.next().now_or_never() else {
                return;
            };
            self.on_message(message).await;
        }
    }

    /// Hangs up without a word.
    pub fn disconnect(&mut self) {
        self.socket = None;
        self.session.on_close();
    }

    pub fn is_connected(&self) -> bool {
        self.socket.is_some()
    }

    pub fn socket(&mut self) -> &mut Socket {
        self.socket.as_mut().expect("connected")
    }

    pub async fn send(&mut self, message: Vec<u8>) {
        if let Some(socket) = &mut self.socket
            && socket.send(Message::Binary(message.into())).await.is_err()
        {
            self.disconnect();
        }
    }

    pub async fn edit(&mut self, edits: &[Edit]) {
        self.document.edit(edits).unwrap();
        self.send_updates().await;
    }

    pub async fn undo(&mut self) {
        self.document.undo();
        self.send_updates().await;
    }

    /// Edits, and keeps what there is to send.
    pub fn edit_silently(&mut self, edits: &[Edit]) -> Vec<Vec<u8>> {
        self.document.edit(edits).unwrap();
        let updates = self.document.take_updates();
        self.updates.extend(updates.iter().cloned());
        updates
    }

    /// Sends what the document has to say, as the engine does.
    async fn send_updates(&mut self) {
        for update in self.document.take_updates() {
            self.updates.push(update.clone());
            self.send_update(update).await;
        }
    }

    pub async fn send_update(&mut self, update: Vec<u8>) {
        if let Some(message) = self.session.local_update(update) {
            self.send(message).await;
        }
    }

    /// Adds a box and returns its id.
    pub async fn draw(&mut self, label: Uuid, x: f64) -> AnnotationId {
        let annotation = a_box(label, x);
        self.edit(&[Edit::Add(annotation.clone())]).await;
        annotation.id
    }

    pub async fn show(&mut self, name: &str) {
        let user = PresenceUser {
            name: name.to_owned(),
            ..PresenceUser::default()
        };
        let presence = Presence {
            user,
            ..Presence::default()
        };
        if let Some(message) = self.session.set_presence(&presence, 1) {
            self.send(message).await;
        }
    }

    pub fn sees(&self, name: &str) -> bool {
        self.session
            .peers()
            .any(|(_, presence)| presence.user.name == name)
    }

    /// Reads and answers until `holds`.
    pub async fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let waiting = async {
            while !holds(self) {
                assert!(self.read().await, "the socket was closed before: {what}");
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(
            waited.is_ok(),
            "it did not happen: {what}; controls: {:?}",
            self.controls
        );
    }

    /// Everything that this client did is durable.
    pub async fn saved(&mut self) {
        self.until("saved", |peer| peer.session.pending() == 0)
            .await;
    }

    pub async fn has(&mut self, id: AnnotationId) {
        self.until(&format!("has {id}"), |peer| peer.document.get(id).is_some())
            .await;
    }

    /// Takes in one message; false when the server has closed.
    pub async fn read(&mut self) -> bool {
        let Some(socket) = &mut self.socket else {
            return false;
        };
        let message = socket.next().await;
        self.on_message(message).await
    }

    async fn on_message(&mut self, message: Option<Result<Message, Error>>) -> bool {
        match message {
            Some(Ok(Message::Binary(bytes))) => {
                self.take_in(&bytes).await;
                true
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => true,
            end => {
                if let Some(Ok(Message::Close(Some(frame)))) = end {
                    self.close_code = Some(frame.code.into());
                }
                self.disconnect();
                false
            }
        }
    }

    async fn take_in(&mut self, bytes: &[u8]) {
        for event in self.session.on_message(bytes, &mut self.document).unwrap() {
            match event {
                Event::Send(message) => self.send(message).await,
                Event::Control(json) => {
                    let control: ServerControl = serde_json::from_str(&json).unwrap();
                    if let ServerControl::Ack { count } = control {
                        self.session.acked(count);
                    }
                    self.controls.push(control);
                }
                Event::Unreadable(error) => panic!("unreadable: {error}"),
                _ => {}
            }
        }
    }

    pub async fn told(&mut self, what: &str, holds: impl Fn(&ServerControl) -> bool) {
        self.until(what, |peer| peer.controls.iter().any(&holds))
            .await;
    }
}

pub fn a_box(label: Uuid, x: f64) -> Annotation {
    let min = Point::new(x, 2.0);
    let shape = Shape::Box(Rect::from_corners(min, Point::new(x + 30.0, 42.0)));
    Annotation::new(AnnotationId(Uuid::new_v4()), LabelId(label), shape)
}

/// The annotations of a document by id, to be compared.
pub fn content(document: &Document) -> BTreeMap<AnnotationId, Annotation> {
    document
        .annotations()
        .map(|annotation| (annotation.id, annotation.clone()))
        .collect()
}

pub fn update_frame(update: &[u8]) -> Vec<u8> {
    Frame::Update(update.to_vec()).encode()
}
