//! Measuring distances, angles and areas; the document knows nothing of it.

mod figures;

use crate::selection::Selection;
use crate::step::{Step, View, private_preview};
use crate::tool::Tool;
use crate::trail::{Rules, Trail, Trailed};
use crate::{Button, Context, Cursor, Hint, Input};
use visionflow_geometry::{Point, Polygon};
use visionflow_model::Shape;

const RULES: Rules = Rules {
    closes: true,
    freehand: false,
};

#[derive(Debug, Default)]
pub(crate) struct MeasureTool {
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Idle,
    Setting(Trail),
    /// What was measured stays until the next click.
    Done {
        /// In image space.
        points: Vec<Point>,
        closed: bool,
    },
}

impl Tool for MeasureTool {
    fn handle(&mut self, input: &Input, _: &Selection, context: &mut Context<'_>) -> Step {
        let State::Setting(trail) = &mut self.state else {
            return self.idle(input, context);
        };
        match trail.handle(input, RULES, context) {
            Trailed::Unhandled => Step::unhandled(),
            Trailed::Handled | Trailed::Stretched => Step::handled(),
            Trailed::Cancelled => {
                self.cancel();
                Step::handled()
            }
            outcome @ (Trailed::Finished | Trailed::Closed) => {
                let points = trail.points().to_vec();
                let closed = outcome == Trailed::Closed;
                self.state = State::Done { points, closed };
                Step::handled()
            }
        }
    }

    fn snaps(&self) -> bool {
        true
    }

    fn cancel(&mut self) {
        self.state = State::Idle;
    }

    fn interrupt(&mut self) {
        if let State::Setting(trail) = &mut self.state
            && !trail.interrupt()
        {
            self.cancel();
        }
    }

    fn view(&self, _: &Selection, _: &Context<'_>) -> View {
        let mut view = View {
            cursor: Cursor::Crosshair,
            hint: Hint::MeasureStart,
            ..View::default()
        };
        match &self.state {
            State::Idle => {}
            State::Setting(trail) => {
                show(trail.with_ghost(), trail.is_closing(), &mut view);
                view.handles = trail.handles();
                view.hint = Hint::MeasureNext;
            }
            State::Done { points, closed } => show(points.clone(), *closed, &mut view),
        }
        view
    }

    fn can_take_back(&self) -> bool {
        matches!(self.state, State::Setting(_))
    }

    fn take_back(&mut self) {
        if let State::Setting(trail) = &mut self.state
            && !trail.take_back()
        {
            self.state = State::Idle;
        }
    }

    fn is_for_watchers(&self) -> bool {
        true
    }
}

impl MeasureTool {
    fn idle(&mut self, input: &Input, context: &Context<'_>) -> Step {
        match input {
            Input::PointerDown {
                pos,
                button: Button::Primary,
                pointer,
                ..
            } => {
                self.state = State::Setting(Trail::begin(*pos, *pointer, context));
                Step::handled()
            }
            Input::KeyDown { key, .. }
                if key == "Escape" && matches!(self.state, State::Done { .. }) =>
            {
                self.cancel();
                Step::handled()
            }
            Input::PointerMove { .. } | Input::PointerUp { .. } => Step::handled(),
            _ => Step::unhandled(),
        }
    }
}

fn show(points: Vec<Point>, closed: bool, view: &mut View) {
    view.measures = figures::of(&points, closed);
    let shape = if closed {
        Shape::Polygon(Polygon::from_ring(points))
    } else {
        Shape::Polyline(points)
    };
    view.preview = vec![private_preview(shape, closed)];
}
