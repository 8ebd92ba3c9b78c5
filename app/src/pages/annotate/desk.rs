//! The page's state and its layout.

use super::bar::TopBar;
use super::canvas::{CanvasState, use_engine, use_item};
use super::commands::use_desk_commands;
use super::filmstrip::Filmstrip;
use super::objects::{Objects, SharedObjects};
use super::rail::ToolRail;
use super::status::StatusBar;
use super::{attributes, labels, objects_panel, tags};
use crate::api_client;
use crate::browser;
use crate::components::{Button, EmptyState, ErrorState, Spinner, Toast, Tone, icon};
use crate::pages::image_list::{ListQuery, use_image_list};
use crate::resource::Load;
use crate::router::Route;
use crate::session::use_toasts;
use crate::t;
use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::Project;
use visionflow_engine::{Edit, Engine, EngineEvent, SaveState, ToolKind};
use visionflow_model::{AnnotationId, LabelId, Ontology};
use wasm_bindgen::JsCast;
use yew::prelude::*;
use yew_router::prelude::*;

/// What the panels share. Two desks are equal when nothing that a panel shows differs.
#[derive(Clone)]
pub struct Desk {
    pub engine: Engine,
    pub project: Rc<Project>,
    pub ontology: Rc<Ontology>,
    pub objects: SharedObjects,
    /// Grows with every change of the annotations.
    pub version: u32,
    pub selection: Rc<Vec<AnnotationId>>,
    pub hover: Option<AnnotationId>,
    pub hidden: Rc<HashSet<AnnotationId>>,
    pub set_hidden: Callback<HashSet<AnnotationId>>,
    pub tool: ToolKind,
    pub label: Option<LabelId>,
    pub can_edit: bool,
    pub save_state: SaveState,
    pub can_undo: bool,
    pub can_redo: bool,
}

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        self.engine == other.engine
            && self.project == other.project
            && self.ontology == other.ontology
            && self.version == other.version
            && self.selection == other.selection
            && self.hover == other.hover
            && self.hidden == other.hidden
            && self.tool == other.tool
            && self.label == other.label
            && self.can_edit == other.can_edit
            && self.save_state == other.save_state
            && (self.can_undo, self.can_redo) == (other.can_undo, other.can_redo)
    }
}

impl Desk {
    /// Makes the label the current one, and with the select tool that of what is selected: while
    /// drawing, what was just drawn stays selected and must keep its label.
    pub fn choose_label(&self, id: LabelId) {
        self.engine.set_label(Some(id));
        // Asked of the engine: the page may be a frame behind.
        if self.can_edit && self.engine.tool() == ToolKind::Select {
            self.edit_selection(|shape| Edit::SetLabel(shape, id));
        }
    }

    /// The same edit for everything that is selected, as one undo step.
    pub fn edit_selection(&self, edit: impl Fn(AnnotationId) -> Edit) {
        let edits: Vec<Edit> = self.engine.selection().into_iter().map(edit).collect();
        if !edits.is_empty() {
            self.edit(&edits);
        }
    }

    pub fn edit(&self, edits: &[Edit]) {
        // A refused edit changes nothing, and the engine tells why by itself.
        let _ = self.engine.edit(edits);
    }
}

/// Everything that [`Desk`] reads off the engine, so that it is read in one place.
#[derive(Clone, PartialEq)]
struct Seen {
    version: u32,
    selection: Rc<Vec<AnnotationId>>,
    hover: Option<AnnotationId>,
    tool: ToolKind,
    can_edit: bool,
    save_state: SaveState,
    can_undo: bool,
    can_redo: bool,
}

impl Seen {
    fn of(engine: &Engine, version: u32) -> Self {
        Self {
            version,
            selection: Rc::new(engine.selection()),
            hover: engine.hover(),
            tool: engine.tool(),
            can_edit: engine.can_edit(),
            save_state: engine.save_state(),
            can_undo: engine.can_undo(),
            can_redo: engine.can_redo(),
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct DeskViewProps {
    pub project: Project,
    pub ontology: Ontology,
    pub reload_ontology: Callback<()>,
    pub image_id: Uuid,
}

/// Starts the engine and shows the desk around it.
#[component]
pub fn DeskView(props: &DeskViewProps) -> Html {
    let canvas = use_node_ref();
    let state = use_engine(canvas.clone());
    let item = use_item(props.image_id);
    let list = use_image_list(ListQuery {
        project_id: props.project.id,
        ..ListQuery::default()
    });
    let project_id = props.project.id;
    let overlay = match (&state, &*item.load) {
        (CanvasState::Failed(words), _) => html! {
            <EmptyState icon={icon::TRIANGLE_ALERT} title={t!("engine-failed")} text={words.clone()} />
        },
        (_, Load::Failed(error)) if error.is_not_found() => html! {
            <EmptyState icon={icon::IMAGE} title={t!("photograph-gone")} text={t!("photograph-gone-text")}>
                <Link<Route> to={Route::Gallery { project_id }} classes="button button-plain">{ t!("back-to-gallery") }</Link<Route>>
            </EmptyState>
        },
        (_, Load::Failed(error)) => {
            html! { <ErrorState error={error.clone()} retry={item.reload.clone()} /> }
        }
        (CanvasState::Starting, _) | (_, Load::Loading) => {
            html! { <Spinner label={t!("photograph-loading")} /> }
        }
        _ => html! {},
    };
    let canvas_html = html! {
        <div class="canvas-box">
            <canvas ref={canvas} class="canvas" role="application" aria-label={t!("canvas")} tabindex="0" />
            if overlay != Html::default() { <div class="canvas-overlay">{ overlay }</div> }
        </div>
    };
    let engine = match &state {
        CanvasState::Ready(engine) => Some(engine.clone()),
        _ => None,
    };
    html! {
        <Layout project={props.project.clone()} ontology={props.ontology.clone()} reload_ontology={props.reload_ontology.clone()}
            item={match &*item.load { Load::Ready(image) => Some(image.clone()), _ => None }} image_id={props.image_id}
            reload_item={item.reload.clone()} {engine} canvas={canvas_html} list={list.state.clone()} read_more={list.read_more.clone()} />
    }
}

#[derive(Properties, PartialEq)]
struct LayoutProps {
    project: Project,
    ontology: Ontology,
    reload_ontology: Callback<()>,
    image_id: Uuid,
    item: Option<visionflow_api::Image>,
    reload_item: Callback<()>,
    engine: Option<Engine>,
    canvas: Html,
    list: UseReducerHandle<crate::pages::image_list::ListState>,
    read_more: Callback<()>,
}

#[component]
fn Layout(props: &LayoutProps) -> Html {
    let toasts = use_toasts();
    let project = use_memo(props.project.clone(), Clone::clone);
    let ontology = use_memo(props.ontology.clone(), Clone::clone);
    let objects = use_memo((), |()| SharedObjects::default());
    let seen = use_state_eq(|| None::<Seen>);
    let label = use_state_eq(|| None::<LabelId>);
    let hidden = use_state_eq(|| Rc::new(HashSet::<AnnotationId>::new()));
    let deleted = use_state_eq(|| false);
    let panel = use_state_eq(|| browser::stored("visionflow.panel").as_deref() != Some("closed"));
    let strip =
        use_state_eq(|| browser::stored("visionflow.filmstrip").as_deref() != Some("closed"));
    use_effect_with(*panel, |open| {
        browser::store("visionflow.panel", if *open { "open" } else { "closed" });
    });
    use_effect_with(*strip, |open| {
        browser::store(
            "visionflow.filmstrip",
            if *open { "open" } else { "closed" },
        );
    });
    use_effect_with(
        props.item.as_ref().map(|image| image.filename.clone()),
        |name| {
            if let Some(name) = name {
                browser::set_title(&t!("tab-title", page = name.clone()));
            }
        },
    );
    use_engine_events(
        props,
        (*objects).clone(),
        seen.setter(),
        deleted.setter(),
        toasts.clone(),
    );
    {
        let (deleted, hidden) = (deleted.setter(), hidden.setter());
        let is_deleted = props
            .item
            .as_ref()
            .is_some_and(|image| image.deleted_at.is_some());
        use_effect_with((props.image_id, is_deleted), move |(_, is_deleted)| {
            deleted.set(*is_deleted);
            hidden.set(Rc::default());
        });
    }
    {
        // The current label is always one that may still be given.
        let label = label.clone();
        use_effect_with(
            (ontology.clone(), props.engine.clone()),
            move |(ontology, engine)| {
                let Some(engine) = engine else { return };
                engine.set_ontology((**ontology).clone());
                let current = label.filter(|id| ontology.active().any(|label| label.id == *id));
                let chosen = current.or_else(|| ontology.active().next().map(|label| label.id));
                engine.set_label(chosen);
                label.set(chosen);
            },
        );
    }
    let set_hidden = {
        let (hidden, engine) = (hidden.setter(), props.engine.clone());
        Callback::from(move |set: HashSet<AnnotationId>| {
            if let Some(engine) = &engine {
                engine.set_hidden(&set.iter().copied().collect::<Vec<_>>());
            }
            hidden.set(Rc::new(set));
        })
    };
    let desk = props
        .engine
        .as_ref()
        .zip((*seen).clone())
        .map(|(engine, seen)| Desk {
            engine: engine.clone(),
            project: project.clone(),
            ontology: ontology.clone(),
            objects: (*objects).clone(),
            version: seen.version,
            selection: seen.selection,
            hover: seen.hover,
            hidden: (*hidden).clone(),
            set_hidden,
            tool: seen.tool,
            label: *label,
            can_edit: seen.can_edit && !*deleted,
            save_state: seen.save_state,
            can_undo: seen.can_undo,
            can_redo: seen.can_redo,
        });
    let choose = {
        let (label, desk) = (label.setter(), desk.clone());
        Callback::from(move |id: LabelId| {
            label.set(Some(id));
            if let Some(desk) = &desk {
                desk.choose_label(id);
            }
        })
    };
    let flip = |state: &UseStateHandle<bool>| {
        let state = state.clone();
        Callback::from(move |()| state.set(!*state))
    };
    let (flip_panel, flip_strip) = (flip(&panel), flip(&strip));
    use_desk_commands(
        desk.as_ref(),
        props.image_id,
        &props.list,
        &choose,
        &flip_panel,
        &flip_strip,
    );
    let restore = {
        let (image_id, deleted) = (props.image_id, deleted.setter());
        Callback::from(move |_: MouseEvent| {
            let (toasts, deleted) = (toasts.clone(), deleted.clone());
            yew::platform::spawn_local(async move {
                match api_client::post_empty(&format!("/api/v1/images/{image_id}/restore")).await {
                    Ok(()) => deleted.set(false),
                    Err(error) => toasts.error(&error),
                }
            });
        })
    };
    let project_id = project.id;
    let body = html! {
        <div class="desk" onmousedown={|event: MouseEvent| keep_focus(&event)}>
            <TopBar project_id={project_id} item={props.item.clone()} panel_open={*panel} onpanel={flip_panel} strip_open={*strip} onstrip={flip_strip} />
            <main class="desk-middle">
                <ToolRail />
                <div class="desk-stage">
                    if *deleted {
                        <div class="banner banner-warn" role="alert">
                            { icon::TRASH_2.html() }<span class="grow">{ t!("photograph-deleted-banner") }</span>
                            if props.project.role.is_some() { <Button label={t!("restore")} icon={icon::ROTATE_CCW} small=true tone={Tone::Plain} onclick={restore} /> }
                            <Link<Route> to={Route::Gallery { project_id }} classes="button button-plain button-small">{ t!("back-to-gallery") }</Link<Route>>
                        </div>
                    }
                    { props.canvas.clone() }
                </div>
                if *panel {
                    <section class="panel" aria-label={t!("panel")}>
                        <labels::LabelsPanel onchoose={choose} />
                        <tags::TagsPanel />
                        <attributes::SelectionPanel />
                        <objects_panel::ObjectsPanel />
                    </section>
                }
            </main>
            if *strip {
                <Filmstrip project_id={project_id} image_id={props.image_id} list={props.list.clone()} read_more={props.read_more.clone()} total={project.image_count} />
            }
            <StatusBar />
        </div>
    };
    html! { <ContextProvider<Option<Desk>> context={desk}>{ body }</ContextProvider<Option<Desk>>> }
}

/// A press on a button leaves the focus where it was, so that keys keep reaching the canvas.
fn keep_focus(event: &MouseEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let inside = |selector: &str| {
        target
            .as_ref()
            .is_some_and(|t| t.closest(selector).ok().flatten().is_some())
    };
    if inside("button, [role=option]") && !inside("input, select, textarea, .menu, dialog") {
        event.prevent_default();
    }
}

/// Follows the engine: what the panels show is read at most once a frame.
#[hook]
fn use_engine_events(
    props: &LayoutProps,
    objects: SharedObjects,
    seen: UseStateSetter<Option<Seen>>,
    deleted: UseStateSetter<bool>,
    toasts: crate::components::Toasts,
) {
    let reload_ontology = props.reload_ontology.clone();
    let reload_item = props.reload_item.clone();
    let room = props.item.as_ref().map(|image| {
        (
            image.id,
            image.room_id,
            image.url.clone(),
            image.width,
            image.height,
        )
    });
    let session = crate::session::use_session();
    let can_edit_hint = props.project.role.is_some();
    let version = use_memo((), |()| Rc::new(Cell::new(0_u32)));
    {
        let (objects, seen, version) = (objects.clone(), seen.clone(), version.clone());
        use_effect_with(props.engine.clone(), move |engine| {
            let subscription = engine.clone().map(|engine| {
                let frame: Rc<RefCell<Option<AnimationFrame>>> = Rc::default();
                let look = {
                    let (engine, seen, version) = (engine.clone(), seen.clone(), version.clone());
                    Rc::new(move || seen.set(Some(Seen::of(&engine, version.get()))))
                };
                look();
                let handle = engine.clone();
                engine.subscribe(Rc::new(move |event| {
                    match event {
                        EngineEvent::Annotations(change) => {
                            objects.borrow_mut().follow(&handle, change);
                            version.set(version.get() + 1);
                        }
                        EngineEvent::Ontology(_) => reload_ontology.emit(()),
                        EngineEvent::ItemDeleted => deleted.set(true),
                        EngineEvent::ItemRestored => deleted.set(false),
                        EngineEvent::RoomNotFound => reload_item.emit(()),
                        EngineEvent::Refused { detail } => {
                            toasts.show(Toast::bad(t!("edit-refused", detail = detail.clone())));
                        }
                        EngineEvent::Notice(words) => toasts.show(Toast::bad(words.clone())),
                        EngineEvent::ToolNotice(notice) => {
                            toasts.show(Toast::bad(t!(notice.key())));
                        }
                        EngineEvent::DeviceLost => toasts.show(Toast::bad(t!("device-lost"))),
                        EngineEvent::Unauthenticated => {
                            yew::platform::spawn_local(api_client::sign_out());
                        }
                        EngineEvent::Pointer(_)
                        | EngineEvent::Camera
                        | EngineEvent::Presence
                        | EngineEvent::Hint(_) => return,
                        _ => {}
                    }
                    let mut slot = frame.borrow_mut();
                    if slot.is_none() {
                        let (frame, look) = (frame.clone(), look.clone());
                        *slot = Some(request_animation_frame(move |_| {
                            frame.borrow_mut().take();
                            look();
                        }));
                    }
                }))
            });
            move || drop(subscription)
        });
    }
    let toasts = use_toasts();
    use_effect_with((props.engine.clone(), room.map(|(id, ..)| id)), {
        let item = props.item.clone();
        move |(engine, _)| {
            if let (Some(engine), Some(image), Some(me)) = (engine, item, session.me()) {
                *objects.borrow_mut() = Objects::default();
                super::canvas::open(engine, &image, me, can_edit_hint, &toasts);
                objects.borrow_mut().reset(engine);
                version.set(version.get() + 1);
                seen.set(Some(Seen::of(engine, version.get())));
            }
        }
    });
}
