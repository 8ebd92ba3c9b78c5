//! The engine's life on this page: started on the canvas, pointed at an item, ended with the page.

use super::embedding;
use crate::api_client;
use crate::assist;
use crate::browser;
use crate::components::avatar::color_of;
use crate::components::{Toast, Toasts};
use crate::resource::{Resource, use_resource};
use crate::t;
use crate::theme::{Theme, ThemeContext};
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{Image, Me};
use visionflow_engine::{Backend, Engine, EngineError, EngineOptions, RoomConfig, TokenFuture};
use visionflow_geometry::{Point, Rect, Vec2};
use visionflow_model::{Annotation, AnnotationId, PresenceUser, Shape};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;
use yew::platform::spawn_local;
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub enum CanvasState {
    Starting,
    Ready(Engine),
    Failed(String),
}

/// Reads the photograph's facts, among them its short-lived address.
#[hook]
pub fn use_item(image_id: Uuid) -> Resource<Image> {
    use_resource(image_id, |id| async move {
        api_client::get::<Image>(&format!("/api/v1/images/{id}")).await
    })
}

fn engine_theme(theme: Theme) -> visionflow_engine::Theme {
    match theme {
        Theme::Dark => visionflow_engine::Theme::Dark,
        Theme::Light => visionflow_engine::Theme::Light,
    }
}

/// Starts an engine on the canvas and destroys it with the component.
#[hook]
pub fn use_engine(canvas: NodeRef) -> CanvasState {
    let state = use_state_eq(|| CanvasState::Starting);
    let theme = use_context::<ThemeContext>().map_or(Theme::Dark, |context| context.theme);
    {
        let state = state.setter();
        use_effect_with((), move |()| {
            let backend =
                browser::query("backend").map_or(Backend::Auto, |name| Backend::from_name(&name));
            let mounted: Rc<RefCell<Mounted>> = Rc::default();
            if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
                let mounted = mounted.clone();
                spawn_local(async move {
                    let options = EngineOptions {
                        backend,
                        theme: engine_theme(theme),
                        smart_used: assist::was_used(),
                    };
                    match Engine::mount(canvas, options).await {
                        // The page is gone before the GPU was there.
                        Ok(engine) if mounted.borrow().gone => engine.destroy(),
                        Ok(engine) => {
                            engine.set_assist(assist::options());
                            expose(&engine);
                            mounted.borrow_mut().engine = Some(engine.clone());
                            state.set(CanvasState::Ready(engine));
                        }
                        Err(error) => state.set(CanvasState::Failed(error.to_string())),
                    }
                });
            }
            move || {
                let mut mounted = mounted.borrow_mut();
                mounted.gone = true;
                if let Some(engine) = mounted.engine.take() {
                    engine.destroy();
                }
            }
        });
    }
    use_effect_with((theme, (*state).clone()), |(theme, state)| {
        if let CanvasState::Ready(engine) = state {
            engine.set_theme(engine_theme(*theme));
        }
    });
    (*state).clone()
}

#[derive(Default)]
struct Mounted {
    engine: Option<Engine>,
    gone: bool,
}

/// With `?debug=1`, `window.__visionflow.debug_state()` tells tests what the engine knows.
fn expose(engine: &Engine) {
    if browser::query("debug").is_none() {
        return;
    }
    let object = js_sys::Object::new();
    let state = {
        let engine = engine.clone();
        Closure::<dyn Fn() -> JsValue>::new(move || {
            js_sys::JSON::parse(&engine.debug_state()).unwrap_or(JsValue::NULL)
        })
    };
    let lose = {
        let engine = engine.clone();
        Closure::<dyn Fn()>::new(move || engine.lose_device())
    };
    let draw = {
        let engine = engine.clone();
        Closure::<dyn Fn() -> f64>::new(move || engine.draw_now())
    };
    let fill = {
        let engine = engine.clone();
        Closure::<dyn Fn(u32, String)>::new(move |count: u32, label: String| {
            fill(&engine, count, &label);
        })
    };
    for (name, function) in [
        ("debug_state", state.into_js_value()),
        ("fill", fill.into_js_value()),
        ("lose_device", lose.into_js_value()),
        ("draw_now", draw.into_js_value()),
    ] {
        // A plain object takes any property.
        let _ = js_sys::Reflect::set(&object, &name.into(), &function);
    }
    let _ = js_sys::Reflect::set(&browser::window(), &"__visionflow".into(), &object);
}

/// Leaves the room and draws so many small boxes, for tests of what a long list costs.
fn fill(engine: &Engine, count: u32, label: &str) {
    let Ok(label) = label.parse() else { return };
    engine.leave();
    let boxes = (0..count).map(|n| {
        let corner = Point::new(f64::from(n % 300) * 2.0, f64::from(n / 300));
        let rect = Rect::from_corners(corner, corner + Vec2::new(1.5, 0.75));
        Annotation::new(AnnotationId(Uuid::now_v7()), label, Shape::Box(rect))
    });
    // What is refused stays out, which the test sees.
    let _ = engine.load(boxes.collect(), true);
}

/// Shows the photograph and joins its room.
pub fn open(engine: &Engine, image: &Image, me: &Me, can_edit_hint: bool, toasts: &Toasts) {
    engine.close_item();
    engine.set_embedder(Some(embedding::embedder(image.id)));
    let location = browser::window().location();
    let secure = location
        .protocol()
        .is_ok_and(|protocol| protocol == "https:");
    let host = location.host().unwrap_or_default();
    engine.connect(RoomConfig {
        base_ws_url: format!("{}://{host}", if secure { "wss" } else { "ws" }),
        room_id: image.room_id,
        user: PresenceUser {
            id: me.id.to_string(),
            name: me.name.clone(),
            color: color_of(&me.id.to_string()).to_owned(),
        },
        user_key: me.id.to_string(),
        token: Rc::new(|| -> TokenFuture {
            Box::pin(async {
                api_client::access_token()
                    .await
                    .map_err(|error| error.words())
            })
        }),
        can_edit_hint,
    });
    let (engine, image, toasts) = (engine.clone(), image.clone(), toasts.clone());
    spawn_local(async move {
        let (width, height) = (image.width.max(1) as u32, image.height.max(1) as u32);
        let mut result = engine.open_image(&image.url, width, height).await;
        if matches!(result, Err(EngineError::Fetch(_))) {
            // The address may have ended meanwhile: once more with a fresh one.
            if let Ok(fresh) =
                api_client::get::<Image>(&format!("/api/v1/images/{}", image.id)).await
            {
                result = engine.open_image(&fresh.url, width, height).await;
            }
        }
        match result {
            Ok(()) | Err(EngineError::Superseded | EngineError::Destroyed) => {}
            Err(error) => toasts.show(Toast::bad(t!("photograph-failed", why = error.to_string()))),
        }
    });
}
