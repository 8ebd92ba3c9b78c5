//! Drawing rotated boxes: one side by a drag or two clicks, then the width by a third click.

use crate::boxes::MIN_SIDE;
use crate::selection::Selection;
use crate::snap::{in_steps, room};
use crate::step::{Step, View, add, new_preview, snapped, snapped_vec};
use crate::tool::Tool;
use crate::two_points::{Outcome, Start, Stretch, TwoPoints};
use crate::{Button, Context, Cursor, Hint, Input};
use visionflow_geometry::{Point, Rect, RotatedBox, Vec2};
use visionflow_model::Shape;

#[derive(Debug, Default)]
pub(crate) struct RotatedBoxTool {
    /// The gesture of the first side.
    side: TwoPoints,
    width: Option<Width>,
}

/// The first side is set, the opposite one follows the pointer; all in image space.
#[derive(Clone, Copy, Debug)]
struct Width {
    start: Start,
    end: Point,
    now: Point,
    /// The third click began; until then a release still belongs to the side.
    pressed: bool,
}

impl Tool for RotatedBoxTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        if let Some(width) = self.width {
            return self.widen(width, input, context);
        }
        match self.side.handle(input, context) {
            Outcome::Step(step) => step,
            Outcome::Done(stretch) => {
                let end = side_end(stretch, context);
                if context.screen_distance(stretch.start.at, end) >= MIN_SIDE {
                    self.width = Some(Width {
                        start: stretch.start,
                        end,
                        now: end,
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
        self.side.cancel();
        self.width = None;
    }

    fn interrupt(&mut self) {
        self.side.interrupt();
        if let Some(width) = &mut self.width {
            width.pressed = false;
        }
    }

    fn view(&self, _: &Selection, context: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::RotatedBoxStart,
            ..View::default()
        };
        if let Some(width) = self.width {
            let shape = Shape::RotatedBox(width.rotated_box(context.image));
            view.preview = vec![new_preview(width.start.label, shape, true, context)];
            view.hint = Hint::RotatedBoxWidth;
        } else if let Some(stretch) = self.side.stretch() {
            let side = vec![stretch.start.at, side_end(stretch, context)];
            let shape = Shape::Polyline(side);
            view.preview = vec![new_preview(stretch.start.label, shape, false, context)];
            view.hint = Hint::RotatedBoxSide;
        }
        view
    }

    fn can_take_back(&self) -> bool {
        self.width.is_some() || self.side.is_half_set()
    }

    fn take_back(&mut self) {
        self.cancel();
    }
}

impl RotatedBoxTool {
    fn widen(&mut self, width: Width, input: &Input, context: &mut Context<'_>) -> Step {
        match input {
            Input::PointerMove { pos, .. } => {
                let now = context.image_point_inside(*pos);
                self.width = Some(Width { now, ..width });
                Step::handled()
            }
            Input::PointerDown {
                pos,
                button: Button::Primary,
                ..
            } => {
                let now = context.image_point_inside(*pos);
                let pressed = true;
                self.width = Some(Width {
                    now,
                    pressed,
                    ..width
                });
                Step::handled()
            }
            // The release and not the press, so that a finger, which cannot hover, sees the width.
            Input::PointerUp {
                pos,
                button: Button::Primary,
                ..
            } if width.pressed => {
                let now = context.image_point_inside(*pos);
                self.finish(Width { now, ..width }, context)
            }
            Input::PointerUp { .. } => Step::handled(),
            Input::KeyDown { key, .. } if key == "Escape" => {
                self.cancel();
                Step::handled()
            }
            _ => Step::unhandled(),
        }
    }

    fn finish(&mut self, width: Width, context: &mut Context<'_>) -> Step {
        let rotated = width.rotated_box(context.image);
        if rotated.size.y < context.image_length(MIN_SIDE) {
            // A click on the side itself is no width.
            let pressed = false;
            self.width = Some(Width { pressed, ..width });
            return Step::handled();
        }
        self.width = None;
        add(width.start.label, Shape::RotatedBox(rotated), context)
    }
}

impl Width {
    /// The box on the side with the pointer on its opposite one, as far as the image reaches.
    fn rotated_box(self, image: Rect) -> RotatedBox {
        let (from, to) = (self.start.at, self.end);
        let along = to - from;
        let length = along.length();
        let normal = Vec2::new(-along.y, along.x) * (1.0 / length);
        let across = (self.now - to).dot(normal);
        let outwards = normal * across.signum();
        let width = across
            .abs()
            .min(room(from, outwards, image))
            .min(room(to, outwards, image));
        let middle = Point::new(f64::midpoint(from.x, to.x), f64::midpoint(from.y, to.y));
        RotatedBox {
            center: snapped(middle + outwards * (width / 2.0)),
            size: snapped_vec(Vec2::new(length, width)),
            angle: along.y.atan2(along.x),
        }
    }
}

fn side_end(stretch: Stretch, context: &Context<'_>) -> Point {
    if stretch.modifiers.shift {
        in_steps(stretch.start.at, stretch.to, context.image)
    } else {
        stretch.to
    }
}
