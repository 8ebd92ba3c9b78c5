//! How an edit flows: one transaction of the document, its change set, the scene, the tools.

use super::State;
use crate::EngineEvent;
use visionflow_document::{Change, Document, Edit, EditError};
use visionflow_tools::{Notice, Toolbox};

/// So many that come or go rebuild the scene at once instead of one by one, and so many changed ones, if
/// they are more than one in so many of all; so do fewer, if they are most of all.
const BULK: usize = 2_000;
const SHARE: usize = 64;
const FEW: usize = 100;

impl State {
    /// An edit from outside the tools.
    pub fn edit(&mut self, edits: &[Edit]) -> Result<(), EditError> {
        if !self.may_edit() {
            self.events.push(EngineEvent::ToolNotice(Notice::ReadOnly));
            return Ok(());
        }
        let change = self.document.edit(edits)?;
        self.took_own(&change);
        Ok(())
    }

    /// Takes back the last vertex of a polygon in progress, otherwise the last edit.
    pub fn undo(&mut self) {
        if self.toolbox.can_take_back() {
            let effects = self.with_tools(Toolbox::take_back);
            self.apply(effects);
        } else {
            self.step(Document::undo);
        }
    }

    pub fn can_undo(&self) -> bool {
        self.toolbox.can_take_back() || self.document.can_undo()
    }

    pub fn redo(&mut self) {
        self.step(Document::redo);
    }

    /// A change that this person made.
    pub fn took_own(&mut self, change: &Change) {
        let touched = [
            &change.added,
            &change.updated,
            &change.removed,
            &change.suggestions,
        ];
        self.touched.extend(touched.into_iter().flatten());
        self.took(change);
    }

    /// What a remote or local change of the document means for everything else.
    pub fn took(&mut self, change: &Change) {
        if change.is_empty() {
            return;
        }
        let changed = change.added.len() + change.updated.len() + change.removed.len();
        if self.past.is_some() {
            self.present_moved();
        } else if change.added.len() + change.removed.len() > BULK
            || changed > BULK.max(self.document.len() / SHARE)
            || (changed > FEW && changed * 2 > self.document.len())
        {
            self.scene.load(self.document.annotations());
            self.show_suggestions();
        } else {
            for id in change.added.iter().chain(&change.updated) {
                if let Some(annotation) = self.document.get(*id) {
                    self.scene.upsert(annotation);
                }
            }
            for id in &change.removed {
                self.scene.remove(*id);
            }
        }
        // After the annotations: of an accepted one nothing is left to be shown.
        for id in &change.suggestions {
            self.show_suggestion(*id);
        }
        if self.hover.is_some_and(|id| change.removed.contains(&id)) {
            self.set_hover(None);
        }
        self.dirty = true;
        let effects = self.with_tools(|toolbox, context| toolbox.document_changed(change, context));
        self.apply(effects);
        if !change.keeps_annotations() {
            self.events.push(EngineEvent::Annotations(change.clone()));
        }
        if !change.suggestions.is_empty() {
            self.events.push(EngineEvent::Suggestions);
        }
    }

    /// Starts over with an empty document under a client id that nobody had.
    pub fn replace_document(&mut self, document: Document) -> Document {
        self.show_present();
        let removed = self.document.annotations().map(|a| a.id).collect();
        let had_suggestions = self.document.suggestions().len() > 0;
        let before = std::mem::replace(&mut self.document, document);
        self.scene.load(self.document.annotations());
        self.show_suggestions();
        if had_suggestions || self.document.suggestions().len() > 0 {
            self.events.push(EngineEvent::Suggestions);
        }
        self.set_hover(None);
        let gone = Change {
            removed,
            ..Change::default()
        };
        let effects = self.with_tools(|toolbox, context| toolbox.document_changed(&gone, context));
        self.apply(effects);
        self.events.push(EngineEvent::Annotations(gone));
        self.dirty = true;
        before
    }

    fn step(&mut self, step: impl FnOnce(&mut Document) -> Option<Change>) {
        if !self.may_edit() {
            return;
        }
        // A gesture in progress would end on a state that is not there any more.
        self.cancel_gesture();
        if let Some(change) = step(&mut self.document) {
            self.took_own(&change);
        }
    }
}
