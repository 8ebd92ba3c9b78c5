//! The YOLO family: a row, or a column, for every place that a thing may have.

use super::{Output, Proposal, area};
use crate::Error;
use crate::fit::Fit;
use crate::nms::Scored;
use crate::spec::{Layout, ModelSpec};
use visionflow_geometry::Point;
use visionflow_model::{Joint, JointId, JointState, Shape, Skeleton};

/// A joint that the model is less sure of is hidden by something.
const VISIBLE: f32 = 0.5;

/// Rows of an output, whichever way they run.
struct Rows<'a> {
    values: &'a [f32],
    count: usize,
    columns: usize,
    /// From one row to the next, and from one column to the next.
    steps: (usize, usize),
}

impl<'a> Rows<'a> {
    fn of(output: &'a Output, layout: Layout) -> Result<Self, Error> {
        let &[1, first, last] = &output.shape[..] else {
            return Err(wrong(output));
        };
        let stands = matches!(
            layout,
            Layout::Yolov8Detect | Layout::Yolov8Segment | Layout::Yolov8Pose | Layout::Yolov8Obb
        );
        let (count, columns, steps) = if stands {
            (last, first, (1, last))
        } else {
            (first, last, (last, 1))
        };
        Ok(Self {
            values: &output.values,
            count,
            columns,
            steps,
        })
    }

    fn get(&self, row: usize, column: usize) -> f32 {
        self.values[row * self.steps.0 + column * self.steps.1]
    }

    /// The best of the classes that lie in some columns.
    fn best(&self, row: usize, first: usize, classes: usize) -> (usize, f32) {
        let scores = (0..classes).map(|class| (class, self.get(row, first + class)));
        scores.fold((0, f32::NEG_INFINITY), |best, next| {
            if next.1 > best.1 { next } else { best }
        })
    }

    fn tail(&self, row: usize, first: usize) -> Vec<f32> {
        (first..self.columns)
            .map(|column| self.get(row, column))
            .collect()
    }
}

fn wrong(output: &Output) -> Error {
    Error::Shape(output.shape.clone())
}

/// All rows that score enough; boxes in pixels of the input.
pub(super) fn proposals(
    spec: &ModelSpec,
    output: &Output,
    protos: Option<&Output>,
    sides: (f64, f64),
) -> Result<Vec<Proposal>, Error> {
    let rows = Rows::of(output, spec.layout)?;
    let extra = extra_columns(spec, protos)?;
    let head = match spec.layout {
        Layout::Yolov5Detect | Layout::Yolov5Segment => 5,
        Layout::Yolov10Detect
        | Layout::Yolov10Segment
        | Layout::Yolov10Pose
        | Layout::Yolov10Obb => {
            return finals(spec, &rows, extra).ok_or_else(|| wrong(output));
        }
        _ => 4,
    };
    let classes = rows
        .columns
        .checked_sub(head + extra)
        .filter(|classes| *classes > 0);
    let classes = classes.ok_or_else(|| wrong(output))?;
    let unit = match spec.layout {
        Layout::RtDetrRows => (sides.0 as f32, sides.1 as f32),
        _ => (1.0, 1.0),
    };
    let read = |row: usize| {
        let (class, score) = rows.best(row, head, classes);
        let score = if head == 5 {
            score * rows.get(row, 4)
        } else {
            score
        };
        if score < spec.score {
            return None;
        }
        let extra = rows.tail(row, head + classes);
        let angle = if is_turned(spec.layout) {
            *extra.first()?
        } else {
            0.0
        };
        let value = |column: usize, unit: f32| rows.get(row, column) * unit;
        let area = area(
            (value(0, unit.0), value(1, unit.1)),
            (value(2, unit.0), value(3, unit.1)),
            angle,
        )?;
        Some(Proposal {
            scored: Scored { class, score, area },
            extra,
        })
    };
    Ok((0..rows.count).filter_map(read).collect())
}

fn is_turned(layout: Layout) -> bool {
    matches!(layout, Layout::Yolov8Obb | Layout::Yolov10Obb)
}

/// How many columns follow the classes.
fn extra_columns(spec: &ModelSpec, protos: Option<&Output>) -> Result<usize, Error> {
    match spec.layout {
        layout if super::has_masks(layout) => match protos.map(|protos| &protos.shape[..]) {
            Some([1, factors, _, _]) => Ok(*factors),
            Some(other) => Err(Error::Shape(other.to_vec())),
            None => Err(super::missing("the masks' output")),
        },
        Layout::Yolov8Pose | Layout::Yolov10Pose => match spec.joints {
            Some([joints, values]) => Ok(joints * values),
            None => Err(super::missing("the number of joints")),
        },
        layout => Ok(usize::from(is_turned(layout))),
    }
}

/// Rows of corners (or, turned, middle and sides), score, class and the rest; `None` where their
/// number of columns is another.
fn finals(spec: &ModelSpec, rows: &Rows, extra: usize) -> Option<Vec<Proposal>> {
    let read = |row: usize| {
        let at = |column: usize| rows.get(row, column);
        let (score, class) = (at(4), at(5).round());
        if score < spec.score || class < 0.0 {
            return None;
        }
        let extra = rows.tail(row, 6);
        let area = if is_turned(spec.layout) {
            area((at(0), at(1)), (at(2), at(3)), *extra.first()?)?
        } else {
            let middle = (f32::midpoint(at(0), at(2)), f32::midpoint(at(1), at(3)));
            area(middle, (at(2) - at(0), at(3) - at(1)), 0.0)?
        };
        Some(Proposal {
            scored: Scored {
                class: class as usize,
                score,
                area,
            },
            extra,
        })
    };
    (rows.columns == 6 + extra).then(|| (0..rows.count).filter_map(read).collect())
}

/// Joints under the numbers of their places in the row.
pub(super) fn skeleton(extra: &[f32], values: usize, fit: &Fit) -> Shape {
    let joints = extra
        .chunks_exact(values)
        .enumerate()
        .map(|(index, joint)| {
            let at = fit.to_image(Point::new(joint[0].into(), joint[1].into()));
            let sure = joint.get(2).is_none_or(|sure| *sure >= VISIBLE);
            let state = if sure {
                JointState::Visible
            } else {
                JointState::Occluded
            };
            (
                JointId(index as u32),
                Joint {
                    at: fit.clamped(at),
                    state,
                },
            )
        });
    Shape::Skeleton(Skeleton {
        joints: joints.collect(),
    })
}
