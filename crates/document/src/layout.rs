//! The document's values: model values to Yjs values and back, as the crate's page describes.

mod geometry;
mod record;
mod suggestion;
mod values;

pub(crate) use geometry::{apply_stroke, kind_and_geometry_any, read_tile, strokes_of};
pub(crate) use record::{apply_override, read_record, record_any, settle};
pub(crate) use suggestion::{read_suggestion, read_verdict, suggestion_any, verdict_any};
pub(crate) use values::{attribute_any, bool_any, group_any, label_any, number_any, style_any};

use std::sync::Arc;
use uuid::Uuid;
use visionflow_geometry::TileKey;
use visionflow_model::{AnnotationId, AttributeId};
use yrs::{Doc, MapRef};

pub(crate) const RECORDS: &str = "annotations";
pub(crate) const OVERRIDES: &str = "overrides";
pub(crate) const SUGGESTIONS: &str = "suggestions";
pub(crate) const VERDICTS: &str = "verdicts";

/// The document's root maps.
pub(crate) struct Maps {
    pub(crate) records: MapRef,
    pub(crate) overrides: MapRef,
    pub(crate) suggestions: MapRef,
    pub(crate) verdicts: MapRef,
}

impl Maps {
    pub(crate) fn of(doc: &Doc) -> Self {
        Self {
            records: doc.get_or_insert_map(RECORDS),
            overrides: doc.get_or_insert_map(OVERRIDES),
            suggestions: doc.get_or_insert_map(SUGGESTIONS),
            verdicts: doc.get_or_insert_map(VERDICTS),
        }
    }

    pub(crate) fn all(&self) -> [&MapRef; 4] {
        [
            &self.records,
            &self.overrides,
            &self.suggestions,
            &self.verdicts,
        ]
    }
}

/// What an override overrides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Property {
    Geometry,
    Label,
    Z,
    Group,
    Locked,
    Style,
    Attribute(AttributeId),
    Stroke(Stroke),
}

/// One stroke's change of one tile of a mask, in the order in which strokes apply to it: after all
/// that its author had seen; those made at the same time by client id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stroke {
    pub(crate) tile: TileKey,
    pub(crate) time: u32,
    pub(crate) client: u64,
}

impl Property {
    /// The key in the overrides map.
    pub(crate) fn key(self, id: AnnotationId) -> String {
        match self {
            Self::Geometry => format!("{id}/geometry"),
            Self::Label => format!("{id}/label"),
            Self::Z => format!("{id}/z"),
            Self::Group => format!("{id}/group"),
            Self::Locked => format!("{id}/locked"),
            Self::Style => format!("{id}/style"),
            Self::Attribute(attribute) => format!("{id}/attributes.{attribute}"),
            Self::Stroke(Stroke { tile, time, client }) => {
                format!("{id}/stroke.{}.{}.{time}.{client}", tile.x, tile.y)
            }
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "geometry" => Self::Geometry,
            "label" => Self::Label,
            "z" => Self::Z,
            "group" => Self::Group,
            "locked" => Self::Locked,
            "style" => Self::Style,
            _ => {
                if let Some(id) = name.strip_prefix("attributes.") {
                    return canonical_uuid(id).map(|id| Self::Attribute(AttributeId(id)));
                }
                return Stroke::from_name(name).map(Self::Stroke);
            }
        })
    }
}

impl Stroke {
    fn from_name(name: &str) -> Option<Self> {
        let mut parts = name.strip_prefix("stroke.")?.split('.');
        let tile = TileKey {
            x: number(parts.next()?)?,
            y: number(parts.next()?)?,
        };
        let (time, client) = (number(parts.next()?)?, number(parts.next()?)?);
        parts
            .next()
            .is_none()
            .then_some(Self { tile, time, client })
    }
}

/// A number in its canonical spelling, so that one stroke never has two keys.
fn number<T: std::str::FromStr + ToString>(text: &str) -> Option<T> {
    let value: T = text.parse().ok()?;
    (value.to_string() == text).then_some(value)
}

/// The annotation that an override's key names, and what follows the slash.
pub(crate) fn split_override_key(key: &str) -> Option<(AnnotationId, &str)> {
    let (id, property) = key.split_once('/')?;
    Some((record_id(id)?, property))
}

/// The key of an annotation's record.
pub(crate) fn record_key(id: AnnotationId) -> Arc<str> {
    let mut buffer = Uuid::encode_buffer();
    let key: &str = id.0.hyphenated().encode_lower(&mut buffer);
    key.into()
}

/// The annotation or suggestion that a record's key names; only the canonical spelling, so that one annotation
/// never has two keys.
pub(crate) fn record_id(key: &str) -> Option<AnnotationId> {
    canonical_uuid(key).map(AnnotationId)
}

fn canonical_uuid(text: &str) -> Option<Uuid> {
    if text.len() != 36 || text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    Uuid::parse_str(text).ok()
}
