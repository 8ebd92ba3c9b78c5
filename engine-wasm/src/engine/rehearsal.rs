//! A first click that nobody waits for. Browsers compile a function of WebAssembly when it is called for
//! the first time, and a person's first click calls hundreds of them: so an engine on a canvas that
//! belongs to no page is clicked before, a step at a time.

use super::{PointerEvent, PointerKind, State};
use crate::Theme;
use crate::browser::document;
use std::cell::Cell;
use std::time::Duration;
use uuid::Uuid;
use visionflow_document::Edit;
use visionflow_geometry::{Point, Rect};
use visionflow_model::{Annotation, AnnotationId, LabelId, Shape};
use visionflow_scene::Viewport;
use visionflow_tools::{Modifiers, ToolKind};
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

thread_local! {
    /// What is compiled serves every engine of this module.
    static IS_OVER: Cell<bool> = const { Cell::new(false) };
}

/// A box is found, selected, moved, and put back; then one is drawn and taken back.
const STEPS: [fn(&mut State); 9] = [
    add_a_box,
    |state| state.pointer_move(at(40.0, -1)),
    |state| state.pointer_down(at(40.0, 0)),
    |state| state.pointer_up(at(40.0, 0)),
    // Elsewhere, or it would be a double click.
    |state| state.pointer_down(at(60.0, 0)),
    |state| state.pointer_move(at(70.0, -1)),
    |state| state.pointer_up(at(70.0, 0)),
    State::undo,
    draw_another,
];

/// Goes through all of it with pauses between, once for a page.
pub(super) async fn rehearse(pause: Duration, goes_on: impl Fn() -> bool) {
    if IS_OVER.replace(true) {
        return;
    }
    let canvas = document().create_element("canvas").map(JsCast::dyn_into);
    let Ok(Ok(canvas)) = canvas else {
        return;
    };
    let canvas: HtmlCanvasElement = canvas;
    let mut state = State::new(canvas, Theme::default());
    state.viewport = Viewport::new(100.0, 100.0, 1.0);
    for step in STEPS {
        gloo::timers::future::sleep(pause).await;
        if !goes_on() {
            // Somebody else's turn.
            IS_OVER.set(false);
            return;
        }
        step(&mut state);
        state.settle();
        state.scene.draw_list(&state.camera, state.viewport);
        state.events.clear();
    }
}

fn add_a_box(state: &mut State) {
    let shape = Shape::Box(Rect::from_corners(
        Point::new(20.0, 20.0),
        Point::new(80.0, 80.0),
    ));
    let annotation = Annotation::new(AnnotationId(Uuid::nil()), LabelId(Uuid::nil()), shape);
    // Nothing depends on it.
    let _ = state.edit(&[Edit::Add(annotation)]);
    state.set_tool(ToolKind::Select);
}

fn draw_another(state: &mut State) {
    state.set_label(Some(LabelId(Uuid::nil())));
    state.set_tool(ToolKind::Box);
    state.pointer_down(at(10.0, 0));
    state.pointer_move(at(30.0, -1));
    state.pointer_up(at(30.0, 0));
    state.undo();
}

/// On the diagonal, in CSS pixels, which are those of the image too.
fn at(position: f64, button: i16) -> PointerEvent {
    PointerEvent {
        id: 1,
        kind: PointerKind::Mouse,
        position: Point::new(position, position),
        button,
        modifiers: Modifiers::default(),
        time_ms: 0.0,
    }
}
