//! Annotations carried from one photograph to another, as a portable JSON value.
//!
//! ```json
//! {
//!   "visionflow_annotations": 1,
//!   "image": [width, height],
//!   "labels": [{"id": "…", "name": "Car", "attributes": [{"id": "…", "name": "colour"}]}],
//!   "annotations": [{"label": 0, "shape": {"type": "box", …}, "z": 0, "attributes": {"…": "red"}}]
//! }
//! ```
//!
//! `label` counts in `labels`; shapes are as in `visionflow_model`'s JSON; `attributes`, `group` (a
//! number), `style` and `z` may be missing. Ids of annotations are not carried: a paste makes new
//! ones. The same text serves the system's clipboard.

mod labels;
mod paste;

pub use paste::{Destination, Placement, paste};
use visionflow_geometry::sort_by;

use crate::CommandError;
use crate::plan::existing;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use visionflow_document::Document;
use visionflow_geometry::Rect;
use visionflow_model::{AnnotationId, AttributeId, Attributes, LabelId, Ontology, Shape, Style};

/// The version that is written; older ones are read.
const VERSION: u32 = 1;

/// What was copied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "ts",
    derive(ts_rs::TS),
    ts(
        rename = "CopiedAnnotations",
        type = "{ visionflow_annotations: number, [key: string]: unknown }"
    )
)]
pub struct Clipboard {
    #[serde(rename = "visionflow_annotations")]
    version: u32,
    /// Width and height of the photograph that it comes from, in pixels.
    image: [f64; 2],
    labels: Vec<CopiedLabel>,
    annotations: Vec<Copied>,
}

/// A label by its id and by its name, for projects that have another of the same name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct CopiedLabel {
    id: LabelId,
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<CopiedAttribute>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct CopiedAttribute {
    id: AttributeId,
    name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Copied {
    label: usize,
    shape: Shape,
    #[serde(default)]
    z: f64,
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    attributes: Attributes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<usize>,
    #[serde(default, skip_serializing_if = "Style::is_default")]
    style: Style,
}

impl Clipboard {
    /// Copies what of `selection` exists, locked or not, bottom first; `None` for nothing.
    pub fn copy(
        selection: &[AnnotationId],
        document: &Document,
        image: Rect,
        ontology: &Ontology,
    ) -> Option<Self> {
        let mut originals = existing(selection, document);
        if originals.is_empty() {
            return None;
        }
        sort_by(&mut originals, |a, b| {
            a.z.total_cmp(&b.z).then(a.id.cmp(&b.id))
        });
        let (mut labels, mut label_places) = (Vec::new(), HashMap::new());
        let mut groups = HashMap::new();
        let mut annotations = Vec::with_capacity(originals.len());
        for original in originals {
            let label = *label_places.entry(original.label).or_insert_with(|| {
                labels.push(CopiedLabel::of(original.label, ontology));
                labels.len() - 1
            });
            let next = groups.len();
            annotations.push(Copied {
                label,
                shape: original.shape.clone(),
                z: original.z,
                attributes: original.attributes.clone(),
                group: original.group.map(|g| *groups.entry(g).or_insert(next)),
                style: original.style,
            });
        }
        Some(Self {
            version: VERSION,
            image: [image.width(), image.height()],
            labels,
            annotations,
        })
    }

    pub fn len(&self) -> usize {
        self.annotations.len()
    }

    pub fn is_empty(&self) -> bool {
        self.annotations.is_empty()
    }

    /// The text for the system's clipboard.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("a clipboard is made of plain values with text keys")
    }

    /// Reads [`Clipboard::to_text`], or says why the text is something else.
    pub fn from_text(text: &str) -> Result<Self, CommandError> {
        #[derive(Deserialize)]
        struct Head {
            #[serde(rename = "visionflow_annotations")]
            version: u32,
        }
        let head: Head = serde_json::from_str(text).map_err(|_| CommandError::NotOurs)?;
        if head.version > VERSION {
            return Err(CommandError::TooNew(head.version));
        }
        let damaged = |error: &dyn std::fmt::Display| CommandError::Damaged(error.to_string());
        let clipboard: Self = serde_json::from_str(text).map_err(|error| damaged(&error))?;
        for copied in &clipboard.annotations {
            if copied.label >= clipboard.labels.len() {
                return Err(damaged(&"an annotation names a label that is not there"));
            }
            if !copied.z.is_finite() || !copied.style.is_valid() {
                return Err(CommandError::NotFinite);
            }
            copied.shape.check()?;
        }
        if clipboard.is_empty() {
            return Err(CommandError::NotOurs);
        }
        Ok(clipboard)
    }

    /// Around everything that has a place.
    fn bounds(&self) -> Option<Rect> {
        let bounds = self.annotations.iter().filter_map(|a| a.shape.bounds());
        bounds.reduce(Rect::union)
    }
}

impl CopiedLabel {
    fn of(id: LabelId, ontology: &Ontology) -> Self {
        let Some(label) = ontology.label(id) else {
            return Self {
                id,
                name: String::new(),
                attributes: Vec::new(),
            };
        };
        let attribute = |attribute: &visionflow_model::Attribute| CopiedAttribute {
            id: attribute.id,
            name: attribute.name.clone(),
        };
        Self {
            id,
            name: label.name.clone(),
            attributes: label.attributes.iter().map(attribute).collect(),
        }
    }
}
