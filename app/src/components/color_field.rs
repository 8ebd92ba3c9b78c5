//! A colour: a swatch that opens a palette, with any other colour by number.

use super::menu::use_dismiss;
use crate::t;
use visionflow_model::Color;
use yew::prelude::*;

/// Distinct hues that stand out on photographs; new labels take them in turn.
pub const PALETTE: [&str; 16] = [
    "#e5484d", "#3e9bff", "#30a46c", "#ffb224", "#ab4aba", "#12a594", "#f76b15", "#6e56cf",
    "#e93d82", "#46a758", "#00a2c7", "#ffe629", "#d6409f", "#5b5bd6", "#bdee63", "#a18072",
];

/// The colour of the `n`th new label.
pub fn palette_color(n: usize) -> Color {
    PALETTE[n % PALETTE.len()]
        .parse()
        .unwrap_or(Color::new(0x3e, 0x9b, 0xff))
}

#[derive(Properties, PartialEq)]
pub struct ColorFieldProps {
    pub label: AttrValue,
    pub value: Color,
    pub onchange: Callback<Color>,
    #[prop_or_default]
    pub disabled: bool,
}

#[component]
pub fn ColorField(props: &ColorFieldProps) -> Html {
    let label = &props.label;
    let value = props.value;
    let onchange = &props.onchange;
    let disabled = props.disabled;
    let open = use_state_eq(|| false);
    let node = use_node_ref();
    let close = {
        let open = open.clone();
        use_callback((), move |(), ()| open.set(false))
    };
    use_dismiss(node.clone(), *open, close.clone());
    let toggle = {
        let open = open.clone();
        move |_| open.set(!*open)
    };
    let pick = |hex: &'static str| {
        let (onchange, close) = (onchange.clone(), close.clone());
        let onclick = move |_| {
            if let Ok(color) = hex.parse() {
                onchange.emit(color);
            }
            close.emit(());
        };
        let chosen = value.to_string() == hex;
        html! {
            <button type="button" class="swatch" style={format!("background:{hex}")} aria-label={hex} {onclick}
                aria-pressed={if chosen { "true" } else { "false" }} />
        }
    };
    let other = onchange.reform(move |event: Event| {
        let input = event.target_dyn_into::<web_sys::HtmlInputElement>();
        input
            .and_then(|input| input.value().parse().ok())
            .unwrap_or(value)
    });
    html! {
        <span ref={node} class="color-field">
            <button type="button" class="swatch" style={format!("background:{value}")} aria-label={label.clone()} onclick={toggle}
                {disabled} aria-expanded={if *open { "true" } else { "false" }} />
            if *open {
                <div class="popover color-popover" role="dialog" aria-label={label.clone()}>
                    <div class="swatches">{ for PALETTE.iter().map(|hex| pick(hex)) }</div>
                    <label class="color-other">
                        <input type="color" value={value.to_string()} onchange={other} aria-label={t!("color-other")} />
                        <span>{ t!("color-other") }</span>
                        <code>{ value.to_string() }</code>
                    </label>
                </div>
            }
        </span>
    }
}
