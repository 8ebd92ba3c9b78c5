//! COCO object detection, segmentation and keypoints: `annotations/instances_default.json`,
//! `annotations/person_keypoints_default.json` where there are skeletons, `images/…`.
//!
//! Format: <https://cocodataset.org/#format-data>. Coordinates are pixels with the origin at the
//! top-left corner of the top-left pixel, as ours.
//! A box has an empty segmentation, so that readers keep it a box; a polygon of one ring is a list
//! of coordinates, as are the corners of a rotated box and an ellipse; a mask, and a polygon with
//! more rings, is run lengths, since COCO's polygon lists are unions and cannot say a hole.
//! Attributes go into `attributes`, as CVAT and Datumaro write them.

mod keypoints;
mod list;

use crate::region::{Region, a};
use crate::report::Report;
use crate::spool::MakeSpool;
use crate::writer::{Classed, Dataset, Entry, Labels, Out, WriteError, attributes};
use keypoints::Keypoints;
use list::List;
use serde_json::{Map, Value, json};
use std::io::{Read, Write};
use visionflow_geometry::{Mask, Point, Polygon, Rect};

pub struct Coco {
    dataset: Dataset,
    images: List,
    instances: List,
    keypoints: Keypoints,
}

impl Coco {
    pub fn new(dataset: Dataset, spool: &mut MakeSpool) -> Result<Self, WriteError> {
        Ok(Self {
            dataset,
            images: List::new(spool()?),
            instances: List::new(spool()?),
            keypoints: Keypoints::new(spool()?),
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
            let id = self.instances.len + self.keypoints.len() + 1;
            let report = &mut out.report;
            if let Region::Skeleton(skeleton) = Region::of(&classed.annotation.shape) {
                let common = common(id, image_id, classed);
                self.keypoints
                    .push(common, skeleton, classed, entry, report)?;
            } else if let Some(instance) = instance(id, image_id, classed, entry, report) {
                self.instances.push(&instance)?;
            }
        }
        Ok("images")
    }

    pub fn finish<W: Write>(mut self, labels: &Labels, out: &mut Out<W>) -> Result<(), WriteError> {
        let labels = labels.named();
        let categories: Vec<Value> = (1..)
            .zip(labels)
            .map(|(id, label)| json!({"id": id, "name": label.name, "supercategory": ""}))
            .collect();
        let head = self.head(&categories);
        let path = "annotations/instances_default.json";
        write_lists(path, &head, &mut self.images, &mut self.instances, out)?;
        if self.keypoints.len() > 0 {
            let head = self.head(&keypoints::categories(labels));
            let path = "annotations/person_keypoints_default.json";
            write_lists(path, &head, &mut self.images, self.keypoints.list(), out)?;
        }
        Ok(())
    }

    fn head(&self, categories: &[Value]) -> Value {
        json!({
            "info": {
                "description": self.dataset.name,
                "date_created": self.dataset.created_at,
                "version": "1.0",
                "contributor": "VisionFlow",
            },
            "licenses": [],
            "categories": categories,
        })
    }
}

/// The two long lists follow as the last members of the object `head`.
fn write_lists<W: Write>(
    path: &str,
    head: &Value,
    images: &mut List,
    annotations: &mut List,
    out: &mut Out<W>,
) -> Result<(), WriteError> {
    let mut head = serde_json::to_string(head)?;
    head.pop();
    head.push_str(",\"images\":[");
    let (middle, end) = (&b"],\"annotations\":["[..], &b"]}\n"[..]);
    let size_bytes =
        (head.len() + middle.len() + end.len()) as u64 + images.size_bytes + annotations.size_bytes;
    let mut file = head
        .as_bytes()
        .chain(images.reader()?)
        .chain(middle)
        .chain(annotations.reader()?)
        .chain(end);
    out.deflated(path, &mut file, size_bytes)
}

/// What every annotation has, of whichever file.
fn common(id: u64, image_id: u64, classed: &Classed) -> Map<String, Value> {
    let attributes: Map<String, Value> = attributes(classed).into_iter().collect();
    let members = [
        ("id", json!(id)),
        ("image_id", json!(image_id)),
        ("category_id", json!(classed.class + 1)),
        ("iscrowd", json!(0)),
        ("attributes", json!(attributes)),
    ];
    let members = members.map(|(name, value)| (name.to_owned(), value));
    members.into_iter().collect()
}

fn instance(
    id: u64,
    image_id: u64,
    classed: &Classed,
    entry: &Entry,
    report: &mut Report,
) -> Option<Value> {
    let shape = &classed.annotation.shape;
    let mut note = |what: String| report.note(&what, || classed.place(entry));
    let (bounds, area, segmentation) = match Region::of(shape) {
        Region::Box(rect) => (rect, rect.area(), json!([])),
        Region::Outline(polygon) => {
            if !matches!(polygon, std::borrow::Cow::Borrowed(_)) {
                note(format!("{} became a polygon", a(shape)));
            }
            outline(&polygon, entry)
        }
        Region::Mask(mask) => masked(mask, entry).or_else(|| {
            note("A mask without a pixel on its image was left out".to_owned());
            None
        })?,
        Region::Around(rect) => {
            note(format!("{} became the box around it", a(shape)));
            (rect, rect.area(), json!([]))
        }
        Region::Skeleton(_) | Region::None => {
            note(format!(
                "{} has no place in COCO and was left out",
                a(shape)
            ));
            return None;
        }
    };
    let mut instance = common(id, image_id, classed);
    instance.insert("bbox".to_owned(), json!(bbox(bounds)));
    instance.insert("area".to_owned(), json!(area));
    instance.insert("segmentation".to_owned(), segmentation);
    Some(instance.into())
}

fn bbox(rect: Rect) -> [f64; 4] {
    [rect.min.x, rect.min.y, rect.width(), rect.height()]
}

/// The rectangle around it, its area and its segmentation.
fn outline(polygon: &Polygon, entry: &Entry) -> (Rect, f64, Value) {
    let bounds = polygon.bounds().unwrap_or_default();
    if let [ring] = polygon.rings.as_slice() {
        let flat: Vec<f64> = ring.iter().flat_map(|Point { x, y }| [*x, *y]).collect();
        return (bounds, polygon.area(), json!([flat]));
    }
    let image = Rect::from_size(entry.width.into(), entry.height.into());
    let (area, runs) = run_lengths(&Mask::from_polygon(polygon, image), entry);
    (bounds, area, runs)
}

/// As [`outline`]; `None` where nothing of it lies on the image.
fn masked(mask: &Mask, entry: &Entry) -> Option<(Rect, f64, Value)> {
    let (area, runs) = run_lengths(mask, entry);
    let image = Rect::from_size(entry.width.into(), entry.height.into());
    let bounds = mask.bounds().filter(|_| area > 0.0)?;
    Some((bounds.clamped_to(image), area, runs))
}

fn run_lengths(mask: &Mask, entry: &Entry) -> (f64, Value) {
    let counts = mask.to_rle(entry.width, entry.height);
    let inside: u64 = counts.iter().skip(1).step_by(2).sum();
    let runs = json!({"size": [entry.height, entry.width], "counts": counts});
    (inside as f64, runs)
}
