//! The magic wand: an area of like colour around the pressed point; dragging changes how alike.
//!
//! Makes a new mask or polygon; with Shift it adds to the selected one, with Alt it takes away.

mod outcome;

use crate::selection::Selection;
use crate::step::{Step, View, drawing_label, new_preview, private_preview};
use crate::tool::Tool;
use crate::{Button, Context, Cursor, Hint, Input, Modifiers, Notice, ToolSettings};
use outcome::Change;
use visionflow_document::Document;
use visionflow_geometry::{Mask, Point, Wand};
use visionflow_model::{LabelId, Shape};

/// So many CSS pixels to the right are one step more of tolerance.
const PIXELS_A_STEP: f64 = 3.0;

#[derive(Debug, Default)]
pub(crate) struct WandTool {
    flood: Option<Flood>,
}

/// The button is down.
#[derive(Debug)]
struct Flood {
    /// In screen space.
    pressed_at: Point,
    /// In image space.
    seed: Point,
    /// As it was when the button went down.
    tolerance_before: u8,
    tolerance: u8,
    label: LabelId,
    change: Change,
    area: Mask,
}

impl Tool for WandTool {
    fn handle(&mut self, input: &Input, selection: &Selection, context: &mut Context<'_>) -> Step {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                modifiers,
                ..
            } => self.down(*pos, *modifiers, selection, context),
            Input::PointerMove { pos, pointer, .. } => {
                self.moved(*pos, pointer.slack(), context);
                Step::handled()
            }
            Input::PointerUp {
                pos,
                button: Button::Primary,
                pointer,
                ..
            } => {
                self.moved(*pos, pointer.slack(), context);
                self.up(context)
            }
            Input::KeyDown { key, .. } if key == "Escape" && self.flood.is_some() => {
                self.cancel();
                Step::handled()
            }
            _ => Step::unhandled(),
        }
    }

    fn cancel(&mut self) {
        self.flood = None;
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::WandStart,
            ..View::default()
        };
        if let Some(flood) = &self.flood {
            let shape = Shape::Mask(flood.area.clone());
            view.preview = vec![if matches!(flood.change, Change::TakeFrom(_)) {
                private_preview(shape, true)
            } else {
                new_preview(flood.label, shape, true, context)
            }];
            view.hint = Hint::WandTolerance;
        }
        view
    }

    fn document_changed(&mut self, document: &Document) -> bool {
        let target = self.flood.as_ref().and_then(|flood| flood.change.target());
        let is_gone = target.is_some_and(|id| document.get(id).is_none());
        if is_gone {
            self.flood = None;
        }
        is_gone
    }
}

impl WandTool {
    fn down(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        selection: &Selection,
        context: &Context<'_>,
    ) -> Step {
        let label = match drawing_label(context) {
            Ok(label) => label,
            Err(notice) => return Step::notice(notice),
        };
        let change = match Change::begin(modifiers, selection, context) {
            Ok(change) => change,
            Err(notice) => return Step::notice(notice),
        };
        let tolerance = context.settings.wand_tolerance;
        let mut flood = Flood {
            pressed_at: pos,
            seed: context.camera.image_from_screen(pos),
            tolerance_before: tolerance,
            tolerance,
            label,
            change,
            area: Mask::default(),
        };
        flood.spread(context);
        if flood.area.is_empty() {
            return Step::notice(Notice::NoPixels);
        }
        self.flood = Some(flood);
        Step::handled()
    }

    fn moved(&mut self, pos: Point, slack: f64, context: &Context<'_>) {
        let Some(flood) = &mut self.flood else {
            return;
        };
        let by = pos.x - flood.pressed_at.x;
        let steps = (by.abs() - slack).max(0.0) / PIXELS_A_STEP;
        let tolerance = f64::from(flood.tolerance_before) + steps.round().copysign(by);
        let tolerance = tolerance.clamp(0.0, 255.0) as u8;
        if tolerance != flood.tolerance {
            flood.tolerance = tolerance;
            flood.spread(context);
        }
    }

    fn up(&mut self, context: &mut Context<'_>) -> Step {
        let Some(flood) = self.flood.take() else {
            return Step::handled();
        };
        let settings = (flood.tolerance != flood.tolerance_before).then_some(ToolSettings {
            wand_tolerance: flood.tolerance,
            ..*context.settings
        });
        let step = flood.change.make(&flood.area, flood.label, context);
        Step { settings, ..step }
    }
}

impl Flood {
    fn spread(&mut self, context: &Context<'_>) {
        let wand = Wand {
            tolerance: self.tolerance,
            ..Wand::default()
        };
        let view = context.pixels;
        self.area = view.map_or_else(Mask::default, |view| wand.select(view, self.seed));
    }
}
