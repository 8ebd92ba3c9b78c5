//! Every shape in the photograph, as a list that follows the canvas and leads it.
//!
//! The list is a grid with one stop for the keyboard: arrow keys move through it and select, and
//! the buttons of the row that the keyboard is at follow with Tab.

mod filters;
mod row;

use super::bar::use_engine_tick;
use super::canvas_menu::{groups, select_for_menu};
use super::desk::Desk;
use super::objects::{Item, Order};
use super::section::Section;
use crate::commands::Commands;
use crate::components::context_menu::ContextMenu;
use crate::components::virtual_list::VirtualList;
use crate::components::{Button, IconButton, Menu, MenuItem, icon};
use crate::t;
use filters::Filters;
use row::line_html;
use visionflow_engine::EngineEvent;
use yew::prelude::*;

const ROW: f64 = 28.0;
/// How far PageUp and PageDown go.
const PAGE: isize = 10;

#[component]
pub fn ObjectsPanel() -> Html {
    let searching = use_state_eq(|| false);
    let Some(desk) = use_context::<Option<Desk>>().flatten() else {
        return html! {};
    };
    let objects = desk.objects.borrow();
    let (total, listed) = (objects.shape_count(), objects.listed_count());
    let narrows = objects.filter().narrows();
    let shows_filters = *searching || narrows;
    let toggle = {
        let (searching, desk) = (searching.clone(), desk.clone());
        Callback::from(move |_: MouseEvent| {
            searching.set(!shows_filters);
            if shows_filters {
                desk.refilter(|filter| {
                    *filter = super::objects::filter::Filter {
                        hidden_labels: std::mem::take(&mut filter.hidden_labels),
                        ..Default::default()
                    };
                });
            }
        })
    };
    let extra = html! {
        if total > 0 {
            if narrows { <span class="count">{ t!("objects-listed", n = listed as i64) }</span> }
            <OrderMenu desk={desk.clone()} order={objects.order()} />
            <IconButton label={t!("objects-filter")} icon={icon::FUNNEL} tip="left" pressed={Some(shows_filters)} class="small-icon" onclick={toggle} />
        }
    };
    html! {
        <Section id="objects" title={t!("objects-title")} count={Some(total)} {extra} fills=true>
            if shows_filters { <Filters desk={desk.clone()} version={desk.version} /> }
            <Missing desk={desk.clone()} count={objects.missing_count()} />
            if listed == 0 {
                <div class="panel-note"><p>{ empty_words(&desk, narrows) }</p></div>
            } else {
                <List desk={desk.clone()} />
            }
        </Section>
    }
}

fn empty_words(desk: &Desk, narrows: bool) -> String {
    match (narrows, desk.can_edit) {
        (true, _) => t!("objects-none-match"),
        (false, true) => t!("objects-empty"),
        (false, false) => t!("objects-empty-read-only"),
    }
}

#[derive(Properties, PartialEq)]
struct OrderMenuProps {
    desk: Desk,
    order: Order,
}

#[component]
fn OrderMenu(props: &OrderMenuProps) -> Html {
    let item = |order: Order, name: String| {
        let desk = props.desk.clone();
        let set = move || {
            desk.objects.borrow_mut().set_order(order, &desk.engine);
            desk.refresh.emit(());
        };
        MenuItem::new(name, icon::ARROW_DOWN_A_Z, set).checked(props.order == order)
    };
    let items = vec![
        item(Order::Oldest, t!("objects-oldest")),
        item(Order::Newest, t!("objects-newest")),
        item(Order::Label, t!("objects-by-label")),
    ];
    html! { <Menu label={t!("objects-order")} {items} align_right=true class="small-icon">{ icon::ARROW_DOWN_A_Z.html() }</Menu> }
}

#[derive(Properties, PartialEq)]
struct MissingProps {
    desk: Desk,
    count: usize,
}

/// How many objects lack a required attribute, with ways to them.
#[component]
fn Missing(props: &MissingProps) -> Html {
    if props.count == 0 {
        return html! {};
    }
    let next = {
        let desk = props.desk.clone();
        Callback::from(move |_: MouseEvent| desk.to_next_missing())
    };
    let list = {
        let desk = props.desk.clone();
        Callback::from(move |_: MouseEvent| {
            desk.refilter(|filter| filter.missing = !filter.missing);
        })
    };
    let listed = props.desk.objects.borrow().filter().missing;
    html! {
        <div class="missing" role="status">
            { icon::TRIANGLE_ALERT.html() }
            <button type="button" class="missing-words" aria-pressed={if listed { "true" } else { "false" }} title={t!("missing-list")} onclick={list}>
                { t!("missing-count", n = props.count as i64) }
            </button>
            <Button label={t!("missing-next")} small=true onclick={next} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ListProps {
    desk: Desk,
}

#[component]
fn List(props: &ListProps) -> Html {
    let desk = &props.desk;
    use_engine_tick(Some(&desk.engine), |event| {
        matches!(event, EngineEvent::Hover)
    });
    let commands = use_context::<Commands>().unwrap_or_default();
    let menu = use_state_eq(|| None::<(i32, i32)>);
    // The line that the keyboard is at, while it is not that of the selection.
    let cursor = use_state_eq(|| None::<usize>);
    let objects = desk.objects.borrow();
    let count = objects.line_count();
    let selected = desk.selection.last().and_then(|id| objects.line_of(*id));
    let at = cursor.filter(|line| *line < count).or(selected);
    {
        // The selection moved: the keyboard goes on from there.
        let cursor = cursor.setter();
        use_effect_with(selected, move |_| cursor.set(None));
    }
    let onkeydown = {
        let (desk, cursor) = (desk.clone(), cursor.setter());
        Callback::from(move |event: KeyboardEvent| {
            if move_by_key(&desk, &event, at, count, &cursor) {
                event.prevent_default();
            }
        })
    };
    let open_menu = {
        let (desk, menu) = (desk.clone(), menu.setter());
        Callback::from(move |(id, event): (_, MouseEvent)| {
            event.prevent_default();
            select_for_menu(&desk, Some(id));
            menu.set(Some((event.client_x(), event.client_y())));
        })
    };
    let close_menu = {
        let menu = menu.setter();
        use_callback((), move |(), ()| menu.set(None))
    };
    let render = {
        let (desk, open_menu) = (desk.clone(), open_menu.clone());
        Callback::from(move |line: usize| line_html(&desk, line, at == Some(line), &open_menu))
    };
    html! {
        <>
            <VirtualList label={t!("objects-title")} {count} row={ROW} {render} reveal={at} role="grid" {onkeydown}
                active={at.map(|line| AttrValue::from(format!("object-line-{line}")))} />
            if let Some((x, y)) = *menu {
                <ContextMenu label={t!("canvas-menu")} {x} {y} groups={groups(&commands, true)} onclose={close_menu} />
            }
        </>
    }
}

/// Moves through the list as a file manager does; whether the key was meant for it.
fn move_by_key(
    desk: &Desk,
    event: &KeyboardEvent,
    at: Option<usize>,
    count: usize,
    cursor: &UseStateSetter<Option<usize>>,
) -> bool {
    let last = count.saturating_sub(1);
    let step = |by: isize| at.map_or(0, |at| at.saturating_add_signed(by).min(last));
    let objects = desk.objects.borrow();
    let line = match event.key().as_str() {
        "ArrowDown" => step(1),
        "ArrowUp" => step(-1),
        "PageDown" => step(PAGE),
        "PageUp" => step(-PAGE),
        "Home" => 0,
        "End" => last,
        "Enter" | " " => {
            let item = at.and_then(|at| objects.line(at));
            drop(objects);
            match item {
                Some(Item::Object(id)) => desk.engine.zoom_to(&[id]),
                Some(Item::Head { label, .. }) => {
                    desk.objects.borrow_mut().fold(label);
                    desk.refresh.emit(());
                }
                None => return false,
            }
            return true;
        }
        _ => return false,
    };
    let item = objects.line(line);
    drop(objects);
    if let Some(Item::Object(id)) = item {
        let mut selection = if event.shift_key() {
            desk.engine.selection()
        } else {
            Vec::new()
        };
        selection.retain(|other| *other != id);
        selection.push(id);
        desk.engine.select(&selection);
    }
    cursor.set(Some(line));
    true
}
