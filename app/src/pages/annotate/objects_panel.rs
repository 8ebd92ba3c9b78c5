//! Every shape in the photograph, as a list that follows the canvas and leads it.

use super::desk::Desk;
use super::objects::Row;
use super::section::Section;
use crate::components::icon;
use crate::components::virtual_list::VirtualList;
use crate::components::{IconButton, SelectField};
use crate::t;
use std::rc::Rc;
use visionflow_engine::Edit;
use visionflow_model::{LabelId, ShapeKind};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

const ROW: f64 = 28.0;

#[component]
pub fn ObjectsPanel() -> Html {
    let filter = use_state_eq(|| None::<LabelId>);
    let Some(desk) = use_context::<Option<Desk>>().flatten() else {
        return html! {};
    };
    let rows = Rc::new(desk.objects.borrow().shapes(*filter));
    let total = desk.objects.borrow().shape_count();
    let options: Vec<(AttrValue, AttrValue)> =
        std::iter::once((AttrValue::Static(""), t!("objects-all-labels").into()))
            .chain(
                desk.ontology
                    .labels
                    .iter()
                    .filter(|label| desk.objects.borrow().count(label.id) > 0)
                    .map(|label| (label.id.to_string().into(), label.name.clone().into())),
            )
            .collect();
    let onchange = {
        let filter = filter.setter();
        Callback::from(move |value: String| filter.set(value.parse().ok()))
    };
    let extra = html! {
        if total > 0 {
            <SelectField label={t!("objects-filter")} value={filter.map(|id| id.to_string()).unwrap_or_default()} {options} {onchange} />
        }
    };
    let reveal = desk
        .selection
        .last()
        .and_then(|id| rows.iter().position(|(row, _)| row.id == *id));
    let render = {
        let (desk, rows) = (desk.clone(), rows.clone());
        Callback::from(move |index: usize| {
            rows.get(index)
                .map(|(row, number)| object_row(&desk, *row, *number))
                .unwrap_or_default()
        })
    };
    html! {
        <Section id="objects" title={t!("objects-title")} count={Some(total)} {extra} fills=true>
            if rows.is_empty() {
                <div class="panel-note"><p>{ if desk.can_edit { t!("objects-empty") } else { t!("objects-empty-read-only") } }</p></div>
            } else {
                <VirtualList label={t!("objects-title")} count={rows.len()} row={ROW} {render} {reveal} role="listbox" />
            }
        </Section>
    }
}

fn object_row(desk: &Desk, row: Row, number: usize) -> Html {
    let label = desk.ontology.label(row.label);
    let (name, color) = label.map_or_else(
        || (t!("label-unknown"), "#8b8d98".to_owned()),
        |label| (label.name.clone(), label.color.to_string()),
    );
    let name = format!("{name} {number}");
    let selected = desk.selection.contains(&row.id);
    let hidden = desk.hidden.contains(&row.id);
    let hovered = desk.hover == Some(row.id);
    let onclick = {
        let (desk, id) = (desk.clone(), row.id);
        Callback::from(move |event: MouseEvent| {
            let mut selection: Vec<_> = (*desk.selection).clone();
            if event.ctrl_key() || event.meta_key() || event.shift_key() {
                match selection.iter().position(|other| *other == id) {
                    Some(at) => drop(selection.remove(at)),
                    None => selection.push(id),
                }
            } else {
                selection = vec![id];
            }
            desk.engine.select(&selection);
        })
    };
    let onkeydown = {
        let (engine, id) = (desk.engine.clone(), row.id);
        Callback::from(move |event: KeyboardEvent| {
            let target = event.target_dyn_into::<HtmlElement>();
            match event.key().as_str() {
                "Enter" | " " => engine.select(&[id]),
                "ArrowDown" => focus_row(target.as_ref(), 1),
                "ArrowUp" => focus_row(target.as_ref(), -1),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let ondblclick = {
        let (engine, id) = (desk.engine.clone(), row.id);
        Callback::from(move |_: MouseEvent| engine.zoom_to(&[id]))
    };
    let hover = |over: bool| {
        let (engine, id) = (desk.engine.clone(), row.id);
        Callback::from(move |_: PointerEvent| engine.set_hover(over.then_some(id)))
    };
    let toggle = {
        let (desk, id) = (desk.clone(), row.id);
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            let mut set = (*desk.hidden).clone();
            if !set.remove(&id) {
                set.insert(id);
            }
            desk.set_hidden.emit(set);
        })
    };
    let remove = {
        let (desk, id) = (desk.clone(), row.id);
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            desk.edit(&[Edit::Delete(id)]);
        })
    };
    let shape = if row.kind == ShapeKind::Polygon {
        icon::PENTAGON
    } else {
        icon::SQUARE
    };
    let class = classes!(
        "object",
        selected.then_some("object-selected"),
        hovered.then_some("object-hover"),
        hidden.then_some("object-hidden")
    );
    html! {
        <div {class} role="option" aria-label={name.clone()} aria-selected={if selected { "true" } else { "false" }} {onclick} {ondblclick} {onkeydown} tabindex="0"
            onpointerenter={hover(true)} onpointerleave={hover(false)}>
            <span class="object-shape" style={format!("color:{color}")}>{ shape.html() }</span>
            <span class="grow ellipsis">{ &name }</span>
            <IconButton label={if hidden { t!("object-show", name = name.clone()) } else { t!("object-hide", name = name.clone()) }}
                icon={if hidden { icon::EYE_OFF } else { icon::EYE }} tip="left" class={classes!("object-action", hidden.then_some("object-action-on"))} onclick={toggle} />
            if desk.can_edit { <IconButton label={t!("object-delete", name = name)} icon={icon::TRASH_2} tip="left" class="object-action" onclick={remove} /> }
        </div>
    }
}

/// Moves the focus to the row above or below, as far as rows are drawn.
fn focus_row(row: Option<&HtmlElement>, step: i32) {
    let holder = row.and_then(|row| row.parent_element());
    let next = holder.and_then(|holder| match step {
        1 => holder.next_element_sibling(),
        _ => holder.previous_element_sibling(),
    });
    let next = next.and_then(|holder| holder.first_element_child());
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        // A row in the list takes focus.
        let _ = next.focus();
    }
}
