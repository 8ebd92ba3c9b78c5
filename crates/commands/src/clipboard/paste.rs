//! Putting a clipboard's annotations onto a photograph.

use super::labels::{self, Found};
use super::{Clipboard, Copied};
use crate::copies::offset;
use crate::plan::{Plan, Workplace};
use crate::transform::{on_grid_inside, way_inside};
use crate::{CommandError, Note};
use std::collections::HashMap;
use visionflow_document::{Document, Edit};
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::{Annotation, GroupId, LabelId, Ontology, Shape};

/// The wish of whoever pastes.
#[derive(Clone, Copy)]
pub struct Destination {
    /// Given to what has no label here.
    pub label: Option<LabelId>,
    pub placement: Placement,
}

/// Where pasted annotations come to lie.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Placement {
    /// Where they were, or a little beside what lies there already.
    #[default]
    Beside,
    /// Exactly where they were, as far as the image goes.
    InPlace,
    /// With their middle here, in image space.
    At(Point),
}

/// Plans the paste of `clipboard`: new annotations with new ids, in new groups, kept inside the
/// image; made smaller, all alike, where they would not fit otherwise.
///
/// Labels and attributes are found by id, then by name.
pub fn paste(
    clipboard: &Clipboard,
    destination: &Destination,
    workplace: &mut Workplace<'_>,
) -> Result<Plan, CommandError> {
    let mut plan = Plan::default();
    let found = found_labels(clipboard, destination, workplace.ontology, &mut plan.notes);
    let fit = fit(clipboard, destination.placement, workplace);
    if fit.shrinks() {
        plan.notes.push(Note::Shrunk);
    }
    let (mut groups, mut missing) = (HashMap::new(), 0);
    for copied in &clipboard.annotations {
        let Some(found) = found.get(copied.label).and_then(Option::as_ref) else {
            continue;
        };
        let (attributes, unknown) = found.attributes(copied);
        missing += unknown;
        let id = (workplace.new_id)();
        let group = copied.group.map(|group| {
            *groups
                .entry(group)
                .or_insert_with(|| GroupId((workplace.new_id)().0))
        });
        let annotation = Annotation {
            z: copied.z,
            attributes,
            group,
            style: copied.style,
            ..Annotation::new(id, found.label.id, fit.shape(copied)?)
        };
        plan.selection.push(id);
        plan.edits.push(Edit::Add(annotation));
    }
    if missing > 0 {
        plan.notes.push(Note::AttributesMissing(missing));
    }
    if plan.edits.is_empty() {
        return Err(CommandError::NoLabel);
    }
    Ok(plan.kept_apart(workplace))
}

/// What becomes of each label of the clipboard; `None` where nothing of it can be pasted.
fn found_labels<'a>(
    clipboard: &Clipboard,
    destination: &Destination,
    ontology: &'a Ontology,
    notes: &mut Vec<Note>,
) -> Vec<Option<Found<'a>>> {
    let current = destination.label.and_then(|id| ontology.label(id));
    let find = |copied| {
        labels::find(copied, ontology).or_else(|| {
            let name = copied.name.clone();
            notes.push(match current {
                Some(_) => Note::LabelReplaced(name),
                None => Note::LabelMissing(name),
            });
            current.map(|label| labels::replaced(copied, label))
        })
    };
    clipboard.labels.iter().map(find).collect()
}

/// How positions of the clipboard become positions here.
struct Fit {
    /// What is stretched onto what; `None` where the size stays.
    stretch: Option<(Rect, Rect)>,
    by: Vec2,
    image: Rect,
}

impl Fit {
    fn shrinks(&self) -> bool {
        self.stretch.is_some()
    }

    fn shape(&self, copied: &Copied) -> Result<Shape, CommandError> {
        let shape = match self.stretch {
            Some((from, to)) => {
                let mut shape = copied.shape.stretched(from, to);
                if let Shape::Text(text) = &mut shape {
                    text.size *= to.width() / from.width();
                }
                on_grid_inside(shape, self.image)
            }
            None => copied.shape.clone(),
        };
        let shape = shape.translated(self.by);
        shape.check()?;
        Ok(shape)
    }
}

fn fit(clipboard: &Clipboard, placement: Placement, workplace: &Workplace<'_>) -> Fit {
    let image = workplace.image;
    let Some(bounds) = clipboard.bounds() else {
        return Fit {
            stretch: None,
            by: Vec2::default(),
            image,
        };
    };
    let wanted = match placement {
        Placement::At(point) => {
            let way = point - bounds.center();
            // Whole pixels, so that masks come along exactly with the rest.
            bounds.translated(Vec2::new(way.x.round(), way.y.round()))
        }
        Placement::Beside | Placement::InPlace => bounds,
    };
    let Some(way) = way_inside(wanted, image) else {
        return shrunk(bounds, wanted, image);
    };
    // A mask moves by whole pixels, and a fraction less would leave it outside.
    let whole = |v: f64| if v < 0.0 { v.floor() } else { v.ceil() };
    let rounded = Vec2::new(whole(way.x), whole(way.y));
    let inside = way_inside(wanted.translated(rounded), image) == Some(Vec2::default());
    let placed = wanted.translated(if inside { rounded } else { way });
    let mut by = placed.min - bounds.min;
    if placement == Placement::Beside {
        let steps = steps_beside(clipboard, by, workplace.document);
        let beside = offset(placed, f64::from(steps), image);
        by = Vec2::new(by.x + beside.x, by.y + beside.y);
    }
    Fit {
        stretch: None,
        by,
        image,
    }
}

/// All alike smaller, so that it fits into `image`.
fn shrunk(bounds: Rect, wanted: Rect, image: Rect) -> Fit {
    let scale = (image.width() / bounds.width())
        .min(image.height() / bounds.height())
        .min(1.0);
    let size = Vec2::new(bounds.width() * scale, bounds.height() * scale);
    let middle = wanted.center();
    let to = Rect {
        min: middle + size * -0.5,
        max: middle + size * 0.5,
    };
    let way = way_inside(to, image).unwrap_or_else(|| image.center() - to.center());
    Fit {
        stretch: Some((bounds, to.translated(way))),
        by: Vec2::default(),
        image,
    }
}

/// How many steps aside nothing lies that would be covered exactly.
fn steps_beside(clipboard: &Clipboard, by: Vec2, document: &Document) -> u32 {
    let first = clipboard.annotations.iter().find_map(|copied| {
        let bounds = copied.shape.bounds()?;
        Some((copied.shape.kind(), bounds.translated(by)))
    });
    let Some((kind, bounds)) = first else {
        return 0;
    };
    let same_size = document.annotations().filter_map(|a| {
        let other = a.shape.bounds().filter(|_| a.shape.kind() == kind)?;
        let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
        let alike = close(other.width(), bounds.width()) && close(other.height(), bounds.height());
        let way = other.min - bounds.min;
        (alike && close(way.x, way.y) && way.x >= -1e-6).then_some(way.x)
    });
    let taken: std::collections::HashSet<i64> = same_size
        .map(|way| way / crate::copies::OFFSET)
        .filter(|steps| (steps - steps.round()).abs() < 1e-6)
        .map(|steps| steps.round() as i64)
        .collect();
    (0..10_000)
        .find(|steps| !taken.contains(&i64::from(*steps)))
        .unwrap_or_default()
}
