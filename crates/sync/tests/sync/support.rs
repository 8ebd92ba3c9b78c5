//! Short words for the tests.

use uuid::Uuid;
use visionflow_document::{Document, Edit};
use visionflow_geometry::{Point, Rect};
use visionflow_model::{Annotation, AnnotationId, LabelId, Presence, PresenceUser, Shape};
use visionflow_sync::{AwarenessEntry, AwarenessUpdate, Event, Frame, decode_all};

pub fn id(n: u32) -> AnnotationId {
    AnnotationId(Uuid::from_u128(u128::from(n)))
}

pub fn add(n: u32) -> Edit {
    let shape = Shape::Box(Rect::from_corners(Point::default(), Point::new(5.0, 5.0)));
    Edit::Add(Annotation::new(id(n), LabelId(Uuid::nil()), shape))
}

/// Makes one edit and returns its update.
pub fn edit(document: &mut Document, edit: Edit) -> Vec<u8> {
    document.edit(&[edit]).unwrap();
    document.take_updates().remove(0)
}

pub fn entry(client: u64, clock: u64, json: Option<&str>) -> AwarenessEntry {
    AwarenessEntry {
        client,
        clock,
        json: json.map(Into::into),
    }
}

pub fn awareness(entries: &[(u64, u64, Option<&str>)]) -> AwarenessUpdate {
    AwarenessUpdate {
        entries: entries
            .iter()
            .map(|(client, clock, json)| entry(*client, *clock, *json))
            .collect(),
    }
}

pub fn presence(name: &str) -> Presence {
    Presence {
        user: PresenceUser {
            name: name.to_owned(),
            ..PresenceUser::default()
        },
        ..Presence::default()
    }
}

pub fn frame(message: &[u8]) -> Frame {
    let mut frames = decode_all(message).unwrap();
    assert_eq!(frames.len(), 1);
    frames.remove(0)
}

/// The messages that events ask to send.
pub fn sends(events: &[Event]) -> Vec<Vec<u8>> {
    let sends = events.iter().filter_map(|event| match event {
        Event::Send(message) => Some(message.clone()),
        _ => None,
    });
    sends.collect()
}
