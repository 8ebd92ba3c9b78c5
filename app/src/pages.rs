//! The pages, one module each.

#[cfg(target_arch = "wasm32")]
pub mod annotate;
mod auth_card;
pub mod discussion;
pub mod gallery;
pub mod image_list;
pub mod invite;
pub mod projects;
pub mod reset;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
