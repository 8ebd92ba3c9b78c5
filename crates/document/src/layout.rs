//! The document's values: model values to Yjs values and back, as the crate's page describes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use uuid::Uuid;
use visionflow_geometry::{Point, Polygon, Rect, Vec2};
use visionflow_model::{
    Annotation, AnnotationId, AttributeId, AttributeValue, LabelId, Shape, ShapeKind,
};
use yrs::{Any, any::Number};

pub(crate) const RECORDS: &str = "annotations";
pub(crate) const OVERRIDES: &str = "overrides";
/// The only version of the birth record so far.
const VERSION: f64 = 1.0;

/// What an override overrides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Property {
    Geometry,
    Label,
    Z,
    Attribute(AttributeId),
}

impl Property {
    /// The key in the overrides map.
    pub(crate) fn key(self, id: AnnotationId) -> String {
        match self {
            Self::Geometry => format!("{id}/geometry"),
            Self::Label => format!("{id}/label"),
            Self::Z => format!("{id}/z"),
            Self::Attribute(attribute) => format!("{id}/attributes.{attribute}"),
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "geometry" => Some(Self::Geometry),
            "label" => Some(Self::Label),
            "z" => Some(Self::Z),
            _ => {
                let id = name.strip_prefix("attributes.")?;
                canonical_uuid(id).map(|id| Self::Attribute(AttributeId(id)))
            }
        }
    }
}

/// The annotation that an override's key names, and what follows the slash.
pub(crate) fn split_override_key(key: &str) -> Option<(AnnotationId, &str)> {
    let (id, property) = key.split_once('/')?;
    Some((record_id(id)?, property))
}

/// The annotation that a record's key names; only the canonical spelling, so that one annotation
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

pub(crate) fn record_any(annotation: &Annotation) -> Any {
    let attributes = annotation
        .attributes
        .iter()
        .map(|(id, value)| (id.to_string(), attribute_any(value)))
        .collect();
    let map = HashMap::from([
        ("v".to_owned(), number_any(VERSION)),
        ("kind".to_owned(), annotation.shape.kind().name().into()),
        ("label".to_owned(), label_any(annotation.label)),
        ("geometry".to_owned(), geometry_any(&annotation.shape)),
        ("z".to_owned(), number_any(annotation.z)),
        ("attributes".to_owned(), Any::Map(Arc::new(attributes))),
    ]);
    Any::Map(Arc::new(map))
}

pub(crate) fn geometry_any(shape: &Shape) -> Any {
    let numbers =
        |values: &mut dyn Iterator<Item = f64>| Any::Array(values.map(number_any).collect());
    match shape {
        Shape::Box(rect) => {
            let xywh = [rect.min.x, rect.min.y, rect.width(), rect.height()];
            numbers(&mut xywh.into_iter())
        }
        Shape::Polygon(polygon) => {
            let ring = |ring: &Vec<Point>| numbers(&mut ring.iter().flat_map(|p| [p.x, p.y]));
            Any::Array(polygon.rings.iter().map(ring).collect())
        }
        Shape::Tag => Any::Array(Arc::new([])),
    }
}

pub(crate) fn label_any(label: LabelId) -> Any {
    label.to_string().into()
}

pub(crate) fn number_any(value: f64) -> Any {
    Any::Number(Number::Float(value))
}

pub(crate) fn attribute_any(value: &AttributeValue) -> Any {
    match value {
        AttributeValue::Bool(value) => Any::Bool(*value),
        AttributeValue::Number(value) => number_any(*value),
        AttributeValue::Text(text) => text.as_str().into(),
    }
}

/// Reads a birth record; `faults` gets what is passed over inside one that is otherwise understood.
pub(crate) fn read_record(
    id: AnnotationId,
    value: &Any,
    faults: &mut Vec<String>,
) -> Result<Annotation, String> {
    let Any::Map(map) = value else {
        return Err("the record is not a plain object".to_owned());
    };
    let field = |name: &str| map.get(name).unwrap_or(&Any::Undefined);
    if read_number(field("v")) != Some(VERSION) {
        return Err(format!("version {} of the record is unknown", field("v")));
    }
    let kind = match field("kind") {
        Any::String(name) => ShapeKind::from_name(name),
        _ => None,
    };
    let kind = kind.ok_or_else(|| format!("kind {} is unknown", field("kind")))?;
    Ok(Annotation {
        id,
        label: read_label(field("label"))?,
        shape: read_shape(kind, field("geometry"))?,
        z: match field("z") {
            Any::Undefined => 0.0,
            z => read_number(z).ok_or("z is not a finite number")?,
        },
        attributes: read_attributes(field("attributes"), faults),
    })
}

/// Puts one override's value into `annotation`.
pub(crate) fn apply_override(
    annotation: &mut Annotation,
    property: &str,
    value: &Any,
) -> Result<(), String> {
    let property = Property::from_name(property).ok_or("the property is unknown")?;
    match property {
        Property::Geometry => annotation.shape = read_shape(annotation.shape.kind(), value)?,
        Property::Label => annotation.label = read_label(value)?,
        Property::Z => annotation.z = read_number(value).ok_or("z is not a finite number")?,
        Property::Attribute(id) => match value {
            Any::Null | Any::Undefined => {
                annotation.attributes.remove(&id);
            }
            value => {
                let value =
                    read_attribute(value).ok_or("the attribute's value is not understood")?;
                annotation.attributes.insert(id, value);
            }
        },
    }
    Ok(())
}

fn read_label(value: &Any) -> Result<LabelId, String> {
    let text = match value {
        Any::String(text) => text.as_ref(),
        _ => "",
    };
    canonical_uuid(text)
        .map(LabelId)
        .ok_or_else(|| "the label is not an id".to_owned())
}

fn read_shape(kind: ShapeKind, value: &Any) -> Result<Shape, String> {
    let not_understood = || "the geometry is not understood".to_owned();
    let shape = match kind {
        ShapeKind::Box => {
            let Some([x, y, w, h]) = read_numbers(value).and_then(|v| <[f64; 4]>::try_from(v).ok())
            else {
                return Err(not_understood());
            };
            let min = Point::new(x, y);
            if w < 0.0 || h < 0.0 {
                return Err("a box's size is negative".to_owned());
            }
            Shape::Box(Rect {
                min,
                max: min + Vec2::new(w, h),
            })
        }
        ShapeKind::Polygon => {
            let Any::Array(rings) = value else {
                return Err(not_understood());
            };
            let rings: Option<Vec<_>> = rings.iter().map(read_ring).collect();
            Shape::Polygon(Polygon {
                rings: rings.ok_or_else(not_understood)?,
            })
        }
        ShapeKind::Tag => Shape::Tag,
    };
    shape.check().map_err(|fault| fault.to_string())?;
    Ok(shape)
}

fn read_ring(value: &Any) -> Option<Vec<Point>> {
    let flat = read_numbers(value)?;
    let whole = flat.len().is_multiple_of(2);
    whole.then(|| {
        flat.chunks_exact(2)
            .map(|xy| Point::new(xy[0], xy[1]))
            .collect()
    })
}

fn read_numbers(value: &Any) -> Option<Vec<f64>> {
    match value {
        Any::Array(values) => values.iter().map(read_number).collect(),
        _ => None,
    }
}

/// A finite number, however it is encoded.
fn read_number(value: &Any) -> Option<f64> {
    let number = match value {
        Any::Number(Number::Float(value)) => *value,
        Any::Number(Number::Int(value)) => *value as f64,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

fn read_attributes(value: &Any, faults: &mut Vec<String>) -> BTreeMap<AttributeId, AttributeValue> {
    let mut read = BTreeMap::new();
    match value {
        Any::Map(map) => {
            for (key, value) in map.iter() {
                match (canonical_uuid(key), read_attribute(value)) {
                    (Some(id), Some(value)) => {
                        read.insert(AttributeId(id), value);
                    }
                    _ => faults.push(format!("attribute {key} is not understood")),
                }
            }
        }
        Any::Undefined | Any::Null => {}
        _ => faults.push("attributes are not an object".to_owned()),
    }
    read
}

fn read_attribute(value: &Any) -> Option<AttributeValue> {
    match value {
        Any::Bool(value) => Some(AttributeValue::Bool(*value)),
        Any::String(text) => Some(AttributeValue::Text(text.to_string())),
        Any::Number(_) => read_number(value).map(AttributeValue::Number),
        _ => None,
    }
}
