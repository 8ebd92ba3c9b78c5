//! The wire types of the HTTP API, shared by the server and the workbench.
//!
//! Timestamps are RFC 3339 in UTC, ids are UUIDs, names are in snake_case.
//! With the feature `openapi` every type also describes itself for `/api/openapi.json`.

mod annotations;
mod assist_runs;
mod auth;
mod comments;
mod embeddings;
mod exports;
mod history;
mod images;
mod models;
mod page;
mod problem;
mod projects;
mod renders;
mod rooms;
mod schema;
mod socket;
mod suggestions;
mod workspaces;

pub use annotations::*;
pub use assist_runs::*;
pub use auth::*;
pub use comments::*;
pub use embeddings::*;
pub use exports::*;
pub use history::*;
pub use images::*;
pub use models::*;
pub use page::*;
pub use problem::*;
pub use projects::*;
pub use renders::*;
pub use rooms::*;
pub use schema::*;
pub use socket::*;
pub use suggestions::*;
pub use workspaces::*;

pub use time::OffsetDateTime;
pub use visionflow_model as model;
