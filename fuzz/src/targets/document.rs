//! Updates of the collaborative document, and messages of its socket.

use crate::{Target, kind, outcome, outcome_of};
use uuid::Uuid;
use visionflow_document::{Document, Edit, check_update, client_ids};
use visionflow_geometry::{Mask, MaskDelta, Point, Polygon, Rect};
use visionflow_model::{Annotation, AnnotationId, LabelId, Shape};
use visionflow_sync::{Acknowledgement, ClientSession, Frame, decode_all};

pub const UPDATE: Target = Target {
    name: "document_update",
    run: |bytes| {
        let mut document = sample();
        let before = document.len();
        let ids = client_ids(bytes).map(|ids| ids.len().min(3));
        let checked = check_update(bytes);
        let applied = document.apply_update(bytes);
        if checked.is_err() {
            assert!(applied.is_err(), "what the check refuses is not applied");
        }
        if applied.is_err() {
            assert_eq!(document.len(), before, "an error changes nothing");
        }
        // Who joins now has the same, and what waits here waits there.
        let mut joined = Document::new(98);
        for update in document.updates_since(&[]).expect("an empty state vector") {
            joined.apply_update(&update).expect("what we write");
        }
        assert_eq!(joined.len(), document.len());
        assert_eq!(joined.is_whole(), document.is_whole());
        // Whatever came in, the document goes on.
        let id = AnnotationId(Uuid::from_u128(99));
        let own = Annotation::new(id, label(), Shape::Tag);
        document.edit(&[Edit::Add(own)]).expect("a sound edit");
        assert!(document.get(id).is_some());
        document.undo();
        assert!(document.get(id).is_none());
        let applied = applied.map(|change| (change.ignored.len().min(2), document.len().min(9)));
        outcome(&(ids, checked, applied))
    },
    seeds: updates,
};

pub const SYNC_MESSAGE: Target = Target {
    name: "sync_message",
    run: |bytes| {
        let mut document = sample();
        let mut session = ClientSession::new(7, Acknowledgement::Durable);
        session.on_open(&document);
        if let Ok(frames) = decode_all(bytes) {
            for frame in frames {
                let again = decode_all(&frame.encode()).expect("what was written is read");
                assert_eq!(again, [frame]);
            }
        }
        let events = session.on_message(bytes, &mut document);
        session.tick(60_000);
        outcome_of(&events, |events| {
            events.iter().take(3).map(kind).collect::<Vec<_>>()
        })
    },
    seeds: || {
        let document = sample();
        let mut messages = vec![
            Frame::SyncStep1(document.state_vector()).encode(),
            Frame::AwarenessQuery.encode(),
            Frame::Auth("no".to_owned()).encode(),
            Frame::Control("{\"type\":\"ack\",\"count\":1}".to_owned()).encode(),
            // One client, at clock 1, with an empty state.
            vec![1, 8, 1, 5, 1, 4, b'n', b'u', b'l', b'l'],
        ];
        for update in updates() {
            messages.push(Frame::Update(update.clone()).encode());
            messages.push(Frame::SyncStep2(update).encode());
        }
        messages
    },
};

fn label() -> LabelId {
    LabelId(Uuid::from_u128(1))
}

/// A document with one annotation of each of some kinds.
pub(super) fn sample() -> Document {
    let mut document = Document::new(7);
    let square = Rect::from_size(20.0, 30.0);
    let shapes = [
        Shape::Box(square),
        Shape::Polygon(Polygon::from_ring(square.corners().to_vec())),
        Shape::Mask(blot()),
    ];
    let edits = shapes.into_iter().zip(10..).map(|(shape, id)| {
        let id = AnnotationId(Uuid::from_u128(id));
        Edit::Add(Annotation::new(id, label(), shape))
    });
    let edits: Vec<Edit> = edits.collect();
    document.edit(&edits).expect("sound edits");
    document
}

fn blot() -> Mask {
    let mut mask = Mask::default();
    mask.paint(
        &[Point::new(250.0, 250.0)],
        30.0,
        Rect::from_size(600.0, 600.0),
    );
    mask
}

/// Updates of another client: annotations, moves, a stroke, a deletion.
pub(super) fn updates() -> Vec<Vec<u8>> {
    let mut other = Document::from_updates(8, [&sample_update()[..]]).expect("our own update");
    let id = |n: u128| AnnotationId(Uuid::from_u128(n));
    let moved = Shape::Box(Rect::from_size(5.0, 6.0));
    let mut stroked = blot();
    stroked.erase(
        &[Point::new(250.0, 250.0)],
        9.0,
        Rect::from_size(600.0, 600.0),
    );
    let edits = [
        Edit::Add(Annotation::new(id(20), label(), moved.clone())),
        Edit::SetShape(id(10), moved),
        Edit::PaintMask(id(12), MaskDelta::between(&blot(), &stroked)),
        Edit::Delete(id(11)),
    ];
    let mut all = vec![sample_update()];
    for edit in edits {
        other.edit(&[edit]).expect("a sound edit");
        all.extend(other.take_updates());
    }
    all
}

fn sample_update() -> Vec<u8> {
    sample().take_updates().concat()
}
