//! A project's photographs, page by page, shared by the gallery and the filmstrip.

use crate::api_client::{self, ApiError};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{Image, Page};
use yew::platform::spawn_local;
use yew::prelude::*;

const PAGE: u32 = 200;

/// What is asked for; another question starts another list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    pub project_id: Uuid,
    pub search: String,
    pub deleted: bool,
    /// Only those with suggestions to decide about.
    pub pending: bool,
}

impl ListQuery {
    /// Whether every photograph of the project is meant.
    pub fn is_plain(&self) -> bool {
        self.search.is_empty() && !self.deleted && !self.pending
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListState {
    pub images: Rc<Vec<Image>>,
    /// Whether there is more to read.
    pub more: bool,
    pub loading: bool,
    pub error: Option<ApiError>,
}

pub enum ListAction {
    Started,
    Read(Page<Image>, bool),
    Failed(ApiError),
    Put(Box<Image>),
    /// As the server has it now; one that is not in the list stays out.
    Renewed(Box<Image>),
    Remove(Uuid),
    /// So many suggestions of a photograph wait for a decision now.
    Counted {
        id: Uuid,
        pending: i64,
    },
}

impl Reducible for ListState {
    type Action = ListAction;

    fn reduce(self: Rc<Self>, action: ListAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            ListAction::Started => {
                next.loading = true;
                next.error = None;
            }
            ListAction::Read(page, first) => {
                let images = Rc::make_mut(&mut next.images);
                if first {
                    images.clear();
                }
                let known: std::collections::HashSet<Uuid> =
                    images.iter().map(|image| image.id).collect();
                images.extend(
                    page.items
                        .into_iter()
                        .filter(|image| !known.contains(&image.id)),
                );
                next.more = page.next_cursor.is_some();
                next.loading = false;
            }
            ListAction::Failed(error) => {
                next.loading = false;
                next.error = Some(error);
            }
            ListAction::Put(image) => {
                let images = Rc::make_mut(&mut next.images);
                if let Some(other) = images.iter_mut().find(|other| other.id == image.id) {
                    *other = *image;
                    return next.into();
                }
                // The list is in the order of arrival.
                let key = |image: &Image| (image.created_at, image.id);
                let at = images.partition_point(|other| key(other) < key(&image));
                if at < images.len() || !next.more {
                    images.insert(at, *image);
                }
            }
            ListAction::Renewed(image) => {
                let Some(at) = next.images.iter().position(|other| other.id == image.id) else {
                    return self;
                };
                Rc::make_mut(&mut next.images)[at] = *image;
            }
            ListAction::Counted { id, pending } => {
                let is_news =
                    |image: &Image| image.id == id && image.pending_suggestions != pending;
                let Some(at) = next.images.iter().position(is_news) else {
                    return self;
                };
                Rc::make_mut(&mut next.images)[at].pending_suggestions = pending;
            }
            ListAction::Remove(id) => Rc::make_mut(&mut next.images).retain(|image| image.id != id),
        }
        next.into()
    }
}

/// The list and what can be done with it.
#[derive(Clone)]
pub struct ImageList {
    pub state: UseReducerHandle<ListState>,
    /// Reads the next page, if there is one and it is not being read.
    pub read_more: Callback<()>,
    pub reload: Callback<()>,
}

impl ImageList {
    pub fn images(&self) -> &Rc<Vec<Image>> {
        &self.state.images
    }
}

#[derive(Default)]
struct Place {
    cursor: Option<String>,
    reading: bool,
    /// Grows with every fresh start, so that late answers to an older one are dropped.
    start: u32,
}

thread_local! {
    /// The last list of each project, shown at once when a page comes back to it.
    static KNOWN: RefCell<HashMap<Uuid, Rc<Vec<Image>>>> = RefCell::default();
}

/// Forgets every list: the next person at this browser may ask for themselves.
pub fn forget_known() {
    KNOWN.with_borrow_mut(HashMap::clear);
}

#[hook]
pub fn use_image_list(query: ListQuery) -> ImageList {
    let plain = query.is_plain();
    let state = use_reducer({
        let query = query.clone();
        move || {
            let known = plain
                .then(|| KNOWN.with_borrow(|known| known.get(&query.project_id).cloned()))
                .flatten();
            ListState {
                images: known.unwrap_or_default(),
                more: true,
                ..ListState::default()
            }
        }
    });
    let place = use_memo((), |()| RefCell::new(Place::default()));
    let read = {
        let (place, dispatch) = (place.clone(), state.dispatcher());
        move |query: ListQuery, fresh: bool| {
            let (cursor, start) = {
                let mut place = place.borrow_mut();
                if fresh {
                    *place = Place {
                        start: place.start + 1,
                        ..Place::default()
                    };
                } else if place.reading || place.cursor.is_none() {
                    return;
                }
                place.reading = true;
                (place.cursor.clone(), place.start)
            };
            dispatch.dispatch(ListAction::Started);
            let (place, dispatch) = (place.clone(), dispatch.clone());
            spawn_local(async move {
                let answer = api_client::get::<Page<Image>>(&path(&query, cursor.as_deref())).await;
                let mut place = place.borrow_mut();
                if place.start != start {
                    return;
                }
                place.reading = false;
                match answer {
                    Ok(page) => {
                        place.cursor.clone_from(&page.next_cursor);
                        drop(place);
                        dispatch.dispatch(ListAction::Read(page, fresh));
                    }
                    Err(error) => {
                        drop(place);
                        dispatch.dispatch(ListAction::Failed(error));
                    }
                }
            });
        }
    };
    {
        let read = read.clone();
        use_effect_with(query.clone(), move |query| read(query.clone(), true));
    }
    {
        let project_id = query.project_id;
        use_effect_with((state.images.clone(), plain), move |(images, plain)| {
            if *plain && !images.is_empty() {
                KNOWN.with_borrow_mut(|known| known.insert(project_id, images.clone()));
            }
        });
    }
    let read_more = {
        let (read, query) = (read.clone(), query.clone());
        Callback::from(move |()| read(query.clone(), false))
    };
    let reload = Callback::from(move |()| read(query.clone(), true));
    ImageList {
        state,
        read_more,
        reload,
    }
}

fn path(query: &ListQuery, cursor: Option<&str>) -> String {
    let mut parts = vec![format!("limit={PAGE}")];
    if !query.search.is_empty() {
        parts.push(format!("search={}", api_client::encode(&query.search)));
    }
    if query.deleted {
        parts.push("deleted=true".to_owned());
    }
    if query.pending {
        parts.push("pending=true".to_owned());
    }
    if let Some(cursor) = cursor {
        parts.push(format!("cursor={}", api_client::encode(cursor)));
    }
    format!(
        "/api/v1/projects/{}/images?{}",
        query.project_id,
        parts.join("&")
    )
}
