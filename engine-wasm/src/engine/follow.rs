//! Seeing what somebody else sees, until one looks around oneself.

use super::State;
use crate::{EngineEvent, Peer};
use visionflow_geometry::{Point, Rect};
use visionflow_model::AnnotationId;
use visionflow_scene::Camera;

/// Image pixels around somebody's pointer, when it is all that is known of them.
const AROUND_POINTER: f64 = 200.0;

/// Who is followed, and where that led.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Following {
    client_id: u64,
    /// The camera as following has set it last; another one is the person's own doing.
    camera: Camera,
}

impl State {
    pub fn following(&self) -> Option<u64> {
        self.following.map(|following| following.client_id)
    }

    /// Shows what this client sees from now on; `None` ends it.
    pub fn follow(&mut self, client_id: Option<u64>) {
        let camera = self.camera;
        let following = client_id.map(|client_id| Following { client_id, camera });
        if self.following() != client_id {
            self.following = following;
            self.events.push(EngineEvent::Presence);
            let peers = self.peers();
            self.follow_peers(&peers);
        }
    }

    /// Shows once where this client is.
    pub fn look_where(&mut self, client_id: u64) {
        let peers = self.peers();
        let peer = peers.iter().find(|peer| peer.client_id == client_id);
        if let Some(area) = peer.and_then(|peer| self.area_of(peer)) {
            self.following = None;
            self.show_area(area);
        }
    }

    /// Takes up where the followed client is now, or that it is gone.
    pub(super) fn follow_peers(&mut self, peers: &[Peer]) {
        let Some(following) = self.following else {
            return;
        };
        let Some(peer) = peers.iter().find(|p| p.client_id == following.client_id) else {
            self.stop_following();
            return;
        };
        if let Some(area) = self.area_of(peer) {
            self.show_area(area);
            let camera = self.camera;
            self.following = Some(Following {
                camera,
                ..following
            });
        }
    }

    /// Whether what changed is the person's own looking around; a new size of the canvas is not.
    pub(super) fn settle_following(&mut self, is_resized: bool) {
        let Some(following) = self.following else {
            return;
        };
        if is_resized {
            let peers = self.peers();
            self.follow_peers(&peers);
        } else if self.camera != following.camera {
            self.stop_following();
        }
    }

    /// What the others may follow; who follows has no view of their own, or two who follow each
    /// other would drift.
    pub(super) fn own_view(&self) -> Option<Rect> {
        let is_shown = self.image.is_some() && self.following.is_none() && self.covered.is_none();
        is_shown.then(|| {
            let Rect { min, max } = self.camera.visible(self.viewport);
            // Tenths are finer than anyone sees and half as long to send.
            let tenth = |at: f64| (at * 10.0).round() / 10.0;
            Rect::from_corners(
                Point::new(tenth(min.x), tenth(min.y)),
                Point::new(tenth(max.x), tenth(max.y)),
            )
        })
    }

    fn stop_following(&mut self) {
        self.following = None;
        self.events.push(EngineEvent::Presence);
    }

    /// Where somebody is: what they see, or what they have selected, or where they point.
    fn area_of(&self, peer: &Peer) -> Option<Rect> {
        let presence = &peer.presence;
        let view = presence.view.filter(|view| {
            let (width, height) = (view.width(), view.height());
            view.min.is_finite() && view.max.is_finite() && width > 0.0 && height > 0.0
        });
        let selected = || {
            let bounds = |id: &AnnotationId| self.document.get(*id)?.shape.bounds();
            let all = presence.selection.iter().filter_map(bounds);
            all.reduce(Rect::union)
        };
        let pointer = || {
            let at = presence.cursor.filter(|at| at.is_finite())?;
            Some(Rect::from_corners(at, at).inflated(AROUND_POINTER))
        };
        view.or_else(selected).or_else(pointer)
    }
}
