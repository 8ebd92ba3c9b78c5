//! Who drew an object, and who touched it last.

use crate::api_client;
use crate::t;
use crate::time_words;
use gloo::timers::callback::Timeout;
use std::cell::Cell;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::AnnotationHistory;
use visionflow_model::AnnotationId;
use yew::prelude::*;

/// While somebody works on it, nothing is asked.
const SETTLE_MS: u32 = 400;

#[derive(Properties, PartialEq)]
pub struct TouchesProps {
    pub image_id: Uuid,
    pub id: AnnotationId,
    /// Grows with every change.
    pub version: u32,
    /// Whether everything is on the server; before, it knows nothing new.
    pub is_saved: bool,
}

#[component]
pub fn Touches(props: &TouchesProps) -> Html {
    let known = use_state_eq(|| None::<(AnnotationId, AnnotationHistory)>);
    {
        let known = known.setter();
        let asked = (props.image_id, props.id, props.version, props.is_saved);
        use_effect_with(asked, move |(image_id, id, _, is_saved)| {
            let (path, id) = (
                format!("/api/v1/images/{image_id}/history/annotations/{id}"),
                *id,
            );
            let is_current = Rc::new(Cell::new(true));
            let still = is_current.clone();
            let soon = is_saved.then(|| {
                Timeout::new(SETTLE_MS, move || {
                    yew::platform::spawn_local(async move {
                        // What is not known is not shown: nobody asked for it.
                        let read = api_client::get::<AnnotationHistory>(&path).await.ok();
                        if still.get() {
                            known.set(read.map(|read| (id, read)));
                        }
                    });
                })
            });
            move || {
                is_current.set(false);
                drop(soon);
            }
        });
    }
    let Some((_, history)) = known.as_ref().filter(|(id, _)| *id == props.id) else {
        return html! {};
    };
    let name = |name: &Option<String>, id: Option<Uuid>| match (name, id) {
        (Some(name), _) => name.clone(),
        (None, Some(_)) => t!("history-unknown-person"),
        (None, None) => t!("history-server"),
    };
    let drawn = t!(
        "history-drawn",
        name = name(&history.created_by_name, history.created_by),
        when = time_words::ago(history.created_at)
    );
    let is_touched = history.updated_at > history.created_at;
    html! {
        <div class="touches">
            <span>{ drawn }</span>
            if is_touched {
                <span>{ t!("history-touched", name = name(&history.updated_by_name, history.updated_by), when = time_words::ago(history.updated_at)) }</span>
            }
        </div>
    }
}
