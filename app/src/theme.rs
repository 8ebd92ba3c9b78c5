//! Dark, light, or what the machine says: an attribute on the root element that the tokens read.

use crate::browser;
use yew::prelude::*;

const STORED: &str = "visionflow.theme";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Dark,
    Light,
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Dark,
        }
    }
}

/// What the page shows now; `index.html` has set it before the first paint.
pub fn shown() -> Theme {
    let root = browser::document().document_element();
    match root
        .and_then(|root| root.get_attribute("data-theme"))
        .as_deref()
    {
        Some("light") => Theme::Light,
        _ => Theme::Dark,
    }
}

fn show(theme: Theme) {
    if let Some(root) = browser::document().document_element() {
        // An attribute with a fixed, valid name cannot fail to be set.
        let _ = root.set_attribute("data-theme", theme.name());
    }
    browser::store(STORED, theme.name());
}

/// The theme and a way to change it; the same for everyone below.
#[derive(Clone, PartialEq)]
pub struct ThemeContext {
    pub theme: Theme,
    pub set: Callback<Theme>,
}

impl ThemeContext {
    pub fn toggle(&self) {
        self.set.emit(self.theme.other());
    }
}

#[component(ThemeProvider)]
pub fn theme_provider(props: &yew::html::ChildrenProps) -> Html {
    let theme = use_state_eq(shown);
    let set = {
        let theme = theme.clone();
        use_callback((), move |chosen, ()| {
            show(chosen);
            theme.set(chosen);
        })
    };
    let context = ThemeContext { theme: *theme, set };
    html! { <ContextProvider<ThemeContext> {context}>{ props.children.clone() }</ContextProvider<ThemeContext>> }
}
