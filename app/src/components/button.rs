//! Buttons: one with words, one with an icon and a name.

use super::icon::Icon;
use super::kbd::spoken_keys;
use yew::prelude::*;

/// How much a button asks for attention.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Primary,
    Quiet,
    Danger,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "button-plain",
            Self::Primary => "button-primary",
            Self::Quiet => "button-quiet",
            Self::Danger => "button-danger",
        }
    }
}

// Each switch is a property of its own in markup, as in HTML.
#[allow(clippy::struct_excessive_bools)]
#[derive(Properties, PartialEq)]
pub struct ButtonProps {
    pub label: AttrValue,
    #[prop_or_default]
    pub icon: Option<Icon>,
    #[prop_or_default]
    pub tone: Tone,
    #[prop_or_default]
    pub disabled: bool,
    /// Shows a spinner and takes no clicks.
    #[prop_or_default]
    pub busy: bool,
    /// Submits the form around it.
    #[prop_or_default]
    pub submit: bool,
    #[prop_or_default]
    pub small: bool,
    #[prop_or_default]
    pub wide: bool,
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub node: NodeRef,
}

#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let class = classes!(
        "button",
        props.tone.class(),
        props.small.then_some("button-small"),
        props.wide.then_some("button-wide"),
    );
    let kind = if props.submit { "submit" } else { "button" };
    html! {
        <button ref={props.node.clone()} type={kind} {class} disabled={props.disabled || props.busy}
            aria-busy={props.busy.then_some("true")} onclick={props.onclick.clone()}>
            if props.busy {
                <span class="spinner" />
            } else if let Some(icon) = props.icon {
                { icon.html() }
            }
            <span>{ &props.label }</span>
        </button>
    }
}

#[derive(Properties, PartialEq)]
pub struct IconButtonProps {
    /// The accessible name, also the tooltip.
    pub label: AttrValue,
    pub icon: Icon,
    /// Shown in the tooltip, in the notation of `commands`.
    #[prop_or_default]
    pub keys: Option<AttrValue>,
    /// For a button that stays pressed.
    #[prop_or_default]
    pub pressed: Option<bool>,
    #[prop_or_default]
    pub disabled: bool,
    #[prop_or_default]
    pub class: Classes,
    /// Where the tooltip appears: `right`, `below` (default), `left` or `above`.
    #[prop_or("below".into())]
    pub tip: AttrValue,
    /// Whether Tab stops here.
    #[prop_or(true)]
    pub tabs: bool,
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
}

#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    let class = classes!("icon-button", "has-tip", props.class.clone());
    html! {
        <button type="button" {class} aria-label={&props.label} disabled={props.disabled}
            tabindex={(!props.tabs).then_some("-1")} aria-pressed={props.pressed.map(|on| if on { "true" } else { "false" })}
            aria-keyshortcuts={props.keys.as_deref().map(spoken_keys)}
            onclick={props.onclick.clone()}>
            { props.icon.html() }
            <span class={classes!("tip", format!("tip-{}", props.tip))} aria-hidden="true">
                { &props.label }
                if let Some(keys) = &props.keys { <super::Keys keys={keys.clone()} /> }
            </span>
        </button>
    }
}
