//! The status bar: what the tool can do next, where the pointer is, how much there is.

use super::bar::use_engine_tick;
use super::desk::Desk;
use crate::t;
use std::cell::Cell;
use std::rc::Rc;
use visionflow_engine::{Engine, EngineEvent};
use visionflow_geometry::Point;
use yew::prelude::*;

#[component]
pub fn StatusBar() -> Html {
    let desk = use_context::<Option<Desk>>().flatten();
    let engine = desk.as_ref().map(|desk| desk.engine.clone());
    use_engine_tick(engine.as_ref(), |event| {
        matches!(event, EngineEvent::Hint(_) | EngineEvent::Camera)
    });
    let Some(desk) = desk else {
        return html! { <footer class="status" /> };
    };
    let engine = &desk.engine;
    let backend = match engine.backend_name() {
        "webgpu" => "WebGPU",
        "webgl2" => "WebGL2",
        other => other,
    };
    html! {
        <footer class="status" aria-label={t!("status-bar")}>
            <span class="status-hint">{ t!(engine.hint().key()) }</span>
            <span class="push" />
            <Measures engine={engine.clone()} />
            <Coordinates engine={engine.clone()} />
            <span aria-label={t!("zoom")}>{ format!("{:.0} %", engine.zoom() * 100.0) }</span>
            <span>{ t!("count-objects", n = desk.objects.borrow().shape_count() as i64) }</span>
            <span title={t!("status-backend")}>{ backend }</span>
        </footer>
    }
}

#[derive(Properties, PartialEq)]
struct CoordinatesProps {
    engine: Engine,
}

#[component]
fn Coordinates(props: &CoordinatesProps) -> Html {
    let pointer = use_memo((), |()| Rc::new(Cell::new(None::<Point>)));
    use_engine_tick(Some(&props.engine), |event| {
        matches!(event, EngineEvent::Pointer(_))
    });
    {
        let pointer = pointer.clone();
        use_effect_with(props.engine.clone(), move |engine| {
            let subscription = engine.subscribe(Rc::new(move |event| {
                if let EngineEvent::Pointer(at) = event {
                    pointer.set(*at);
                }
            }));
            move || drop(subscription)
        });
    }
    let text = pointer.get().map_or_else(
        || "–".to_owned(),
        |at| format!("{:.0}, {:.0}", at.x.floor(), at.y.floor()),
    );
    html! { <span class="status-coordinates" aria-label={t!("coordinates")}>{ text }</span> }
}

/// What the measuring tool has measured.
#[component]
fn Measures(props: &CoordinatesProps) -> Html {
    use_engine_tick(Some(&props.engine), |event| {
        matches!(event, EngineEvent::Measures)
    });
    let measures = props.engine.measures();
    if measures.is_empty() {
        return html! {};
    }
    let texts: Vec<String> = measures.into_iter().map(|measure| measure.text).collect();
    html! { <span class="measures" role="status" aria-label={t!("measured")}>{ texts.join(" · ") }</span> }
}
