//! The item on the canvas: its photograph and its room.

use super::{Inner, State};
use crate::image::{self, Fetched, Way};
use crate::{EngineError, RoomConfig, RoomServer};
use visionflow_document::Document;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Blob, ImageBitmap};

/// A photograph on its way; dropping it stops the download.
pub struct Opening {
    abort: AbortController,
    ticket: u64,
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

impl Inner {
    pub async fn open_image(&self, url: &str, width: u32, height: u32) -> Result<(), EngineError> {
        if self.is_destroyed() {
            return Err(EngineError::Destroyed);
        }
        let abort = AbortController::new()?;
        let signal = abort.signal();
        let ticket = self.with(|state| {
            state.assist_image(Some(url));
            state.begin_image(abort, width, height)
        });
        let result = self.load_image(url, &signal, ticket).await;
        // A download that was stopped failed for that reason and no other.
        self.check_ticket(ticket)?;
        self.with(|state| {
            state.opening = None;
            if let Err(error) = &result {
                state.notice(&error.to_string());
            }
        });
        result
    }

    /// Loads a photograph the way that suits it, until it shows.
    async fn load_image(
        &self,
        url: &str,
        signal: &AbortSignal,
        ticket: u64,
    ) -> Result<(), EngineError> {
        let shown = if let Some(what) = image::addressed(url) {
            let tiles = image::AddressedTiles::open(what, url, signal).await?;
            self.check_ticket(ticket)?;
            self.open_addressed(ticket, tiles)
        } else {
            match image::fetch(url, signal).await? {
                Fetched::Ranged => {
                    self.check_ticket(ticket)?;
                    let address = crate::browser::absolute(url);
                    self.open_in_worker(ticket, &address.into(), "image/tiff")?
                }
                Fetched::File(blob) => match image::way_of(&blob).await? {
                    Way::Tiles => {
                        self.check_ticket(ticket)?;
                        self.open_in_worker(ticket, &blob, &blob.type_())?
                    }
                    Way::Whole(note) => {
                        let bitmap = image::decode(&blob).await?;
                        self.check_ticket(ticket)?;
                        return self.with(|state| {
                            if let Some(note) = note {
                                state.notice(note);
                            }
                            state.show_photo(blob, &bitmap)
                        });
                    }
                },
            }
        };
        let failed = |error| EngineError::Decode(crate::error::js_message(&error));
        JsFuture::from(shown).await.map(|_| ()).map_err(failed)
    }

    pub fn connect(&self, config: RoomConfig, server: RoomServer) {
        if !self.is_destroyed() {
            self.with(|state| state.join(&self.weak, config, server));
        }
    }

    pub fn close_item(&self) {
        self.with(|state| {
            state.leave_room();
            state.opening = None;
            state.photo = None;
            state.tiled = None;
            state.assist_image(None);
            state.set_image(None);
            state.replace_document(Document::new(crate::browser::random_client_id()));
            state.can_edit = true;
        });
    }

    /// Decodes the photograph once more for a GPU that forgot it.
    pub(super) async fn show_photo_again(&self) {
        self.with(State::show_tiles_again);
        let Some(blob) = self.read(|state| state.photo.clone()) else {
            return;
        };
        let result = match image::decode(&blob).await {
            Ok(bitmap) => self.with(|state| state.show_photo(blob, &bitmap)),
            Err(error) => Err(error),
        };
        if let Err(error) = result {
            self.with(|state| state.notice(&error.to_string()));
        }
    }

    fn check_ticket(&self, ticket: u64) -> Result<(), EngineError> {
        let current = self.read(|state| state.opening.as_ref().map(|opening| opening.ticket));
        if current == Some(ticket) {
            Ok(())
        } else {
            Err(EngineError::Superseded)
        }
    }
}

impl State {
    fn begin_image(&mut self, abort: AbortController, width: u32, height: u32) -> u64 {
        self.tickets += 1;
        let ticket = self.tickets;
        self.opening = Some(Opening { abort, ticket });
        self.photo = None;
        self.tiled = None;
        self.set_image((width > 0 && height > 0).then_some((width, height)));
        ticket
    }

    /// Forgets the picture; the new one has this size, and all of it is in view.
    pub(super) fn set_image(&mut self, size: Option<(u32, u32)>) {
        self.image = size;
        self.pixels_read.forget();
        self.scene.set_image_size(size);
        if let Some(renderer) = self.renderer() {
            renderer.clear_image();
        }
        self.zoom_to_fit();
        self.dirty = true;
    }

    fn show_photo(&mut self, blob: Blob, bitmap: &ImageBitmap) -> Result<(), EngineError> {
        if self.image.is_none() {
            self.set_image(Some((bitmap.width(), bitmap.height())));
        }
        self.photo = Some(blob);
        let result = match self.renderer() {
            Some(renderer) => renderer
                .set_image_from_bitmap(bitmap)
                .map_err(|error| EngineError::Decode(error.to_string())),
            // Lost at this moment; the recovery shows it.
            None => Ok(()),
        };
        bitmap.close();
        self.dirty = true;
        result
    }
}
