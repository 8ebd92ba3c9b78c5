//! The grid of photographs, or what stands in its place.

use super::keeper::Keeper;
use super::people::at_photograph;
use super::renew::renew;
use super::tile::Tile;
use crate::components::virtual_list::VirtualGrid;
use crate::components::{Button, EmptyState, ErrorState, Skeleton, Tone, icon};
use crate::pages::image_list::ImageList;
use crate::session::use_toasts;
use crate::t;
use std::collections::HashSet;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{Image, PersonAt, Project};
use yew::prelude::*;

#[derive(Properties)]
pub struct PhotographsProps {
    pub list: ImageList,
    pub project: Project,
    pub people: Rc<[PersonAt]>,
    pub deleted: bool,
    pub pending: bool,
    pub searched: String,
    pub selected: Rc<HashSet<Uuid>>,
    pub onselect: Callback<(Uuid, bool)>,
    pub reload: Callback<()>,
    pub pick_files: Callback<()>,
    pub pick_folder: Callback<()>,
}

impl PartialEq for PhotographsProps {
    fn eq(&self, other: &Self) -> bool {
        self.list.state == other.list.state
            && self.project == other.project
            && self.people == other.people
            && self.deleted == other.deleted
            && self.pending == other.pending
            && self.searched == other.searched
            && self.selected == other.selected
    }
}

/// The grid, or what stands in its place.
#[component]
pub fn Photographs(props: &PhotographsProps) -> Html {
    let toasts = use_toasts();
    let list = &props.list;
    let images = list.images().clone();
    let can_edit = props.project.role.is_some();
    if images.is_empty() {
        return nothing(props, can_edit);
    }
    let keeper = Keeper {
        dispatch: list.state.dispatcher(),
        reload: props.reload.clone(),
        toasts,
    };
    let act = {
        let deleted = props.deleted;
        Callback::from(move |image: Image| {
            if deleted {
                keeper.bring_back(image);
            } else {
                keeper.delete(image);
            }
        })
    };
    let refresh = {
        let dispatch = list.state.dispatcher();
        Callback::from(move |id: Uuid| renew(dispatch.clone(), id))
    };
    let render = {
        let (images, deleted) = (images.clone(), props.deleted);
        let people = props.people.clone();
        let (selected, onselect) = (props.selected.clone(), props.onselect.clone());
        Callback::from(move |index: usize| {
            let Some(image) = images.get(index) else {
                return html! {};
            };
            let selected = (can_edit && !deleted).then(|| selected.contains(&image.id));
            let people = at_photograph(&people, image.id);
            html! {
                <Tile key={image.id.to_string()} image={image.clone()} {people} {deleted} {can_edit} {selected} onselect={onselect.clone()} onact={act.clone()} onexpired={refresh.clone()} />
            }
        })
    };
    html! {
        <>
            <VirtualGrid label={t!("gallery-title")} count={images.len()} min_width=180.0 ratio=0.72 caption=44.0 {render} onend={list.read_more.clone()} />
            if let Some(error) = &list.state.error {
                <div class="inline-error" role="alert">
                    { icon::CIRCLE_ALERT.html() }<span>{ error.words() }</span>
                    <Button label={t!("action-retry")} small=true onclick={list.read_more.reform(|_| ())} />
                </div>
            }
        </>
    }
}

/// What stands in place of the grid: waiting, a fault, or an invitation.
fn nothing(props: &PhotographsProps, can_edit: bool) -> Html {
    let list = &props.list;
    if let Some(error) = &list.state.error {
        return html! { <ErrorState error={error.clone()} retry={list.reload.clone()} /> };
    }
    if list.state.loading || list.state.more {
        return html! { <div class="page-scroll"><Skeleton class="tile-grid" count={18} /></div> };
    }
    if !props.searched.is_empty() {
        return html! {
            <EmptyState icon={icon::SEARCH} title={t!("gallery-none-found")} text={t!("gallery-none-found-text", search = props.searched.clone())} />
        };
    }
    if props.pending {
        return html! { <EmptyState icon={icon::SPARKLES} title={t!("gallery-none-pending")} text={t!("gallery-none-pending-text")} /> };
    }
    if props.deleted {
        return html! { <EmptyState icon={icon::TRASH_2} title={t!("gallery-none-deleted")} text={t!("gallery-none-deleted-text")} /> };
    }
    html! {
        <EmptyState icon={icon::IMAGES} title={t!("gallery-empty")} text={if can_edit { t!("gallery-empty-text") } else { t!("gallery-empty-read-only") }}>
            if can_edit {
                <Button label={t!("upload-files")} icon={icon::IMAGE} tone={Tone::Primary} onclick={props.pick_files.reform(|_| ())} />
                <Button label={t!("upload-folder")} icon={icon::FOLDER_UP} onclick={props.pick_folder.reform(|_| ())} />
            }
        </EmptyState>
    }
}
