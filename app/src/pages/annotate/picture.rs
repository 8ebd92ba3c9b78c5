//! The photograph with its annotations as a picture: what of it, how large, on what; then a file.

mod run;
mod wish;

use super::desk::Desk;
use crate::api_client;
use crate::components::{Button, Checkbox, Dialog, Field, ProgressBar, SelectField, Tone, icon};
use crate::resource::use_resource;
use crate::t;
use run::{Stage, use_picture};
use serde::Deserialize;
use std::rc::Rc;
use visionflow_api::{Image, RenderBackground, RenderFormat};
use visionflow_engine::SaveState;
use wish::{BY_DPI, Wish};
use yew::prelude::*;

/// Sizes to choose from, in percent of the photograph's.
const PERCENTS: [u32; 6] = [25, 50, 100, 200, 300, 400];

#[derive(Properties, PartialEq)]
pub struct PictureDialogProps {
    pub desk: Desk,
    pub item: Image,
    pub onclose: Callback<()>,
}

/// A named version of the photograph's annotations.
#[derive(Deserialize)]
struct Version {
    tag: String,
}

/// Changes what is asked for.
type Change = Rc<dyn Fn(&dyn Fn(&mut Wish))>;

#[component]
pub fn PictureDialog(props: &PictureDialogProps) -> Html {
    let wish = use_state_eq(Wish::usual);
    let (stage, start) = use_picture(&props.item, &props.onclose);
    let versions = use_resource(props.item.id, |id| async move {
        let path = format!("/api/v1/images/{id}/history/versions");
        api_client::get_all::<Version>(&path).await
    });
    let change: Change = {
        let wish = wish.clone();
        Rc::new(move |change: &dyn Fn(&mut Wish)| {
            let mut next = (*wish).clone();
            change(&mut next);
            wish.set(next);
        })
    };
    let request = wish.request();
    let run = {
        let request = request.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(request) = request.clone() {
                start.emit(request);
            }
        })
    };
    let footer = html! {
        <>
            <Button label={t!("action-cancel")} onclick={props.onclose.reform(|_| ())} />
            <Button label={t!("picture-start")} icon={icon::DOWNLOAD} tone={Tone::Primary} busy={stage != Stage::Idle} disabled={request.is_none()} onclick={run} />
        </>
    };
    let is_saved = matches!(
        props.desk.save_state,
        SaveState::Saved | SaveState::ReadOnly
    );
    html! {
        <Dialog title={t!("picture-title")} onclose={props.onclose.clone()} {footer}>
            <div class="dialog-body form">
                { format(&wish, &change) }
                { moment(&wish, versions.ready().map_or(&[], Vec::as_slice), &change) }
                { size(&wish, &change) }
                <p class="field-note">{ wish.pixels(&props.item).map(|size| t!("picture-pixels", size = size)).unwrap_or_default() }</p>
                { background(&wish, &change) }
                { comments(&wish, &change) }
                if !is_saved { <p class="field-note">{ t!("picture-unsaved") }</p> }
                { progress(stage) }
            </div>
        </Dialog>
    }
}

fn format(wish: &Wish, change: &Change) -> Html {
    let change = change.clone();
    let options = vec![
        ("png".into(), t!("picture-png").into()),
        ("jpg".into(), t!("picture-jpg").into()),
    ];
    let onchange = Callback::from(move |value: String| {
        change(&|wish| {
            wish.format = if value == "jpg" {
                RenderFormat::Jpg
            } else {
                RenderFormat::Png
            };
            // A JPEG has no transparency.
            let is_clear = wish.background == RenderBackground::Transparent;
            if is_clear && wish.format == RenderFormat::Jpg {
                wish.background = RenderBackground::White;
            }
        });
    });
    row(
        t!("picture-format"),
        wish.format.extension(),
        options,
        onchange,
    )
}

fn progress(stage: Stage) -> Html {
    let value = match stage {
        Stage::Idle => return html! {},
        Stage::Waiting => None,
        Stage::Drawing(part) => Some(f64::from(part)),
    };
    html! { <ProgressBar label={t!("picture-progress")} {value} /> }
}

/// Which point in time; nothing to choose where no version has a name.
fn moment(wish: &Wish, versions: &[Version], change: &Change) -> Html {
    if versions.is_empty() {
        return html! {};
    }
    let change = change.clone();
    let named = |version: &Version| {
        let tag = AttrValue::from(version.tag.clone());
        (tag.clone(), tag)
    };
    let now = (AttrValue::default(), AttrValue::from(t!("picture-now")));
    let options = std::iter::once(now).chain(versions.iter().map(named));
    let onchange =
        Callback::from(move |value: String| change(&|wish| wish.version.clone_from(&value)));
    row(
        t!("picture-moment"),
        &wish.version,
        options.collect(),
        onchange,
    )
}

fn size(wish: &Wish, change: &Change) -> Html {
    let change = change.clone();
    let percent = |percent: u32| {
        (
            AttrValue::from(percent.to_string()),
            AttrValue::from(format!("{percent} %")),
        )
    };
    let mut options: Vec<_> = PERCENTS.into_iter().map(percent).collect();
    options.push((BY_DPI.into(), t!("picture-by-dpi").into()));
    let onchange = {
        let change = change.clone();
        Callback::from(move |value: String| change(&|wish| wish.size.clone_from(&value)))
    };
    let oninput = Callback::from(move |value: String| change(&|wish| wish.dpi.clone_from(&value)));
    let is_wrong = wish.request().is_none();
    html! {
        <>
            { row(t!("picture-size"), &wish.size, options, onchange) }
            if wish.size == BY_DPI {
                <Field label={t!("picture-dpi")} value={wish.dpi.clone()} {oninput} kind="number" error={is_wrong.then(|| AttrValue::from(t!("picture-dpi-wrong")))} />
            }
        </>
    }
}

fn background(wish: &Wish, change: &Change) -> Html {
    let change = change.clone();
    let mut options = vec![
        ("image".into(), t!("picture-background-image").into()),
        ("white".into(), t!("picture-background-white").into()),
    ];
    if wish.format == RenderFormat::Png {
        options.push((
            "transparent".into(),
            t!("picture-background-transparent").into(),
        ));
    }
    let value = match wish.background {
        RenderBackground::Image => "image",
        RenderBackground::White => "white",
        RenderBackground::Transparent => "transparent",
    };
    let onchange = Callback::from(move |value: String| {
        change(&|wish| {
            wish.background = match value.as_str() {
                "white" => RenderBackground::White,
                "transparent" => RenderBackground::Transparent,
                _ => RenderBackground::Image,
            };
        });
    });
    row(t!("picture-background"), value, options, onchange)
}

fn comments(wish: &Wish, change: &Change) -> Html {
    let change = change.clone();
    let onchange = Callback::from(move |on: bool| change(&|wish| wish.comments = on));
    html! { <Checkbox label={t!("picture-comments")} checked={wish.comments} {onchange} /> }
}

fn row(
    label: String,
    value: &str,
    options: Vec<(AttrValue, AttrValue)>,
    onchange: Callback<String>,
) -> Html {
    html! {
        <div class="view-row"><span class="grow">{ &label }</span>
            <SelectField {label} value={value.to_owned()} {options} {onchange} /></div>
    }
}
