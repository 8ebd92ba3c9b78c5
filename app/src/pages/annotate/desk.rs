//! What the panels of the annotation page share.

mod follow;
mod layout;
mod view;

pub use layout::LayoutProps;
pub use view::DeskView;

use super::history::History;
use super::objects::SharedObjects;
use super::objects::filter::Filter;
use super::settings::Settings;
use super::smart::SmartChoice;
use super::suggestions::Runner;
use std::collections::HashSet;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::Project;
use visionflow_engine::{Command, Edit, Engine, SaveState, ToolKind};
use visionflow_model::{AnnotationId, LabelId, Ontology};
use yew::prelude::*;

/// What is selected, in the order in which it was chosen, and quick to ask.
#[derive(Debug, Default)]
pub struct Selection {
    ids: Vec<AnnotationId>,
    set: HashSet<AnnotationId>,
}

impl Selection {
    fn new(ids: Vec<AnnotationId>) -> Self {
        let set = ids.iter().copied().collect();
        Self { ids, set }
    }

    pub fn contains(&self, id: AnnotationId) -> bool {
        self.set.contains(&id)
    }
}

impl std::ops::Deref for Selection {
    type Target = [AnnotationId];

    fn deref(&self) -> &[AnnotationId] {
        &self.ids
    }
}

/// What the panels share. Two desks are equal when nothing that a panel shows differs.
#[derive(Clone)]
pub struct Desk {
    pub engine: Engine,
    pub project: Rc<Project>,
    pub image_id: Uuid,
    pub ontology: Rc<Ontology>,
    pub objects: SharedObjects,
    /// Grows with every change of the annotations and of what is listed of them.
    pub version: u32,
    pub selection: Rc<Selection>,
    /// Shows what was changed of `objects` themselves: filters, order, what is hidden.
    pub refresh: Callback<()>,
    pub settings: Settings,
    pub runner: Runner,
    pub smart: SmartChoice,
    pub history: History,
    pub tool: ToolKind,
    pub label: Option<LabelId>,
    pub choose: Callback<LabelId>,
    pub can_edit: bool,
    pub save_state: SaveState,
    pub can_undo: bool,
    pub can_redo: bool,
}

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        self.engine == other.engine
            && self.project == other.project
            && self.image_id == other.image_id
            && self.ontology == other.ontology
            && self.version == other.version
            && Rc::ptr_eq(&self.selection, &other.selection)
            && self.settings == other.settings
            && self.runner == other.runner
            && self.smart == other.smart
            && self.history == other.history
            && self.tool == other.tool
            && self.label == other.label
            && self.can_edit == other.can_edit
            && self.save_state == other.save_state
            && (self.can_undo, self.can_redo) == (other.can_undo, other.can_redo)
    }
}

impl Desk {
    /// The same edit for everything that is selected, as one undo step.
    pub fn edit_selection(&self, edit: impl Fn(AnnotationId) -> Edit) {
        let edits: Vec<Edit> = self.engine.selection().into_iter().map(edit).collect();
        if !edits.is_empty() {
            self.edit(&edits);
        }
    }

    pub fn edit(&self, edits: &[Edit]) {
        // A refused edit changes nothing, and the engine tells why by itself.
        let _ = self.engine.edit(edits);
    }

    /// Runs a command of the engine on what is selected.
    pub fn run(&self, command: &Command) {
        self.engine.run(command);
    }

    /// Hides shapes from this person, or shows them again.
    pub fn hide(&self, ids: &[AnnotationId], hide: bool) {
        self.objects.borrow_mut().hide(ids, hide);
        self.refresh.emit(());
    }

    /// Hides all shapes of a label, also those to come, or shows them again.
    pub fn hide_label(&self, label: LabelId, hide: bool) {
        self.refilter(|filter| {
            if hide {
                filter.hidden_labels.insert(label);
            } else {
                filter.hidden_labels.remove(&label);
            }
        });
    }

    /// Changes what is listed and drawn.
    pub fn refilter(&self, change: impl FnOnce(&mut Filter)) {
        let mut objects = self.objects.borrow_mut();
        let mut filter = objects.filter().clone();
        change(&mut filter);
        objects.set_filter(filter, &self.engine);
        drop(objects);
        self.refresh.emit(());
    }

    /// Unlocks everything, as one undo step.
    pub fn unlock_all(&self) {
        let locked = self.objects.borrow().locked();
        let edits: Vec<Edit> = locked
            .into_iter()
            .map(|id| Edit::SetLocked(id, false))
            .collect();
        self.edit(&edits);
    }

    /// Selects the next object that lacks a required attribute and brings it into view.
    pub fn to_next_missing(&self) {
        let after = self.engine.selection().last().copied();
        let next = self.objects.borrow().next_missing(after);
        if let Some(id) = next {
            self.engine.select(&[id]);
            self.engine.zoom_to(&[id]);
        }
    }
}

/// Makes the label the current one, and with the select tool that of what is selected: while
/// drawing, what was just drawn stays selected and must keep its label.
fn choose_label(engine: &Engine, id: LabelId) {
    engine.set_label(Some(id));
    // Asked of the engine: the page may be a frame behind.
    let selects = engine.tool() == ToolKind::Select && !engine.selection().is_empty();
    if selects && engine.can_edit() {
        engine.run(&Command::SetLabel(id));
    }
}
