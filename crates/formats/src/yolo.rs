//! The YOLO layout of Ultralytics: `data.yaml`, `images/train/…`, `labels/train/….txt`.
//!
//! Format: <https://docs.ultralytics.com/datasets/detect/> and `…/segment/`.
//! A row is `class cx cy w h`, or `class x1 y1 x2 y2 …`, as fractions of the oriented image.

use crate::names;
use crate::region::{Region, a};
use crate::report::Report;
use crate::writer::{Classed, Entry, Labels, Out, WriteError};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write;
use visionflow_geometry::{Point, Rect};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Detect,
    Segment,
}

pub struct Yolo {
    task: Task,
}

impl Yolo {
    pub fn new(task: Task) -> Self {
        Self { task }
    }

    pub fn item<W: Write>(
        &mut self,
        entry: &Entry,
        out: &mut Out<W>,
    ) -> Result<&'static str, WriteError> {
        let mut rows = String::new();
        for classed in &entry.annotations {
            if let Some(values) = self.values(classed, entry, &mut out.report) {
                // Writing to a String cannot fail.
                let _ = write!(rows, "{}", classed.class);
                for value in values {
                    let _ = write!(rows, " {value:.9}");
                }
                rows.push('\n');
            }
            if !classed.annotation.attributes.is_empty() {
                out.report
                    .note("Attributes have no place in YOLO and were left out", || {
                        classed.place(entry)
                    });
            }
        }
        out.text(
            &format!("labels/train/{}.txt", names::stem(entry.name)),
            &rows,
        )?;
        Ok("images/train")
    }

    pub fn finish<W: Write>(labels: &Labels, out: &mut Out<W>) -> Result<(), WriteError> {
        let mut yaml = String::from("path: .\ntrain: images/train\nval: images/train\nnames:\n");
        for (class, label) in labels.named().iter().enumerate() {
            // A JSON string is a YAML string, whatever the name holds.
            let _ = writeln!(yaml, "  {class}: {}", serde_json::to_string(&label.name)?);
        }
        out.text("data.yaml", &yaml)
    }

    /// The numbers after the class; nothing for what the task cannot hold.
    fn values(&self, classed: &Classed, entry: &Entry, report: &mut Report) -> Option<Vec<f64>> {
        let mut note = |what: &str| report.note(what, || classed.place(entry));
        let shape = &classed.annotation.shape;
        let region = Region::of(shape);
        let bounds = match region {
            Region::None => None,
            _ => shape.bounds(),
        };
        let Some(bounds) = bounds else {
            note(&format!(
                "{} has no place in YOLO and was left out",
                a(shape)
            ));
            return None;
        };
        let image = Rect::from_size(entry.width.into(), entry.height.into());
        if bounds.area() <= 0.0 {
            note("A shape without a width and a height was left out");
            return None;
        }
        if !bounds.intersects(image) {
            note("A shape wholly outside its image was left out");
            return None;
        }
        let on_image = bounds.clamped_to(image);
        if on_image != bounds {
            note("A shape was cut at the border of its image, as YOLO wants it");
        }
        match (self.task, region) {
            (Task::Detect, Region::Box(_)) => Some(detect_row(on_image, image)),
            (Task::Detect, _) => {
                note(&format!("{} became the box around it", a(shape)));
                Some(detect_row(on_image, image))
            }
            (Task::Segment, Region::Outline(polygon)) => {
                if matches!(polygon, Cow::Owned(_)) {
                    note(&format!("{} became a polygon", a(shape)));
                }
                if polygon.rings.len() > 1 {
                    note(
                        "Holes and further parts of a polygon have no place in YOLO and were left out",
                    );
                }
                Some(outline_row(polygon.rings.first()?, image))
            }
            (Task::Segment, Region::Mask(mask)) => {
                note("A mask became the polygon around its largest part");
                let parts = mask.to_polygons();
                let largest = parts.iter().max_by(|a, b| a.area().total_cmp(&b.area()));
                if parts.len() > 1 || largest?.rings.len() > 1 {
                    note(
                        "Holes and further parts of a mask have no place in YOLO and were left out",
                    );
                }
                Some(outline_row(largest?.rings.first()?, image))
            }
            (Task::Segment, _) => {
                note(&format!("{} became a polygon of four corners", a(shape)));
                Some(outline_row(&bounds.corners(), image))
            }
        }
    }
}

fn detect_row(rect: Rect, image: Rect) -> Vec<f64> {
    let center = rect.center();
    let (w, h) = (image.width(), image.height());
    vec![
        center.x / w,
        center.y / h,
        rect.width() / w,
        rect.height() / h,
    ]
}

fn outline_row(ring: &[Point], image: Rect) -> Vec<f64> {
    let fraction = |v: f64, size: f64| (v / size).clamp(0.0, 1.0);
    ring.iter()
        .flat_map(|p| [fraction(p.x, image.width()), fraction(p.y, image.height())])
        .collect()
}
