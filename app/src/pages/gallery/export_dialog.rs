//! The dataset as other tools read it: format, progress, download, and what was exported before.

use crate::api_client;
use crate::browser;
use crate::components::{
    Button, Checkbox, Dialog, ErrorState, IconButton, ProgressBar, Spinner, Toast, Tone, icon,
};
use crate::resource::{Load, use_resource};
use crate::session::use_toasts;
use crate::{t, time_words};
use gloo::timers::callback::Interval;
use visionflow_api::{Export, ExportFormat, JobStatus, NewExport, Project};
use yew::prelude::*;

const FORMATS: [ExportFormat; 4] = [
    ExportFormat::Coco,
    ExportFormat::YoloDetect,
    ExportFormat::YoloSegment,
    ExportFormat::PascalVoc,
];
/// How often a running export is asked how far it is.
const POLL_MS: u32 = 700;

fn format_name(format: ExportFormat) -> String {
    match format {
        ExportFormat::Coco => t!("format-coco"),
        ExportFormat::YoloDetect => t!("format-yolo-detect"),
        ExportFormat::YoloSegment => t!("format-yolo-segment"),
        ExportFormat::PascalVoc => t!("format-pascal-voc"),
    }
}

fn format_text(format: ExportFormat) -> String {
    match format {
        ExportFormat::Coco => t!("format-coco-text"),
        ExportFormat::YoloDetect => t!("format-yolo-detect-text"),
        ExportFormat::YoloSegment => t!("format-yolo-segment-text"),
        ExportFormat::PascalVoc => t!("format-pascal-voc-text"),
    }
}

#[derive(Properties, PartialEq)]
pub struct ExportDialogProps {
    pub project: Project,
    pub onclose: Callback<()>,
}

#[component]
pub fn ExportDialog(props: &ExportDialogProps) -> Html {
    let project = &props.project;
    let onclose = &props.onclose;
    let toasts = use_toasts();
    let format = use_state_eq(|| ExportFormat::Coco);
    let include_images = use_state_eq(|| true);
    let busy = use_state_eq(|| false);
    let exports = use_resource(project.id, |id| async move {
        api_client::get_all::<Export>(&format!("/api/v1/projects/{id}/exports")).await
    });
    let running = exports
        .ready()
        .is_some_and(|list| list.iter().any(|export| !export.status.is_over()));
    {
        let reload = exports.reload.clone();
        use_effect_with(running, move |running| {
            let poll = running.then(|| Interval::new(POLL_MS, move || reload.emit(())));
            move || drop(poll)
        });
    }
    let start = {
        let (busy, reload, project_id) = (busy.setter(), exports.reload.clone(), project.id);
        let body = NewExport {
            format: *format,
            include_images: *include_images,
        };
        let toasts = toasts.clone();
        Callback::from(move |_: MouseEvent| {
            let (busy, reload, body, toasts) =
                (busy.clone(), reload.clone(), body.clone(), toasts.clone());
            busy.set(true);
            yew::platform::spawn_local(async move {
                let path = format!("/api/v1/projects/{project_id}/exports");
                if let Err(error) = api_client::post::<_, Export>(&path, &body).await {
                    toasts.error(&error);
                }
                reload.emit(());
                busy.set(false);
            });
        })
    };
    let set_images = {
        let include_images = include_images.setter();
        Callback::from(move |on| include_images.set(on))
    };
    let choice = |this: ExportFormat| {
        let chosen = *format == this;
        let format = format.setter();
        html! {
            <label class={classes!("choice", chosen.then_some("choice-on"))}>
                <input type="radio" name="export-format" checked={chosen} onchange={move |_| format.set(this)} aria-label={format_name(this)} />
                <span><strong>{ format_name(this) }</strong><span>{ format_text(this) }</span></span>
            </label>
        }
    };
    let footer = html! {
        <>
            <Button label={t!("action-close")} onclick={onclose.reform(|_| ())} />
            <Button label={t!("export-start")} icon={icon::DOWNLOAD} tone={Tone::Primary} busy={*busy} disabled={project.image_count == 0} onclick={start} />
        </>
    };
    html! {
        <Dialog title={t!("export-title")} onclose={onclose.clone()} {footer} class="dialog-wide">
            <div class="dialog-body form">
                <fieldset class="choices"><legend class="field-label">{ t!("export-format") }</legend>{ for FORMATS.into_iter().map(choice) }</fieldset>
                <Checkbox label={t!("export-include-images")} hint={Some(AttrValue::from(t!("export-include-images-hint")))} checked={*include_images} onchange={set_images} />
                if project.image_count == 0 { <p class="field-note">{ t!("export-nothing") }</p> }
                <div class="field">
                    <span class="field-label">{ t!("export-earlier") }</span>
                    { match &*exports.load {
                        Load::Loading => html! { <Spinner label={t!("loading")} /> },
                        Load::Failed(error) => html! { <ErrorState error={error.clone()} retry={exports.reload.clone()} /> },
                        Load::Ready(list) if list.is_empty() => html! { <p class="field-note">{ t!("export-none-yet") }</p> },
                        Load::Ready(list) => html! {
                            <ul class="export-rows" aria-label={t!("export-earlier")}>
                                { for list.iter().map(|export| html! { <ExportRow key={export.id.to_string()} export={export.clone()} changed={exports.reload.clone()} /> }) }
                            </ul>
                        },
                    } }
                </div>
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct ExportRowProps {
    pub export: Export,
    pub changed: Callback<()>,
}

#[component]
fn ExportRow(props: &ExportRowProps) -> Html {
    let export = &props.export;
    let changed = &props.changed;
    let toasts = use_toasts();
    let cancel = {
        let (id, changed, toasts) = (export.id, changed.clone(), toasts.clone());
        Callback::from(move |_: MouseEvent| {
            let (changed, toasts) = (changed.clone(), toasts.clone());
            yew::platform::spawn_local(async move {
                if let Err(error) =
                    api_client::post_empty(&format!("/api/v1/exports/{id}/cancel")).await
                {
                    toasts.error(&error);
                }
                changed.emit(());
            });
        })
    };
    // The listed URL may have ended by now; a fresh one is asked for with the press.
    let download = {
        let id = export.id;
        Callback::from(move |_: MouseEvent| {
            let toasts = toasts.clone();
            yew::platform::spawn_local(async move {
                match api_client::get::<Export>(&format!("/api/v1/exports/{id}")).await {
                    Ok(Export {
                        download_url: Some(url),
                        ..
                    }) => browser::download(&url),
                    Ok(_) => toasts.show(Toast::bad(t!("export-gone"))),
                    Err(error) => toasts.error(&error),
                }
            });
        })
    };
    let name = format_name(export.format);
    let images = if export.include_images {
        t!("export-with-images")
    } else {
        t!("export-without-images")
    };
    let size = export
        .size_bytes
        .map(|bytes| time_words::size(bytes as f64));
    let detail = match export.status {
        JobStatus::Queued => t!("export-queued"),
        JobStatus::Running => t!("export-running", done = export.done, total = export.total),
        JobStatus::Succeeded => [Some(images), size, Some(time_words::ago(export.created_at))]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
        JobStatus::Failed => export.error.clone().unwrap_or_else(|| t!("export-failed")),
        JobStatus::Cancelled => t!("export-cancelled"),
    };
    let value = (export.total > 0).then(|| export.done as f64 / export.total as f64);
    html! {
        <li class="export-row">
            { icon::FILE_ARCHIVE.html() }
            <div class="grow">
                <div>{ &name }</div>
                <div class={classes!("field-note", (export.status == JobStatus::Failed).then_some("bad"))}>{ detail }</div>
                if !export.status.is_over() { <ProgressBar label={t!("export-progress")} {value} /> }
            </div>
            if export.status == JobStatus::Succeeded {
                <Button label={t!("export-download")} icon={icon::DOWNLOAD} small=true onclick={download} />
            } else if !export.status.is_over() {
                <IconButton label={t!("export-cancel")} icon={icon::X} tip="left" onclick={cancel} />
            }
        </li>
    }
}
