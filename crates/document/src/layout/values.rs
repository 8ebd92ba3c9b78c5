//! Plain values of properties, written and read.

use super::canonical_uuid;
use std::collections::HashMap;
use std::sync::Arc;
use visionflow_model::{AttributeValue, Color, GroupId, LabelId, Style};
use yrs::{Any, any::Number};

pub(crate) fn label_any(label: LabelId) -> Any {
    label.to_string().into()
}

pub(crate) fn group_any(group: Option<GroupId>) -> Any {
    group.map_or(Any::Null, |group| group.to_string().into())
}

pub(crate) fn bool_any(value: bool) -> Any {
    Any::Bool(value)
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

pub(crate) fn style_any(style: &Style) -> Any {
    let color = |color: Color| Any::from(color.to_string());
    // To four places: what an `f32` is beyond them is noise.
    let number = |value: f32| number_any((f64::from(value) * 1e4).round() / 1e4);
    let fields = [
        ("stroke", style.stroke.map(color)),
        ("fill", style.fill.map(color)),
        ("opacity", style.opacity.map(number)),
        ("width", style.width.map(number)),
    ];
    let set = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Any::Map(Arc::new(set.collect()))
}

pub(super) fn read_label(value: &Any) -> Result<LabelId, String> {
    read_uuid(value)
        .map(LabelId)
        .ok_or_else(|| "the label is not an id".to_owned())
}

pub(super) fn read_group(value: &Any) -> Result<Option<GroupId>, String> {
    match value {
        Any::Null | Any::Undefined => Ok(None),
        value => read_uuid(value)
            .map(|id| Some(GroupId(id)))
            .ok_or_else(|| "the group is not an id".to_owned()),
    }
}

pub(super) fn read_bool(value: &Any) -> Result<bool, String> {
    match value {
        Any::Bool(value) => Ok(*value),
        Any::Null | Any::Undefined => Ok(false),
        _ => Err("the value is neither true nor false".to_owned()),
    }
}

/// A style without what is not understood in it.
pub(super) fn read_style(value: &Any) -> Result<Style, String> {
    let map: &HashMap<String, Any> = match value {
        Any::Map(map) => map,
        Any::Null | Any::Undefined => return Ok(Style::default()),
        _ => return Err("the style is not an object".to_owned()),
    };
    let color = |name: &str| match map.get(name) {
        Some(Any::String(text)) => text.parse().ok(),
        _ => None,
    };
    let number = |name: &str| map.get(name).and_then(read_number).map(|v| v as f32);
    let style = Style {
        stroke: color("stroke"),
        fill: color("fill"),
        opacity: number("opacity"),
        width: number("width"),
    };
    if style.is_valid() {
        Ok(style)
    } else {
        Err("the style is out of range".to_owned())
    }
}

/// A finite number, however it is encoded.
pub(super) fn read_number(value: &Any) -> Option<f64> {
    let number = match value {
        Any::Number(Number::Float(value)) => *value,
        Any::Number(Number::Int(value)) => *value as f64,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

pub(super) fn read_attribute(value: &Any) -> Option<AttributeValue> {
    match value {
        Any::Bool(value) => Some(AttributeValue::Bool(*value)),
        Any::String(text) => Some(AttributeValue::Text(text.to_string())),
        Any::Number(_) => read_number(value).map(AttributeValue::Number),
        _ => None,
    }
}

pub(super) fn read_uuid(value: &Any) -> Option<uuid::Uuid> {
    match value {
        Any::String(text) => canonical_uuid(text),
        _ => None,
    }
}
