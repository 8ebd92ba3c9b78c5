//! Lists and grids that only hold what can be seen, so that ten thousand rows cost like forty.

use super::resize::use_resized;
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Rows kept beyond each edge, so that a quick scroll shows no gap.
const OVERSCAN: usize = 3;

#[derive(Clone, Copy, Default, PartialEq)]
struct Viewport {
    width: f64,
    height: f64,
    scroll: f64,
}

/// The size of the scrolling element and how far it is scrolled along its axis, in CSS pixels.
#[hook]
fn use_viewport(node: NodeRef, horizontal: bool) -> (Viewport, Callback<Event>) {
    let viewport = use_state_eq(Viewport::default);
    let measure: Rc<dyn Fn(&HtmlElement)> = {
        let viewport = viewport.setter();
        Rc::new(move |element| {
            let scroll = if horizontal {
                element.scroll_left()
            } else {
                element.scroll_top()
            };
            viewport.set(Viewport {
                width: f64::from(element.client_width()),
                height: f64::from(element.client_height()),
                scroll: f64::from(scroll),
            });
        })
    };
    let onscroll = {
        let (node, measure) = (node.clone(), measure.clone());
        Callback::from(move |_: Event| {
            if let Some(element) = node.cast::<HtmlElement>() {
                measure(&element);
            }
        })
    };
    use_resized(node, measure);
    (*viewport, onscroll)
}

/// Scrolls so that `[start, start + size)` along the axis is inside the viewport.
fn reveal(node: &NodeRef, horizontal: bool, start: f64, size: f64) {
    let Some(element) = node.cast::<HtmlElement>() else {
        return;
    };
    let (scroll, length) = if horizontal {
        (element.scroll_left(), element.client_width())
    } else {
        (element.scroll_top(), element.client_height())
    };
    let (scroll, length) = (f64::from(scroll), f64::from(length));
    let target = if horizontal {
        // The filmstrip keeps the current photograph in its middle.
        start - (length - size) / 2.0
    } else if start < scroll {
        start
    } else if start + size > scroll + length {
        start + size - length
    } else {
        return;
    };
    if horizontal {
        element.set_scroll_left(target.max(0.0) as i32);
    } else {
        element.set_scroll_top(target.max(0.0) as i32);
    }
}

#[derive(Properties, PartialEq)]
pub struct VirtualListProps {
    pub label: AttrValue,
    pub count: usize,
    /// The length of one row along the axis, CSS pixels.
    pub row: f64,
    pub render: Callback<usize, Html>,
    #[prop_or_default]
    pub horizontal: bool,
    /// Brought into view whenever it changes.
    #[prop_or_default]
    pub reveal: Option<usize>,
    /// Called when the last rows come into view.
    #[prop_or_default]
    pub onend: Callback<()>,
    #[prop_or_default]
    pub class: Classes,
    #[prop_or("list".into())]
    pub role: AttrValue,
    /// The row that the keyboard is at: with it, the list is one stop for Tab.
    #[prop_or_default]
    pub active: Option<AttrValue>,
    #[prop_or_default]
    pub onkeydown: Callback<KeyboardEvent>,
}

#[component]
pub fn VirtualList(props: &VirtualListProps) -> Html {
    let node = use_node_ref();
    let (view, onscroll) = use_viewport(node.clone(), props.horizontal);
    let length = if props.horizontal {
        view.width
    } else {
        view.height
    };
    let first = ((view.scroll / props.row) as usize).saturating_sub(OVERSCAN);
    let last = (((view.scroll + length) / props.row).ceil() as usize + OVERSCAN).min(props.count);
    {
        let (node, horizontal, row) = (node.clone(), props.horizontal, props.row);
        // Also when the list has become shorter: what was in view may not be any more.
        use_effect_with((props.reveal, length as u32), move |(index, length)| {
            if let Some(index) = index.filter(|_| *length > 0) {
                reveal(&node, horizontal, index as f64 * row, row);
            }
        });
    }
    {
        let onend = props.onend.clone();
        use_effect_with(
            (last == props.count && length > 0.0, props.count),
            move |(at_end, _)| {
                if *at_end {
                    onend.emit(());
                }
            },
        );
    }
    let total = props.count as f64 * props.row;
    let place = |index: usize| {
        let at = index as f64 * props.row;
        if props.horizontal {
            format!("left:{at}px;width:{}px", props.row)
        } else {
            format!("top:{at}px;height:{}px", props.row)
        }
    };
    let extent = if props.horizontal {
        format!("width:{total}px")
    } else {
        format!("height:{total}px")
    };
    let class = classes!(
        "virtual",
        props.horizontal.then_some("virtual-horizontal"),
        props.class.clone()
    );
    let is_grid = props.role == "grid";
    let row_role = if props.role == "list" {
        "listitem"
    } else {
        "presentation"
    };
    html! {
        <div ref={node} {class} {onscroll} tabindex="-1">
            <div class="virtual-inner" style={extent} role={&props.role} aria-label={&props.label} tabindex={is_grid.then_some("0")}
                aria-rowcount={is_grid.then(|| props.count.to_string())} aria-activedescendant={props.active.clone()} onkeydown={props.onkeydown.clone()}>
                { for (first..last).map(|index| html! {
                    <div key={index} class="virtual-row" style={place(index)} role={row_role}>{ props.render.emit(index) }</div>
                }) }
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct VirtualGridProps {
    pub label: AttrValue,
    pub count: usize,
    /// Tiles are at least so wide, CSS pixels.
    pub min_width: f64,
    /// What a tile is higher than its picture, which is `ratio` times as high as wide.
    pub caption: f64,
    pub ratio: f64,
    pub render: Callback<usize, Html>,
    #[prop_or_default]
    pub onend: Callback<()>,
}

const GAP: f64 = 12.0;
const PADDING: f64 = 16.0;

#[component]
pub fn VirtualGrid(props: &VirtualGridProps) -> Html {
    let node = use_node_ref();
    let (view, onscroll) = use_viewport(node.clone(), false);
    let inner = (view.width - 2.0 * PADDING).max(1.0);
    let columns = (((inner + GAP) / (props.min_width + GAP)) as usize).max(1);
    let width = (inner - GAP * (columns - 1) as f64) / columns as f64;
    let row = (width * props.ratio).round() + props.caption + GAP;
    let rows = props.count.div_ceil(columns);
    let first = (((view.scroll - PADDING) / row).max(0.0) as usize).saturating_sub(OVERSCAN - 1);
    let last = (((view.scroll + view.height) / row).ceil() as usize + OVERSCAN - 1).min(rows);
    let measured = view.width > 0.0;
    {
        let onend = props.onend.clone();
        use_effect_with(
            (last == rows && measured, props.count),
            move |(at_end, _)| {
                if *at_end {
                    onend.emit(());
                }
            },
        );
    }
    let shown = if measured {
        first * columns..(last * columns).min(props.count)
    } else {
        0..0
    };
    let place = |index: usize| {
        let (x, y) = ((index % columns) as f64, (index / columns) as f64);
        format!(
            "left:{}px;top:{}px;width:{width}px;height:{}px",
            PADDING + x * (width + GAP),
            PADDING + y * row,
            row - GAP,
        )
    };
    let extent = format!("height:{}px", rows as f64 * row + 2.0 * PADDING - GAP);
    html! {
        <div ref={node} class="virtual" {onscroll} tabindex="-1">
            <div class="virtual-inner" style={extent} role="list" aria-label={&props.label}>
                { for shown.map(|index| html! {
                    <div key={index} class="virtual-tile" style={place(index)} role="listitem">{ props.render.emit(index) }</div>
                }) }
            </div>
        </div>
    }
}
