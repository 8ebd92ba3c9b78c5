//! The HTTP API, one file a resource; each exposes `router()`.

pub mod annotations;
pub mod assist_runs;
pub mod comments;
pub mod exports;
pub mod history;
pub mod images;
pub mod invites;
pub mod me;
pub mod members;
pub mod models;
pub mod ontology;
mod paging;
pub mod people;
pub mod projects;
pub mod renders;
pub mod rooms;
pub mod uploads;
pub mod workspaces;
