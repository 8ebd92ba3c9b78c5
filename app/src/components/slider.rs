//! A number that is dragged, with what it is in words beside it.

use super::field::input_value;
use crate::t;
use yew::prelude::*;

/// A length in pixels, with a decimal only where it has one.
pub fn pixels(length: f64) -> String {
    let tenths = (length * 10.0).round() / 10.0;
    t!("pixels", n = tenths.to_string())
}

#[derive(Properties, PartialEq)]
pub struct SliderProps {
    pub label: AttrValue,
    pub min: f64,
    pub max: f64,
    pub step: f64,
    pub value: f64,
    /// The value with its unit.
    pub text: AttrValue,
    /// While it is dragged.
    pub onchange: Callback<f64>,
    #[prop_or_default]
    pub disabled: bool,
    /// A double click brings this value back.
    #[prop_or_default]
    pub usual: Option<f64>,
}

#[component]
pub fn Slider(props: &SliderProps) -> Html {
    let value = props.value;
    let oninput = props
        .onchange
        .reform(move |event: InputEvent| input_value(&event).parse().unwrap_or(value));
    let ondblclick = {
        let (onchange, usual) = (props.onchange.clone(), props.usual);
        Callback::from(move |_: MouseEvent| {
            if let Some(usual) = usual {
                onchange.emit(usual);
            }
        })
    };
    html! {
        <label class="slider">
            <span class="slider-label">{ &props.label }</span>
            <input type="range" min={props.min.to_string()} max={props.max.to_string()} step={props.step.to_string()} value={value.to_string()}
                aria-label={&props.label} aria-valuetext={&props.text} disabled={props.disabled} {oninput} {ondblclick} />
            <span class="slider-text" aria-hidden="true">{ &props.text }</span>
        </label>
    }
}
