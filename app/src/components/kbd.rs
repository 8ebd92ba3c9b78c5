//! Keys as little caps: `Mod+Shift+Z` reads ⌘⇧Z on a Mac and Ctrl Shift Z elsewhere.

use crate::browser;
use yew::prelude::*;

/// What `aria-keyshortcuts` wants.
pub fn spoken_keys(keys: &str) -> String {
    keys.replace("Mod", if browser::is_mac() { "Meta" } else { "Control" })
}

fn caps(keys: &str) -> Vec<String> {
    let mac = browser::is_mac();
    let cap = |part: &str| match part {
        "Mod" if mac => "⌘".to_owned(),
        "Mod" => "Ctrl".to_owned(),
        "Shift" => "⇧".to_owned(),
        "Alt" if mac => "⌥".to_owned(),
        "ArrowLeft" => "←".to_owned(),
        "ArrowRight" => "→".to_owned(),
        "ArrowUp" => "↑".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "Escape" => "Esc".to_owned(),
        "Delete" => "Del".to_owned(),
        "Plus" => "+".to_owned(),
        "Space" => "Space".to_owned(),
        part if part.chars().count() == 1 => part.to_uppercase(),
        part => part.to_owned(),
    };
    keys.split('+').map(cap).collect()
}

#[derive(Properties, PartialEq)]
pub struct KeysProps {
    pub keys: AttrValue,
}

#[component]
pub fn Keys(props: &KeysProps) -> Html {
    let keys = &props.keys;
    html! {
        <span class="keys" aria-hidden="true">{ for caps(keys).into_iter().map(|cap| html! { <kbd>{ cap }</kbd> }) }</span>
    }
}
