//! The tools together: which is active, what is selected, what is shown.

use crate::{Context, Effects, Input};
use visionflow_document::Change;
use visionflow_model::AnnotationId;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ToolKind {
    #[default]
    Select,
    Box,
    Polygon,
    Pan,
}

/// All tools of one canvas and the selection they share.
#[derive(Debug, Default)]
pub struct Toolbox {
    active: ToolKind,
    selection: Vec<AnnotationId>,
}

impl Toolbox {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn active(&self) -> ToolKind {
        self.active
    }

    pub fn selection(&self) -> &[AnnotationId] {
        &self.selection
    }

    /// Makes `tool` the active one; a gesture in progress is cancelled.
    pub fn switch(&mut self, tool: ToolKind, context: &mut Context<'_>) -> Effects {
        self.active = tool;
        self.refresh(context)
    }

    /// Takes one event.
    pub fn handle(&mut self, _input: Input, context: &mut Context<'_>) -> Effects {
        self.refresh(context)
    }

    /// The document changed, by whomever: a gesture whose annotation is gone is cancelled.
    pub fn document_changed(&mut self, _change: &Change, context: &mut Context<'_>) -> Effects {
        self.refresh(context)
    }

    /// Selects from outside, as a list of objects does; what does not exist is left out.
    pub fn select(&mut self, _ids: &[AnnotationId], context: &mut Context<'_>) -> Effects {
        self.refresh(context)
    }

    /// Deletes what is selected, whatever the tool.
    pub fn delete_selection(&mut self, context: &mut Context<'_>) -> Effects {
        self.refresh(context)
    }

    /// Shows again what depends on the camera, the label or the caller's role.
    pub fn refresh(&mut self, _context: &mut Context<'_>) -> Effects {
        Effects::default()
    }
}
