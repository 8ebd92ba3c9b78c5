//! One photograph in the grid.

use crate::components::{IconButton, icon};
use crate::router::Route;
use crate::t;
use gloo::timers::callback::Timeout;
use uuid::Uuid;
use visionflow_api::{Image, ImageStatus};
use yew::prelude::*;
use yew_router::prelude::*;

/// So often a photograph that is not ready yet is asked after.
const LOOKS: u32 = 4;

#[derive(Properties, PartialEq)]
pub struct TileProps {
    pub image: Image,
    pub deleted: bool,
    /// Discs of who has it open.
    pub people: Html,
    pub can_edit: bool,
    /// Whether it is selected, where photographs can be.
    pub selected: Option<bool>,
    /// With whether Shift is held.
    pub onselect: Callback<(Uuid, bool)>,
    pub onact: Callback<Image>,
    pub onexpired: Callback<Uuid>,
}

/// `onact` deletes, or restores in the view of the deleted.
#[component]
pub fn Tile(props: &TileProps) -> Html {
    let image = &props.image;
    let deleted = props.deleted;
    let can_edit = props.can_edit;
    let onact = &props.onact;
    let onexpired = &props.onexpired;
    let asked = use_state_eq(|| 0_u32);
    let tried = use_state_eq(|| None::<String>);
    // A short-lived URL that has ended is asked for again, once for each URL.
    let onerror = {
        let (tried, onexpired, id, url) = (
            tried.clone(),
            onexpired.clone(),
            image.id,
            image.thumbnail_url.clone(),
        );
        Callback::from(move |_: Event| {
            if *tried != url {
                tried.set(url.clone());
                onexpired.emit(id);
            }
        })
    };
    {
        // A job makes what is missing and looks whether the file is whole; soon after an upload.
        let waits =
            !deleted && (image.thumbnail_url.is_none() || image.status == ImageStatus::Verifying);
        let (asked, onexpired, id) = (asked.clone(), onexpired.clone(), image.id);
        use_effect_with((waits, *asked), move |(waits, times)| {
            let times = *times;
            let ask = (*waits && times < LOOKS).then(|| {
                Timeout::new(2_000 << times, move || {
                    asked.set(times + 1);
                    onexpired.emit(id);
                })
            });
            move || drop(ask)
        });
    }
    let act = {
        let (onact, image) = (onact.clone(), image.clone());
        Callback::from(move |_: MouseEvent| onact.emit(image.clone()))
    };
    let select = {
        let (onselect, id) = (props.onselect.clone(), image.id);
        Callback::from(move |event: MouseEvent| onselect.emit((id, event.shift_key())))
    };
    let name = image
        .filename
        .rsplit('/')
        .next()
        .unwrap_or(&image.filename)
        .to_owned();
    let picture = html! {
        <div class="tile-picture">
            if let Some(url) = &image.thumbnail_url {
                <img src={url.clone()} alt="" loading="lazy" decoding="async" {onerror} />
            } else {
                <span class="tile-none">{ icon::IMAGE.html() }</span>
            }
            <div class="tile-badges">
                if image.pending_suggestions > 0 {
                    <span class="tile-badge tile-pending" title={t!("count-pending", n = image.pending_suggestions)}>{ icon::SPARKLES.html() }{ image.pending_suggestions }</span>
                }
                if image.status == ImageStatus::Damaged {
                    <span class="tile-badge tile-bad">{ icon::TRIANGLE_ALERT.html() }{ t!("photograph-damaged") }</span>
                } else if image.annotation_count > 0 {
                    <span class="tile-badge" title={t!("count-annotations", n = image.annotation_count)}>{ icon::SHAPES.html() }{ image.annotation_count }</span>
                }
            </div>
        </div>
    };
    let (label, shown) = if deleted {
        (
            t!("photograph-restore", name = name.clone()),
            icon::ROTATE_CCW,
        )
    } else {
        (t!("photograph-delete", name = name.clone()), icon::TRASH_2)
    };
    let people = props.people.clone();
    html! {
        <div class={classes!("tile", deleted.then_some("tile-deleted"), (props.selected == Some(true)).then_some("tile-selected"))}>
            if let Some(checked) = props.selected {
                <input type="checkbox" class="tile-check" {checked} onclick={select} aria-label={t!("select-photograph", name = name.clone())} />
            }
            if deleted {
                <div class="tile-link">{ picture }</div>
            } else {
                <Link<Route> to={Route::Annotate { project_id: image.project_id, image_id: image.id }} classes="tile-link">
                    { picture }<span class="sr-only">{ &name }</span>
                </Link<Route>>
            }
            { people }
            <div class="tile-caption">
                <span class="tile-name" title={image.filename.clone()} aria-hidden={(!deleted).then_some("true")}>{ name }</span>
                <span class="tile-size">{ format!("{} × {}", image.width, image.height) }</span>
                if can_edit { <IconButton {label} icon={shown} class="tile-action" tip="above" onclick={act} /> }
            </div>
        </div>
    }
}
