//! Intelligent scissors: between two clicks the outline follows the edges in the photograph
//! (live-wire, `visionflow_geometry::Scissors`); with Shift it goes straight.

mod wire;

use crate::selection::Selection;
use crate::step::{Step, View, add, drawing_label, new_preview};
use crate::tool::Tool;
use crate::{Button, Context, Cursor, Hint, Input, Modifiers, Notice, PointerKind};
use visionflow_geometry::{Point, Polygon};
use visionflow_model::{LabelId, MAX_VERTICES, Shape};
use visionflow_scene::{Handle, HandleKind};
use wire::Wire;

#[derive(Debug, Default)]
pub(crate) struct ScissorsTool {
    drawing: Option<Drawing>,
}

#[derive(Debug)]
struct Drawing {
    label: LabelId,
    wire: Wire,
    /// The pointer is on the first anchor: a click closes.
    closing: bool,
    press: Press,
}

/// What the pressed button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Press {
    None,
    /// It set the first anchor.
    Begins,
    /// Let go, it fixes the line.
    Fixes,
}

impl Tool for ScissorsTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                modifiers,
                clicks,
                pointer,
            } => self.down(*pos, *modifiers, *clicks, *pointer, context),
            Input::PointerMove {
                pos,
                modifiers,
                pointer,
            } => {
                if let Some(drawing) = &mut self.drawing {
                    drawing.go(*pos, *modifiers, *pointer, context);
                }
                Step::handled()
            }
            Input::PointerUp {
                pos,
                button: Button::Primary,
                modifiers,
                pointer,
            } => self.up(*pos, *modifiers, *pointer, context),
            Input::PointerLeave => {
                if let Some(drawing) = &mut self.drawing {
                    drawing.wire.let_go();
                    drawing.closing = false;
                }
                Step::handled()
            }
            Input::KeyDown { key, .. } if self.drawing.is_some() => self.key(key, context),
            _ => Step::unhandled(),
        }
    }

    fn cancel(&mut self) {
        self.drawing = None;
    }

    /// What is fixed stays while the pointer is away, but for an anchor of this very press.
    fn interrupt(&mut self) {
        match &mut self.drawing {
            Some(drawing) if drawing.press != Press::Begins => {
                drawing.press = Press::None;
                drawing.closing = false;
                drawing.wire.let_go();
            }
            _ => self.cancel(),
        }
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::ScissorsStart,
            ..View::default()
        };
        let Some(drawing) = &self.drawing else {
            return view;
        };
        let shape = Shape::Polygon(Polygon::from_ring(drawing.wire.points()));
        view.preview = vec![new_preview(drawing.label, shape, drawing.closing, context)];
        let anchors = drawing.wire.anchors().enumerate();
        view.handles = anchors
            .map(|(index, position)| Handle {
                position,
                kind: HandleKind::Circle,
                active: drawing.closing && index == 0,
            })
            .collect();
        if drawing.closing {
            view.cursor = Cursor::Pointer;
            view.hint = Hint::ScissorsClose;
        } else {
            view.hint = Hint::ScissorsNext;
        }
        view
    }

    fn can_take_back(&self) -> bool {
        self.drawing.is_some()
    }

    fn take_back(&mut self) {
        if self.drawing.as_mut().is_some_and(|d| !d.wire.take_back()) {
            self.drawing = None;
        }
    }
}

impl ScissorsTool {
    fn down(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        clicks: u32,
        pointer: PointerKind,
        context: &mut Context<'_>,
    ) -> Step {
        let Some(drawing) = &mut self.drawing else {
            let label = match drawing_label(context) {
                Ok(label) => label,
                Err(notice) => return Step::notice(notice),
            };
            let at = context.image_point_inside(pos);
            let Some(wire) = Wire::begin(at, context) else {
                return Step::notice(Notice::NoPixels);
            };
            self.drawing = Some(Drawing {
                label,
                wire,
                closing: false,
                press: Press::Begins,
            });
            return Step::handled();
        };
        // The first click of the two has fixed the line already.
        if clicks >= 2 {
            return self.close(context);
        }
        drawing.press = Press::Fixes;
        drawing.go(pos, modifiers, pointer, context);
        Step::handled()
    }

    /// A line is fixed when the button is let go, so that a finger, which cannot hover, sees it.
    fn up(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        context: &mut Context<'_>,
    ) -> Step {
        let Some(drawing) = &mut self.drawing else {
            return Step::handled();
        };
        drawing.go(pos, modifiers, pointer, context);
        if std::mem::replace(&mut drawing.press, Press::None) != Press::Fixes {
            return Step::handled();
        }
        if drawing.closing {
            return self.close(context);
        }
        drawing.wire.fix(context);
        Step::handled()
    }

    fn key(&mut self, key: &str, context: &mut Context<'_>) -> Step {
        match key {
            "Escape" => self.cancel(),
            "Enter" => return self.close(context),
            "Backspace" | "Delete" => self.take_back(),
            _ => return Step::unhandled(),
        }
        Step::handled()
    }

    fn close(&mut self, context: &mut Context<'_>) -> Step {
        let Some(mut drawing) = self.drawing.take() else {
            return Step::unhandled();
        };
        let ring = drawing.wire.closed(context);
        if ring.len() < 3 || ring.len() > MAX_VERTICES {
            self.drawing = Some(drawing);
            return Step::notice(Notice::TooFewVertices);
        }
        let shape = Shape::Polygon(Polygon::from_ring(ring));
        add(drawing.label, shape, context)
    }
}

impl Drawing {
    fn go(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        context: &Context<'_>,
    ) {
        let first = self.wire.first();
        let distance = context.camera.screen_from_image(first).distance(pos);
        self.closing = self.wire.encloses() && distance <= pointer.reach() + 3.0;
        let to = if self.closing {
            first
        } else {
            context.image_point_inside(pos)
        };
        self.wire.lead(to, modifiers.shift, context);
    }
}
