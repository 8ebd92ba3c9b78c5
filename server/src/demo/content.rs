//! What the demo consists of, embedded in the binary; its licences stand in `server/demo/README.md`.

use anyhow::{Context, anyhow};
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;
use visionflow_model::{
    Annotation, AnnotationId, Attribute, AttributeId, AttributeKind, AttributeValue, Attributes,
    Color, Label, LabelId, Ontology, Shape,
};

#[derive(Deserialize)]
pub struct Content {
    labels: Vec<DemoLabel>,
    pub photos: Vec<Photo>,
}

#[derive(Deserialize)]
struct DemoLabel {
    name: String,
    color: Color,
    hotkey: String,
    #[serde(default)]
    attributes: Vec<DemoAttribute>,
}

#[derive(Deserialize)]
struct DemoAttribute {
    name: String,
    #[serde(flatten)]
    kind: AttributeKind,
}

#[derive(Deserialize)]
pub struct Photo {
    pub file: String,
    #[serde(rename = "type")]
    pub content_type: String,
    pub annotations: Vec<Drawn>,
}

/// One annotation; labels and attributes by name.
#[derive(Deserialize)]
pub struct Drawn {
    label: String,
    shape: Shape,
    #[serde(default)]
    attributes: BTreeMap<String, AttributeValue>,
}

macro_rules! photos {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("../../demo/photos/", $name)).as_slice())),*]
    };
}

const PHOTOS: [(&str, &[u8]); 10] = photos![
    "city-rail.jpg",
    "two-dogs-park.jpg",
    "dinner table.jpg",
    "two-dogs-roots.jpg",
    "dog-floor.jpg",
    "coffee.png",
    "chelsea.png",
    "rocket.jpg",
    "coins.png",
    "astronaut.png",
];

pub fn bytes_of(file: &str) -> anyhow::Result<&'static [u8]> {
    let photo = PHOTOS.iter().find(|(name, _)| *name == file);
    photo
        .map(|(_, bytes)| *bytes)
        .ok_or_else(|| anyhow!("the demo has no photograph {file}"))
}

impl Content {
    pub fn load() -> anyhow::Result<Self> {
        serde_json::from_str(include_str!("../../demo/annotations.json"))
            .context("the demo's annotations")
    }

    /// The labels under new ids.
    pub fn labels(&self) -> Vec<Label> {
        let attribute = |attribute: &DemoAttribute| Attribute {
            id: AttributeId(Uuid::now_v7()),
            name: attribute.name.clone(),
            kind: attribute.kind.clone(),
            required: false,
            default: None,
        };
        let label = |label: &DemoLabel| Label {
            hotkey: Some(label.hotkey.clone()),
            attributes: label.attributes.iter().map(attribute).collect(),
            ..Label::new(LabelId(Uuid::now_v7()), &*label.name, label.color)
        };
        self.labels.iter().map(label).collect()
    }
}

impl Photo {
    /// The annotations in the project's own labels.
    pub fn annotations(&self, ontology: &Ontology) -> anyhow::Result<Vec<Annotation>> {
        let drawn = self.annotations.iter().enumerate();
        drawn
            .map(|(index, drawn)| drawn.with_ids(ontology, index as f64))
            .collect()
    }
}

impl Drawn {
    fn with_ids(&self, ontology: &Ontology, z: f64) -> anyhow::Result<Annotation> {
        let label = ontology
            .active()
            .find(|label| label.name == self.label)
            .ok_or_else(|| anyhow!("the demo project has no label {}", self.label))?;
        let mut attributes = Attributes::new();
        for (name, value) in &self.attributes {
            let known = label.attributes.iter().find(|known| known.name == *name);
            let known = known.ok_or_else(|| anyhow!("{} has no attribute {name}", label.name))?;
            attributes.insert(known.id, value.clone());
        }
        let id = AnnotationId(Uuid::now_v7());
        Ok(Annotation {
            z,
            attributes,
            ..Annotation::new(id, label.id, self.shape.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_photograph_is_there_and_every_shape_is_sound() {
        let content = Content::load().unwrap();
        let ontology = Ontology {
            labels: content.labels(),
            ..Ontology::default()
        };
        assert_eq!(ontology.check(), Ok(()));
        assert_eq!(content.photos.len(), PHOTOS.len());
        for photo in &content.photos {
            let bytes = bytes_of(&photo.file).unwrap();
            let tail = &bytes[bytes.len().saturating_sub(65536)..];
            let probe = visionflow_media::probe(bytes, tail, bytes.len() as u64).unwrap();
            assert_eq!(probe.format.mime(), photo.content_type);
            let (width, height) = probe.oriented_size();
            for annotation in photo.annotations(&ontology).unwrap() {
                assert_eq!(annotation.shape.check(), Ok(()));
                if let Some(bounds) = annotation.shape.bounds() {
                    let inside = bounds.min.x >= 0.0
                        && bounds.min.y >= 0.0
                        && bounds.max.x <= f64::from(width)
                        && bounds.max.y <= f64::from(height);
                    assert!(inside, "{}: {bounds:?}", photo.file);
                }
            }
        }
    }
}
