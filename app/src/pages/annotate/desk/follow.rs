//! The desk follows the engine: what the panels show is read at most once a frame.

use super::Selection;
use super::layout::LayoutProps;
use crate::api_client;
use crate::components::{Toast, Toasts};
use crate::pages::annotate::canvas;
use crate::pages::annotate::objects::SharedObjects;
use crate::session::{use_session, use_toasts};
use crate::t;
use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use visionflow_engine::{Engine, EngineEvent, SaveState, ToolKind};
use yew::prelude::*;

/// Everything that the desk reads off the engine, so that it is read in one place.
#[derive(Clone)]
pub struct Seen {
    pub version: u32,
    pub selection: Rc<Selection>,
    pub tool: ToolKind,
    pub can_edit: bool,
    pub save_state: SaveState,
    pub can_undo: bool,
    pub can_redo: bool,
}

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version
            && Rc::ptr_eq(&self.selection, &other.selection)
            && self.tool == other.tool
            && self.can_edit == other.can_edit
            && self.save_state == other.save_state
            && (self.can_undo, self.can_redo) == (other.can_undo, other.can_redo)
    }
}

/// What changes outside of rendering, between one look at the engine and the next.
#[derive(Default)]
pub struct Watched {
    version: Cell<u32>,
    /// Read again only after it changed: it may be long.
    selection: RefCell<Option<Rc<Selection>>>,
    frame: RefCell<Option<AnimationFrame>>,
}

impl Watched {
    fn seen(&self, engine: &Engine) -> Seen {
        let mut selection = self.selection.borrow_mut();
        let selection =
            selection.get_or_insert_with(|| Rc::new(Selection::new(engine.selection())));
        Seen {
            version: self.version.get(),
            selection: selection.clone(),
            tool: engine.tool(),
            can_edit: engine.can_edit(),
            save_state: engine.save_state(),
            can_undo: engine.can_undo(),
            can_redo: engine.can_redo(),
        }
    }

    fn grow(&self) {
        self.version.set(self.version.get() + 1);
    }
}

/// Who hears of what the engine tells.
#[derive(Clone)]
struct Listener {
    engine: Engine,
    objects: SharedObjects,
    watched: Rc<Watched>,
    seen: UseStateSetter<Option<Seen>>,
    deleted: UseStateSetter<bool>,
    reload_ontology: Callback<()>,
    reload_item: Callback<()>,
    toasts: Toasts,
}

impl Listener {
    fn hear(&self, event: &EngineEvent) {
        match event {
            EngineEvent::Annotations(change) => {
                self.objects.borrow_mut().follow(&self.engine, change);
                self.watched.grow();
            }
            EngineEvent::Selection => drop(self.watched.selection.take()),
            EngineEvent::Ontology(_) => self.reload_ontology.emit(()),
            EngineEvent::ItemDeleted => self.deleted.set(true),
            EngineEvent::ItemRestored => self.deleted.set(false),
            EngineEvent::RoomNotFound => self.reload_item.emit(()),
            EngineEvent::Unauthenticated => yew::platform::spawn_local(api_client::sign_out()),
            EngineEvent::Pointer(_)
            | EngineEvent::Camera
            | EngineEvent::Hover
            | EngineEvent::Presence
            | EngineEvent::Said(_)
            | EngineEvent::Pinned(_)
            | EngineEvent::Assist
            | EngineEvent::Hint(_) => return,
            event => {
                if let Some(words) = words_of(event) {
                    self.toasts.show(Toast::bad(words));
                }
            }
        }
        self.look_soon();
    }

    /// With the next frame, once.
    fn look_soon(&self) {
        let mut frame = self.watched.frame.borrow_mut();
        if frame.is_none() {
            let this = self.clone();
            *frame = Some(request_animation_frame(move |_| {
                this.watched.frame.borrow_mut().take();
                this.look();
            }));
        }
    }

    fn look(&self) {
        // Only where a filter is on can an edit change what the canvas may show.
        // What the engine says meanwhile may be about the objects again.
        let concealed = self.objects.borrow_mut().take_concealed();
        if let Some(concealed) = concealed {
            self.engine.set_hidden(&concealed.ids);
            if concealed.by_hand {
                self.engine.deselect_hidden();
            }
        }
        self.seen.set(Some(self.watched.seen(&self.engine)));
    }
}

/// What the engine wants the person to know.
fn words_of(event: &EngineEvent) -> Option<String> {
    Some(match event {
        EngineEvent::Refused { detail } => t!("edit-refused", detail = detail.clone()),
        EngineEvent::Notice(words) => words.clone(),
        EngineEvent::ToolNotice(notice) => t!(notice.key()),
        EngineEvent::DeviceLost => t!("device-lost"),
        _ => return None,
    })
}

/// Follows the engine, and opens the photograph in it; the callback looks at everything again.
#[hook]
pub fn use_follow(
    props: &LayoutProps,
    objects: SharedObjects,
    seen: UseStateSetter<Option<Seen>>,
    deleted: UseStateSetter<bool>,
) -> Callback<()> {
    let toasts = use_toasts();
    let watched = use_memo((), |()| Watched::default());
    let listener = props.engine.as_ref().map(|engine| Listener {
        engine: engine.clone(),
        objects: objects.clone(),
        watched: watched.clone(),
        seen: seen.clone(),
        deleted,
        reload_ontology: props.reload_ontology.clone(),
        reload_item: props.reload_item.clone(),
        toasts: toasts.clone(),
    });
    {
        let listener = listener.clone();
        use_effect_with(props.engine.clone(), move |_| {
            let subscription = listener.map(|listener| {
                listener.look();
                let engine = listener.engine.clone();
                engine.subscribe(Rc::new(move |event| listener.hear(event)))
            });
            move || drop(subscription)
        });
    }
    let session = use_session();
    let can_edit_hint = props.project.role.is_some();
    use_effect_with(
        (
            props.engine.clone(),
            props.item.as_ref().map(|image| image.id),
        ),
        {
            let (item, listener) = (props.item.clone(), listener.clone());
            move |(engine, _)| {
                if let (Some(engine), Some(image), Some(me), Some(listener)) =
                    (engine, item, session.me(), listener)
                {
                    objects.borrow_mut().forget();
                    canvas::open(engine, &image, me, can_edit_hint, &toasts);
                    objects.borrow_mut().reset(engine);
                    watched.grow();
                    listener.look();
                }
            }
        },
    );
    Callback::from(move |()| {
        if let Some(listener) = &listener {
            listener.watched.grow();
            listener.look();
        }
    })
}
