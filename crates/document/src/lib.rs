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
//! Four root types, all `Y.Map`; who does not care for models needs the first two:
//!
//! ```js
//! const records = doc.getMap('annotations')
//! const overrides = doc.getMap('overrides')
//! const suggestions = doc.getMap('suggestions')
//! const verdicts = doc.getMap('verdicts')
//! ```
//!
//! `annotations` maps an annotation's id (a lower-case hyphenated UUID) to its birth record, one
//! plain object that is written once and never changed:
//!
//! ```js
//! records.set('0192f4c8-3f7e-7c1a-9a52-0f4c8e7d1b23', {
//!   v: 1,                           // version of the record
//!   kind: 'box',                    // see below
//!   label: '7d3c…',                 // id of a label in the project's ontology
//!   geometry: [10, 20.5, 300, 40],  // see below
//!   z: 0,                           // drawing order, greater is above
//!   attributes: { '91aa…': 'red' }, // attribute id -> string | number | boolean
//!   // and only where there is something to say:
//!   group: '3b1f…',                 // annotations of one group are selected together
//!   locked: true,
//!   style: { stroke: '#ff0000', fill: '#00ff00', opacity: 0.3, width: 2 }, // any of them
//!   source: 'model:sam',            // 'import' | 'model:{name}'; by hand where it is absent
//! })
//! ```
//!
//! | kind | geometry, in pixels of the oriented image from its top-left corner |
//! |---|---|
//! | `box` | `[x, y, width, height]` |
//! | `rotated_box` | `[center x, center y, width, height, angle]`, radians clockwise on screen |
//! | `ellipse` | `[center x, center y, radius x, radius y, angle]` |
//! | `polygon` | an array of rings, each `[x0, y0, x1, y1, …]` without a repeated last point; even-odd |
//! | `polyline`, `path` | `[x0, y0, x1, y1, …]`, open; a path was drawn freehand |
//! | `point` | `[x, y]` |
//! | `arrow` | `[from x, from y, to x, to y]` |
//! | `text` | `{ box: [x, y, width, height], text, size, bold, align: 'left' \| 'center' \| 'right' }` |
//! | `cuboid` | eight points: the front face clockwise from the top left, then the back face |
//! | `mask` | an array of tiles `[column, row, bytes]`, see below |
//! | `skeleton` | `[joint id, x, y, flag, …]`; the flag is COCO's: 0 absent, 1 occluded, 2 visible |
//! | `tag` | `[]` |
//!
//! `overrides` maps `"{annotation id}/{property}"` to a value that wins over the record's; the
//! properties are `geometry`, `label`, `z`, `group`, `locked`, `style` and
//! `attributes.{attribute id}`, where `null` takes the group or the attribute away:
//!
//! ```js
//! overrides.set('0192f4c8-…/geometry', [12, 20.5, 300, 40])
//! ```
//!
//! A geometry of another kind than the record's turns the annotation into that kind:
//! `{ kind: 'polygon', geometry: [[…]] }`.
//!
//! # Masks
//!
//! A mask is made of tiles of 256 × 256 pixels; the tile of column 2 and row 1 begins at (512, 256).
//! The bytes of a tile ([`visionflow_geometry::Tile::to_bytes`]) are its runs or its bitmap.
//! Each stroke is an override of its own for each tile that it touches:
//!
//! ```js
//! overrides.set('0192f4c8-…/stroke.2.1.17.4711', bytes) // column, row, time, client id
//! ```
//!
//! Its bytes ([`visionflow_geometry::TileDelta::to_bytes`]) say which pixels it puts in and which it
//! takes out. Strokes apply to the geometry's tile in the order of their times, those of one time by
//! client id; a stroke's time is one more than the greatest that its author has seen on the tile.
//! So strokes that people make at the same time all stand, on the same tile too, and undo takes back
//! one person's stroke without those of others. A new geometry holds what the strokes that its author
//! has seen came to, and deletes them.
//!
//! To delete an annotation, delete its record and every override that starts with its id.
//! An override without a record means nothing, so that a deletion beats whatever was changed at the
//! same time.
//! Changes of different properties both stand; of one property, the later one stands whole.
//!
//! # Suggestions
//!
//! What a model proposes is no annotation until somebody accepts it.
//! `suggestions` maps an id (a UUID as above, that of the annotation which it may become) to a plain
//! object that is written once: a birth record as above, with
//!
//! ```js
//! suggestions.set('0192f4c8-5a10-7e44-8b1d-2f6a0c9e7d55', {
//!   v: 1, kind: 'box', label: '7d3c…', geometry: [10, 20.5, 300, 40], z: 0, attributes: {},
//!   source: 'model:yolo',           // always a model, its name at most 200 bytes
//!   score: 0.83,                    // how sure it is, from 0 to 1
//!   run: '5f0e…',                   // a UUID: what was proposed together
//!   model: 'c2d4…',                 // its id in the project's registry; absent where it is in none
//! })
//! ```
//!
//! `verdicts` maps a suggestion's id to `'accepted'`, `'rejected'` or `'superseded'` (the model was
//! run again before anybody decided); where there is none, the suggestion is pending.
//!
//! To accept a suggestion, in one transaction set its verdict and write the birth record without
//! `score`, `run` and `model` into `annotations` under the same id; so two people who accept at once
//! agree. To take a verdict back, delete it, and the annotation with it.
//! While an annotation stands under its id, a suggestion counts as accepted whatever its verdict
//! says: of an acceptance and a rejection at the same time the acceptance wins.
//! An accepted one whose annotation was deleted later stays accepted; one whose annotation has an
//! override of geometry, label, an attribute or a stroke was corrected ([`Document::is_corrected`]).
//! A verdict about an id without a suggestion means nothing. Suggestions are never overridden and
//! never deleted, but by the undo of who ran the model, or by going back to before it was run.
//!
//! # What readers pass over
//!
//! A reader ignores what it does not understand: an unknown `v` or `kind`, geometry that
//! [`visionflow_model::Shape::check`] refuses, a number that is not finite, a score outside 0 to 1. [`Change::ignored`]
//! reports it. Whether a label exists is not this crate's question.
//!
//! Values are plain: an update that brings shared types inside the maps, text, or subdocuments is
//! refused as a whole, like malformed bytes (see [`check_update`]).

mod authors;
mod capture;
mod change;
mod compare;
mod document;
mod edit;
mod gaps;
mod layout;
pub mod lib0;
mod projection;
mod scan;

pub use change::{Change, Ignored};
pub use compare::{Difference, edits_between};
pub use document::Document;
pub use edit::{Edit, EditError};
pub use scan::{UpdateError, check_state_vector, check_update, client_ids};
