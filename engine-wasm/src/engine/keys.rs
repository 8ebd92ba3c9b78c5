//! Keys that belong to gestures on the canvas; shortcuts of commands are the embedder's.

use super::State;
use visionflow_tools::{Input, Modifiers, ToolKind};

/// Digits say whether the chosen joint of a skeleton is seen, brackets change the brush's size;
/// otherwise they are nobody's here.
const GESTURE_KEYS: [&str; 13] = [
    "Escape",
    "Enter",
    "Delete",
    "Backspace",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "ArrowDown",
    "1",
    "2",
    "3",
    "[",
    "]",
];

impl State {
    /// Whether the key is the canvas's before it is the embedder's: a label may have the same digit.
    pub fn comes_first(&self, key: &str, modifiers: Modifiers) -> bool {
        let is_digit = matches!(key, "1" | "2" | "3");
        is_digit
            && !modifiers.command()
            && !modifiers.alt
            && self.past.is_none()
            && self.toolbox.awaits_digit(&self.document)
    }

    /// Whether the key is the canvas's; then the browser shall not act on it.
    pub fn key_down(&mut self, key: &str, modifiers: Modifiers) -> bool {
        if key == " " {
            self.set_space(true);
            return true;
        }
        let selects_all = modifiers.command() && key.eq_ignore_ascii_case("a");
        // With the smart tool it turns between what a prompt may mean, while somebody goes through
        // suggestions it leads to the next one, otherwise it is the page's.
        let is_awaited = self.toolbox.active() == ToolKind::Smart || self.toolbox.reviews();
        let turns = key == "Tab" && is_awaited;
        if !selects_all && !turns && !GESTURE_KEYS.contains(&key) {
            return false;
        }
        self.input(&Input::KeyDown {
            key: key.to_owned(),
            modifiers,
        })
    }

    pub fn key_up(&mut self, key: &str) {
        if key == " " {
            self.set_space(false);
        } else if key.starts_with("Arrow") {
            self.input(&Input::KeyUp {
                key: key.to_owned(),
            });
        }
    }
}
