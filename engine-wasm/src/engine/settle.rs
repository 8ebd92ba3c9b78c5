//! What follows from what was just done, once it is over: updates to the room, presence to the others,
//! news to the subscribers.

use super::State;
use crate::{EngineEvent, SaveState};
use visionflow_model::Presence;
use visionflow_scene::{Camera, Viewport};

/// What subscribers know, to tell them only what is new.
pub(super) struct Told {
    save_state: SaveState,
    history: (bool, bool),
    camera: (Camera, Viewport),
    presence: Presence,
}

impl Told {
    /// At the beginning: a document without a room and without a past.
    pub fn nothing(camera: Camera, viewport: Viewport) -> Self {
        Self {
            save_state: SaveState::Local,
            history: (false, false),
            camera: (camera, viewport),
            presence: Presence::default(),
        }
    }
}

impl State {
    /// Everything that follows from what was just done: updates go to the room, presence to the
    /// others, news to the subscribers.
    pub fn settle(&mut self) {
        let touched = std::mem::take(&mut self.touched);
        match &mut self.room {
            Some(room) => room.local_updates(self.document.take_updates(), &touched),
            None => self.document.drop_updates(),
        }
        self.settle_camera();
        self.settle_presence();
        let save_state = self.save_state();
        if std::mem::replace(&mut self.told.save_state, save_state) != save_state {
            self.events.push(EngineEvent::SaveState(save_state));
        }
        let history = (self.can_undo(), self.document.can_redo());
        if std::mem::replace(&mut self.told.history, history) != history {
            self.events.push(EngineEvent::History);
        }
    }

    fn settle_camera(&mut self) {
        if self.covered.is_some() {
            return;
        }
        let is_resized = self.told.camera.1 != self.viewport;
        self.settle_following(is_resized);
        self.presence.view = self.own_view();
        let camera = (self.camera, self.viewport);
        if std::mem::replace(&mut self.told.camera, camera) != camera {
            self.refresh_tools();
            self.events.push(EngineEvent::Camera);
            self.dirty = true;
        }
    }

    fn settle_presence(&mut self) {
        if self.told.presence != self.presence {
            self.told.presence.clone_from(&self.presence);
            if let Some(room) = &mut self.room {
                room.presence_changed(&self.presence);
            }
        }
    }
}
