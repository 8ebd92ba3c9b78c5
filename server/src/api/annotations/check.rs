//! What an annotation has to be before the server writes it into a document.

use crate::error::{Error, Result};
use crate::store::{AnnotatedImage, LabelForUse, Tx};
use std::collections::BTreeMap;
use uuid::Uuid;
use visionflow_model::{AttributeId, AttributeValue, MAX_STROKE_WIDTH, Shape, Source, Style};

/// The most attributes of one annotation, and the longest text of one, in bytes.
const MAX_ATTRIBUTES: usize = 1000;
const MAX_TEXT: usize = 64 << 10;

/// The label is one of the project's, and not archived.
pub(crate) async fn label(tx: &mut Tx, project_id: Uuid, label_id: Uuid) -> Result<LabelForUse> {
    match tx.label(project_id, label_id).await? {
        Some(label) if label.archived => {
            Err(Error::invalid(format!("Label {label_id} is archived.")))
        }
        Some(label) => Ok(label),
        None => Err(Error::invalid(format!(
            "The project has no label {label_id}."
        ))),
    }
}

pub(super) fn style(style: &Style) -> Result<()> {
    if style.is_valid() {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "In a style, opacity is a number from 0 to 1 and width one from 0 to {MAX_STROKE_WIDTH}."
    )))
}

pub(super) fn source(source: &Source) -> Result<()> {
    match source {
        Source::Model(name) if name.is_empty() || name.len() > 200 || name.contains('\0') => {
            Err(Error::invalid("The name of a model has 1 to 200 bytes."))
        }
        _ => Ok(()),
    }
}

/// The shape can be stored, and lies on the image or within one image's size beside it.
pub(crate) fn shape(shape: &Shape, image: &AnnotatedImage) -> Result<()> {
    shape
        .check()
        .map_err(|reason| Error::invalid(format!("The shape is refused: {reason}.")))?;
    if let Shape::Text(text) = shape
        && text.text.contains('\0')
    {
        return Err(Error::invalid("A text must not contain U+0000."));
    }
    let Some(bounds) = shape.bounds() else {
        return Ok(());
    };
    let (width, height) = (f64::from(image.width), f64::from(image.height));
    let inside = bounds.min.x >= -width
        && bounds.min.y >= -height
        && bounds.max.x <= 2.0 * width
        && bounds.max.y <= 2.0 * height;
    if inside {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "The shape lies from ({}, {}) to ({}, {}), far outside the image of {width} × {height} pixels.",
        bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y
    )))
}

pub(crate) fn attributes<'a>(
    values: impl ExactSizeIterator<Item = (&'a AttributeId, &'a AttributeValue)>,
) -> Result<()> {
    if values.len() > MAX_ATTRIBUTES {
        return Err(Error::invalid(format!(
            "More than {MAX_ATTRIBUTES} attributes."
        )));
    }
    for (id, value) in values {
        match value {
            AttributeValue::Text(text) if text.len() > MAX_TEXT => {
                return Err(Error::invalid(format!(
                    "Attribute {id} is longer than {MAX_TEXT} bytes."
                )));
            }
            AttributeValue::Text(text) if text.contains('\0') => {
                return Err(Error::invalid(format!("Attribute {id} contains U+0000.")));
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn present(
    values: &BTreeMap<AttributeId, Option<AttributeValue>>,
) -> Vec<(&AttributeId, &AttributeValue)> {
    values
        .iter()
        .filter_map(|(id, value)| value.as_ref().map(|value| (id, value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use visionflow_geometry::{Point, Rect};

    fn check(corners: [f64; 4], expected: bool) {
        let [x0, y0, x1, y1] = corners;
        let rect = Rect::from_corners(Point::new(x0, y0), Point::new(x1, y1));
        let image = AnnotatedImage {
            image_id: Uuid::nil(),
            room_id: Uuid::nil(),
            workspace_id: Uuid::nil(),
            project_id: Uuid::nil(),
            width: 100,
            height: 50,
        };
        assert_eq!(
            shape(&Shape::Box(rect), &image).is_ok(),
            expected,
            "{corners:?}"
        );
    }

    #[test]
    fn a_shape_may_reach_beyond_the_image_but_not_by_more_than_its_size() {
        check([0.0, 0.0, 100.0, 50.0], true);
        check([-20.0, -20.0, 130.0, 70.0], true);
        check([-100.5, 0.0, 10.0, 10.0], false);
        check([0.0, 0.0, 10.0, 101.0], false);
        check([0.0, 0.0, 1e300, 1.0], false);
        check([5.0, 5.0, 5.0, 9.0], false);
    }
}
