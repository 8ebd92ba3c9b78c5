//! Comments that the server does not have yet, in `IndexedDB`.
//!
//! Everything that is written goes here first and leaves with the server's answer, so that a page
//! that is closed or reloaded meanwhile loses nothing. The ids are made here; the server stores what
//! it is sent twice once.
//! One database for all accounts of this browser profile: key `[user, when, comment]`, value JSON.

use idb::{Database, DatabaseEvent, Factory, KeyRange, ObjectStoreParams, Query, TransactionMode};
use js_sys::Array;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use visionflow_api::{NewComment, NewCommentThread, OffsetDateTime};
use wasm_bindgen::JsValue;

const DATABASE: &str = "visionflow-comments";
const WAITING: &str = "waiting";

/// Something that was written and is not sent yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// When it was written, ms since the epoch.
    pub at_ms: f64,
    pub image_id: Uuid,
    pub said: Said,
    /// Why the server does not take it.
    #[serde(default)]
    pub refused: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Thread(NewCommentThread),
    Reply {
        thread_id: Uuid,
        comment: NewComment,
    },
}

impl Waiting {
    pub fn new(image_id: Uuid, said: Said) -> Self {
        Self {
            at_ms: js_sys::Date::now(),
            image_id,
            said,
            refused: None,
        }
    }

    pub fn comment_id(&self) -> Uuid {
        match &self.said {
            Said::Thread(new) => new.comment.id,
            Said::Reply { comment, .. } => comment.id,
        }
    }

    pub fn written_at(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp((self.at_ms / 1000.0) as i64)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// What one account has written in this browser.
#[derive(Clone)]
pub struct Outbox {
    database: std::rc::Rc<Database>,
    user: Uuid,
}

impl Outbox {
    pub async fn open(user: Uuid) -> Result<Self, idb::Error> {
        let mut request = Factory::new()?.open(DATABASE, Some(1))?;
        request.on_upgrade_needed(|event| {
            if let Ok(database) = event.database() {
                // A failure shows as a missing store in the first transaction.
                let _ = database.create_object_store(WAITING, ObjectStoreParams::new());
            }
        });
        let mut database = request.await?;
        database.on_version_change(|event| {
            if let Ok(database) = event.database() {
                database.close();
            }
        });
        Ok(Self {
            database: database.into(),
            user,
        })
    }

    /// Keeps it; what was kept under its id before is replaced.
    pub async fn put(&self, waiting: &Waiting) -> Result<(), idb::Error> {
        let text = serde_json::to_string(waiting).unwrap_or_default();
        let transaction = self.transaction(TransactionMode::ReadWrite)?;
        let store = transaction.object_store(WAITING)?;
        store.put(&text.into(), Some(&self.key(waiting)))?;
        transaction.commit()?.await.map(drop)
    }

    pub async fn remove(&self, waiting: &Waiting) -> Result<(), idb::Error> {
        let transaction = self.transaction(TransactionMode::ReadWrite)?;
        let store = transaction.object_store(WAITING)?;
        store.delete(Query::Key(self.key(waiting)))?;
        transaction.commit()?.await.map(drop)
    }

    /// All of it, the oldest first.
    pub async fn all(&self) -> Result<Vec<Waiting>, idb::Error> {
        let transaction = self.transaction(TransactionMode::ReadOnly)?;
        let store = transaction.object_store(WAITING)?;
        let user = JsValue::from_str(&self.user.to_string());
        // An array sorts after every number, so it closes the range of all moments.
        let (first, last) = (Array::of1(&user), Array::of2(&user, &Array::new()));
        let range = KeyRange::bound(&first, &last, None, None)?;
        let values = store.get_all(Some(Query::from(range)), None)?.await?;
        let texts = values.into_iter().filter_map(|value| value.as_string());
        Ok(texts
            .filter_map(|text| serde_json::from_str(&text).ok())
            .collect())
    }

    fn transaction(&self, mode: TransactionMode) -> Result<idb::Transaction, idb::Error> {
        self.database.transaction(&[WAITING], mode)
    }

    fn key(&self, waiting: &Waiting) -> JsValue {
        Array::of3(
            &JsValue::from_str(&self.user.to_string()),
            &JsValue::from_f64(waiting.at_ms),
            &JsValue::from_str(&waiting.comment_id().to_string()),
        )
        .into()
    }
}
