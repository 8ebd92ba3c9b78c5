//! Edits that the server has not made durable yet, and the last known state of rooms, in `IndexedDB`.
//!
//! One database for all rooms and accounts of this browser profile:
//!
//! | store | key | value |
//! |---|---|---|
//! | `edits` | user key, room id, client id, n | one update (v1), in the order of `n` |
//! | `states` | user key, room id | the document as an update (v1) |
//! | `visits` | user key, room id | when the state was written, ms since the epoch |
//!
//! Requests on one store run in the order in which their transactions are made, so a removal never
//! overtakes the write that it follows.

use crate::browser::now_ms;
use idb::{Database, Factory, KeyRange, Query, TransactionMode};
use idb::{DatabaseEvent, ObjectStoreParams};
use js_sys::{Array, Uint8Array};
use std::rc::Rc;
use uuid::Uuid;
use visionflow_geometry::sort_by;
use wasm_bindgen::{JsCast, JsValue};

const DATABASE: &str = "visionflow";
const EDITS: &str = "edits";
const STATES: &str = "states";
const VISITS: &str = "visits";
/// States of so many rooms are kept; the least recently written go first.
const MAX_STATES: usize = 64;

/// One journalled update.
pub struct Entry {
    /// The CRDT client, that is the tab, that made it.
    pub client_id: u64,
    /// Its number in that tab.
    pub n: u64,
    pub update: Vec<u8>,
}

/// The journal of one account in one room.
#[derive(Clone)]
pub struct Journal {
    database: Rc<Database>,
    user_key: Rc<str>,
    room_id: Rc<str>,
}

impl Journal {
    pub async fn open(user_key: &str, room_id: Uuid) -> Result<Self, idb::Error> {
        let mut request = Factory::new()?.open(DATABASE, Some(1))?;
        request.on_upgrade_needed(|event| {
            let Ok(database) = event.database() else {
                return;
            };
            for store in [EDITS, STATES, VISITS] {
                // A failure shows as a missing store in the first transaction.
                let _ = database.create_object_store(store, ObjectStoreParams::new());
            }
        });
        let mut database = request.await?;
        database.on_version_change(|event| {
            if let Ok(database) = event.database() {
                database.close();
            }
        });
        Ok(Self {
            database: Rc::new(database),
            user_key: user_key.into(),
            room_id: room_id.to_string().into(),
        })
    }

    /// Keeps update number `n` of this tab.
    pub async fn write(&self, client_id: u64, n: u64, update: &[u8]) -> Result<(), idb::Error> {
        let transaction = self.transaction(&[EDITS], TransactionMode::ReadWrite)?;
        let value = Uint8Array::from(update);
        let key = self.edit_key(client_id, n);
        transaction.object_store(EDITS)?.put(&value, Some(&key))?;
        transaction.commit()?.await.map(drop)
    }

    /// Every journalled update of this account in this room, in order for each client.
    pub async fn entries(&self) -> Result<Vec<Entry>, idb::Error> {
        let transaction = self.transaction(&[EDITS], TransactionMode::ReadOnly)?;
        let store = transaction.object_store(EDITS)?;
        // An array sorts after every number, so it closes the range of all clients.
        let range = KeyRange::bound(
            &self.room_key(),
            &self.key(&[Array::new().into()]),
            None,
            None,
        )?;
        let keys = store.get_all_keys(Some(Query::from(range.clone())), None)?;
        let values = store.get_all(Some(Query::from(range)), None)?;
        let (keys, values) = (keys.await?, values.await?);
        let entry = |(key, value): (JsValue, JsValue)| {
            let key: Array = key.dyn_into().ok()?;
            let value: Uint8Array = value.dyn_into().ok()?;
            Some(Entry {
                client_id: key.get(2).as_f64()? as u64,
                n: key.get(3).as_f64()? as u64,
                update: value.to_vec(),
            })
        };
        Ok(keys.into_iter().zip(values).filter_map(entry).collect())
    }

    /// Forgets the updates of a client up to and including number `n`.
    pub async fn remove_up_to(&self, client_id: u64, n: u64) -> Result<(), idb::Error> {
        let transaction = self.transaction(&[EDITS], TransactionMode::ReadWrite)?;
        let (first, last) = (self.edit_key(client_id, 0), self.edit_key(client_id, n));
        let range = KeyRange::bound(&first, &last, None, None)?;
        transaction.object_store(EDITS)?.delete(range)?;
        transaction.commit()?.await.map(drop)
    }

    /// Forgets everything that a client wrote.
    pub async fn remove_client(&self, client_id: u64) -> Result<(), idb::Error> {
        self.remove_up_to(client_id, 1 << 53).await
    }

    /// The room's document as this browser last saw it.
    pub async fn state(&self) -> Result<Option<Vec<u8>>, idb::Error> {
        let transaction = self.transaction(&[STATES], TransactionMode::ReadOnly)?;
        let value = transaction
            .object_store(STATES)?
            .get(Query::Key(self.room_key()))?
            .await?;
        Ok(value
            .and_then(|value| value.dyn_into::<Uint8Array>().ok())
            .map(|bytes| bytes.to_vec()))
    }

    /// Keeps the room's document for a start without the server.
    pub async fn write_state(&self, state: &[u8]) -> Result<(), idb::Error> {
        let transaction = self.transaction(&[STATES, VISITS], TransactionMode::ReadWrite)?;
        let (states, visits) = (
            transaction.object_store(STATES)?,
            transaction.object_store(VISITS)?,
        );
        let key = self.room_key();
        states.put(&Uint8Array::from(state), Some(&key))?;
        visits.put(&JsValue::from_f64(now_ms() as f64), Some(&key))?;
        let rooms = visits.get_all_keys(None, None)?.await?;
        let times = visits.get_all(None, None)?.await?;
        let mut by_age: Vec<_> = rooms.into_iter().zip(times).collect();
        sort_by(&mut by_age, |(_, a), (_, b)| {
            b.as_f64().partial_cmp(&a.as_f64()).unwrap_or_else(equal)
        });
        for (room, _) in by_age.into_iter().skip(MAX_STATES) {
            states.delete(Query::Key(room.clone()))?;
            visits.delete(Query::Key(room))?;
        }
        transaction.commit()?.await.map(drop)
    }

    pub async fn remove_state(&self) -> Result<(), idb::Error> {
        let transaction = self.transaction(&[STATES, VISITS], TransactionMode::ReadWrite)?;
        for store in [STATES, VISITS] {
            transaction
                .object_store(store)?
                .delete(Query::Key(self.room_key()))?;
        }
        transaction.commit()?.await.map(drop)
    }

    fn transaction(
        &self,
        stores: &[&str],
        mode: TransactionMode,
    ) -> Result<idb::Transaction, idb::Error> {
        self.database.transaction(stores, mode)
    }

    fn room_key(&self) -> JsValue {
        self.key(&[])
    }

    fn edit_key(&self, client_id: u64, n: u64) -> JsValue {
        self.key(&[
            JsValue::from_f64(client_id as f64),
            JsValue::from_f64(n as f64),
        ])
    }

    fn key(&self, rest: &[JsValue]) -> JsValue {
        let key = Array::of2(
            &JsValue::from_str(&self.user_key),
            &JsValue::from_str(&self.room_id),
        );
        for part in rest {
            key.push(part);
        }
        key.into()
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // Closing waits for transactions that are under way.
        if Rc::strong_count(&self.database) == 1 {
            self.database.close();
        }
    }
}

fn equal() -> std::cmp::Ordering {
    std::cmp::Ordering::Equal
}
