//! The server behind `visionflow serve`: a thin layer over Postgres and S3.
//!
//! Reading order follows a request: [`router`] is the table of contents; [`caller`] turns a token
//! into a [`caller::Caller`]; a handler under [`api`] parses, asks [`store`] inside one transaction
//! that carries the caller's claims, and responds; [`error`] turns what went wrong into
//! `application/problem+json`. Beside it stand the relay of live documents ([`relay`]), their
//! projection into rows ([`projection`]), objects in S3 ([`objects`], and [`s3`] where no S3 is
//! configured), background work ([`jobs`]), and models, which run in
//! processes of their own ([`inference`]).

pub mod api;
pub mod app;
pub mod audit;
pub mod auth;
pub mod caller;
pub mod comments;
pub mod config;
pub mod crypto;
pub mod demo;
pub mod error;
pub mod extract;
pub mod history;
pub mod idempotency;
pub mod inference;
pub mod jobs;
pub mod local;
pub mod memory;
pub mod objects;
pub mod openapi;
pub mod ops;
pub mod postgres;
pub mod projection;
pub mod relay;
mod renders;
pub mod router;
pub mod s3;
pub mod serve;
pub mod store;
pub mod suggestions;
pub mod sweep;
pub mod web;
pub mod work;

pub use app::App;
pub use error::{Error, Result};
