//! The workbench: VisionFlow's own user interface in the browser.
//!
//! Pages ask the server through [`api_client`], annotate through the engine, and say everything
//! with the catalogue of [`i18n`]. Shortcuts, menus and the palette come from one registry,
//! [`commands`].
//!
//! Natively only its tests run: the engine exists for the browser alone.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, unused_imports))]

mod api_client;
mod assist;
mod browser;
mod commands;
mod comments;
mod components;
mod i18n;
mod inference;
mod models;
mod notifications;
mod pages;
mod ranked;
mod resource;
mod router;
mod session;
mod theme;
mod time_words;
mod uploads;
mod watchers;

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        // The skeleton of index.html stays until the workbench takes its place.
        let root = browser::document()
            .get_element_by_id("app")
            .expect("index.html has #app");
        root.set_inner_html("");
        yew::Renderer::<router::Workbench>::with_root(root).render();
    }
}
