//! One line of the list: an object, or the head of a label's objects.

use crate::components::{IconButton, icon};
use crate::pages::annotate::desk::Desk;
use crate::pages::annotate::names::kind_icon;
use crate::pages::annotate::objects::{Item, Row};
use crate::t;
use visionflow_engine::Edit;
use visionflow_model::{AnnotationId, LabelId, Ontology};
use yew::prelude::*;

type OpenMenu = Callback<(AnnotationId, MouseEvent)>;

pub fn line_html(desk: &Desk, line: usize, is_current: bool, menu: &OpenMenu) -> Html {
    let objects = desk.objects.borrow();
    match objects.line(line) {
        Some(Item::Object(id)) => {
            let Some(row) = objects.row(id) else {
                return html! {};
            };
            let name = objects.name(row);
            object(
                desk,
                line,
                row,
                &name,
                objects.is_hidden(id),
                is_current,
                menu,
            )
        }
        Some(Item::Head {
            label,
            count,
            folded,
        }) => {
            let hidden = objects.filter().hidden_labels.contains(&label);
            head(desk, line, label, (count, folded, hidden), is_current)
        }
        None => html! {},
    }
}

fn name_and_color(ontology: &Ontology, label: LabelId) -> (String, String) {
    let label = ontology.label(label);
    label.map_or_else(
        || (t!("label-unknown"), "#8b8d98".to_owned()),
        |label| (label.name.clone(), label.color.to_string()),
    )
}

fn object(
    desk: &Desk,
    line: usize,
    row: &Row,
    name: &str,
    hidden: bool,
    is_current: bool,
    menu: &OpenMenu,
) -> Html {
    let id = row.id;
    let (_, color) = name_and_color(&desk.ontology, row.label);
    let selected = desk.selection.contains(id);
    let onclick = {
        let desk = desk.clone();
        Callback::from(move |event: MouseEvent| select(&desk, id, &event))
    };
    let ondblclick = {
        let engine = desk.engine.clone();
        Callback::from(move |_: MouseEvent| engine.zoom_to(&[id]))
    };
    let oncontextmenu = menu.reform(move |event: MouseEvent| (id, event));
    let hover = |over: bool| {
        let engine = desk.engine.clone();
        Callback::from(move |_: PointerEvent| engine.set_hover(over.then_some(id)))
    };
    let class = classes!(
        "object",
        selected.then_some("object-selected"),
        (desk.engine.hover() == Some(id)).then_some("object-hover"),
        hidden.then_some("object-hidden"),
        is_current.then_some("object-current"),
    );
    html! {
        <div {class} id={format!("object-line-{line}")} role="row" aria-rowindex={(line + 1).to_string()} aria-label={name.to_owned()} aria-selected={if selected { "true" } else { "false" }}
            {onclick} {ondblclick} {oncontextmenu} onpointerenter={hover(true)} onpointerleave={hover(false)}>
            <span role="gridcell" class="object-name">
                <span class="object-shape" style={format!("color:{color}")}>{ kind_icon(row.kind).html() }</span>
                <span class="grow ellipsis">{ name }</span>
                if row.missing { <span class="object-missing" title={t!("missing-one")}>{ icon::TRIANGLE_ALERT.html() }</span> }
            </span>
            <span role="gridcell" class="object-actions">{ actions(desk, row, name, hidden, is_current) }</span>
        </div>
    }
}

fn select(desk: &Desk, id: AnnotationId, event: &MouseEvent) {
    if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
        desk.engine.select(&[id]);
        return;
    }
    let mut selection = desk.engine.selection();
    match selection.iter().position(|other| *other == id) {
        Some(at) => drop(selection.remove(at)),
        None => selection.push(id),
    }
    desk.engine.select(&selection);
}

/// Lock, hide, delete; by Tab only in the row that the keyboard is at.
fn actions(desk: &Desk, row: &Row, name: &str, hidden: bool, is_current: bool) -> Html {
    let id = row.id;
    let on = |act: fn(&Desk, AnnotationId)| {
        let desk = desk.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            act(&desk, id);
        })
    };
    let lock = if row.locked {
        on(|desk, id| desk.edit(&[Edit::SetLocked(id, false)]))
    } else {
        on(|desk, id| desk.edit(&[Edit::SetLocked(id, true)]))
    };
    let hide = if hidden {
        on(|desk, id| desk.hide(&[id], false))
    } else {
        on(|desk, id| desk.hide(&[id], true))
    };
    let remove = on(|desk, id| desk.edit(&[Edit::Delete(id)]));
    let class = |on: bool| classes!("object-action", on.then_some("object-action-on"));
    let name = name.to_owned();
    let (lock_label, lock_icon) = if row.locked {
        (t!("object-unlock", name = name.clone()), icon::LOCK)
    } else {
        (t!("object-lock", name = name.clone()), icon::LOCK_OPEN)
    };
    let (hide_label, hide_icon) = if hidden {
        (t!("object-show", name = name.clone()), icon::EYE_OFF)
    } else {
        (t!("object-hide", name = name.clone()), icon::EYE)
    };
    let tabs = is_current;
    html! {
        <>
            if desk.can_edit || row.locked { <IconButton label={lock_label} icon={lock_icon} tip="left" class={class(row.locked)} disabled={!desk.can_edit} {tabs} onclick={lock} /> }
            <IconButton label={hide_label} icon={hide_icon} tip="left" class={class(hidden)} {tabs} onclick={hide} />
            if desk.can_edit && !row.locked { <IconButton label={t!("object-delete", name = name)} icon={icon::TRASH_2} tip="left" class="object-action" {tabs} onclick={remove} /> }
        </>
    }
}

fn head(
    desk: &Desk,
    line: usize,
    label: LabelId,
    (count, folded, hidden): (usize, bool, bool),
    is_current: bool,
) -> Html {
    let (name, color) = name_and_color(&desk.ontology, label);
    let fold = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| {
            desk.objects.borrow_mut().fold(label);
            desk.refresh.emit(());
        })
    };
    let on = |act: Box<dyn Fn(&Desk)>| {
        let desk = desk.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            act(&desk);
        })
    };
    let hide = on(Box::new(move |desk| desk.hide_label(label, !hidden)));
    let select = on(Box::new(move |desk| {
        let all = desk.objects.borrow().of_label(label);
        desk.engine.select(&all);
    }));
    let lock = on(Box::new(move |desk| {
        let all = desk.objects.borrow().of_label(label);
        let edits: Vec<Edit> = all
            .into_iter()
            .map(|id| Edit::SetLocked(id, true))
            .collect();
        desk.edit(&edits);
    }));
    let tabs = is_current;
    let class = classes!(
        "object",
        "object-head",
        hidden.then_some("object-hidden"),
        is_current.then_some("object-current")
    );
    html! {
        <div {class} id={format!("object-line-{line}")} role="row" aria-rowindex={(line + 1).to_string()} aria-label={name.clone()}
            aria-expanded={if folded { "false" } else { "true" }} onclick={fold}>
            <span role="gridcell" class="object-name">
                { if folded { icon::CHEVRON_RIGHT.html() } else { icon::CHEVRON_DOWN.html() } }
                <span class="dot" style={format!("background:{color}")} />
                <span class="grow ellipsis">{ &name }</span><span class="count">{ count }</span>
            </span>
            <span role="gridcell" class="object-actions">
                <IconButton label={t!("label-select-all", name = name.clone())} icon={icon::SQUARE_DASHED_MOUSE_POINTER} tip="left" class="object-action" {tabs} onclick={select} />
                if desk.can_edit { <IconButton label={t!("object-lock", name = name.clone())} icon={icon::LOCK_OPEN} tip="left" class="object-action" {tabs} onclick={lock} /> }
                <IconButton label={if hidden { t!("object-show", name = name.clone()) } else { t!("object-hide", name = name) }} icon={if hidden { icon::EYE_OFF } else { icon::EYE }}
                    tip="left" class={classes!("object-action", hidden.then_some("object-action-on"))} {tabs} onclick={hide} />
            </span>
        </div>
    }
}
