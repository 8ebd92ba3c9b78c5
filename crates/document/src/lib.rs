//! One item's annotations as a document that several people edit at once.
//!
//! The document is a Yjs document (Yrs), and the truth: everything else about annotations is a
//! projection of it.
//! This crate turns [`Edit`]s into transactions, keeps the projection [`Document::get`] reads, and
//! undoes one person's steps without touching another's.
//! It has no clock, no randomness and no I/O: client ids and annotation ids come from outside, bytes
//! go out through [`Document::take_updates`] and come in through [`Document::apply_update`].
//!
//! # Layout, for every Yjs client
//!
//! Two root types, both `Y.Map`:
//!
//! ```js
//! const records = doc.getMap('annotations')
//! const overrides = doc.getMap('overrides')
//! ```
//!
//! `annotations` maps an annotation's id (a lower-case hyphenated UUID) to its birth record, one
//! plain object that is written once and never changed:
//!
//! ```js
//! records.set('0192f4c8-3f7e-7c1a-9a52-0f4c8e7d1b23', {
//!   v: 1,                           // version of the record
//!   kind: 'box',                    // 'box' | 'polygon' | 'tag'
//!   label: '7d3c…',                 // id of a label in the project's ontology
//!   geometry: [10, 20.5, 300, 40],  // see below
//!   z: 0,                           // drawing order, greater is above
//!   attributes: { '91aa…': 'red' }, // attribute id -> string | number | boolean
//! })
//! ```
//!
//! | kind | geometry, in pixels of the oriented image from its top-left corner |
//! |---|---|
//! | `box` | `[x, y, width, height]` |
//! | `polygon` | an array of rings, each `[x0, y0, x1, y1, …]` without a repeated last point; even-odd |
//! | `tag` | `[]` |
//!
//! `overrides` maps `"{annotation id}/{property}"` to a value that wins over the record's; the
//! properties are `geometry`, `label`, `z` and `attributes.{attribute id}`, where `null` takes the
//! attribute away:
//!
//! ```js
//! overrides.set('0192f4c8-…/geometry', [12, 20.5, 300, 40])
//! ```
//!
//! To delete an annotation, delete its record and every override that starts with its id.
//! An override without a record means nothing, so that a deletion beats whatever was changed at the
//! same time.
//! Changes of different properties both stand; of one property, the later one stands whole.
//!
//! A reader ignores what it does not understand: an unknown `v` or `kind`, geometry that
//! [`visionflow_model::Shape::check`] refuses, a number that is not finite. [`Change::ignored`]
//! reports it. Whether a label exists is not this crate's question.
//!
//! Values are plain: an update that brings shared types inside the maps, text, or subdocuments is
//! refused as a whole, like malformed bytes (see [`check_update`]).

mod capture;
mod change;
mod document;
mod edit;
mod gaps;
mod layout;
pub mod lib0;
mod projection;
mod scan;

pub use change::{Change, Ignored};
pub use document::Document;
pub use edit::{Edit, EditError};
pub use scan::{UpdateError, check_state_vector, check_update, client_ids};
