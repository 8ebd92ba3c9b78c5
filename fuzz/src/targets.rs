//! The targets, one file a crate.

mod document;
mod geometry;
mod infer;
mod json;
mod media;
mod relay;
mod websocket;

use crate::Target;

/// All of them.
pub const TARGETS: &[Target] = &[
    geometry::TILE,
    geometry::TILE_DELTA,
    geometry::RLE,
    geometry::POLYGON,
    json::SHAPE,
    json::ONTOLOGY,
    json::CLIPBOARD,
    document::UPDATE,
    document::SYNC_MESSAGE,
    relay::SOCKET,
    websocket::WEBSOCKET,
    media::PROBE,
    media::DECODE,
    media::PLAIN,
    media::TIFF,
    media::DESCRIPTOR,
    infer::ONNX_HEADER,
    infer::CLASS_NAMES,
    infer::MASK_OUTLINE,
];
