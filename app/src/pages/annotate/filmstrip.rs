//! The photographs around this one.

use super::commands::neighbours;
use crate::commands::keymap::use_keymap;
use crate::commands::spec;
use crate::components::virtual_list::VirtualList;
use crate::components::{IconButton, icon};
use crate::pages::image_list::ListState;
use crate::router::Route;
use crate::t;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

/// A frame of the strip with its gap, CSS pixels.
const FRAME: f64 = 84.0;

#[derive(Properties, PartialEq)]
pub struct FilmstripProps {
    pub project_id: Uuid,
    pub image_id: Uuid,
    pub list: UseReducerHandle<ListState>,
    pub read_more: Callback<()>,
    pub total: i64,
}

#[component]
pub fn Filmstrip(props: &FilmstripProps) -> Html {
    use_keymap();
    let navigator = use_navigator();
    let images = props.list.images.clone();
    let at = images.iter().position(|image| image.id == props.image_id);
    {
        // Read on until this photograph and the next are known.
        let read_more = props.read_more.clone();
        let needs =
            props.list.more && !props.list.loading && at.is_none_or(|at| at + 1 >= images.len());
        use_effect_with((needs, images.len()), move |(needs, _)| {
            if *needs {
                read_more.emit(());
            }
        });
    }
    let (before, after) = neighbours(&props.list, props.image_id);
    let go = |to: Option<Uuid>| {
        let (navigator, project_id) = (navigator.clone(), props.project_id);
        Callback::from(move |_: MouseEvent| {
            if let Some((navigator, image_id)) = navigator.as_ref().zip(to) {
                navigator.push(&Route::Annotate {
                    project_id,
                    image_id,
                });
            }
        })
    };
    let render = {
        let (images, project_id, current) = (images.clone(), props.project_id, props.image_id);
        Callback::from(move |index: usize| {
            let Some(image) = images.get(index) else {
                return html! {};
            };
            let here = image.id == current;
            html! {
                <Link<Route> to={Route::Annotate { project_id, image_id: image.id }} classes={classes!("frame", here.then_some("frame-here"))}>
                    if let Some(url) = &image.thumbnail_url {
                        <img src={url.clone()} alt="" loading="lazy" decoding="async" />
                    } else {
                        <span class="tile-none">{ icon::IMAGE.html() }</span>
                    }
                    if image.pending_suggestions > 0 {
                        <span class="frame-pending" title={t!("count-pending", n = image.pending_suggestions)}>{ image.pending_suggestions }</span>
                    }
                    if image.annotation_count > 0 && !here { <span class="frame-mark" /> }
                    <span class="sr-only">{ &image.filename }</span>
                </Link<Route>>
            }
        })
    };
    let total = props.total.max(images.len() as i64);
    html! {
        <nav class="filmstrip" aria-label={t!("filmstrip")}>
            <IconButton label={t!("command-previous")} icon={icon::CHEVRON_LEFT} keys={spec::PREVIOUS.key()} tip="above" disabled={before.is_none()} onclick={go(before)} />
            <span class="filmstrip-place">{ at.map(|at| t!("filmstrip-place", at = at as i64 + 1, total = total)).unwrap_or_default() }</span>
            <IconButton label={t!("command-next")} icon={icon::CHEVRON_RIGHT} keys={spec::NEXT.key()} tip="above" disabled={after.is_none()} onclick={go(after)} />
            <VirtualList label={t!("filmstrip")} count={images.len()} row={FRAME} horizontal=true {render} reveal={at} onend={props.read_more.clone()} />
        </nav>
    }
}
