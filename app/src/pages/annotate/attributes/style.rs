//! How what is selected is painted, where that differs from its label.

use crate::components::style_fields::StyleFields;
use crate::pages::annotate::desk::Desk;
use crate::t;
use visionflow_engine::Edit;
use visionflow_model::{Annotation, Shape, Style};
use yew::prelude::*;

/// The style of all that is selected; what differs among them shows as the first one's.
pub fn fields(desk: &Desk, shapes: &[Annotation]) -> Html {
    let Some(first) = shapes
        .first()
        .filter(|shape| !matches!(shape.shape, Shape::Tag))
    else {
        return html! {};
    };
    let label = desk.ontology.label(first.label);
    let below = label.map(|label| label.style).unwrap_or_default();
    let onchange = {
        let desk = desk.clone();
        Callback::from(move |style: Style| desk.edit_selection(|id| Edit::SetStyle(id, style)))
    };
    let color = label.map(|label| label.color);
    html! {
        <details class="style-details">
            <summary>{ t!("style-title") }if !first.style.is_default() { <span class="count">{ t!("style-own") }</span> }</summary>
            <StyleFields style={first.style} {below} {color} disabled={!desk.can_edit} {onchange} />
        </details>
    }
}
