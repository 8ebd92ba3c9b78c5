//! Panoptic mode: masks that share no pixel, whatever is done to them.
//!
//! What is being edited wins: the pixels that a mask gets by being painted, moved, resized, made of
//! another shape, pasted or joined are taken from all other masks, and a mask that has none left is
//! deleted.
//! Locked masks keep theirs: what would lie on them is cut off, and an edit that leaves nothing of
//! a mask is not made.
//! Of several masks that one edit changes, the upper ones win, as they are seen.

use crate::{Note, Plan, Workplace};
use std::collections::{HashMap, HashSet};
use visionflow_document::{Document, Edit};
use visionflow_geometry::sort_by;
use visionflow_geometry::{Mask, MaskDelta};
use visionflow_model::{Annotation, AnnotationId, Shape, Verdict};

/// `edits` with what keeps masks apart, for the same transaction; and how many were left out
/// because locked masks lie on all of it.
pub fn kept_apart(edits: Vec<Edit>, document: &Document) -> (Vec<Edit>, usize) {
    let mut claims: Vec<Claim<'_>> = (0..)
        .zip(&edits)
        .filter_map(|(index, edit)| Claim::of(index, edit, document))
        .collect();
    if claims.is_empty() {
        return (edits, 0);
    }
    sort_by(&mut claims, |a, b| {
        b.z.total_cmp(&a.z).then(b.id.cmp(&a.id))
    });
    let (locked, mut others) = bystanders(&edits, &claims, document);
    let mut taken = Mask::default();
    for claim in &mut claims {
        claim.pixels = claim.pixels.subtract(&locked).subtract(&taken);
        taken.unite(&claim.pixels);
    }
    let mut results: HashMap<usize, Vec<Edit>> = HashMap::new();
    let mut left_out = 0;
    for claim in claims {
        let (index, id) = (claim.index, claim.id);
        let made = claim.edits(&edits[index], &taken);
        if made.is_empty() {
            left_out += 1;
            // It stays as it was, and gives way like the rest.
            others.extend(document.get(id));
        }
        results.insert(index, made);
    }
    let given_up: Vec<Edit> = others.iter().filter_map(|a| without(a, &taken)).collect();
    let kept = (0..).zip(edits).flat_map(|(index, edit)| {
        let result = results.remove(&index);
        result.unwrap_or_else(|| vec![edit])
    });
    (kept.chain(given_up).collect(), left_out)
}

/// The edit that takes `pixels` from a mask; one of which nothing is left is deleted.
pub fn without(annotation: &Annotation, pixels: &Mask) -> Option<Edit> {
    let mask = mask_of(&annotation.shape)?;
    let left = mask.subtract(pixels);
    if left.is_empty() {
        return Some(Edit::Delete(annotation.id));
    }
    let delta = MaskDelta::between(mask, &left);
    (!delta.is_empty()).then_some(Edit::PaintMask(annotation.id, delta))
}

impl Plan {
    pub(crate) fn kept_apart(mut self, workplace: &Workplace<'_>) -> Self {
        if workplace.panoptic {
            let (edits, left_out) = kept_apart(self.edits, workplace.document);
            self.edits = edits;
            if left_out > 0 {
                self.notes.push(Note::UnderLocked(left_out));
            }
        }
        self
    }
}

/// The pixels that one edit gives to a mask.
struct Claim<'a> {
    /// Of the edit.
    index: usize,
    id: AnnotationId,
    z: f64,
    pixels: Mask,
    /// The mask that is painted on, as it is and as it will be beside the claimed pixels.
    painted: Option<(&'a Mask, Mask)>,
    /// The mask as a model proposed it.
    proposed: Option<&'a Mask>,
}

impl<'a> Claim<'a> {
    fn of(index: usize, edit: &Edit, document: &'a Document) -> Option<Self> {
        let mut proposed = None;
        let (id, z, pixels, painted) = match edit {
            Edit::Add(a) => (a.id, a.z, mask_of(&a.shape)?.clone(), None),
            Edit::SetShape(id, shape) => (*id, document.get(*id)?.z, mask_of(shape)?.clone(), None),
            Edit::PaintMask(id, delta) => {
                let annotation = document.get(*id)?;
                let before = mask_of(&annotation.shape)?;
                let mut after = before.clone();
                after.apply(delta);
                let pixels = after.subtract(before);
                let rest = after.subtract(&pixels);
                (*id, annotation.z, pixels, Some((before, rest)))
            }
            Edit::Decide {
                id,
                verdict: Verdict::Accepted,
            } => {
                let suggestion = document.suggestion(*id)?;
                if suggestion.verdict == Verdict::Accepted {
                    return None;
                }
                let annotation = &suggestion.annotation;
                proposed = mask_of(&annotation.shape);
                (*id, annotation.z, proposed?.clone(), None)
            }
            _ => return None,
        };
        (!pixels.is_empty()).then_some(Self {
            index,
            id,
            z,
            pixels,
            painted,
            proposed,
        })
    }

    /// What is left of `edit` when all claims together have `taken` their pixels.
    fn edits(self, edit: &Edit, taken: &Mask) -> Vec<Edit> {
        if let Some((before, rest)) = self.painted {
            let after = rest.subtract(taken).union(&self.pixels);
            let delta = MaskDelta::between(before, &after);
            let painted = (!delta.is_empty()).then_some(Edit::PaintMask(self.id, delta));
            return painted.into_iter().collect();
        }
        if self.pixels.is_empty() {
            return Vec::new();
        }
        let is_whole = self.proposed == Some(&self.pixels);
        let shape = Shape::Mask(self.pixels);
        match edit {
            Edit::Add(annotation) => vec![Edit::Add(Annotation {
                shape,
                ..annotation.clone()
            })],
            Edit::Decide { .. } if is_whole => vec![edit.clone()],
            Edit::Decide { .. } => vec![edit.clone(), Edit::SetShape(self.id, shape)],
            _ => vec![Edit::SetShape(self.id, shape)],
        }
    }
}

/// The pixels of locked masks, and the other masks that the edits do not touch, near what is claimed.
fn bystanders<'a>(
    edits: &[Edit],
    claims: &[Claim<'_>],
    document: &'a Document,
) -> (Mask, Vec<&'a Annotation>) {
    let mut busy: HashSet<AnnotationId> = claims.iter().map(|claim| claim.id).collect();
    // What is deleted, or is no mask any more, has nothing to give up.
    busy.extend(edits.iter().filter_map(|edit| match edit {
        Edit::Delete(id) | Edit::SetShape(id, _) => Some(*id),
        Edit::Decide { id, verdict } if *verdict != Verdict::Accepted => Some(*id),
        _ => None,
    }));
    let mut claimed = Mask::default();
    for claim in claims {
        claimed.unite(&claim.pixels);
    }
    let near = |mask: &Mask| mask.overlaps(&claimed);
    let (mut locked, mut others) = (Mask::default(), Vec::new());
    for annotation in document.annotations().filter(|a| !busy.contains(&a.id)) {
        match mask_of(&annotation.shape) {
            Some(mask) if annotation.locked && near(mask) => locked.unite(mask),
            Some(mask) if near(mask) => others.push(annotation),
            _ => {}
        }
    }
    (locked, others)
}

fn mask_of(shape: &Shape) -> Option<&Mask> {
    match shape {
        Shape::Mask(mask) => Some(mask),
        _ => None,
    }
}
