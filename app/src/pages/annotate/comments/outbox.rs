//! Comments, and changes to them, that the server does not have yet, in `IndexedDB`.
//!
//! Everything that is done goes here first and leaves with the server's answer, so that a page
//! that is closed or reloaded meanwhile loses nothing. The ids are made here; the server stores what
//! it is sent twice once.
//! One database for all accounts of this browser profile: key `[user, when, id]`, value JSON.

use crate::comments::Waiting;
use idb::{Database, DatabaseEvent, Factory, KeyRange, ObjectStoreParams, Query, TransactionMode};
use js_sys::Array;
use uuid::Uuid;
use wasm_bindgen::JsValue;

const DATABASE: &str = "visionflow-comments";
const WAITING: &str = "waiting";

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
            &JsValue::from_str(&waiting.id().to_string()),
        )
        .into()
    }
}
