//! Birth records and the overrides that win over them.

use super::Property;
use super::geometry::{
    apply_stroke, geometry_any, read_kind_and_geometry, read_shape, settle_shape,
};
use super::values::{
    attribute_any, bool_any, group_any, label_any, number_any, read_attribute, read_bool,
    read_group, read_label, read_number, read_style, style_any,
};
use std::collections::HashMap;
use std::sync::Arc;
use visionflow_model::{Annotation, AnnotationId, AttributeId, Attributes, ShapeKind, Source};
use yrs::Any;

/// The only version of the birth record so far.
const VERSION: f64 = 1.0;

pub(crate) fn record_any(annotation: &Annotation) -> Any {
    Any::Map(Arc::new(record_map(annotation)))
}

pub(super) fn record_map(annotation: &Annotation) -> HashMap<String, Any> {
    let attributes = annotation
        .attributes
        .iter()
        .map(|(id, value)| (id.to_string(), attribute_any(value)))
        .collect();
    let mut map = HashMap::from([
        ("v".to_owned(), number_any(VERSION)),
        ("kind".to_owned(), annotation.shape.kind().name().into()),
        ("label".to_owned(), label_any(annotation.label)),
        ("geometry".to_owned(), geometry_any(&annotation.shape)),
        ("z".to_owned(), number_any(annotation.z)),
        ("attributes".to_owned(), Any::Map(Arc::new(attributes))),
    ]);
    // What most annotations do not have takes no room in them.
    if annotation.group.is_some() {
        map.insert("group".to_owned(), group_any(annotation.group));
    }
    if annotation.locked {
        map.insert("locked".to_owned(), bool_any(true));
    }
    if !annotation.style.is_default() {
        map.insert("style".to_owned(), style_any(&annotation.style));
    }
    if annotation.source != Source::Manual {
        map.insert("source".to_owned(), annotation.source.name().into());
    }
    map
}

/// Makes of `annotation` what its record will be read as; `false` where only reading tells.
pub(crate) fn settle(annotation: &mut Annotation) -> bool {
    annotation.style.is_default() && settle_shape(&mut annotation.shape)
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
    let mut optional = |fault: String| faults.push(fault);
    Ok(Annotation {
        id,
        label: read_label(field("label"))?,
        shape: read_shape(kind, field("geometry"))?,
        z: match field("z") {
            Any::Undefined => 0.0,
            z => read_number(z).ok_or("z is not a finite number")?,
        },
        group: read_group(field("group"))
            .map_err(&mut optional)
            .unwrap_or_default(),
        locked: read_bool(field("locked"))
            .map_err(&mut optional)
            .unwrap_or_default(),
        style: read_style(field("style"))
            .map_err(&mut optional)
            .unwrap_or_default(),
        source: match field("source") {
            Any::String(name) => Source::from_name(name).unwrap_or_default(),
            _ => Source::default(),
        },
        attributes: read_attributes(field("attributes"), faults),
    })
}

/// Puts one override's value into `annotation`.
///
/// The geometry comes before strokes, and strokes come in their order.
pub(crate) fn apply_override(
    annotation: &mut Annotation,
    birth: ShapeKind,
    property: Property,
    value: &Any,
) -> Result<(), String> {
    match property {
        Property::Geometry => annotation.shape = read_kind_and_geometry(birth, value)?,
        Property::Label => annotation.label = read_label(value)?,
        Property::Z => annotation.z = read_number(value).ok_or("z is not a finite number")?,
        Property::Group => annotation.group = read_group(value)?,
        Property::Locked => annotation.locked = read_bool(value)?,
        Property::Style => annotation.style = read_style(value)?,
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
        Property::Stroke(stroke) => apply_stroke(&mut annotation.shape, stroke.tile, value)?,
    }
    Ok(())
}

fn read_attributes(value: &Any, faults: &mut Vec<String>) -> Attributes {
    let mut read = Attributes::new();
    match value {
        Any::Map(map) => {
            for (key, value) in map.iter() {
                match (super::canonical_uuid(key), read_attribute(value)) {
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
