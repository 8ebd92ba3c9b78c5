//! Shapes as they are written.

use super::mask;
use crate::{Align, Arrow, Joint, JointId, JointState, Shape, Skeleton, TextBox};
use serde::{Deserialize, Serialize};
use visionflow_geometry::{Cuboid, Ellipse, Point, Polygon, Rect, RotatedBox, Vec2};

type Pair = [f64; 2];

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "Shape"))]
pub(crate) enum Wire {
    Box {
        #[serde(rename = "box")]
        xywh: [f64; 4],
    },
    RotatedBox {
        center: Pair,
        size: Pair,
        angle: f64,
    },
    Ellipse {
        center: Pair,
        radii: Pair,
        angle: f64,
    },
    Polygon {
        rings: Vec<Vec<f64>>,
    },
    Polyline {
        points: Vec<f64>,
    },
    Point {
        point: Pair,
    },
    Path {
        points: Vec<f64>,
    },
    Arrow {
        from: Pair,
        to: Pair,
    },
    Text {
        #[serde(rename = "box")]
        xywh: [f64; 4],
        text: String,
        size: f64,
        #[serde(default)]
        bold: bool,
        #[serde(default)]
        align: Align,
    },
    Cuboid {
        points: Vec<f64>,
    },
    Mask(mask::Wire),
    Skeleton {
        joints: Vec<WireJoint>,
    },
    Tag,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "ShapeJoint"))]
pub(crate) struct WireJoint {
    id: JointId,
    at: Pair,
    #[serde(default)]
    state: JointState,
}

impl From<&Shape> for Wire {
    fn from(shape: &Shape) -> Self {
        match shape {
            Shape::Box(rect) => Self::Box { xywh: xywh(*rect) },
            Shape::RotatedBox(rotated) => Self::RotatedBox {
                center: pair(rotated.center),
                size: [rotated.size.x, rotated.size.y],
                angle: rotated.angle,
            },
            Shape::Ellipse(ellipse) => Self::Ellipse {
                center: pair(ellipse.center),
                radii: [ellipse.radii.x, ellipse.radii.y],
                angle: ellipse.angle,
            },
            Shape::Polygon(polygon) => Self::Polygon {
                rings: polygon.rings.iter().map(|ring| flat(ring)).collect(),
            },
            Shape::Polyline(points) => Self::Polyline {
                points: flat(points),
            },
            Shape::Point(p) => Self::Point { point: pair(*p) },
            Shape::Path(points) => Self::Path {
                points: flat(points),
            },
            Shape::Arrow(arrow) => Self::Arrow {
                from: pair(arrow.from),
                to: pair(arrow.to),
            },
            Shape::Text(text) => Self::Text {
                xywh: xywh(text.rect),
                text: text.text.clone(),
                size: text.size,
                bold: text.bold,
                align: text.align,
            },
            Shape::Cuboid(cuboid) => Self::Cuboid {
                points: flat(&cuboid.points),
            },
            Shape::Mask(mask) => Self::Mask(mask::Wire::from(mask)),
            Shape::Skeleton(skeleton) => Self::Skeleton {
                joints: skeleton.joints.iter().map(wire_joint).collect(),
            },
            Shape::Tag => Self::Tag,
        }
    }
}

impl TryFrom<Wire> for Shape {
    type Error = String;

    fn try_from(wire: Wire) -> Result<Self, String> {
        Ok(match wire {
            Wire::Box { xywh } => Self::Box(rect(xywh)),
            Wire::RotatedBox {
                center,
                size,
                angle,
            } => Self::RotatedBox(RotatedBox {
                center: point(center),
                size: Vec2::new(size[0], size[1]),
                angle,
            }),
            Wire::Ellipse {
                center,
                radii,
                angle,
            } => Self::Ellipse(Ellipse {
                center: point(center),
                radii: Vec2::new(radii[0], radii[1]),
                angle,
            }),
            Wire::Polygon { rings } => Self::Polygon(Polygon {
                rings: rings
                    .iter()
                    .map(|ring| points(ring))
                    .collect::<Result<_, _>>()?,
            }),
            Wire::Polyline { points: flat } => Self::Polyline(points(&flat)?),
            Wire::Point { point: pair } => Self::Point(point(pair)),
            Wire::Path { points: flat } => Self::Path(points(&flat)?),
            Wire::Arrow { from, to } => Self::Arrow(Arrow {
                from: point(from),
                to: point(to),
            }),
            Wire::Text {
                xywh,
                text,
                size,
                bold,
                align,
            } => Self::Text(Box::new(TextBox {
                rect: rect(xywh),
                text,
                size,
                bold,
                align,
            })),
            Wire::Cuboid { points: flat } => Self::Cuboid(Box::new(Cuboid {
                points: <[Point; 8]>::try_from(points(&flat)?)
                    .map_err(|_| "a cuboid needs eight points".to_owned())?,
            })),
            Wire::Mask(wire) => Self::Mask(wire.into_mask()?),
            Wire::Skeleton { joints } => Self::Skeleton(skeleton(joints)?),
            Wire::Tag => Self::Tag,
        })
    }
}

fn wire_joint((id, joint): (&JointId, &Joint)) -> WireJoint {
    WireJoint {
        id: *id,
        at: pair(joint.at),
        state: joint.state,
    }
}

fn skeleton(joints: Vec<WireJoint>) -> Result<Skeleton, String> {
    let mut skeleton = Skeleton::default();
    for WireJoint { id, at, state } in joints {
        let at = point(at);
        if skeleton.joints.insert(id, Joint { at, state }).is_some() {
            return Err(format!("joint {} stands twice in the skeleton", id.0));
        }
    }
    Ok(skeleton)
}

fn pair(p: Point) -> Pair {
    [p.x, p.y]
}

fn point([x, y]: Pair) -> Point {
    Point::new(x, y)
}

fn xywh(rect: Rect) -> [f64; 4] {
    [rect.min.x, rect.min.y, rect.width(), rect.height()]
}

fn rect([x, y, w, h]: [f64; 4]) -> Rect {
    let min = Point::new(x, y);
    Rect::from_corners(min, min + Vec2::new(w, h))
}

fn flat(points: &[Point]) -> Vec<f64> {
    points.iter().flat_map(|p| [p.x, p.y]).collect()
}

fn points(flat: &[f64]) -> Result<Vec<Point>, String> {
    if flat.len() % 2 == 1 {
        return Err("a list of points needs an even number of values".to_owned());
    }
    Ok(flat
        .chunks_exact(2)
        .map(|xy| Point::new(xy[0], xy[1]))
        .collect())
}
