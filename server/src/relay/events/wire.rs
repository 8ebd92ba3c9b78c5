//! What scripts are sent: JSON as text, and binary messages that begin with a JSON head.
//!
//! A binary message is the length of its head as four bytes, the highest first, the head as JSON,
//! and then the bytes that the head tells of, to the message's end.

use super::acks::Here;
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_api::{RefusalReason, ServerControl};
use visionflow_websocket::Message;

/// The head of a binary message: whose update it is, or the whole document as one.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Head {
    Update {
        seq: i64,
        /// Milliseconds since 1970.
        ts: i64,
        /// The account; none for edits of the server itself.
        user: Option<Uuid>,
    },
    Snapshot {
        seq: i64,
    },
}

pub(super) fn event(seq: i64, at: OffsetDateTime, user: Option<Uuid>, update: &[u8]) -> Bytes {
    let ts = (at.unix_timestamp_nanos() / 1_000_000) as i64;
    binary(&Head::Update { seq, ts, user }, update)
}

pub(super) fn snapshot(seq: i64, state: &[u8]) -> Bytes {
    binary(&Head::Snapshot { seq }, state)
}

fn binary(head: &Head, body: &[u8]) -> Bytes {
    let head = serde_json::to_vec(head).expect("plain values");
    let mut out = Vec::with_capacity(4 + head.len() + body.len());
    out.extend_from_slice(&(head.len() as u32).to_be_bytes());
    out.extend_from_slice(&head);
    out.extend_from_slice(body);
    out.into()
}

pub(super) fn text(message: &Value) -> Message {
    Message::Text(message.to_string())
}

pub(super) fn acks(seq: i64, here: &Here) -> impl Iterator<Item = Message> + '_ {
    let ack = move |update: &u64| text(&json!({ "type": "ack", "seq": seq, "update": update }));
    here.updates.iter().map(ack)
}

/// A frame for other clients, in the words of this protocol; `None` for what is said otherwise here.
pub(super) fn notice(control: &ServerControl) -> Option<Message> {
    let message = match control {
        // `roomInfo` and `ack` say it.
        ServerControl::Welcome { .. } | ServerControl::Ack { .. } => return None,
        ServerControl::Refused {
            frame,
            reason,
            detail,
        } => refusal(*frame, *reason, detail),
        // Everything else is told as it is, and new notices are without a change here.
        other => in_camel_case(serde_json::to_value(other).ok()?),
    };
    Some(text(&message))
}

/// `update`: the number of the refused update; none when it was no update.
fn refusal(update: u64, reason: RefusalReason, detail: &str) -> Value {
    let code = serde_json::to_value(reason).unwrap_or_default();
    let code = code.as_str().map(camel_case).unwrap_or_default();
    let mut error = json!({ "type": "error", "code": code, "message": detail });
    if update > 0 {
        error["update"] = update.into();
    }
    error
}

/// The names of fields, and the message's type.
fn in_camel_case(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| {
                let value = match value {
                    Value::String(kind) if name == "type" => camel_case(&kind).into(),
                    other => in_camel_case(other),
                };
                (camel_case(&name), value)
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(in_camel_case).collect(),
        plain => plain,
    }
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut chars = part.chars();
        out.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_message_says_how_long_its_head_is() {
        let at = OffsetDateTime::from_unix_timestamp(1).unwrap();
        let frame = event(7, at, None, &[1, 2, 3]);
        let length = u32::from_be_bytes(frame[..4].try_into().unwrap()) as usize;
        let head: Value = serde_json::from_slice(&frame[4..4 + length]).unwrap();
        assert_eq!(
            head,
            json!({ "type": "update", "seq": 7, "ts": 1000, "user": null })
        );
        assert_eq!(&frame[4 + length..], [1, 2, 3]);
    }

    #[test]
    fn notices_are_in_camel_case_and_refusals_are_errors() {
        let check = |control: ServerControl, expected: Option<Value>| {
            let message = notice(&control).map(|message| match message {
                Message::Text(text) => serde_json::from_str(&text).unwrap(),
                other => panic!("{other:?}"),
            });
            assert_eq!(message, expected);
        };
        check(
            ServerControl::RoleChanged { can_edit: false },
            Some(json!({ "type": "roleChanged", "canEdit": false })),
        );
        check(
            ServerControl::ItemDeleted,
            Some(json!({ "type": "itemDeleted" })),
        );
        check(ServerControl::Ack { count: 3 }, None);
        let detail = "The update is malformed.".to_owned();
        check(
            ServerControl::Refused {
                frame: 2,
                reason: RefusalReason::TooLarge,
                detail: detail.clone(),
            },
            Some(json!({ "type": "error", "code": "tooLarge", "message": detail, "update": 2 })),
        );
    }
}
