//! Drawing cuboids: the front face as a box, then the depth by a click.

use crate::boxes::{self, MIN_SIDE, is_slip};
use crate::selection::Selection;
use crate::snap::in_steps;
use crate::step::{Step, View, add, clamped, new_preview};
use crate::tool::Tool;
use crate::two_points::{Outcome, TwoPoints};
use crate::{Button, Context, Cursor, Hint, Input, Modifiers};
use visionflow_geometry::{Cuboid, Point, Rect, Vec2};
use visionflow_model::{LabelId, Shape};

#[derive(Debug, Default)]
pub(crate) struct CuboidTool {
    /// The gesture of the front face.
    front: TwoPoints,
    depth: Option<Depth>,
}

/// The front face is set, the back follows the pointer; all in image space.
#[derive(Clone, Copy, Debug)]
struct Depth {
    label: LabelId,
    front: Rect,
    /// Where the front was finished: the corner that the pointer carries.
    corner: Point,
    now: Point,
    /// The last click began; until then a release still belongs to the front.
    pressed: bool,
}

impl Tool for CuboidTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        if let Some(depth) = self.depth {
            return self.deepen(depth, input, context);
        }
        match self.front.handle(input, context) {
            Outcome::Step(step) => step,
            Outcome::Done(stretch) => {
                let front = boxes::rect(stretch, context);
                if !is_slip(front, context) {
                    self.depth = Some(Depth {
                        label: stretch.start.label,
                        front,
                        corner: clamped(stretch.to, front),
                        now: stretch.to,
                        pressed: false,
                    });
                }
                Step::handled()
            }
        }
    }

    fn snaps(&self) -> bool {
        true
    }

    fn cancel(&mut self) {
        self.front.cancel();
        self.depth = None;
    }

    fn interrupt(&mut self) {
        self.front.interrupt();
        if let Some(depth) = &mut self.depth {
            depth.pressed = false;
        }
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::CuboidStart,
            ..View::default()
        };
        if let Some(depth) = self.depth {
            let shape = depth.shape(context.image);
            view.preview = vec![new_preview(depth.label, shape, true, context)];
            view.hint = Hint::CuboidDepth;
        } else if let Some(stretch) = self.front.stretch() {
            let shape = Shape::Box(boxes::rect(stretch, context));
            view.preview = vec![new_preview(stretch.start.label, shape, true, context)];
            view.hint = Hint::CuboidFront;
        }
        view
    }

    fn can_take_back(&self) -> bool {
        self.depth.is_some() || self.front.is_half_set()
    }

    fn take_back(&mut self) {
        self.cancel();
    }
}

impl CuboidTool {
    fn deepen(&mut self, depth: Depth, input: &Input, context: &mut Context<'_>) -> Step {
        match input {
            Input::PointerMove { pos, modifiers, .. } => {
                self.depth = Some(depth.at(*pos, *modifiers, context));
                Step::handled()
            }
            Input::PointerDown {
                pos,
                button: Button::Primary,
                modifiers,
                ..
            } => {
                let depth = depth.at(*pos, *modifiers, context);
                let pressed = true;
                self.depth = Some(Depth { pressed, ..depth });
                Step::handled()
            }
            // The release and not the press, so that a finger, which cannot hover, sees the depth.
            Input::PointerUp {
                pos,
                button: Button::Primary,
                modifiers,
                ..
            } if depth.pressed => self.finish(depth.at(*pos, *modifiers, context), context),
            Input::PointerUp { .. } => Step::handled(),
            Input::KeyDown { key, .. } if key == "Escape" => {
                self.cancel();
                Step::handled()
            }
            _ => Step::unhandled(),
        }
    }

    fn finish(&mut self, depth: Depth, context: &mut Context<'_>) -> Step {
        if context.screen_distance(depth.corner, depth.now) < MIN_SIDE {
            // A click on the corner itself is no depth.
            let pressed = false;
            self.depth = Some(Depth { pressed, ..depth });
            return Step::handled();
        }
        self.depth = None;
        add(depth.label, depth.shape(context.image), context)
    }
}

impl Depth {
    fn at(self, pos: Point, modifiers: Modifiers, context: &Context<'_>) -> Self {
        let now = context.image_point_inside(pos);
        let now = if modifiers.shift {
            in_steps(self.corner, now, context.image)
        } else {
            now
        };
        Self { now, ..self }
    }

    /// The back is as large as the front, and inside the image.
    fn shape(self, image: Rect) -> Shape {
        let by = self.now - self.corner;
        let within = |by: f64, low: f64, high: f64| by.max(low.min(0.0)).min(high.max(0.0));
        let by = Vec2::new(
            within(
                by.x,
                image.min.x - self.front.min.x,
                image.max.x - self.front.max.x,
            ),
            within(
                by.y,
                image.min.y - self.front.min.y,
                image.max.y - self.front.max.y,
            ),
        );
        let back = self.front.translated(by);
        Shape::Cuboid(Box::new(Cuboid::from_faces(self.front, back)))
    }
}
