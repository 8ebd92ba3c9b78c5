//! Brush and eraser: each stroke is one edit of the masks it touches.
//!
//! While a stroke lasts, only the stroke itself is previewed, so that a move costs what it paints
//! and not what the mask holds.

use crate::masks;
use crate::selection::Selection;
use crate::step::{Step, View, drawing_label, new_preview, private_preview};
use crate::tool::Tool;
use crate::{Button, Context, Cursor, Hint, Input, Modifiers, Notice, PointerKind};
use visionflow_document::Document;
use visionflow_geometry::{Brush, Ellipse, Mask, Point, Vec2};
use visionflow_model::{AnnotationId, LabelId, Shape};

#[derive(Debug)]
pub(crate) struct BrushTool {
    brush: Brush,
    stroke: Option<Stroke>,
    /// Where the last stroke ended, in image space: a straight one goes on from there.
    last_end: Option<Point>,
    /// Where the brush is shown, in screen space.
    pointer: Option<Point>,
}

#[derive(Debug)]
struct Stroke {
    /// The label of what is painted; `None` when erasing.
    label: Option<LabelId>,
    /// The mask that is painted; `None` for a new one.
    target: Option<AnnotationId>,
    /// What the stroke has touched so far.
    touched: Mask,
    /// In image space.
    last: Point,
    /// A straight stroke leads from here to the pointer.
    straight_from: Option<Point>,
}

impl BrushTool {
    pub(crate) fn new(brush: Brush) -> Self {
        Self {
            brush,
            stroke: None,
            last_end: None,
            pointer: None,
        }
    }
}

impl Tool for BrushTool {
    fn handle(&mut self, input: &Input, selection: &Selection, context: &mut Context<'_>) -> Step {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                modifiers,
                pointer,
                ..
            } => self.down(*pos, *modifiers, *pointer, selection, context),
            Input::PointerMove { pos, pointer, .. } => {
                self.moved(*pos, *pointer, context);
                Step::handled()
            }
            Input::PointerUp {
                pos,
                button: Button::Primary,
                pointer,
                ..
            } => {
                // The last move may lie before the place of release.
                self.moved(*pos, *pointer, context);
                self.up(selection, context)
            }
            Input::PointerLeave => {
                self.pointer = None;
                Step::handled()
            }
            Input::KeyDown { key, modifiers } => self.key(key, *modifiers, context),
            _ => Step::unhandled(),
        }
    }

    fn cancel(&mut self) {
        self.stroke = None;
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let (idle, busy) = match self.brush {
            Brush::Paint => (Hint::BrushStart, Hint::BrushPainting),
            Brush::Erase => (Hint::EraserStart, Hint::EraserErasing),
        };
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: idle,
            ..View::default()
        };
        if let Some(stroke) = &self.stroke {
            let shape = Shape::Mask(stroke.touched.clone());
            view.preview.push(match stroke.label {
                Some(label) => new_preview(label, shape, true, context),
                None => private_preview(shape, true),
            });
            view.hint = busy;
        }
        view.preview.extend(self.pointer.map(|pos| {
            let radius = context.settings.brush_radius;
            let rim = Shape::Ellipse(Ellipse {
                center: context.camera.image_from_screen(pos),
                radii: Vec2::new(radius, radius),
                angle: 0.0,
            });
            private_preview(rim, false)
        }));
        view
    }

    fn document_changed(&mut self, document: &Document) -> bool {
        let target = self.stroke.as_ref().and_then(|stroke| stroke.target);
        let is_gone = target.is_some_and(|id| document.get(id).and_then(masks::mask_of).is_none());
        if is_gone {
            self.stroke = None;
        }
        is_gone
    }
}

impl BrushTool {
    fn down(
        &mut self,
        pos: Point,
        modifiers: Modifiers,
        pointer: PointerKind,
        selection: &Selection,
        context: &mut Context<'_>,
    ) -> Step {
        self.show(pos, pointer);
        if !context.can_edit {
            return Step::notice(Notice::ReadOnly);
        }
        let at = context.camera.image_from_screen(pos);
        if self.brush == Brush::Paint && modifiers.alt {
            return fill(at, selection, context);
        }
        let (label, target) = match self.brush {
            Brush::Erase => (None, None),
            Brush::Paint => {
                let target = drawing_label(context).and_then(|label| {
                    masks::target(label, selection, context).map(|target| (label, target))
                });
                match target {
                    Ok((label, target)) => (Some(label), target),
                    Err(notice) => return Step::notice(notice),
                }
            }
        };
        let mut stroke = Stroke {
            label,
            target,
            touched: Mask::default(),
            last: at,
            straight_from: modifiers.shift.then(|| self.last_end.unwrap_or(at)),
        };
        stroke.go(at, context);
        self.stroke = Some(stroke);
        Step::handled()
    }

    fn moved(&mut self, pos: Point, pointer: PointerKind, context: &Context<'_>) {
        self.show(pos, pointer);
        let at = context.camera.image_from_screen(pos);
        if let Some(stroke) = &mut self.stroke
            && stroke.last != at
        {
            stroke.go(at, context);
        }
    }

    fn up(&mut self, selection: &Selection, context: &mut Context<'_>) -> Step {
        let Some(stroke) = self.stroke.take() else {
            return Step::handled();
        };
        self.last_end = Some(stroke.last);
        match stroke.label {
            _ if stroke.touched.is_empty() => Step::handled(),
            Some(label) => masks::paint(stroke.target, label, &stroke.touched, context),
            None => masks::erase(&stroke.touched, selection, context),
        }
    }

    fn key(&mut self, key: &str, modifiers: Modifiers, context: &Context<'_>) -> Step {
        match key {
            "Escape" if self.stroke.is_some() => {
                self.cancel();
                Step::handled()
            }
            "[" | "]" if !modifiers.command() => Step {
                settings: Some(context.settings.with_brush(key == "]")),
                ..Step::handled()
            },
            // What is selected stays where it is while it is painted on.
            _ if self.stroke.is_some() => Step::handled(),
            _ => Step::unhandled(),
        }
    }

    /// A finger hides the brush's rim, and does not hover.
    fn show(&mut self, pos: Point, pointer: PointerKind) {
        self.pointer = (pointer != PointerKind::Touch).then_some(pos);
    }
}

impl Stroke {
    fn go(&mut self, to: Point, context: &Context<'_>) {
        let from = match self.straight_from {
            Some(from) => {
                self.touched = Mask::default();
                from
            }
            None => self.last,
        };
        let radius = context.settings.brush_radius;
        self.touched.paint(&[from, to], radius, context.image);
        self.last = to;
    }
}

/// Fills the hole under the pointer: in the selected masks, or else in the mask whose hole there is
/// the smallest, of those that can be seen.
fn fill(at: Point, selection: &Selection, context: &mut Context<'_>) -> Step {
    let is_selected = |id| selection.contains(id);
    let seen = context.document.annotations();
    let seen = seen.filter(|annotation| !context.scene.is_hidden(annotation.id));
    let candidates = seen.filter_map(|annotation| {
        let mask = masks::mask_of(annotation)?;
        // Much cheaper than looking for its holes.
        let hole = mask.bounds().filter(|bounds| bounds.contains(at));
        let hole = hole.and_then(|_| mask.hole_at(at))?;
        Some((!is_selected(annotation.id), hole.area(), annotation, hole))
    });
    let best = candidates.min_by_key(|(other, area, annotation, _)| (*other, *area, annotation.id));
    match best {
        None => Step::notice(Notice::NoHole),
        Some((_, _, annotation, _)) if annotation.locked => Step::notice(Notice::Locked),
        Some((_, _, annotation, hole)) => {
            masks::paint(Some(annotation.id), annotation.label, &hole, context)
        }
    }
}
