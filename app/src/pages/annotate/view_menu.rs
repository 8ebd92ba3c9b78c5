//! How the photograph is shown: light, channels, window and level, grid, crosshair, labels.
//!
//! A popover beside its button; what is dragged shows on the canvas at once.

use super::commands::USUAL_GRID;
use super::desk::Desk;
use super::settings::{ChannelName, ViewSettings};
use crate::commands::{Spec, spec};
use crate::components::menu::use_dismiss;
use crate::components::slider::pixels;
use crate::components::{Button, Checkbox, IconButton, Keys, SelectField, Slider, icon};
use crate::t;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ViewMenuProps {
    pub desk: Desk,
}

#[component]
pub fn ViewMenu(props: &ViewMenuProps) -> Html {
    let open = use_state_eq(|| false);
    let node = use_node_ref();
    let close = {
        let open = open.setter();
        use_callback((), move |(), ()| open.set(false))
    };
    use_dismiss(node.clone(), *open, close);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let view = &props.desk.settings.view;
    let class = classes!((!view.is_usual()).then_some("view-changed"));
    html! {
        <div ref={node} class="view-menu">
            <IconButton label={t!("view-menu")} icon={icon::CONTRAST} pressed={Some(*open)} {class} onclick={toggle} />
            if *open { <ViewPanel desk={props.desk.clone()} /> }
        </div>
    }
}

#[component]
fn ViewPanel(props: &ViewMenuProps) -> Html {
    let settings = &props.desk.settings;
    let view = &settings.view;
    let reset = {
        let set_view = settings.set_view.clone();
        Callback::from(move |_: MouseEvent| set_view.emit(ViewSettings::default()))
    };
    html! {
        <div class="popover view-panel" role="dialog" aria-label={t!("view-menu")}>
            { light(&props.desk) }
            { channel(&props.desk) }
            { window(&props.desk) }
            <hr />
            { grid(&props.desk) }
            { switch(&props.desk, "view-crosshair", spec::VIEW_CROSSHAIR, view.crosshair, |view, on| view.crosshair = on) }
            { switch(&props.desk, "view-names", spec::VIEW_NAMES, view.names, |view, on| view.names = on) }
            { switch(&props.desk, "view-outline", spec::VIEW_OUTLINE, view.outline, |view, on| view.outline = on) }
            <Button label={t!("view-reset")} icon={icon::ROTATE_CCW} small=true disabled={view.is_usual()} onclick={reset} />
        </div>
    }
}

/// A callback that changes one thing about the view.
fn set<V: 'static>(desk: &Desk, change: fn(&mut ViewSettings, V)) -> Callback<V> {
    let settings = desk.settings.clone();
    Callback::from(move |value: V| {
        let mut view = settings.view.clone();
        change(&mut view, value);
        settings.set_view.emit(view);
    })
}

fn light(desk: &Desk) -> Html {
    let view = &desk.settings.view;
    let percent = |value: f32| f64::from((value * 100.0).round());
    let signed = |value: f64| AttrValue::from(format!("{value:+.0}"));
    html! {
        <>
            <Slider label={t!("view-brightness")} min={-100.0} max=100.0 step=1.0 usual={Some(0.0)} value={percent(view.brightness)} text={signed(percent(view.brightness))}
                onchange={set(desk, |view, at: f64| view.brightness = (at / 100.0) as f32)} />
            <Slider label={t!("view-contrast")} min={-100.0} max=100.0 step=1.0 usual={Some(0.0)} value={percent(view.contrast)} text={signed(percent(view.contrast))}
                onchange={set(desk, |view, at: f64| view.contrast = (at / 100.0) as f32)} />
            <Slider label={t!("view-gamma")} min={-1.0} max=1.0 step=0.02 usual={Some(0.0)} value={f64::from(view.gamma.log(5.0))} text={format!("{:.2}", view.gamma)}
                onchange={set(desk, |view, at: f64| view.gamma = 5.0_f64.powf(at) as f32)} />
            { switch(desk, "view-invert", spec::VIEW_INVERT, view.invert, |view, on| view.invert = on) }
        </>
    }
}

fn channel(desk: &Desk) -> Html {
    let options =
        ChannelName::ALL.map(|channel| (AttrValue::from(channel.key()), t!(channel.key()).into()));
    let onchange = set(desk, |view, key: String| {
        let found = ChannelName::ALL
            .into_iter()
            .find(|channel| channel.key() == key);
        view.channel = found.unwrap_or_default();
    });
    html! {
        <div class="view-row"><span class="grow">{ t!("view-channel") }</span>
            <SelectField label={t!("view-channel")} value={desk.settings.view.channel.key()} options={options.to_vec()} {onchange} /></div>
    }
}

/// Window and level: which of the photograph's values are spread from black to white.
fn window(desk: &Desk) -> Html {
    let (low, high) = desk.settings.view.window.unwrap_or((0.0, 1.0));
    let (width, level) = (high - low, f32::midpoint(high, low));
    let text = |value: f32| AttrValue::from(format!("{:.1} %", value * 100.0));
    let spread = |width: f32, level: f32| {
        let (low, high) = (
            (level - width / 2.0).max(0.0),
            (level + width / 2.0).min(1.0),
        );
        ((low, high) != (0.0, 1.0)).then_some((low, high.max(low + 0.002)))
    };
    let to = |read: Box<dyn Fn(f32) -> Option<(f32, f32)>>| {
        let settings = desk.settings.clone();
        Callback::from(move |at: f64| {
            let mut view = settings.view.clone();
            view.window = read((at / 100.0) as f32);
            settings.set_view.emit(view);
        })
    };
    html! {
        <>
            <Slider label={t!("view-window")} min=0.5 max=100.0 step=0.5 usual={Some(100.0)} value={f64::from(width * 100.0)} text={text(width)}
                onchange={to(Box::new(move |width| spread(width, level)))} />
            <Slider label={t!("view-level")} min=0.0 max=100.0 step=0.5 usual={Some(50.0)} value={f64::from(level * 100.0)} text={text(level)}
                onchange={to(Box::new(move |level| spread(width.min(0.98), level)))} />
        </>
    }
}

fn grid(desk: &Desk) -> Html {
    let distance = desk.settings.view.grid;
    let onchange = set(desk, |view, at: f64| view.grid = Some(at.exp2().round()));
    html! {
        <>
            { switch(desk, "view-grid", spec::VIEW_GRID, distance.is_some(), |view, on: bool| view.grid = on.then_some(USUAL_GRID)) }
            if let Some(distance) = distance {
                <Slider label={t!("view-grid-distance")} min=2.0 max=10.0 step=0.5 value={distance.log2()} text={pixels(distance)} {onchange} />
            }
        </>
    }
}

fn switch(
    desk: &Desk,
    name: &'static str,
    command: Spec,
    on: bool,
    change: fn(&mut ViewSettings, bool),
) -> Html {
    html! {
        <div class="view-row"><Checkbox label={t!(name)} checked={on} onchange={set(desk, change)} /><span class="grow" />
            if let Some(keys) = command.key() { <Keys {keys} /> }</div>
    }
}
