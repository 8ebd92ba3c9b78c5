//! Pascal VOC: `Annotations/….xml`, `ImageSets/Main/default.txt`, `JPEGImages/…`.
//!
//! Format: the VOC2012 development kit, with the two extensions that CVAT and Datumaro share:
//! `labelmap.txt` for classes of one's own, and `<attributes>`.
//! Coordinates are written to two decimals, in our own pixel space (no shift by one), which is
//! also how those two read and write them.

use crate::names;
use crate::region::{Region, a};
use crate::spool::{MakeSpool, Spool};
use crate::writer::{Classed, Entry, Labels, Out, WriteError, attributes};
use quick_xml::Writer;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::io::{self, SeekFrom, Write};
use visionflow_geometry::Rect;

pub struct Voc {
    dataset_name: String,
    /// The names of all items, for the image set.
    set: Box<dyn Spool>,
}

impl Voc {
    pub fn new(dataset_name: String, spool: &mut MakeSpool) -> Result<Self, WriteError> {
        Ok(Self {
            dataset_name,
            set: spool()?,
        })
    }

    pub fn item<W: Write>(
        &mut self,
        entry: &Entry,
        out: &mut Out<W>,
    ) -> Result<&'static str, WriteError> {
        let stem = names::stem(entry.name);
        writeln!(self.set, "{stem}")?;
        let mut objects = Vec::new();
        for classed in &entry.annotations {
            let mut note = |what: &str| out.report.note(what, || classed.place(entry));
            let shape = &classed.annotation.shape;
            let region = Region::of(shape);
            let bounds = match region {
                Region::None => None,
                _ => shape.bounds(),
            };
            let Some(bounds) = bounds else {
                note(&format!(
                    "{} has no place in Pascal VOC and was left out",
                    a(shape)
                ));
                continue;
            };
            if bounds.area() <= 0.0 {
                note("A shape without a width and a height was left out");
                continue;
            }
            if !matches!(region, Region::Box(_)) {
                note(&format!("{} became the box around it", a(shape)));
            }
            objects.push((classed, bounds));
        }
        let xml = self.annotation_xml(entry, &objects)?;
        out.text(&format!("Annotations/{stem}.xml"), &xml)?;
        Ok("JPEGImages")
    }

    pub fn finish<W: Write>(mut self, labels: &Labels, out: &mut Out<W>) -> Result<(), WriteError> {
        let size_bytes = self.set.stream_position()?;
        self.set.seek(SeekFrom::Start(0))?;
        out.deflated("ImageSets/Main/default.txt", &mut self.set, size_bytes)?;
        let labels = labels.named();
        if labels
            .iter()
            .any(|label| label.name.contains(':') || label.name.starts_with('#'))
        {
            // `labelmap.txt` knows no escape; Datumaro reads this in its place.
            let names = labels.iter().enumerate();
            let map: Map<String, Value> = names
                .map(|(class, label)| (class.to_string(), json!(label.name)))
                .collect();
            return out.text("dataset_meta.json", &json!({"label_map": map}).to_string());
        }
        let mut text = String::from("# label:color_rgb:parts:actions\n");
        for label in labels {
            let color = label.color;
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}:{},{},{}::", label.name, color.r, color.g, color.b);
        }
        out.text("labelmap.txt", &text)
    }

    fn annotation_xml(&self, entry: &Entry, objects: &[(&Classed, Rect)]) -> io::Result<String> {
        let (folder, file) = entry.name.rsplit_once('/').unwrap_or(("", entry.name));
        let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
        xml.create_element("annotation")
            .write_inner_content(|xml| {
                text(xml, "folder", folder)?;
                text(
                    xml,
                    "filename",
                    if folder.is_empty() { file } else { entry.name },
                )?;
                xml.create_element("source").write_inner_content(|xml| {
                    text(xml, "database", &self.dataset_name)?;
                    text(xml, "annotation", "VisionFlow")
                })?;
                xml.create_element("size").write_inner_content(|xml| {
                    text(xml, "width", &entry.width.to_string())?;
                    text(xml, "height", &entry.height.to_string())?;
                    text(xml, "depth", "3")
                })?;
                text(xml, "segmented", "0")?;
                objects
                    .iter()
                    .try_for_each(|(classed, bounds)| object(xml, classed, *bounds, entry))
            })?;
        String::from_utf8(xml.into_inner()).map_err(io::Error::other)
    }
}

type Xml = Writer<Vec<u8>>;

fn object(xml: &mut Xml, classed: &Classed, bounds: Rect, entry: &Entry) -> io::Result<()> {
    let image = Rect::from_size(entry.width.into(), entry.height.into());
    let truncated = bounds.clamped_to(image) != bounds;
    xml.create_element("object").write_inner_content(|xml| {
        text(xml, "name", &classed.label.name)?;
        text(xml, "pose", "Unspecified")?;
        text(xml, "truncated", if truncated { "1" } else { "0" })?;
        text(xml, "difficult", "0")?;
        text(xml, "occluded", "0")?;
        xml.create_element("bndbox").write_inner_content(|xml| {
            text(xml, "xmin", &format!("{:.2}", bounds.min.x))?;
            text(xml, "ymin", &format!("{:.2}", bounds.min.y))?;
            text(xml, "xmax", &format!("{:.2}", bounds.max.x))?;
            text(xml, "ymax", &format!("{:.2}", bounds.max.y))
        })?;
        let attributes = attributes(classed);
        if attributes.is_empty() {
            return Ok(());
        }
        xml.create_element("attributes")
            .write_inner_content(|xml| {
                attributes.iter().try_for_each(|(name, value)| {
                    xml.create_element("attribute").write_inner_content(|xml| {
                        text(xml, "name", name)?;
                        match value {
                            Value::String(value) => text(xml, "value", value),
                            value => text(xml, "value", &value.to_string()),
                        }
                    })?;
                    Ok(())
                })
            })?;
        Ok(())
    })?;
    Ok(())
}

/// `<name>text</name>`, escaped; characters that XML 1.0 cannot hold at all become `_`.
fn text(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    let clean: String = text
        .chars()
        .map(|c| {
            if c.is_control() && !matches!(c, '\t' | '\n') {
                '_'
            } else {
                c
            }
        })
        .collect();
    xml.create_element(name)
        .write_text_content(quick_xml::events::BytesText::new(&clean))?;
    Ok(())
}
