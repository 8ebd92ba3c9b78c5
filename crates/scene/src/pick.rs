//! What lies under a point, and what a rectangle or a lasso touches.

use crate::order::Place;
use crate::outline::Outline;
use crate::shapes::{Entry, Shapes};
use crate::style::{Palette, State};
use std::cmp::Ordering;
use visionflow_geometry::{Point, Polygon, Rect};
use visionflow_model::{AnnotationId, Shape};

/// How a point meets a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hit {
    Fill,
    Outline,
}

/// The annotation (or suggestion, for which `admits` is asked) that a click at `point` means; see
/// `Scene::pick`.
pub fn pick(
    shapes: &Shapes,
    palette: &Palette,
    (point, tolerance): (Point, f64),
    admits: impl Fn(State) -> bool,
) -> Option<AnnotationId> {
    let around = Rect {
        min: point,
        max: point,
    };
    shapes
        .index
        .touching(around.inflated(tolerance))
        .filter_map(|slot| {
            let entry = shapes.by_slot(slot).filter(|entry| admits(entry.state))?;
            Some((hit(entry, palette, point, tolerance)?, entry))
        })
        .max_by(|a, b| a.0.cmp(&b.0).then_with(|| preferred(a, b)))
        .map(|(_, entry)| entry.id)
}

/// Which of two equal hits is meant: the upper outline, or the smaller area of two fills.
fn preferred(a: &(Hit, &Entry), b: &(Hit, &Entry)) -> Ordering {
    let above = Place::of(a.1).compare(&Place::of(b.1));
    match a.0 {
        Hit::Outline => above,
        Hit::Fill => b.1.shape.area().total_cmp(&a.1.shape.area()).then(above),
    }
}

fn hit(entry: &Entry, palette: &Palette, point: Point, tolerance: f64) -> Option<Hit> {
    if entry.state.is_hidden() {
        return None;
    }
    let outline = outline(entry, palette);
    if outline.distance(point) <= tolerance {
        Some(Hit::Outline)
    } else {
        outline.contains(point).then_some(Hit::Fill)
    }
}

fn outline<'a>(entry: &'a Entry, palette: &'a Palette) -> Outline<'a> {
    let bones = match entry.shape {
        Shape::Skeleton(_) => palette.bones(entry.label),
        _ => &[],
    };
    Outline {
        shape: &entry.shape,
        bones,
    }
}

/// The visible annotations that touch `rect`, bottom first.
pub fn in_rect(shapes: &Shapes, palette: &Palette, rect: Rect) -> Vec<AnnotationId> {
    touching(shapes, rect, |entry| {
        outline(entry, palette).touches_rect(rect)
    })
}

/// The same where the bounds of no more than `most` touch it: what is crowded is not looked through.
pub fn few_in_rect(
    shapes: &Shapes,
    palette: &Palette,
    rect: Rect,
    most: usize,
) -> Option<Vec<AnnotationId>> {
    let mut met = Vec::new();
    for (looked, slot) in shapes.index.touching(rect).enumerate() {
        met.extend(shapes.by_slot(slot).filter(|entry| is_meant(entry)));
        if met.len() > most || looked >= most * 64 {
            return None;
        }
    }
    met.retain(|entry| outline(entry, palette).touches_rect(rect));
    Some(bottom_first(met))
}

/// The visible annotations that touch the inside of a closed line, bottom first.
pub fn in_polygon(shapes: &Shapes, palette: &Palette, lasso: &[Point]) -> Vec<AnnotationId> {
    let lasso = Polygon::from_ring(lasso.to_vec());
    let Some(bounds) = lasso.bounds() else {
        return Vec::new();
    };
    touching(shapes, bounds, |entry| {
        outline(entry, palette).touches_polygon(&lasso, bounds)
    })
}

/// Whether it is there to be selected.
fn is_meant(entry: &Entry) -> bool {
    !entry.state.is_hidden() && !entry.state.suggested
}

fn touching(shapes: &Shapes, bounds: Rect, touches: impl Fn(&Entry) -> bool) -> Vec<AnnotationId> {
    let found = |slot: u32| {
        let entry = shapes.by_slot(slot)?;
        (is_meant(entry) && touches(entry)).then_some(entry)
    };
    bottom_first(shapes.index.touching(bounds).filter_map(found).collect())
}

fn bottom_first(mut found: Vec<&Entry>) -> Vec<AnnotationId> {
    found.sort_unstable_by(|a, b| Place::of(a).compare(&Place::of(b)));
    found.into_iter().map(|entry| entry.id).collect()
}
