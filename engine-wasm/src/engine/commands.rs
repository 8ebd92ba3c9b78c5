//! Commands on the selection and the clipboard: planned by `visionflow_commands`, made here as one
//! edit each.

use super::{Engine, State};
use visionflow_commands::{
    Clipboard, Command, CommandError, Destination, Note, Placement, Plan, Workplace,
};
use visionflow_tools::Notice;

use crate::EngineEvent;

impl Engine {
    /// Does it to what is selected, as one undo step; what a person should know of it is told as
    /// an event, also why it did nothing.
    pub fn run(&self, command: &Command) {
        self.0.with(|state| state.run(command));
    }

    /// What is selected, to be pasted elsewhere; `None` for nothing.
    pub fn copy(&self) -> Option<Clipboard> {
        self.0.read(|state| {
            let selection = state.toolbox.selection();
            let image = state.image_rect();
            Clipboard::copy(selection, &state.document, image, &state.ontology)
        })
    }

    /// Adds and selects what was copied, here or on another photograph.
    pub fn paste(&self, clipboard: &Clipboard, placement: Placement) {
        self.0.with(|state| state.paste(clipboard, placement));
    }
}

impl State {
    pub fn run(&mut self, command: &Command) {
        // A gesture in progress would end on something that is not there any more.
        self.cancel_gesture();
        let selection = self.toolbox.selection().to_vec();
        let plan =
            self.planned(|workplace| visionflow_commands::plan(&selection, command, workplace));
        self.carry_out(plan);
    }

    fn paste(&mut self, clipboard: &Clipboard, placement: Placement) {
        self.cancel_gesture();
        let destination = Destination {
            label: self.label,
            placement,
        };
        let plan = self
            .planned(|workplace| visionflow_commands::paste(clipboard, &destination, workplace));
        self.carry_out(plan);
    }

    fn planned(
        &self,
        plan: impl FnOnce(&mut Workplace<'_>) -> Result<Plan, CommandError>,
    ) -> Result<Plan, CommandError> {
        plan(&mut Workplace {
            document: &self.document,
            image: self.image_rect(),
            ontology: &self.ontology,
            is_hidden: &|id| self.scene.is_hidden(id),
            panoptic: self.settings.panoptic,
            new_id: &mut crate::ids::new_id,
        })
    }

    fn carry_out(&mut self, plan: Result<Plan, CommandError>) {
        let plan = match plan {
            Ok(plan) => plan,
            Err(error) => return self.notice(&sentence(&error.to_string())),
        };
        if !plan.edits.is_empty() {
            if !self.may_edit() {
                self.events.push(EngineEvent::ToolNotice(Notice::ReadOnly));
                return;
            }
            match self.document.edit(&plan.edits) {
                Ok(change) => self.took_own(&change),
                Err(error) => return self.notice(&sentence(&error.to_string())),
            }
        }
        self.select(&plan.selection);
        for note in &plan.notes {
            self.note(note);
        }
    }

    fn note(&mut self, note: &Note) {
        self.notice(&sentence(&note.to_string()));
    }
}

/// The words with a capital and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    let rest = letters.as_str();
    first
        .into_iter()
        .flatten()
        .chain(rest.chars())
        .chain(['.'])
        .collect()
}
