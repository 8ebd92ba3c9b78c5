//! What differs between the point shown and a later one: how much, in which strokes it is drawn,
//! and what can be brought back by itself.

use crate::components::{IconButton, Toast, icon};
use crate::pages::annotate::desk::Desk;
use crate::pages::annotate::names::kind_icon;
use crate::session::use_toasts;
use crate::t;
use visionflow_engine::Standing;
use visionflow_model::AnnotationId;
use yew::prelude::*;

/// The most that are listed; all of them are drawn.
const LISTED: usize = 100;

#[derive(Properties, PartialEq)]
pub struct DifferencesProps {
    pub desk: Desk,
}

#[component]
pub fn Differences(props: &DifferencesProps) -> Html {
    let toasts = use_toasts();
    // What differs follows the engine, not the desk.
    super::use_engine_tick(Some(&props.desk.engine), |event| {
        matches!(event, visionflow_engine::EngineEvent::Past)
    });
    let desk = &props.desk;
    let Some(difference) = desk.engine.difference() else {
        return html! {};
    };
    let restore = {
        let engine = desk.engine.clone();
        Callback::from(
            move |id: AnnotationId| match engine.restore_from_past(&[id]) {
                Ok(true) => {
                    let engine = engine.clone();
                    let undo = move || {
                        engine.show_present();
                        engine.undo();
                    };
                    toasts.show(Toast::good(t!("history-restored")).with_undo(undo));
                }
                Ok(false) => {}
                Err(error) => toasts.show(Toast::bad(error.to_string())),
            },
        )
    };
    let removed = difference.removed.iter().map(|id| (*id, Standing::Removed));
    let changed = difference.changed.iter().map(|id| (*id, Standing::After));
    let rows = removed.chain(changed).take(LISTED);
    html! {
        <>
            <ul class="history-legend" aria-label={t!("history-legend")}>
                { legend(Standing::Added, t!("history-added", n = difference.added.len())) }
                { legend(Standing::After, t!("history-changed", n = difference.changed.len())) }
                { legend(Standing::Removed, t!("history-removed", n = difference.removed.len())) }
            </ul>
            if desk.engine.may_revert() {
                <ul class="history-shapes" aria-label={t!("history-shapes")}>
                    { for rows.map(|(id, standing)| row(desk, id, standing, &restore)) }
                </ul>
            }
        </>
    }
}

/// The stroke as it is on the canvas.
fn swatch(standing: Standing) -> Html {
    let class = match standing {
        Standing::Added => "swatch-added",
        Standing::Removed => "swatch-removed",
        _ => "swatch-changed",
    };
    let color = standing
        .color()
        .map(|color| color.to_string())
        .unwrap_or_default();
    html! { <span class={classes!("history-swatch", class)} style={format!("border-color:{color}")} aria-hidden="true" /> }
}

fn legend(standing: Standing, words: String) -> Html {
    html! { <li>{ swatch(standing) }<span>{ words }</span></li> }
}

fn row(
    desk: &Desk,
    id: AnnotationId,
    standing: Standing,
    restore: &Callback<AnnotationId>,
) -> Html {
    let Some(annotation) = desk.engine.past_annotation(id) else {
        return html! {};
    };
    let label = desk.ontology.label(annotation.label);
    let name = label.map_or_else(|| t!("label-unknown"), |label| label.name.clone());
    html! {
        <li key={id.to_string()} class="class-count">
            { swatch(standing) }
            { kind_icon(annotation.shape.kind()).html() }
            <span class="grow ellipsis">{ &name }</span>
            <IconButton label={t!("history-restore", name = name.clone())} icon={icon::ROTATE_CCW} tip="left" class="object-action" onclick={restore.reform(move |_: MouseEvent| id)} />
        </li>
    }
}
