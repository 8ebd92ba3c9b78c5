//! Find similar: what is like a shape is proposed by the smart tool's model. Experimental: how well
//! it finds things has not been measured on many photographs.
//!
//! The question waits until the model is loaded and has looked at the photograph, and ends with
//! whichever of them does.

use super::said::Said;
use super::{Engine, State, pixels};
use crate::EngineError;
use crate::engine::suggestions::Run;
use js_sys::{Function, Promise};
use visionflow_geometry::Point;
use visionflow_model::{AnnotationId, LabelId, Shape};
use visionflow_tools::Candidate;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// In the source of what is accepted.
const NAME: &str = "MobileSAM similar";

/// What others are to be like.
#[derive(Clone, Debug, PartialEq)]
pub struct Like {
    pub shape: Shape,
    /// The label of what is found.
    pub label: LabelId,
    /// The photograph in which the shape is, by its address and size, where that is another one than
    /// the one on the canvas; it must have been looked at before.
    pub from: Option<(String, (u32, u32))>,
}

/// A question on its way.
pub struct Search {
    like: Like,
    /// Its number, once it was sent.
    pub(super) id: Option<u32>,
    found: Vec<Candidate>,
    resolve: Function,
    reject: Function,
}

impl Engine {
    /// Proposes what is like a shape in the photograph on the canvas, the most alike with the
    /// greatest score; the ids. Experimental.
    pub async fn find_similar(&self, like: Like) -> Result<Vec<AnnotationId>, EngineError> {
        if self.0.is_destroyed() {
            return Err(EngineError::Destroyed);
        }
        let mut like = Some(like);
        let answer = Promise::new(&mut |resolve, reject| {
            let search = like.take().map(|like| Search {
                like,
                id: None,
                found: Vec::new(),
                resolve,
                reject,
            });
            self.0.with(|state| state.search(search));
        });
        let ids = JsFuture::from(answer).await;
        let ids = ids.map_err(|error| EngineError::rejected(&error))?;
        let ids = js_sys::Array::from(&ids);
        let id = |id: JsValue| id.as_string()?.parse().ok();
        Ok(ids.iter().filter_map(id).collect())
    }
}

impl Search {
    pub fn fail(&self, code: &str, message: &str) {
        EngineError::reject(&self.reject, code, message);
    }

    fn rings(&self) -> Vec<Vec<Point>> {
        match &self.like.shape {
            Shape::Polygon(polygon) => polygon.rings.clone(),
            Shape::RotatedBox(rotated) => vec![rotated.corners().to_vec()],
            other => other
                .bounds()
                .map(|bounds| bounds.corners().to_vec())
                .into_iter()
                .collect(),
        }
    }
}

impl State {
    fn search(&mut self, search: Option<Search>) {
        if let Some(before) = self.assist.search.take() {
            if let (Some(id), Some(client)) = (before.id, &mut self.assist.client) {
                client.cancel(id);
            }
            before.fail("replaced", "something else is looked for now");
        }
        let Some(search) = search else { return };
        if !self.may_edit() {
            return search.fail("read_only", "this annotator is read-only");
        }
        match (&self.assist.failed, &self.assist.options, &self.assist.key) {
            (Some(reason), ..) => search.fail("model", reason),
            (_, None, _) => search.fail("off", "there is no model to look for things"),
            (.., None) => search.fail("no_photograph", "there is no photograph to look at"),
            _ => self.assist.search = Some(search),
        }
    }

    /// Sends the question, once the model has looked at the photograph.
    pub(super) fn send_search(&mut self) {
        let (assist, Some(size)) = (&mut self.assist, self.image) else {
            return;
        };
        let known = assist.key.clone().filter(|key| assist.knows(key));
        if let (Some(search), Some(key), Some(client)) =
            (&mut assist.search, known, &mut assist.client)
            && search.id.is_none()
        {
            let rings = search.rings();
            let from = search.like.from.as_ref();
            let from = from.map(|(url, size)| (pixels::key_of(url), *size));
            search.id = Some(client.search(&rings, from, &key, size));
        }
    }

    /// What the worker says about the question.
    pub(super) fn search_said(&mut self, said: Said) {
        let Some(mut search) = self.assist.search.take() else {
            return;
        };
        match said {
            Said::Found(candidates) => {
                search.found.extend(candidates);
                self.assist.search = Some(search);
            }
            Said::Done => self.propose_found(&search),
            Said::Error { code, message } => search.fail(&code, &message),
            _ => self.assist.search = Some(search),
        }
    }

    fn propose_found(&mut self, search: &Search) {
        let found = search.found.iter().map(|candidate| {
            let shape = Shape::Polygon(candidate.outline.clone());
            (search.like.label, candidate.score, shape)
        });
        let run = Run {
            model: None,
            name: NAME.into(),
            was_asked_for: true,
        };
        match self.propose(run, found) {
            Ok(Some(ids)) => {
                let ids = ids.iter().map(|id| JsValue::from(id.to_string()));
                let ids: js_sys::Array = ids.collect();
                drop(search.resolve.call1(&JsValue::UNDEFINED, &ids));
            }
            Ok(None) => search.fail("read_only", "this annotator is read-only"),
            Err(error) => search.fail("document", &error.to_string()),
        }
    }
}
