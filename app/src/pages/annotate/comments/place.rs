//! Where a pin is: on its annotation, or where that was last.

use super::Shared;
use uuid::Uuid;
use visionflow_api::CommentAnchor;
use visionflow_engine::{Engine, Pinned};
use visionflow_geometry::{Point, Vec2};
use visionflow_model::AnnotationId;

/// In image space.
pub fn of(anchor: &CommentAnchor, engine: &Engine) -> Point {
    let Some(id) = anchor.annotation_id.map(AnnotationId) else {
        return Point::new(anchor.x, anchor.y);
    };
    let preview = engine.presence().preview;
    let moving = preview
        .iter()
        .find(|preview| preview.annotation == Some(id));
    let bounds = match moving {
        Some(preview) => preview.shape.bounds(),
        None => engine
            .with_annotation(id, |annotation| annotation.shape.bounds())
            .flatten(),
    };
    let corner = bounds.map(|bounds| bounds.min);
    let known = anchor.origin.map(|[x, y]| Point::new(x, y));
    corner.or(known).unwrap_or_default() + Vec2::new(anchor.x, anchor.y)
}

/// Whether the pin's annotation is gone.
pub fn is_orphan(anchor: &CommentAnchor, engine: &Engine) -> bool {
    let id = anchor.annotation_id.map(AnnotationId);
    id.is_some_and(|id| engine.with_annotation(id, |_| ()).is_none())
}

/// The anchor of a thread that is pinned here.
pub fn anchor(pinned: &Pinned, engine: &Engine) -> CommentAnchor {
    let shape = pinned.annotation.and_then(|id| {
        let bounds = engine.with_annotation(id, |annotation| annotation.shape.bounds());
        Some((id, bounds.flatten()?.min))
    });
    match shape {
        Some((id, corner)) => CommentAnchor {
            annotation_id: Some(id.0),
            x: pinned.at.x - corner.x,
            y: pinned.at.y - corner.y,
            origin: Some([corner.x, corner.y]),
        },
        None => CommentAnchor {
            annotation_id: None,
            x: pinned.at.x,
            y: pinned.at.y,
            origin: None,
        },
    }
}

/// CSS pixels from the top left of the canvas.
pub fn on_screen(at: Point, engine: &Engine) -> Point {
    let (visible, scale) = (engine.visible(), engine.camera_scale());
    Point::new(
        (at.x - visible.min.x) * scale,
        (at.y - visible.min.y) * scale,
    )
}

/// Moves the picture where the pin lies outside of it, or at its very edge.
pub(super) fn bring_into_view(desk: &Shared, thread: Uuid) {
    let engine = &desk.engine;
    let at = desk
        .book
        .borrow()
        .thread(thread)
        .map(|thread| of(&thread.anchor, engine));
    let Some(at) = at else { return };
    let (visible, scale) = (engine.visible(), engine.camera_scale());
    let (width, height) = (visible.width(), visible.height());
    let inside = |value: f64, low: f64, length: f64| {
        (low + length * 0.05..low + length * 0.95).contains(&value)
    };
    if inside(at.x, visible.min.x, width) && inside(at.y, visible.min.y, height) {
        return;
    }
    engine.pan_by(
        (visible.min.x + width / 2.0 - at.x) * scale,
        (visible.min.y + height / 2.0 - at.y) * scale,
    );
}
