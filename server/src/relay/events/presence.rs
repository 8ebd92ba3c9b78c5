//! Presence of scripts and of everyone else: JSON here, awareness states there.

use super::{Script, wire};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use uuid::Uuid;
use visionflow_geometry::Point;
use visionflow_sync::{AwarenessEntry, AwarenessUpdate};
use visionflow_websocket::Message;

/// Annotations that one person shows as selected.
const MAX_SELECTION: usize = 1000;
const MAX_SELECTED_ID: usize = 64;
/// Told apart well on photographs, light or dark.
const COLORS: [&str; 8] = [
    "#e5484d", "#f76b15", "#ffb224", "#30a46c", "#12a594", "#0090ff", "#8e4ec6", "#e93d82",
];

/// What a script shows of itself. Anything else in the message is let be.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Shown {
    pub cursor: Option<Point>,
    pub selection: Vec<String>,
}

impl Shown {
    pub fn check(&self) -> Result<(), String> {
        if self.selection.len() > MAX_SELECTION {
            return Err(format!(
                "A selection names at most {MAX_SELECTION} annotations."
            ));
        }
        if self.selection.iter().any(|id| id.len() > MAX_SELECTED_ID) {
            return Err(format!(
                "The id of an annotation has at most {MAX_SELECTED_ID} bytes."
            ));
        }
        Ok(())
    }
}

impl Script {
    /// The socket's own awareness state, next in order.
    pub(super) fn show(&self, shown: &Shown) -> AwarenessUpdate {
        let color = COLORS[self.person.bytes().fold(0, |sum: usize, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        }) % COLORS.len()];
        // The workbench reads annotations' own ids only; scripts may have others among themselves.
        let own_ids = shown
            .selection
            .iter()
            .filter(|id| Uuid::parse_str(id).is_ok());
        let mut state = json!({
            "user": { "id": self.person, "name": self.name, "color": color },
            "selection": own_ids.collect::<Vec<_>>(),
        });
        if let Some(cursor) = shown.cursor {
            state["cursor"] = json!({ "x": cursor.x, "y": cursor.y });
        }
        if state["selection"].as_array().map(Vec::len) != Some(shown.selection.len()) {
            state["selected"] = json!(shown.selection);
        }
        AwarenessUpdate {
            entries: vec![AwarenessEntry {
                client: self.client,
                clock: self.clock.fetch_add(1, Ordering::Relaxed) + 1,
                json: Some(state.to_string().into()),
            }],
        }
    }
}

/// What one script has been told of the others.
#[derive(Default)]
pub(super) struct Others {
    /// Whose client each is that is here.
    here: HashMap<u64, String>,
}

impl Others {
    /// The messages that say what an awareness update says, without the script's own state.
    /// `account` knows whose socket speaks for a client.
    pub fn tell(
        &mut self,
        update: &AwarenessUpdate,
        script: &Script,
        account: impl Fn(u64) -> Option<Uuid>,
    ) -> Vec<Message> {
        let others = update
            .entries
            .iter()
            .filter(|entry| entry.client != script.client);
        others
            .filter_map(|entry| {
                let message = match &entry.json {
                    None => self.left(entry.client)?,
                    Some(state) => self.shown(entry.client, state, account(entry.client)),
                };
                Some(wire::text(&message))
            })
            .collect()
    }

    fn left(&mut self, client: u64) -> Option<Value> {
        let user_id = self.here.remove(&client)?;
        Some(json!({
            "type": "presence", "userId": user_id, "clientId": client,
            "cursor": null, "selection": [], "left": true,
        }))
    }

    /// Public clients put anything at all into their state: what is not of the usual form is left out.
    fn shown(&mut self, client: u64, state: &str, account: Option<Uuid>) -> Value {
        let state: Value = serde_json::from_str(state).unwrap_or_default();
        let user = &state["user"];
        let user_id = match user["id"].as_str() {
            Some(id) if !id.is_empty() => id.to_owned(),
            _ => account.map(|id| id.to_string()).unwrap_or_default(),
        };
        self.here.insert(client, user_id.clone());
        let mut message = json!({
            "type": "presence", "userId": user_id, "clientId": client,
            "cursor": cursor(&state["cursor"]),
            "selection": selection(&state),
        });
        for field in ["name", "color"] {
            if user[field].is_string() {
                message[field] = user[field].clone();
            }
        }
        message
    }
}

fn cursor(cursor: &Value) -> Value {
    match (cursor["x"].as_f64(), cursor["y"].as_f64()) {
        (Some(x), Some(y)) => json!({ "x": x, "y": y }),
        _ => Value::Null,
    }
}

fn selection(state: &Value) -> Vec<&Value> {
    let list = state["selected"]
        .as_array()
        .or(state["selection"].as_array());
    list.into_iter()
        .flatten()
        .filter(|id| id.is_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Wish;
    use super::*;
    use crate::caller::Caller;

    fn script(user_id: &str) -> Script {
        let caller = Caller {
            user_id: Uuid::nil(),
            tenant: None,
            email: String::new(),
            name: "Ada".to_owned(),
            expires_at: 0,
        };
        Script::new(Wish::parse(None, Some(user_id)).unwrap(), &caller, false)
    }

    fn told(others: &mut Others, update: &AwarenessUpdate, to: &Script) -> Vec<Value> {
        let messages = others.tell(update, to, |_| Some(Uuid::max()));
        let json = messages.into_iter().map(|message| match message {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        });
        json.collect()
    }

    #[test]
    fn scripts_see_each_other_and_not_themselves() {
        let (one, two) = (script("u1"), script("u2"));
        let shown = Shown {
            cursor: Some(Point::new(100.0, 200.0)),
            selection: vec!["anno-123".to_owned(), Uuid::nil().to_string()],
        };
        let update = one.show(&shown);
        assert_eq!(
            told(&mut Others::default(), &update, &one),
            [Value::Null; 0]
        );
        let mut others = Others::default();
        let seen = told(&mut others, &update, &two).remove(0);
        assert_eq!(seen["userId"], "u1");
        assert_eq!(seen["cursor"], json!({ "x": 100.0, "y": 200.0 }));
        assert_eq!(seen["selection"], json!(["anno-123", Uuid::nil()]));
        // As the workbench reads it.
        let state = update.entries[0].json.as_deref().unwrap();
        let state: visionflow_model::Presence = serde_json::from_str(state).unwrap();
        assert_eq!(state.user.id, "u1");
        assert_eq!(state.selection.len(), 1);
        assert!(one.show(&shown).entries[0].clock > update.entries[0].clock);
    }

    #[test]
    fn whatever_public_clients_show_is_told_as_far_as_it_is_known() {
        let to = script("u");
        let mut others = Others::default();
        let mut check = |json: Option<&str>, expected: Option<(Value, Value)>| {
            let entry = AwarenessEntry {
                client: 5,
                clock: 1,
                json: json.map(Into::into),
            };
            let entries = vec![entry];
            let told = told(&mut others, &AwarenessUpdate { entries }, &to);
            let told = told
                .first()
                .map(|m| (m["cursor"].clone(), m["selection"].clone()));
            assert_eq!(told, expected, "{json:?}");
        };
        check(None, None);
        check(Some("[1]"), Some((Value::Null, json!([]))));
        check(
            Some(r#"{"cursor":{"x":1,"y":2},"selection":["a",3]}"#),
            Some((json!({ "x": 1.0, "y": 2.0 }), json!(["a"]))),
        );
        check(
            Some(r#"{"cursor":{"anchor":1},"selection":"a"}"#),
            Some((Value::Null, json!([]))),
        );
        check(Some(r#"{"cursor":"#), Some((Value::Null, json!([]))));
        check(None, Some((Value::Null, json!([]))));
        check(None, None);
    }
}
