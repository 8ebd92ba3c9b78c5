//! COCO object detection and segmentation: `annotations/instances_default.json`, `images/…`.
//!
//! Format: <https://cocodataset.org/#format-data>. Coordinates are pixels with the origin at the
//! top-left corner of the top-left pixel, as ours.
//! A box has an empty segmentation, so that readers keep it a box; a polygon of one ring is a list
//! of coordinates; one with more rings becomes run lengths, since COCO's polygon lists are unions
//! and cannot say a hole. Attributes go into `attributes`, as CVAT and Datumaro write them.

use crate::report::Report;
use crate::rle;
use crate::spool::{MakeSpool, Spool};
use crate::writer::{Classed, Dataset, Entry, Labels, Out, WriteError, attributes};
use serde_json::{Map, Value, json};
use std::io::{Read, SeekFrom, Write};
use visionflow_geometry::{Point, Polygon, Rect};
use visionflow_model::Shape;

pub struct Coco {
    dataset: Dataset,
    images: List,
    annotations: List,
}

impl Coco {
    pub fn new(dataset: Dataset, spool: &mut MakeSpool) -> Result<Self, WriteError> {
        Ok(Self {
            dataset,
            images: List::new(spool()?),
            annotations: List::new(spool()?),
        })
    }

    pub fn item<W: Write>(
        &mut self,
        entry: &Entry,
        out: &mut Out<W>,
    ) -> Result<&'static str, WriteError> {
        let image_id = self.images.len + 1;
        self.images.push(&json!({
            "id": image_id,
            "file_name": entry.name,
            "width": entry.width,
            "height": entry.height,
        }))?;
        for classed in &entry.annotations {
            let id = self.annotations.len + 1;
            if let Some(annotation) = annotation(id, image_id, classed, entry, &mut out.report) {
                self.annotations.push(&annotation)?;
            }
        }
        Ok("images")
    }

    pub fn finish<W: Write>(mut self, labels: &Labels, out: &mut Out<W>) -> Result<(), WriteError> {
        let categories: Vec<Value> = (1..)
            .zip(labels.named())
            .map(|(id, label)| json!({"id": id, "name": label.name, "supercategory": ""}))
            .collect();
        let head = json!({
            "info": {
                "description": self.dataset.name,
                "date_created": self.dataset.created_at,
                "version": "1.0",
                "contributor": "VisionFlow",
            },
            "licenses": [],
            "categories": categories,
        });
        // The two long lists follow as the last members of the object.
        let mut head = serde_json::to_string(&head)?;
        head.pop();
        head.push_str(",\"images\":[");
        let (middle, end) = (&b"],\"annotations\":["[..], &b"]}\n"[..]);
        let size_bytes = (head.len() + middle.len() + end.len()) as u64
            + self.images.size_bytes
            + self.annotations.size_bytes;
        let mut file = head
            .as_bytes()
            .chain(self.images.reader()?)
            .chain(middle)
            .chain(self.annotations.reader()?)
            .chain(end);
        out.deflated("annotations/instances_default.json", &mut file, size_bytes)
    }
}

fn annotation(
    id: u64,
    image_id: u64,
    classed: &Classed,
    entry: &Entry,
    report: &mut Report,
) -> Option<Value> {
    let (bounds, area, segmentation) = match &classed.annotation.shape {
        Shape::Box(rect) => (*rect, rect.area(), json!([])),
        Shape::Polygon(polygon) => {
            let Some(bounds) = polygon.bounds() else {
                report.note("A polygon without points was left out", || {
                    classed.place(entry)
                });
                return None;
            };
            let (area, segmentation) = segmentation(polygon, entry);
            (bounds, area, segmentation)
        }
        Shape::Tag => {
            report.note(
                "A tag of the whole image has no place in COCO and was left out",
                || classed.place(entry),
            );
            return None;
        }
        other => {
            report.note(
                &format!(
                    "COCO cannot hold a {}, which was left out",
                    other.kind().name()
                ),
                || classed.place(entry),
            );
            return None;
        }
    };
    let attributes: Map<String, Value> = attributes(classed).into_iter().collect();
    Some(json!({
        "id": id,
        "image_id": image_id,
        "category_id": classed.class + 1,
        "bbox": bbox(bounds),
        "area": area,
        "segmentation": segmentation,
        "iscrowd": 0,
        "attributes": attributes,
    }))
}

fn bbox(rect: Rect) -> [f64; 4] {
    [rect.min.x, rect.min.y, rect.width(), rect.height()]
}

fn segmentation(polygon: &Polygon, entry: &Entry) -> (f64, Value) {
    if let [ring] = polygon.rings.as_slice() {
        let flat: Vec<f64> = ring.iter().flat_map(|Point { x, y }| [*x, *y]).collect();
        return (polygon.area(), json!([flat]));
    }
    let counts = rle::counts(polygon, entry.width, entry.height);
    let inside: u64 = counts.iter().skip(1).step_by(2).sum();
    let segmentation = json!({"size": [entry.height, entry.width], "counts": counts});
    (inside as f64, segmentation)
}

/// The members of a JSON array, put aside.
struct List {
    spool: Box<dyn Spool>,
    len: u64,
    size_bytes: u64,
}

impl List {
    fn new(spool: Box<dyn Spool>) -> Self {
        Self {
            spool,
            len: 0,
            size_bytes: 0,
        }
    }

    fn push(&mut self, value: &Value) -> Result<(), WriteError> {
        if self.len > 0 {
            self.spool.write_all(b",\n")?;
            self.size_bytes += 2;
        }
        let text = serde_json::to_vec(value)?;
        self.spool.write_all(&text)?;
        self.size_bytes += text.len() as u64;
        self.len += 1;
        Ok(())
    }

    fn reader(&mut self) -> Result<&mut dyn Spool, WriteError> {
        self.spool.seek(SeekFrom::Start(0))?;
        Ok(self.spool.as_mut())
    }
}
