//! The upload queue: it lives above the pages, so that work goes on while people look around.
//!
//! A file is checked for what it is, gets a presigned URL, goes straight to S3 with its thumbnail
//! (made here), and becomes a photograph when the server has inspected it. Four files travel at
//! once; each can fail, be tried again or be stopped on its own.

mod drop;
mod kind;
mod send;
mod thumbnail;

pub use drop::{Dropped, from_file_list, from_transfer};

use crate::api_client::ApiError;
use crate::t;
use crate::watchers::{Watch, Watchers};
use futures_util::future::{AbortHandle, abortable};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::Image;
use web_sys::File;
use yew::platform::spawn_local;
use yew::prelude::*;

/// So many files travel at the same time.
const AT_ONCE: usize = 4;

#[derive(Clone, Debug, PartialEq)]
pub enum UploadState {
    Waiting,
    /// The thumbnail is being made and a URL asked for.
    Preparing,
    /// Bytes on their way, from 0 to 1.
    Sending(f64),
    /// The server inspects what has arrived.
    Checking,
    Done,
    /// Why, in words, and whether trying again can help.
    Failed {
        words: String,
        retry: bool,
    },
    Cancelled,
}

impl UploadState {
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Done | Self::Failed { .. } | Self::Cancelled)
    }

    fn is_running(&self) -> bool {
        matches!(self, Self::Preparing | Self::Sending(_) | Self::Checking)
    }
}

/// One file on its way.
#[derive(Clone)]
pub struct Upload {
    pub id: u32,
    pub project_id: Uuid,
    /// The path inside the dropped folder, or the name.
    pub name: String,
    pub size_bytes: f64,
    pub state: UploadState,
    file: File,
    abort: Option<AbortHandle>,
}

/// What the queue tells: something moved, or a photograph has arrived.
pub enum UploadEvent {
    Changed,
    Arrived(Box<Image>),
}

#[derive(Default)]
struct Shared {
    uploads: RefCell<Vec<Upload>>,
    next: Cell<u32>,
    watchers: Watchers<UploadEvent>,
}

/// The queue; cheap to clone.
#[derive(Clone, Default)]
pub struct Uploads(Rc<Shared>);

impl PartialEq for Uploads {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Uploads {
    /// Takes files on; what is no photograph is listed with the reason and not sent.
    pub fn add(&self, project_id: Uuid, files: Vec<Dropped>) {
        for Dropped { path, file } in files {
            let id = self.fresh_id();
            let state = match kind::refusal(&path, &file) {
                Some(words) => UploadState::Failed {
                    words,
                    retry: false,
                },
                None => UploadState::Waiting,
            };
            let size_bytes = file.size();
            self.0.uploads.borrow_mut().push(Upload {
                id,
                project_id,
                name: path,
                size_bytes,
                state,
                file,
                abort: None,
            });
        }
        self.notify(&UploadEvent::Changed);
        self.pump();
    }

    /// The uploads of one project, in the order in which they were added.
    pub fn of(&self, project_id: Uuid) -> Vec<Upload> {
        self.0
            .uploads
            .borrow()
            .iter()
            .filter(|upload| upload.project_id == project_id)
            .cloned()
            .collect()
    }

    /// How many files are not at their end yet.
    pub fn open_count(&self) -> usize {
        let uploads = self.0.uploads.borrow();
        uploads
            .iter()
            .filter(|upload| !upload.state.is_over())
            .count()
    }

    pub fn cancel(&self, id: u32) {
        let abort = {
            let mut uploads = self.0.uploads.borrow_mut();
            let Some(upload) = uploads
                .iter_mut()
                .find(|u| u.id == id && !u.state.is_over())
            else {
                return;
            };
            upload.state = UploadState::Cancelled;
            upload.abort.take()
        };
        if let Some(abort) = abort {
            abort.abort();
        }
        self.notify(&UploadEvent::Changed);
        self.pump();
    }

    pub fn cancel_all(&self, project_id: Uuid) {
        for upload in self.of(project_id) {
            self.cancel(upload.id);
        }
    }

    pub fn retry(&self, id: u32) {
        self.set(id, UploadState::Waiting);
        self.pump();
    }

    pub fn retry_failed(&self, project_id: Uuid) {
        for upload in self.of(project_id) {
            if matches!(upload.state, UploadState::Failed { retry: true, .. }) {
                self.set(upload.id, UploadState::Waiting);
            }
        }
        self.pump();
    }

    /// Forgets what has come to an end.
    pub fn clear(&self, project_id: Uuid) {
        self.0
            .uploads
            .borrow_mut()
            .retain(|u| u.project_id != project_id || !u.state.is_over());
        self.notify(&UploadEvent::Changed);
    }

    /// Calls `watcher` with every event until the result is dropped.
    pub fn watch(&self, watcher: impl Fn(&UploadEvent) + 'static) -> Watch<UploadEvent> {
        self.0.watchers.watch(watcher)
    }

    fn fresh_id(&self) -> u32 {
        self.0.next.replace(self.0.next.get() + 1)
    }

    fn notify(&self, event: &UploadEvent) {
        self.0.watchers.tell(event);
    }

    fn set(&self, id: u32, state: UploadState) {
        let changed = {
            let mut uploads = self.0.uploads.borrow_mut();
            // A cancelled upload says nothing more, except when it is tried again.
            let upload = uploads.iter_mut().find(|u| u.id == id);
            upload.is_some_and(|upload| {
                let revives = state == UploadState::Waiting;
                let may = revives || upload.state != UploadState::Cancelled;
                if may {
                    upload.state = state;
                }
                may
            })
        };
        if changed {
            self.notify(&UploadEvent::Changed);
        }
    }

    /// Starts waiting files while there is room.
    fn pump(&self) {
        loop {
            let next = {
                let mut uploads = self.0.uploads.borrow_mut();
                if uploads.iter().filter(|u| u.state.is_running()).count() >= AT_ONCE {
                    return;
                }
                let Some(upload) = uploads.iter_mut().find(|u| u.state == UploadState::Waiting)
                else {
                    return;
                };
                upload.state = UploadState::Preparing;
                let (id, project_id) = (upload.id, upload.project_id);
                let (name, file) = (upload.name.clone(), upload.file.clone());
                let this = self.clone();
                let progress = Rc::new(move |state| this.set(id, state));
                let (work, abort) = abortable(send::send(project_id, name, file, progress));
                upload.abort = Some(abort);
                (id, work)
            };
            let (id, work) = next;
            let this = self.clone();
            spawn_local(async move {
                match work.await {
                    Ok(Ok(image)) => {
                        this.set(id, UploadState::Done);
                        this.notify(&UploadEvent::Arrived(Box::new(image)));
                    }
                    Ok(Err(error)) => this.set(id, failed(&error)),
                    Err(_aborted) => {}
                }
                this.pump();
            });
        }
    }
}

fn failed(error: &ApiError) -> UploadState {
    // The server's verdict on a file stands; everything else may pass.
    let retry = !matches!(error.status(), Some(400 | 403 | 404 | 413 | 415 | 422));
    let words = match error {
        ApiError::Offline => t!("upload-offline"),
        other => other.words(),
    };
    UploadState::Failed { words, retry }
}

/// Holds the queue for everyone below, and asks before a tab with unfinished uploads is closed.
#[component]
pub fn UploadProvider(props: &yew::html::ChildrenProps) -> Html {
    let uploads = use_memo((), |()| Uploads::default());
    {
        let uploads = uploads.clone();
        use_effect_with((), move |()| {
            let options = gloo::events::EventListenerOptions::enable_prevent_default();
            let window = crate::browser::window();
            let listener = gloo::events::EventListener::new_with_options(
                &window,
                "beforeunload",
                options,
                move |event| {
                    if uploads.open_count() > 0 {
                        event.prevent_default();
                    }
                },
            );
            move || drop(listener)
        });
    }
    html! { <ContextProvider<Uploads> context={(*uploads).clone()}>{ props.children.clone() }</ContextProvider<Uploads>> }
}
