//! How keys are written and recognised: `Mod+Shift+z`, where `Mod` is ⌘ on a Mac and Ctrl
//! elsewhere and the last part is `KeyboardEvent.key`.

use crate::browser;
use web_sys::KeyboardEvent;

/// Keys that only change what other keys mean.
const MODIFIERS: [&str; 6] = ["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock"];

/// One way to write a combination, in parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chord<'a> {
    pub command: bool,
    pub shift: bool,
    pub alt: bool,
    pub key: &'a str,
}

/// Reads `Mod+Shift+z`.
pub fn parse(keys: &str) -> Chord<'_> {
    let mut chord = Chord::default();
    for part in keys.split('+') {
        match part {
            "Mod" => chord.command = true,
            "Shift" => chord.shift = true,
            "Alt" => chord.alt = true,
            part => chord.key = part,
        }
    }
    chord
}

/// Whether two ways to write keys are the same combination.
pub fn same(a: &str, b: &str) -> bool {
    let (a, b) = (parse(a), parse(b));
    (a.command, a.shift, a.alt) == (b.command, b.shift, b.alt) && a.key.eq_ignore_ascii_case(b.key)
}

/// Whether `keys` is what the event says.
pub fn is_pressed(keys: &str, event: &KeyboardEvent) -> bool {
    let chord = parse(keys);
    let (pressed, code) = (event.key(), event.code());
    let same = match chord.key {
        "Plus" => pressed == "+",
        "Space" => pressed == " ",
        // Shift and Alt change what a key types, differently on every layout.
        key if (chord.shift || chord.alt) && code_of(key).is_some() => {
            code_of(key).is_some_and(|wanted| wanted == code) || pressed.eq_ignore_ascii_case(key)
        }
        key => pressed.eq_ignore_ascii_case(key),
    };
    let (has_command, foreign) = command_of(event);
    same && has_command == chord.command
        && !foreign
        && event.alt_key() == chord.alt
        && ((is_sign(chord.key) && !chord.shift) || event.shift_key() == chord.shift)
}

/// What the event says, in our notation; `None` for a modifier alone.
pub fn written(event: &KeyboardEvent) -> Option<String> {
    let pressed = event.key();
    if MODIFIERS.contains(&pressed.as_str()) || pressed == "Dead" || pressed == "Process" {
        return None;
    }
    let code = event.code();
    let key = match pressed.as_str() {
        " " => "Space".to_owned(),
        "+" => "Plus".to_owned(),
        _ if event.shift_key() || event.alt_key() => {
            key_of(&code).unwrap_or_else(|| lower(&pressed))
        }
        _ => lower(&pressed),
    };
    let (command, _) = command_of(event);
    // A sign such as `?` already contains its Shift.
    let shift = event.shift_key() && !is_sign(&key);
    let parts = [
        (command, "Mod+"),
        (shift, "Shift+"),
        (event.alt_key(), "Alt+"),
    ];
    let prefix: String = parts
        .iter()
        .filter(|part| part.0)
        .map(|part| part.1)
        .collect();
    Some(prefix + &key)
}

/// The machine's command key, and the other machine's.
fn command_of(event: &KeyboardEvent) -> (bool, bool) {
    if browser::is_mac() {
        (event.meta_key(), event.ctrl_key())
    } else {
        (event.ctrl_key(), event.meta_key())
    }
}

fn lower(key: &str) -> String {
    if key.chars().count() == 1 {
        key.to_lowercase()
    } else {
        key.to_owned()
    }
}

/// A sign may need Shift on one layout and not on another.
fn is_sign(key: &str) -> bool {
    key == "Plus" || (key.len() == 1 && !key.as_bytes()[0].is_ascii_alphanumeric())
}

/// `KeyboardEvent.code` of a letter, digit or bracket.
fn code_of(key: &str) -> Option<String> {
    let [byte] = key.as_bytes() else { return None };
    match byte {
        b'0'..=b'9' => Some(format!("Digit{key}")),
        b'a'..=b'z' | b'A'..=b'Z' => Some(format!("Key{}", key.to_ascii_uppercase())),
        b'[' => Some("BracketLeft".to_owned()),
        b']' => Some("BracketRight".to_owned()),
        _ => None,
    }
}

fn key_of(code: &str) -> Option<String> {
    let letter = code.strip_prefix("Key").map(str::to_ascii_lowercase);
    letter
        .or_else(|| code.strip_prefix("Digit").map(str::to_owned))
        .or(match code {
            "BracketLeft" => Some("[".to_owned()),
            "BracketRight" => Some("]".to_owned()),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_modifiers_and_the_case_do_not_matter() {
        assert!(same("Mod+Shift+z", "Shift+Mod+Z"));
        assert!(!same("Mod+z", "z"));
        assert!(!same("Alt+1", "Shift+1"));
    }

    #[test]
    fn codes_and_keys_are_each_other_s_inverse() {
        for key in ["a", "z", "0", "9", "[", "]"] {
            assert_eq!(
                code_of(key).and_then(|code| key_of(&code)).as_deref(),
                Some(key)
            );
        }
        assert_eq!(code_of("?"), None);
    }
}
