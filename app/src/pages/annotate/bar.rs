//! The top bar: the way back, the photograph's name, undo, zoom, who is here, what is saved.

use super::commands::ZOOM_STEP;
use super::comments::Comments;
use super::desk::Desk;
use super::view_menu::ViewMenu;
use crate::commands::keymap::use_keymap;
use crate::commands::spec;
use crate::components::shell::ThemeToggle;
use crate::components::{Avatar, IconButton, Menu, MenuItem, crowd, icon};
use crate::notifications::Bell;
use crate::router::{Overlays, Route};
use crate::t;
use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::Image;
use visionflow_engine::{Engine, EngineEvent, SaveState};
use yew::prelude::*;
use yew_router::prelude::*;

/// Renders again, at most once a frame, after events that `wanted` accepts.
#[hook]
pub fn use_engine_tick(engine: Option<&Engine>, wanted: fn(&EngineEvent) -> bool) {
    let update = use_force_update();
    use_effect_with(engine.cloned(), move |engine| {
        let subscription = engine.as_ref().map(|engine| {
            let frame: Rc<RefCell<Option<AnimationFrame>>> = Rc::default();
            engine.subscribe(Rc::new(move |event| {
                let mut slot = frame.borrow_mut();
                if slot.is_none() && wanted(event) {
                    let (frame, update) = (frame.clone(), update.clone());
                    *slot = Some(request_animation_frame(move |_| {
                        frame.borrow_mut().take();
                        update.force_update();
                    }));
                }
            }))
        });
        move || drop(subscription)
    });
}

#[derive(Properties, PartialEq)]
pub struct TopBarProps {
    pub project_id: Uuid,
    pub item: Option<Image>,
    pub panel_open: bool,
    pub onpanel: Callback<()>,
    pub strip_open: bool,
    pub onstrip: Callback<()>,
    pub onpicture: Callback<()>,
}

#[component]
pub fn TopBar(props: &TopBarProps) -> Html {
    use_keymap();
    let desk = use_context::<Option<Desk>>().flatten();
    let comments = use_context::<Option<Comments>>().flatten();
    let overlays = use_context::<Overlays>();
    let name = props
        .item
        .as_ref()
        .map(|image| image.filename.clone())
        .unwrap_or_default();
    let size = props
        .item
        .as_ref()
        .map(|image| format!("{} × {}", image.width, image.height));
    html! {
        <header class="bar desk-bar">
            <Link<Route> to={Route::Gallery { project_id: props.project_id }} classes="back">
                { icon::ARROW_LEFT.html() }<span>{ desk.as_ref().map_or_else(|| t!("back-to-gallery"), |desk| desk.project.name.clone()) }</span>
            </Link<Route>>
            <span class="crumb-mark" aria-hidden="true">{ "/" }</span>
            <h1 class="file-name" title={name.clone()}>{ name }</h1>
            if let Some(size) = size { <span class="file-size">{ size }</span> }
            <span class="push" />
            if let Some(desk) = &desk {
                <History desk={desk.clone()} panel_open={props.panel_open} onpanel={props.onpanel.clone()} />
                <Zoom engine={desk.engine.clone()} />
                <ViewMenu desk={desk.clone()} />
                <IconButton label={t!("command-export-picture")} icon={icon::DOWNLOAD} keys={spec::EXPORT_PICTURE.key()} disabled={desk.project.role.is_none()} onclick={props.onpicture.reform(|_| ())} />
                <span class="push" />
                <Presence engine={desk.engine.clone()} />
                <SaveChip state={desk.save_state} can_edit={desk.can_edit} has_role={desk.project.role.is_some()} />
            }
            if let Some(overlays) = overlays {
                <IconButton label={t!("command-palette")} icon={icon::COMMAND} keys={spec::PALETTE.key()} onclick={overlays.palette.reform(|_| ())} />
            }
            <Bell news={comments.as_ref().map_or(0, Comments::news)} />
            <ThemeToggle />
            <IconButton label={t!("command-toggle-filmstrip")} icon={if props.strip_open { icon::PANEL_BOTTOM_CLOSE } else { icon::PANEL_BOTTOM_OPEN }}
                keys={spec::TOGGLE_FILMSTRIP.key()} pressed={Some(props.strip_open)} onclick={props.onstrip.reform(|_| ())} />
            <IconButton label={t!("command-toggle-panel")} icon={if props.panel_open { icon::PANEL_RIGHT_CLOSE } else { icon::PANEL_RIGHT_OPEN }}
                keys={spec::TOGGLE_PANEL.key()} pressed={Some(props.panel_open)} class="tip-end" onclick={props.onpanel.reform(|_| ())} />
        </header>
    }
}

#[derive(Properties, PartialEq)]
struct HistoryProps {
    desk: Desk,
    panel_open: bool,
    onpanel: Callback<()>,
}

#[component]
fn History(props: &HistoryProps) -> Html {
    let desk = &props.desk;
    let on = |act: fn(&Engine)| {
        let engine = desk.engine.clone();
        Callback::from(move |_: MouseEvent| act(&engine))
    };
    let open = {
        let (history, panel_open, onpanel) = (
            desk.history.clone(),
            props.panel_open,
            props.onpanel.clone(),
        );
        Callback::from(move |_: MouseEvent| {
            if !history.is_open && !panel_open {
                onpanel.emit(());
            }
            history.toggle.emit(());
        })
    };
    html! {
        <div class="group" role="group" aria-label={t!("history")}>
            <IconButton label={t!("command-undo")} icon={icon::UNDO_2} keys={spec::UNDO.key()} disabled={!desk.can_undo} onclick={on(Engine::undo)} />
            <IconButton label={t!("command-redo")} icon={icon::REDO_2} keys={spec::REDO.key()} disabled={!desk.can_redo} onclick={on(Engine::redo)} />
            <IconButton label={t!("command-history")} icon={icon::HISTORY} keys={spec::HISTORY.key()} pressed={Some(desk.history.is_open)} onclick={open} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct EngineProps {
    engine: Engine,
}

#[component]
fn Zoom(props: &EngineProps) -> Html {
    let engine = &props.engine;
    use_engine_tick(Some(engine), |event| matches!(event, EngineEvent::Camera));
    let by = |factor: f64| {
        let engine = engine.clone();
        Callback::from(move |_: MouseEvent| engine.zoom_by(factor))
    };
    let item = |key: &str, shown, act: fn(&Engine)| {
        let engine = engine.clone();
        MenuItem::new(t!(key), shown, move || act(&engine))
    };
    let items = vec![
        item(spec::ZOOM_FIT.id, icon::MAXIMIZE, Engine::zoom_to_fit),
        item(spec::ZOOM_ACTUAL.id, icon::SCAN, Engine::zoom_to_actual),
    ];
    html! {
        <div class="group" role="group" aria-label={t!("zoom")}>
            <IconButton label={t!("command-zoom-out")} icon={icon::ZOOM_OUT} keys={spec::ZOOM_OUT.key()} onclick={by(1.0 / ZOOM_STEP)} />
            <Menu label={t!("zoom-menu")} {items} class="zoom-menu"><span class="zoom-value" aria-hidden="true">{ format!("{:.0} %", engine.zoom() * 100.0) }</span></Menu>
            <IconButton label={t!("command-zoom-in")} icon={icon::ZOOM_IN} keys={spec::ZOOM_IN.key()} onclick={by(ZOOM_STEP)} />
        </div>
    }
}

/// Someone else on this photograph, once however many windows they have open.
struct Person {
    id: String,
    name: String,
    color: String,
    /// The window in which they look at the photograph.
    client_id: u64,
    has_view: bool,
}

fn people(engine: &Engine) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for peer in engine.peers() {
        let user = peer.presence.user;
        let person = Person {
            id: Some(user.id)
                .filter(|id| !id.is_empty())
                .unwrap_or_else(|| peer.client_id.to_string()),
            name: Some(user.name)
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| t!("someone")),
            color: user.color,
            client_id: peer.client_id,
            has_view: peer.presence.view.is_some(),
        };
        match people.iter_mut().find(|known| known.id == person.id) {
            Some(known) if person.has_view && !known.has_view => *known = person,
            Some(_) => {}
            None => people.push(person),
        }
    }
    people
}

/// Everyone else on this photograph; each can be followed, or looked for once.
#[component]
fn Presence(props: &EngineProps) -> Html {
    let engine = &props.engine;
    use_engine_tick(Some(engine), |event| matches!(event, EngineEvent::Presence));
    let following = engine.following();
    let people = people(engine).into_iter().map(|person| {
        let is_followed = following == Some(person.client_id);
        let color = Some(AttrValue::from(person.color.clone())).filter(|color| is_hex(color));
        let class = classes!("presence-menu", is_followed.then_some("presence-followed"));
        html! {
            <li key={person.id.clone()}>
                <Menu label={t!("presence-menu", name = person.name.clone())} items={presence_items(engine, &person, is_followed)} {class} align_right=true>
                    <Avatar name={person.name} id={person.id} {color} />
                </Menu>
            </li>
        }
    });
    crowd("", Some(t!("presence")), people.collect())
}

fn presence_items(engine: &Engine, person: &Person, is_followed: bool) -> Vec<MenuItem> {
    let client_id = person.client_id;
    let follow = {
        let engine = engine.clone();
        move || engine.follow((!is_followed).then_some(client_id))
    };
    let look = {
        let engine = engine.clone();
        move || engine.look_where(client_id)
    };
    vec![
        MenuItem::new(t!("presence-follow"), icon::SCAN, follow).checked(is_followed),
        MenuItem::new(t!("presence-look"), icon::SEARCH, look),
    ]
}

/// Another client's colour goes into a style only when it is nothing but a colour.
fn is_hex(color: &str) -> bool {
    color.parse::<visionflow_model::Color>().is_ok()
}

#[derive(Properties, PartialEq)]
struct SaveChipProps {
    state: SaveState,
    can_edit: bool,
    has_role: bool,
}

#[component]
fn SaveChip(props: &SaveChipProps) -> Html {
    let (class, shown, text, why) = match props.state {
        SaveState::Local | SaveState::Opening => (
            "save-wait",
            icon::LOADER_CIRCLE,
            t!("save-opening"),
            t!("save-opening-why"),
        ),
        SaveState::ReadOnly => {
            let why = if props.has_role {
                t!("save-read-only-why")
            } else {
                t!("save-no-role-why")
            };
            ("save-read-only", icon::LOCK, t!("save-read-only"), why)
        }
        SaveState::Saved => (
            "save-good",
            icon::CHECK,
            t!("save-saved"),
            t!("save-saved-why"),
        ),
        SaveState::Saving { edits } => (
            "save-wait",
            icon::CLOUD_UPLOAD,
            t!("save-saving", n = edits as i64),
            t!("save-saving-why"),
        ),
        SaveState::Offline { edits: 0 } => (
            "save-offline",
            icon::CLOUD_OFF,
            t!("save-offline"),
            t!("save-offline-why"),
        ),
        SaveState::Offline { edits } => (
            "save-offline",
            icon::CLOUD_OFF,
            t!("save-offline-edits", n = edits as i64),
            t!("save-offline-why"),
        ),
    };
    html! {
        <span class={classes!("save", class)} role="status" aria-label={t!("save-state")} aria-description={why.clone()} title={why}>{ shown.html() }<span>{ text }</span></span>
    }
}
