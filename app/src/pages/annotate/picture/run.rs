//! A picture on its way: asked for, followed, downloaded.

use crate::api_client;
use crate::browser;
use crate::components::Toast;
use crate::session::use_toasts;
use crate::t;
use gloo::timers::future::TimeoutFuture;
use std::cell::Cell;
use visionflow_api::{Image, JobStatus, NewRender, Render};
use yew::prelude::*;

/// How far a picture is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    /// None is asked for.
    Idle,
    Waiting,
    /// So much of 1 is drawn.
    Drawing(f32),
}

/// How often a picture is asked how far it is.
const POLL_MS: u32 = 300;

/// How far the picture is, and what asks for one: it is downloaded when it is finished, and the
/// dialog closes.
#[hook]
pub fn use_picture(item: &Image, onclose: &Callback<()>) -> (Stage, Callback<NewRender>) {
    let begun = use_state_eq(|| Stage::Idle);
    let toasts = use_toasts();
    // Who closed the dialog wants no file any more.
    let closed = use_memo((), |()| Cell::new(false));
    {
        let closed = closed.clone();
        use_effect_with((), move |()| move || closed.set(true));
    }
    let start = {
        let (begun, onclose, image_id) = (begun.setter(), onclose.clone(), item.id);
        Callback::from(move |request: NewRender| {
            let (begun, onclose, closed, toasts) = (
                begun.clone(),
                onclose.clone(),
                closed.clone(),
                toasts.clone(),
            );
            begun.set(Stage::Waiting);
            yew::platform::spawn_local(async move {
                let path = format!("/api/v1/images/{image_id}/renders");
                let mut render = api_client::post::<_, Render>(&path, &request).await;
                while let Ok(known) = &render
                    && !known.status.is_over()
                    && !closed.get()
                {
                    let is_drawn = known.status == JobStatus::Running;
                    begun.set(if is_drawn {
                        Stage::Drawing(known.progress)
                    } else {
                        Stage::Waiting
                    });
                    TimeoutFuture::new(POLL_MS).await;
                    let path = format!("/api/v1/renders/{}", known.id);
                    render = api_client::get::<Render>(&path).await;
                }
                if closed.get() {
                    return;
                }
                begun.set(Stage::Idle);
                match render {
                    Ok(Render {
                        download_url: Some(url),
                        ..
                    }) => {
                        browser::download(&url);
                        onclose.emit(());
                    }
                    Ok(render) => {
                        let words = render.error.unwrap_or_else(|| t!("picture-failed"));
                        toasts.show(Toast::bad(words));
                    }
                    Err(error) => toasts.error(&error),
                }
            });
        })
    };
    (*begun, start)
}
