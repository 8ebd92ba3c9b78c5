//! Another document shown over the same photograph: a point of the past, or what differs between
//! two points.
//!
//! The live document, its socket and its journal go on meanwhile: what others do is taken in and
//! not shown, or shown as a difference. Nothing can be edited until the present is back, but for
//! going back to what is shown.

use super::{Engine, State};
use crate::EngineEvent;
use std::collections::HashMap;
use visionflow_document::{Difference, Document, Edit, EditError, UpdateError};
use visionflow_model::{Annotation, AnnotationId};
use visionflow_scene::Standing;

/// What is shown in place of the present.
pub(crate) struct Past {
    document: Document,
    compared: Compared,
    /// From the past to what it is compared with.
    difference: Difference,
    /// The live document has changed since it was compared.
    is_stale: bool,
}

enum Compared {
    /// It is shown as it was.
    Alone,
    /// What is different now.
    Now,
    /// What was different at a later point.
    Later(Box<Document>),
}

/// What to show of the past; documents as one Yjs update (encoding v1) each.
#[derive(Clone, Copy, Debug)]
pub struct PastView<'a> {
    pub state: &'a [u8],
    /// What differs is drawn: from now, or from a later point.
    pub compares: bool,
    pub later: Option<&'a [u8]>,
}

impl PastView<'_> {
    fn open(&self) -> Result<(Document, Compared), UpdateError> {
        let past = Document::from_updates(0, [self.state])?;
        let compared = match self.later {
            _ if !self.compares => Compared::Alone,
            None => Compared::Now,
            Some(state) => Compared::Later(Box::new(Document::from_updates(0, [state])?)),
        };
        Ok((past, compared))
    }
}

impl Engine {
    /// Shows a document in place of the live one, read-only.
    pub fn show_past(&self, view: PastView<'_>) -> Result<(), UpdateError> {
        let (past, compared) = view.open()?;
        self.0.with(|state| state.show_past(past, compared));
        Ok(())
    }

    /// Shows the live document again.
    pub fn show_present(&self) {
        self.0.with(State::show_present);
    }

    pub fn shows_past(&self) -> bool {
        self.0.read(|state| state.past.is_some())
    }

    /// What became of the past that is shown; `None` while the present is, or nothing is compared.
    pub fn difference(&self) -> Option<Difference> {
        self.0.read(|state| {
            let past = state.past.as_ref()?;
            let is_compared = !matches!(past.compared, Compared::Alone);
            is_compared.then(|| past.difference.clone())
        })
    }

    /// One annotation as it is shown.
    pub fn past_annotation(&self, id: AnnotationId) -> Option<Annotation> {
        self.0
            .read(|state| state.past.as_ref()?.document.get(id).cloned())
    }

    /// Whether this person may go back to the past that is shown.
    pub fn may_revert(&self) -> bool {
        self.0.read(State::may_revert)
    }

    /// How many annotations going back to the past that is shown would touch.
    pub fn revert_size(&self) -> usize {
        self.0.read(|state| {
            let past = state.past.as_ref();
            past.map_or(0, |past| {
                let difference = state.document.difference(&past.document);
                difference.added.len() + difference.changed.len() + difference.removed.len()
            })
        })
    }

    /// Gives the live document what the past that is shown holds, as one step of undo, and shows
    /// the present; whether that was allowed.
    pub fn revert_to_past(&self) -> Result<bool, EditError> {
        self.0.with(|state| {
            let Some(past) = state.past.as_ref().filter(|_| state.may_revert()) else {
                return Ok(false);
            };
            let edits = state.document.edits_to(&past.document);
            state.show_present();
            state.edit_from_past(&edits)
        })
    }

    /// Brings single annotations back out of the past that is shown, as one step of undo; whether
    /// that was allowed.
    pub fn restore_from_past(&self, ids: &[AnnotationId]) -> Result<bool, EditError> {
        self.0.with(|state| {
            let Some(past) = state.past.as_ref().filter(|_| state.may_revert()) else {
                return Ok(false);
            };
            let of = |id: &AnnotationId| state.document.edits_to_restore(*id, &past.document);
            let edits: Vec<Edit> = ids.iter().flat_map(of).collect();
            state.edit_from_past(&edits)
        })
    }
}

impl State {
    fn may_revert(&self) -> bool {
        self.can_edit && !self.is_read_only
    }

    fn show_past(&mut self, past: Document, compared: Compared) {
        if self.past.is_none() {
            // A gesture in progress would end on something that is not there.
            self.cancel_gesture();
            self.select(&[]);
            self.set_hover(None);
        }
        self.past = Some(Past {
            document: past,
            compared,
            difference: Difference::default(),
            is_stale: true,
        });
        self.compare_again();
        self.past_changed();
    }

    pub(super) fn show_present(&mut self) {
        if self.past.take().is_none() {
            return;
        }
        self.scene
            .load_difference(self.document.annotations(), None);
        self.show_suggestions();
        self.past_changed();
    }

    fn past_changed(&mut self) {
        self.refresh_tools();
        self.events.push(EngineEvent::Past);
        let can_edit = self.may_edit();
        self.events.push(EngineEvent::Role { can_edit });
        self.dirty = true;
    }

    fn edit_from_past(&mut self, edits: &[Edit]) -> Result<bool, EditError> {
        let change = self.document.edit(edits)?;
        self.took_own(&change);
        Ok(true)
    }

    /// The live document changed while something else is shown: compared again with the next frame.
    pub(super) fn present_moved(&mut self) {
        if let Some(past) = &mut self.past
            && matches!(past.compared, Compared::Now)
        {
            past.is_stale = true;
            self.dirty = true;
        }
    }

    /// Fills the scene anew where what is shown has changed: once a frame at most.
    pub(super) fn compare_again(&mut self) {
        let Some(past) = self.past.as_mut().filter(|past| past.is_stale) else {
            return;
        };
        past.is_stale = false;
        self.events.push(EngineEvent::Past);
        let later = match &past.compared {
            Compared::Alone => {
                self.scene
                    .load_difference(past.document.annotations(), None);
                return;
            }
            Compared::Now => &self.document,
            Compared::Later(document) => document,
        };
        past.difference = later.difference(&past.document);
        let shown = Shown::of(&past.document, later, &past.difference);
        let annotations = past.document.annotations().chain(&shown.more);
        // One list whose length is known: a scene of a hundred thousand is made in one piece.
        let all: Vec<&Annotation> = annotations.collect();
        self.scene
            .load_difference(all.into_iter(), Some(shown.standings));
    }
}

/// What is drawn beside the past's own annotations, and what became of each.
struct Shown {
    more: Vec<Annotation>,
    standings: HashMap<AnnotationId, Standing>,
}

impl Shown {
    fn of(past: &Document, later: &Document, difference: &Difference) -> Self {
        let mut shown = Self {
            more: Vec::new(),
            standings: HashMap::new(),
        };
        for id in &difference.removed {
            shown.standings.insert(*id, Standing::Removed);
        }
        for annotation in difference.added.iter().filter_map(|id| later.get(*id)) {
            shown.standings.insert(annotation.id, Standing::Added);
            shown.more.push(annotation.clone());
        }
        for id in &difference.changed {
            let (Some(then), Some(now)) = (past.get(*id), later.get(*id)) else {
                continue;
            };
            if then.shape == now.shape {
                shown.standings.insert(*id, Standing::After);
                continue;
            }
            // Both are drawn; the later one under an id that nothing else has.
            let after = AnnotationId(uuid::Uuid::from_u128(!id.0.as_u128()));
            shown.standings.insert(*id, Standing::Before);
            shown.standings.insert(after, Standing::After);
            shown.more.push(Annotation {
                id: after,
                ..now.clone()
            });
        }
        shown
    }
}
