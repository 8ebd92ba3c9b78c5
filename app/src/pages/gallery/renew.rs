//! Photographs whose figures or addresses are old, read again one by one.

use crate::api_client;
use crate::models::jobs;
use crate::pages::image_list::{ImageList, ListAction, ListState};
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::Image;
use yew::platform::spawn_local;
use yew::prelude::*;

/// Reads a photograph of the list again; what is in it no more stays out.
pub fn renew(dispatch: UseReducerDispatcher<ListState>, id: Uuid) {
    spawn_local(async move {
        // Without an answer what is known stays.
        if let Ok(image) = api_client::get::<Image>(&format!("/api/v1/images/{id}")).await {
            dispatch.dispatch(ListAction::Renewed(Box::new(image)));
        }
    });
}

/// Photographs that a model is done with are read again: they have other suggestions now.
#[hook]
pub fn use_renewed(project_id: Uuid, list: &ImageList) {
    let job = jobs::use_job().filter(|job| job.project_id == project_id);
    let (images, done) = job.map(|job| (job.images, job.done)).unwrap_or_default();
    // What was done before the page came is in its list.
    let seen = use_mut_ref(|| (images.clone(), done));
    let dispatch = list.state.dispatcher();
    use_effect_with((images, done), move |(images, done)| {
        let (before, from) = seen.replace((images.clone(), *done));
        let from = if Rc::ptr_eq(&before, images) { from } else { 0 };
        for id in images.iter().take(*done).skip(from) {
            renew(dispatch.clone(), *id);
        }
    });
}
