//! The figure on the open photograph's thumbnail follows what is decided here, at once: the list of
//! photographs is not read again while somebody works.

use super::tally;
use crate::pages::image_list::{ListAction, ListState};
use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::RefCell;
use std::rc::Rc;
use visionflow_api::Image;
use visionflow_engine::{Engine, EngineEvent, SaveState};
use yew::prelude::*;

/// Tells the list how many suggestions of the open photograph wait, at most once a frame.
///
/// `item` is that of the page's address; called after the hook that opens it in the engine.
#[hook]
pub fn use_counted(
    engine: Option<&Engine>,
    item: Option<&Image>,
    list: &UseReducerHandle<ListState>,
) {
    let dispatch = list.dispatcher();
    let open = engine.cloned().zip(item.map(|image| image.id));
    use_effect_with(open, move |open| {
        let frame: Rc<RefCell<Option<AnimationFrame>>> = Rc::default();
        let subscription = open.clone().map(|(engine, id)| {
            let tell = {
                let engine = engine.clone();
                Rc::new(move || {
                    // Before the room's document is here, nothing is known of it.
                    if !matches!(engine.save_state(), SaveState::Opening | SaveState::Local) {
                        let pending = tally::pending(&engine, |_| true).len() as i64;
                        dispatch.dispatch(ListAction::Counted { id, pending });
                    }
                })
            };
            let frame = frame.clone();
            engine.subscribe(Rc::new(move |event| {
                let mut slot = frame.borrow_mut();
                let is_news = matches!(event, EngineEvent::Suggestions | EngineEvent::SaveState(_));
                if slot.is_none() && is_news {
                    let (frame, tell) = (frame.clone(), tell.clone());
                    *slot = Some(request_animation_frame(move |_| {
                        frame.borrow_mut().take();
                        tell();
                    }));
                }
            }))
        });
        move || {
            drop(subscription);
            drop(frame.borrow_mut().take());
        }
    });
}
