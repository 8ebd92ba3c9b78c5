//! Stroke, fill, opacity and width: of a label, or of an annotation over its label.

use super::color_field::ColorField;
use super::icon;
use super::slider::pixels;
use super::{IconButton, Slider};
use crate::t;
use visionflow_model::{Color, Style};
use yew::prelude::*;

/// What the engine paints where nobody says otherwise.
const USUAL_OPACITY: f32 = 0.16;
const USUAL_WIDTH: f32 = 2.0;

#[derive(Properties, PartialEq)]
pub struct StyleFieldsProps {
    pub style: Style,
    /// What holds where `style` says nothing.
    #[prop_or_default]
    pub below: Style,
    /// The label's own colour, the last resort.
    pub color: Option<Color>,
    #[prop_or_default]
    pub disabled: bool,
    pub onchange: Callback<Style>,
}

#[component]
pub fn StyleFields(props: &StyleFieldsProps) -> Html {
    let (style, disabled) = (props.style, props.disabled);
    let shown = style.over(props.below);
    let fallback = props.color.unwrap_or(Color::new(0x3e, 0x9b, 0xff));
    let set = |change: fn(&mut Style, Option<Color>)| {
        let onchange = props.onchange.clone();
        Callback::from(move |color: Color| {
            let mut style = style;
            change(&mut style, Some(color));
            onchange.emit(style);
        })
    };
    let number = |change: fn(&mut Style, f32)| {
        let onchange = props.onchange.clone();
        Callback::from(move |value: f64| {
            let mut style = style;
            change(&mut style, value as f32);
            onchange.emit(style);
        })
    };
    let clear = |is_set: bool, name: String, change: fn(&mut Style)| {
        let onchange = props.onchange.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            let mut style = style;
            change(&mut style);
            onchange.emit(style);
        });
        html! {
            if is_set && !disabled { <IconButton label={t!("style-clear", name = name)} icon={icon::ROTATE_CCW} tip="left" class="small-icon" {onclick} /> }
        }
    };
    let opacity = shown.opacity.unwrap_or(USUAL_OPACITY);
    let width = shown.width.unwrap_or(USUAL_WIDTH);
    let percent = f64::from((opacity * 100.0).round());
    html! {
        <div class="style-fields">
            <div class="style-row"><span class="grow">{ t!("style-stroke") }</span>
                { clear(style.stroke.is_some(), t!("style-stroke"), |style| style.stroke = None) }
                <ColorField label={t!("style-stroke")} value={shown.stroke.unwrap_or(fallback)} {disabled} onchange={set(|style, color| style.stroke = color)} /></div>
            <div class="style-row"><span class="grow">{ t!("style-fill") }</span>
                { clear(style.fill.is_some(), t!("style-fill"), |style| style.fill = None) }
                <ColorField label={t!("style-fill")} value={shown.fill.unwrap_or(fallback)} {disabled} onchange={set(|style, color| style.fill = color)} /></div>
            <div class="style-row">
                <Slider label={t!("style-opacity")} min=0.0 max=100.0 step=1.0 value={percent} text={t!("percent", n = percent)} {disabled}
                    onchange={number(|style, value| style.opacity = Some((value / 100.0).clamp(0.0, 1.0)))} />
                { clear(style.opacity.is_some(), t!("style-opacity"), |style| style.opacity = None) }
            </div>
            <div class="style-row">
                <Slider label={t!("style-width")} min=0.5 max=12.0 step=0.5 value={f64::from(width)} text={pixels(f64::from(width))} {disabled}
                    onchange={number(|style, value| style.width = Some(value))} />
                { clear(style.width.is_some(), t!("style-width"), |style| style.width = None) }
            </div>
        </div>
    }
}
