//! Large JPEG and PNG: the pass over the file between the tiles that are asked for.

use crate::blocks::BlockReader;
use crate::worker::{Worker, next_turn};
use std::cell::RefCell;
use std::rc::Rc;
use visionflow_media::plain::Plain;
use visionflow_media::tiles::TileId;
use visionflow_media::{Format, PictureError, Pixels};

pub struct PlainPicture(RefCell<Plain<BlockReader>>);

impl PlainPicture {
    pub fn open(file: BlockReader, format: Format) -> Result<Self, String> {
        let plain = Plain::open(file, format);
        Ok(Self(RefCell::new(
            plain.map_err(|error| error.to_string())?,
        )))
    }

    pub fn description(&self) -> serde_json::Value {
        let plain = self.0.borrow();
        serde_json::json!({
            "pyramid": plain.pyramid(),
            "channels": plain.channels(),
            "depth": plain.depth(),
            "note": plain.note(),
        })
    }

    /// The tile, once the pass has gone past it.
    pub fn tile(&self, tile: TileId) -> Option<Result<Pixels, PictureError>> {
        let mut plain = self.0.borrow_mut();
        plain.has(tile).then(|| plain.tile(tile))
    }

    /// Goes over the whole file, and lets tiles out as they become ready.
    pub async fn pass(&self, worker: &Rc<Worker>) {
        loop {
            let step = self.0.borrow_mut().step();
            match step {
                Ok(done) => {
                    worker.tell_progress(done, || self.0.borrow().so_far());
                    worker.answer_waiting();
                    if done >= 1.0 {
                        break;
                    }
                }
                Err(error) => {
                    worker.tell_error(&error.to_string());
                    return;
                }
            }
            next_turn().await;
        }
    }
}
