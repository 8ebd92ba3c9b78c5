//! The drawing order: annotations are drawn by (z, id), so that a place between two others is a
//! number between theirs.
//!
//! Most annotations are drawn at the same z and lie in the order of their ids, between which no
//! number fits. Then those that would have to lie above are raised too, but only where they lie over
//! what was raised, so that nothing that can be seen changes beside the selection.

use crate::CommandError;
use crate::plan::{Plan, Subjects, Workplace};
use std::collections::HashSet;
use visionflow_document::{Document, Edit};
use visionflow_geometry::Rect;
use visionflow_geometry::sort_by;
use visionflow_model::AnnotationId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Towards {
    Front,
    Back,
}

/// One annotation in the drawing order, seen in the direction of the move: what is further along
/// stands later in the list and has a greater `height`.
#[derive(Clone, Copy)]
struct Place {
    height: f64,
    id: AnnotationId,
    bounds: Option<Rect>,
}

pub(crate) fn to_end(
    selection: &[AnnotationId],
    towards: Towards,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let subjects = Subjects::unlocked(selection, workplace.document)?;
    let chosen: HashSet<_> = subjects.all.iter().map(|a| a.id).collect();
    let order = order(workplace.document, towards);
    let settled = order.iter().rev().take(chosen.len());
    let mut edits = Vec::new();
    if !settled.into_iter().all(|place| chosen.contains(&place.id)) {
        let top = order.last().map_or(0.0, |place| place.height);
        let raised = order.iter().filter(|place| chosen.contains(&place.id));
        edits = raised
            .zip(1_u32..)
            .map(|(place, n)| towards.edit(place.id, top + f64::from(n)))
            .collect();
    }
    Ok(Plan {
        edits,
        selection: selection.to_vec(),
        notes: subjects.notes,
    })
}

pub(crate) fn by_one(
    selection: &[AnnotationId],
    towards: Towards,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let subjects = Subjects::unlocked(selection, workplace.document)?;
    let chosen: HashSet<_> = subjects.all.iter().map(|a| a.id).collect();
    let before = order(workplace.document, towards);
    let mut order = before.clone();
    // The furthest first, so that those behind it do not run into it.
    let mut places: Vec<_> = (0..order.len())
        .filter(|at| chosen.contains(&order[*at].id))
        .collect();
    while let Some(at) = places.pop() {
        raise(&mut order, at, &chosen);
    }
    let old: std::collections::HashMap<_, _> = before.iter().map(|p| (p.id, p.height)).collect();
    let changed = order.iter().filter(|p| old.get(&p.id) != Some(&p.height));
    Ok(Plan {
        edits: changed.map(|p| towards.edit(p.id, p.height)).collect(),
        selection: selection.to_vec(),
        notes: subjects.notes,
    })
}

impl Towards {
    fn edit(self, id: AnnotationId, height: f64) -> Edit {
        Edit::SetZ(id, self.signed(height))
    }

    fn signed(self, z: f64) -> f64 {
        match self {
            Self::Front => z,
            // Not a negative zero, which would sort below zero.
            Self::Back => 0.0 - z,
        }
    }
}

fn order(document: &Document, towards: Towards) -> Vec<Place> {
    let annotations = document.annotations();
    let mut order: Vec<_> = annotations
        .map(|a| Place {
            height: towards.signed(a.z),
            id: a.id,
            bounds: a.shape.bounds(),
        })
        .collect();
    sort_by(&mut order, |a, b| {
        let ids = match towards {
            Towards::Front => a.id.cmp(&b.id),
            Towards::Back => b.id.cmp(&a.id),
        };
        a.height.total_cmp(&b.height).then(ids)
    });
    order
}

/// Moves the place at `at` past the next one that overlaps it and is not chosen itself; where none
/// does, it lies in front already for all that can be seen.
fn raise(order: &mut Vec<Place>, at: usize, chosen: &HashSet<AnnotationId>) {
    let own = order[at];
    let passable = |place: &Place| !chosen.contains(&place.id);
    let over = |place: &Place| match (own.bounds, place.bounds) {
        (Some(a), Some(b)) => a.intersects(b),
        _ => false,
    };
    let later = order.iter().enumerate().skip(at + 1);
    let target = later
        .filter(|(_, place)| passable(place))
        .find(|(_, place)| over(place))
        .map(|(target, _)| target);
    let Some(target) = target else { return };
    order.remove(at);
    // What was at `target` now stands at `target - 1`.
    let below = order[target - 1].height;
    order.insert(target, own);
    let tied = order[target + 1..]
        .iter()
        .take_while(|place| place.height == below)
        .count();
    let mut lifted = vec![target];
    let mut reach = own.bounds;
    for (at, place) in order.iter().enumerate().skip(target + 1).take(tied) {
        if let (Some(covered), Some(bounds)) = (reach, place.bounds)
            && covered.intersects(bounds)
        {
            reach = Some(covered.union(bounds));
            lifted.push(at);
        }
    }
    let above = order
        .get(target + tied + 1)
        .map_or(below + 1.0, |p| p.height);
    let step = (above - below) / (lifted.len() + 1) as f64;
    let heights: Vec<_> = (1..=lifted.len())
        .map(|n| below + step * n as f64)
        .collect();
    let distinct = heights.first().is_some_and(|first| *first > below)
        && heights.last().is_some_and(|last| *last < above)
        && heights.windows(2).all(|pair| pair[0] < pair[1]);
    if distinct {
        for (at, height) in lifted.iter().zip(heights) {
            order[*at].height = height;
        }
        // Those that stay at the old height lie below what was lifted from among them.
        let tail = &mut order[target..=target + tied];
        sort_by(tail, |a, b| a.height.total_cmp(&b.height));
    } else {
        // Halved so often that no number is left between the neighbours: all are counted anew.
        for (place, height) in order.iter_mut().zip(0_u32..) {
            place.height = f64::from(height);
        }
    }
}
