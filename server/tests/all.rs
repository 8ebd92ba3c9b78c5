//! All integration tests of the server: one binary, see `all/support.rs`.

// The future of a whole server is deep, and every test holds one.
#![recursion_limit = "256"]
// Everything here is a test or its helper.
#![allow(clippy::unwrap_used)]

#[path = "all/annotations.rs"]
mod annotations;
#[path = "all/assist_runs.rs"]
mod assist_runs;
#[path = "all/auth.rs"]
mod auth;
#[path = "all/comments.rs"]
mod comments;
#[path = "all/crowd.rs"]
mod crowd;
#[path = "all/embeddings.rs"]
mod embeddings;
#[path = "all/exports.rs"]
mod exports;
#[path = "all/helper.rs"]
mod helper;
#[path = "all/history.rs"]
mod history;
#[path = "all/history_faults.rs"]
mod history_faults;
#[path = "all/history_retention.rs"]
mod history_retention;
#[path = "all/images.rs"]
mod images;
#[path = "all/invites.rs"]
mod invites;
#[path = "all/models.rs"]
mod models;
#[path = "all/ops.rs"]
mod ops;
#[path = "all/people.rs"]
mod people;
#[path = "all/postgres.rs"]
mod postgres;
#[path = "all/projects.rs"]
mod projects;
#[path = "all/relay.rs"]
mod relay;
#[path = "all/relay_bus.rs"]
mod relay_bus;
#[path = "all/relay_chaos.rs"]
mod relay_chaos;
#[path = "all/relay_flood.rs"]
mod relay_flood;
#[path = "all/relay_fold.rs"]
mod relay_fold;
#[path = "all/relay_kill.rs"]
mod relay_kill;
#[path = "all/relay_nats.rs"]
mod relay_nats;
#[path = "all/relay_peer.rs"]
mod relay_peer;
#[path = "all/relay_process.rs"]
mod relay_process;
#[path = "all/relay_sleep.rs"]
mod relay_sleep;
#[path = "all/relay_storm.rs"]
mod relay_storm;
#[path = "all/relay_world.rs"]
mod relay_world;
#[path = "all/renders.rs"]
mod renders;
#[path = "all/rooms.rs"]
mod rooms;
#[path = "all/rooms_events.rs"]
mod rooms_events;
#[path = "all/rooms_hostile.rs"]
mod rooms_hostile;
#[path = "all/rooms_images.rs"]
mod rooms_images;
#[path = "all/rooms_script.rs"]
mod rooms_script;
#[path = "all/s3.rs"]
mod s3;
#[path = "all/s3_weed.rs"]
mod s3_weed;
#[path = "all/shapes.rs"]
mod shapes;
#[path = "all/suggestions.rs"]
mod suggestions;
#[path = "all/support.rs"]
mod support;
#[path = "all/tenancy.rs"]
mod tenancy;
#[path = "all/tokens.rs"]
mod tokens;
#[path = "all/uploads.rs"]
mod uploads;
#[path = "all/uploads_photos.rs"]
mod uploads_photos;
