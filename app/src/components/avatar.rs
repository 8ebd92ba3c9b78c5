//! A person as a disc with initials, in a colour that follows from their id.

use yew::prelude::*;

/// Radix hues dark enough for white text at AA; the same person, the same colour.
const COLORS: [&str; 16] = [
    "#3e63dd", "#ab4aba", "#0077c2", "#cb1d63", "#218358", "#cc4e00", "#6e56cf", "#0b7285",
    "#9d5425", "#c2298a", "#5b5bd6", "#ca244d", "#2b7a3d", "#8145b5", "#ad5700", "#007a66",
];

/// The colour of whoever has this id, `#rrggbb`.
pub fn color_of(id: &str) -> &'static str {
    // FNV-1a; ids made in the same moment differ in their last bytes only.
    let sum = id.bytes().fold(0x811c_9dc5_u32, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let sum = sum ^ (sum >> 15);
    COLORS[sum as usize % COLORS.len()]
}

/// At most two letters: of the first and the last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[derive(Properties, PartialEq)]
pub struct AvatarProps {
    pub name: AttrValue,
    pub id: AttrValue,
    #[prop_or_default]
    pub color: Option<AttrValue>,
    #[prop_or_default]
    pub large: bool,
}

#[component]
pub fn Avatar(props: &AvatarProps) -> Html {
    let name = &props.name;
    let id = &props.id;
    let color = &props.color;
    let large = props.large;
    let color = color
        .clone()
        .unwrap_or_else(|| AttrValue::Static(color_of(id)));
    let class = classes!("avatar", large.then_some("avatar-large"));
    html! {
        <span {class} style={format!("background:{color}")} role="img" aria-label={name.clone()} title={name.clone()}>
            { initials(name) }
        </span>
    }
}

/// So many of a crowd are shown.
const SHOWN: usize = 5;

/// People side by side, each an `li`: of a crowd the first, and how many more there are.
pub fn crowd(class: &'static str, label: Option<String>, people: Vec<Html>) -> Html {
    let more = people.len().saturating_sub(SHOWN);
    html! {
        <ul class={classes!("presence", class)} aria-label={label}>
            { for people.into_iter().take(SHOWN) }
            if more > 0 { <li class="presence-more">{ format!("+{more}") }</li> }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        assert_eq!(initials("Ada King Lovelace"), "AL");
        assert_eq!(initials("ada"), "A");
        assert_eq!(initials("  "), "");
    }
}
