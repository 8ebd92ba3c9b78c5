//! What is on its way, file by file, in a corner of the gallery.

use crate::components::virtual_list::VirtualList;
use crate::components::{Button, IconButton, ProgressBar, icon};
use crate::uploads::{Upload, UploadState, Uploads};
use crate::{t, time_words};
use gloo::timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;

const ROW: f64 = 44.0;

#[derive(Properties, PartialEq)]
pub struct UploadPanelProps {
    pub project_id: Uuid,
}

#[component]
pub fn UploadPanel(props: &UploadPanelProps) -> Html {
    let project_id = &props.project_id;
    let project_id = *project_id;
    let uploads = use_context::<Uploads>().unwrap_or_default();
    let update = use_force_update();
    let folded = use_state_eq(|| false);
    {
        let uploads = uploads.clone();
        use_effect_with((), move |()| {
            // Progress of four files arrives more often than anyone can see.
            let pending: Rc<RefCell<Option<Timeout>>> = Rc::default();
            let watch = uploads.watch(move |_| {
                let mut slot = pending.borrow_mut();
                if slot.is_none() {
                    let (update, pending) = (update.clone(), pending.clone());
                    *slot = Some(Timeout::new(80, move || {
                        pending.borrow_mut().take();
                        update.force_update();
                    }));
                }
            });
            move || drop(watch)
        });
    }
    let all = Rc::new(uploads.of(project_id));
    if all.is_empty() {
        return html! {};
    }
    let totals = Totals::of(&all);
    let fold = {
        let folded = folded.clone();
        Callback::from(move |_: MouseEvent| folded.set(!*folded))
    };
    let on = |act: fn(&Uploads, Uuid)| {
        let uploads = uploads.clone();
        Callback::from(move |_: MouseEvent| act(&uploads, project_id))
    };
    let render = {
        let (all, uploads) = (all.clone(), uploads.clone());
        Callback::from(move |index: usize| {
            all.get(index)
                .map(|upload| row(upload, &uploads))
                .unwrap_or_default()
        })
    };
    // Failures are what a person has to see; otherwise the first that is not done.
    let reveal = all
        .iter()
        .position(|upload| !matches!(upload.state, UploadState::Done));
    let height = (all.len() as f64 * ROW).min(264.0);
    html! {
        <section class="uploads" aria-label={t!("uploads-title")}>
            <header class="uploads-head">
                <h2 role="status">{ totals.words() }</h2>
                if totals.retry > 0 { <Button label={t!("uploads-retry-failed")} small=true tone={crate::components::Tone::Quiet} onclick={on(Uploads::retry_failed)} /> }
                if totals.open > 0 {
                    <Button label={t!("uploads-cancel-all")} small=true tone={crate::components::Tone::Quiet} onclick={on(Uploads::cancel_all)} />
                }
                <IconButton label={if *folded { t!("action-expand") } else { t!("action-collapse") }}
                    icon={if *folded { icon::CHEVRON_UP } else { icon::CHEVRON_DOWN }} tip="above" onclick={fold} />
                if totals.open == 0 { <IconButton label={t!("uploads-close")} icon={icon::X} tip="above" onclick={on(Uploads::clear)} /> }
            </header>
            if totals.open > 0 { <ProgressBar label={t!("uploads-progress")} value={Some(totals.fraction)} /> }
            if !*folded {
                <div class="uploads-list" style={format!("height:{height}px")}>
                    <VirtualList label={t!("uploads-title")} count={all.len()} row={ROW} {render} {reveal} />
                </div>
            }
        </section>
    }
}

struct Totals {
    all: usize,
    done: usize,
    failed: usize,
    retry: usize,
    open: usize,
    fraction: f64,
}

impl Totals {
    fn of(uploads: &[Upload]) -> Self {
        let count =
            |wanted: fn(&UploadState) -> bool| uploads.iter().filter(|u| wanted(&u.state)).count();
        let (mut sent, mut bytes) = (0.0, 0.0);
        for upload in uploads {
            let part = match upload.state {
                UploadState::Waiting | UploadState::Preparing => 0.0,
                UploadState::Sending(part) => part * 0.95,
                UploadState::Checking => 0.97,
                UploadState::Done | UploadState::Failed { .. } | UploadState::Cancelled => 1.0,
            };
            bytes += upload.size_bytes;
            sent += upload.size_bytes * part;
        }
        Self {
            all: uploads.len(),
            done: count(|s| matches!(s, UploadState::Done)),
            failed: count(|s| matches!(s, UploadState::Failed { .. })),
            retry: count(|s| matches!(s, UploadState::Failed { retry: true, .. })),
            open: count(|s| !s.is_over()),
            fraction: if bytes > 0.0 { sent / bytes } else { 1.0 },
        }
    }

    fn words(&self) -> String {
        let (done, all, failed) = (self.done as i64, self.all as i64, self.failed as i64);
        match (self.open, self.failed) {
            (0, 0) => t!("uploads-done", n = done),
            (0, _) => t!("uploads-done-failed", n = done, failed = failed),
            (_, 0) => t!("uploads-running", done = done, all = all),
            _ => t!(
                "uploads-running-failed",
                done = done,
                all = all,
                failed = failed
            ),
        }
    }
}

fn row(upload: &Upload, uploads: &Uploads) -> Html {
    let (text, value, bad) = match &upload.state {
        UploadState::Waiting => (t!("upload-waiting"), Some(0.0), false),
        UploadState::Preparing => (t!("upload-preparing"), Some(0.0), false),
        UploadState::Sending(part) => (
            t!("upload-sending", percent = (part * 100.0).round() as i64),
            Some(*part),
            false,
        ),
        UploadState::Checking => (t!("upload-checking"), None, false),
        UploadState::Done => (t!("upload-done"), None, false),
        UploadState::Failed { words, .. } => (words.clone(), None, true),
        UploadState::Cancelled => (t!("upload-cancelled"), None, false),
    };
    let (id, name) = (upload.id, upload.name.clone());
    let on = |act: fn(&Uploads, u32)| {
        let uploads = uploads.clone();
        Callback::from(move |_: MouseEvent| act(&uploads, id))
    };
    let can_retry = matches!(
        upload.state,
        UploadState::Failed { retry: true, .. } | UploadState::Cancelled
    );
    let mark = match upload.state {
        UploadState::Done => html! { <span class="good">{ icon::CIRCLE_CHECK.html() }</span> },
        UploadState::Failed { .. } => {
            html! { <span class="bad">{ icon::CIRCLE_ALERT.html() }</span> }
        }
        _ => icon::IMAGE.html(),
    };
    html! {
        <div class="upload-row">
            { mark }
            <div class="grow">
                <div class="upload-line"><span class="upload-name" title={name.clone()}>{ &name }</span><span class="upload-size">{ time_words::size(upload.size_bytes) }</span></div>
                <div class={classes!("upload-text", bad.then_some("bad"))} title={text.clone()}>{ text }</div>
                if matches!(upload.state, UploadState::Sending(_) | UploadState::Preparing | UploadState::Checking) {
                    <ProgressBar label={t!("upload-progress-of", name = name.clone())} {value} />
                }
            </div>
            if can_retry { <IconButton label={t!("upload-retry", name = name.clone())} icon={icon::ROTATE_CCW} tip="left" onclick={on(Uploads::retry)} /> }
            if !upload.state.is_over() { <IconButton label={t!("upload-cancel", name = name)} icon={icon::X} tip="left" onclick={on(Uploads::cancel)} /> }
        </div>
    }
}
