//! Deleting photographs and bringing them back: shown at once, with an undo.

use crate::api_client;
use crate::components::{Toast, Toasts};
use crate::pages::image_list::{ListAction, ListState};
use crate::t;
use visionflow_api::Image;
use yew::platform::spawn_local;
use yew::prelude::*;

/// What deleting touches; cheap to clone.
#[derive(Clone)]
pub struct Keeper {
    pub dispatch: UseReducerDispatcher<ListState>,
    /// Reads the project's counts again.
    pub reload: Callback<()>,
    pub toasts: Toasts,
}

impl Keeper {
    /// Gone at once; the server's word comes after, and brings it back where it is a no.
    pub fn delete(&self, image: Image) {
        self.dispatch.dispatch(ListAction::Remove(image.id));
        let this = self.clone();
        spawn_local(async move {
            match api_client::delete(&format!("/api/v1/images/{}", image.id)).await {
                Ok(()) => {
                    this.reload.emit(());
                    let toast =
                        Toast::good(t!("photograph-deleted", name = image.filename.clone()));
                    let undo = this.clone();
                    this.toasts
                        .show(toast.with_undo(move || undo.undo_delete(image.clone())));
                }
                Err(error) => {
                    this.put(image);
                    this.toasts.error(&error);
                }
            }
        });
    }

    /// From the list of deleted ones.
    pub fn bring_back(&self, image: Image) {
        self.dispatch.dispatch(ListAction::Remove(image.id));
        let this = self.clone();
        spawn_local(async move {
            if !this.restore(&image).await {
                this.put(image);
            }
            this.reload.emit(());
        });
    }

    fn undo_delete(&self, image: Image) {
        let this = self.clone();
        spawn_local(async move {
            if this.restore(&image).await {
                this.put(image);
            }
            this.reload.emit(());
        });
    }

    fn put(&self, image: Image) {
        self.dispatch.dispatch(ListAction::Put(Box::new(image)));
    }

    /// Whether the server has brought it back; the person is told either way.
    async fn restore(&self, image: &Image) -> bool {
        match api_client::post_empty(&format!("/api/v1/images/{}/restore", image.id)).await {
            Ok(()) => {
                let words = t!("photograph-restored", name = image.filename.clone());
                self.toasts.show(Toast::good(words));
                true
            }
            Err(error) => {
                self.toasts.error(&error);
                false
            }
        }
    }
}
