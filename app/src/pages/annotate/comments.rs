//! Comments on the photograph: threads pinned to it, live for everyone who has it open.
//!
//! [`Book`] is what is known of them, [`sync`] brings it up to date, and [`send`] sends what was
//! done, which waits in this browser until the server has it (`outbox.rs`) and is shown as if the
//! server had it already. The panel, the pins and the card of the open thread show the book; the
//! engine draws nothing of it, so that its frames cost the same with comments and without.

mod actions;
mod card;
mod comment;
mod compose;
mod mentioning;
mod outbox;
mod panel;
mod pins;
mod place;
mod send;
mod sync;
mod words;

pub use panel::CommentsPanel;
pub use pins::CommentPins;

use super::desk::LayoutProps;
use crate::api_client;
use crate::commands::keymap::use_keymap;
use crate::commands::{Command, spec, use_commands};
use crate::comments::{Book, Open};
use crate::components::Toasts;
use crate::resource::use_resource;
use crate::session::{use_session, use_toasts};
use gloo::timers::callback::Timeout;
use outbox::Outbox;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{CommentPerson, ProjectMember, ProjectRole};
use visionflow_engine::Engine;
use yew::prelude::*;
use yew_router::prelude::*;

/// A text with the people who were chosen for it.
type Typed = (String, Vec<(String, Uuid)>);

/// What the parts share. Two are equal when nothing that is shown differs.
#[derive(Clone)]
pub struct Comments {
    desk: Rc<Shared>,
    version: u32,
    members: Rc<Vec<ProjectMember>>,
    /// Whether this person may speak here.
    pub may_write: bool,
    is_admin: bool,
}

struct Shared {
    engine: Engine,
    image_id: Uuid,
    me: CommentPerson,
    book: RefCell<Book>,
    /// Shows what was changed of the book.
    shown: UseStateSetter<u32>,
    outbox: RefCell<Option<Outbox>>,
    /// Grows with everything that the socket tells: a list that was read meanwhile may be older.
    heard: Cell<u32>,
    is_sending: Cell<bool>,
    /// Sends again what could not be sent.
    retry: Cell<Option<Timeout>>,
    /// What stands in the fields of threads that were closed before it was sent.
    drafts: RefCell<HashMap<Uuid, Typed>>,
    /// Something stands in the field of a thread that is not begun yet.
    is_drafting: Cell<bool>,
    toasts: Toasts,
}

impl Shared {
    /// Changes the book and shows it.
    fn change<R>(&self, change: impl FnOnce(&mut Book) -> R) -> R {
        let mut book = self.book.borrow_mut();
        let result = change(&mut book);
        book.version += 1;
        self.shown.set(book.version);
        result
    }
}

impl PartialEq for Comments {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.desk, &other.desk)
            && self.version == other.version
            && Rc::ptr_eq(&self.members, &other.members)
            && (self.may_write, self.is_admin) == (other.may_write, other.is_admin)
    }
}

impl Comments {
    /// Opens a thread, and brings its pin into view.
    fn show(&self, thread: Uuid) {
        place::bring_into_view(&self.desk, thread);
        self.desk
            .change(|book| book.open = Some(Open::Thread(thread)));
    }

    /// How often this person was told of news.
    pub fn news(&self) -> u32 {
        self.desk.book.borrow().news
    }

    fn close(&self) {
        self.desk.change(|book| book.open = None);
    }
}

#[hook]
pub fn use_comments(props: &LayoutProps) -> Option<Comments> {
    let (session, toasts) = (use_session(), use_toasts());
    let version = use_state_eq(|| 0);
    let shown = version.setter();
    let me = session.me().cloned();
    let key = (props.engine.clone(), props.image_id, me);
    let desk = use_memo(key, move |(engine, image_id, me)| {
        let (engine, me) = (engine.clone()?, me.as_ref()?);
        Some(Rc::new(Shared {
            engine,
            image_id: *image_id,
            me: CommentPerson {
                id: me.id,
                name: me.name.clone(),
            },
            book: RefCell::default(),
            shown,
            outbox: RefCell::default(),
            heard: Cell::default(),
            is_sending: Cell::default(),
            retry: Cell::default(),
            drafts: RefCell::default(),
            is_drafting: Cell::default(),
            toasts,
        }))
    });
    let desk = (*desk).clone();
    sync::use_sync(desk.clone());
    let members = use_resource(props.project.id, |id| async move {
        api_client::get_all::<ProjectMember>(&format!("/api/v1/projects/{id}/members")).await
    });
    let members = use_memo(members.load, |load| match &**load {
        crate::resource::Load::Ready(members) => members.clone(),
        _ => Vec::new(),
    });
    let comments = desk.map(|desk| Comments {
        desk,
        version: *version,
        members,
        may_write: props.project.role.is_some(),
        is_admin: props.project.role == Some(ProjectRole::Admin),
    });
    use_deep_link(comments.as_ref());
    use_keymap();
    use_commands(commands(comments.as_ref()));
    comments
}

/// Opens the thread that the address names (`?thread=`), once it is there.
#[hook]
fn use_deep_link(comments: Option<&Comments>) {
    let location = use_location();
    let wanted = location.and_then(|location| {
        let query = location.query::<Vec<(String, String)>>().ok()?;
        let (_, id) = query.into_iter().find(|(name, _)| name == "thread")?;
        id.parse::<Uuid>().ok()
    });
    let done = use_mut_ref(|| None::<Uuid>);
    let (comments, version) = (comments.cloned(), comments.map(|comments| comments.version));
    use_effect_with((wanted, version), move |(wanted, _)| {
        if *done.borrow() == *wanted {
            return;
        }
        let (Some(id), Some(comments)) = (*wanted, comments) else {
            *done.borrow_mut() = None;
            return;
        };
        if comments.desk.book.borrow().thread(id).is_some() {
            *done.borrow_mut() = Some(id);
            comments.desk.change(|book| book.reveal(id));
            comments.show(id);
        }
    });
}

/// What keys and the palette can do with comments.
fn commands(comments: Option<&Comments>) -> Vec<Command> {
    let step = |backwards: bool| {
        let comments = comments.cloned();
        move || {
            let Some(comments) = &comments else { return };
            let next = comments
                .desk
                .book
                .borrow()
                .next(backwards, &comments.desk.me);
            if let Some(id) = next {
                comments.show(id);
            }
        }
    };
    vec![
        spec::COMMENT_NEXT.bind(comments.is_some(), step(false)),
        spec::COMMENT_PREVIOUS.bind(comments.is_some(), step(true)),
    ]
}
