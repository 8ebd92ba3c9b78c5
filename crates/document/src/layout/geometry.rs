//! Geometry of every kind, written and read.

mod mask;

pub(crate) use mask::{apply_stroke, read_tile, strokes_of};

use super::values::{number_any, read_number};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use visionflow_geometry::{Cuboid, Ellipse, Point, Polygon, Rect, RotatedBox, Vec2};
use visionflow_model::{
    Align, Arrow, Joint, JointId, JointState, Shape, ShapeKind, Skeleton, TextBox,
};
use yrs::Any;

pub(super) fn geometry_any(shape: &Shape) -> Any {
    match shape {
        Shape::Box(rect) => numbers(&xywh(*rect)),
        Shape::RotatedBox(RotatedBox {
            center,
            size,
            angle,
        }) => numbers(&[center.x, center.y, size.x, size.y, *angle]),
        Shape::Ellipse(Ellipse {
            center,
            radii,
            angle,
        }) => numbers(&[center.x, center.y, radii.x, radii.y, *angle]),
        Shape::Polygon(polygon) => {
            Any::Array(polygon.rings.iter().map(|ring| points(ring)).collect())
        }
        Shape::Polyline(line) | Shape::Path(line) => points(line),
        Shape::Point(p) => points(&[*p]),
        Shape::Arrow(arrow) => points(&[arrow.from, arrow.to]),
        Shape::Text(text) => text_any(text),
        Shape::Cuboid(cuboid) => points(&cuboid.points),
        Shape::Mask(mask) => mask::mask_any(mask),
        Shape::Skeleton(skeleton) => {
            let joints = skeleton.joints.iter();
            let quad = |(id, joint): (&JointId, &Joint)| {
                let flag = f64::from(joint.state as u8);
                [f64::from(id.0), joint.at.x, joint.at.y, flag]
            };
            Any::Array(joints.flat_map(quad).map(number_any).collect())
        }
        Shape::Tag => Any::Array(Arc::new([])),
    }
}

/// The value of a geometry override: with its kind where it is not the one the annotation was born
/// with.
pub(crate) fn kind_and_geometry_any(shape: &Shape, birth: ShapeKind) -> Any {
    let geometry = geometry_any(shape);
    if shape.kind() == birth {
        return geometry;
    }
    Any::Map(Arc::new(HashMap::from([
        ("kind".to_owned(), shape.kind().name().into()),
        ("geometry".to_owned(), geometry),
    ])))
}

pub(super) fn read_kind_and_geometry(birth: ShapeKind, value: &Any) -> Result<Shape, String> {
    match value {
        Any::Map(map) if map.contains_key("kind") => {
            let kind = match map.get("kind") {
                Some(Any::String(name)) => ShapeKind::from_name(name),
                _ => None,
            };
            let kind = kind.ok_or("the geometry's kind is unknown")?;
            read_shape(kind, map.get("geometry").unwrap_or(&Any::Undefined))
        }
        value => read_shape(birth, value),
    }
}

/// Makes of `shape` what is read of its geometry; `false` where only reading tells.
pub(super) fn settle_shape(shape: &mut Shape) -> bool {
    let corners = match shape {
        Shape::Box(corners) => corners,
        Shape::Text(text) => &mut text.rect,
        Shape::Mask(_) => return false,
        _ => return true,
    };
    let settled = rect(xywh(*corners));
    if settled == *corners {
        return true;
    }
    *corners = settled;
    shape.check().is_ok()
}

pub(super) fn read_shape(kind: ShapeKind, value: &Any) -> Result<Shape, String> {
    let shape = shape_of(kind, value)?.ok_or("the geometry is not understood")?;
    shape.check().map_err(|fault| fault.to_string())?;
    Ok(shape)
}

fn shape_of(kind: ShapeKind, value: &Any) -> Result<Option<Shape>, String> {
    Ok(match kind {
        ShapeKind::Box => match read_array(value) {
            Some([_, _, w, h]) if w < 0.0 || h < 0.0 => {
                return Err("a box's size is negative".to_owned());
            }
            xywh => xywh.map(|xywh| Shape::Box(rect(xywh))),
        },
        ShapeKind::RotatedBox => read_array(value).map(|[x, y, w, h, angle]| {
            Shape::RotatedBox(RotatedBox {
                center: Point::new(x, y),
                size: Vec2::new(w, h),
                angle,
            })
        }),
        ShapeKind::Ellipse => read_array(value).map(|[x, y, rx, ry, angle]| {
            Shape::Ellipse(Ellipse {
                center: Point::new(x, y),
                radii: Vec2::new(rx, ry),
                angle,
            })
        }),
        ShapeKind::Polygon => match value {
            Any::Array(rings) => {
                let rings: Option<Vec<_>> = rings.iter().map(read_points).collect();
                rings.map(|rings| Shape::Polygon(Polygon { rings }))
            }
            _ => None,
        },
        ShapeKind::Polyline => read_points(value).map(Shape::Polyline),
        ShapeKind::Path => read_points(value).map(Shape::Path),
        ShapeKind::Point => read_array(value).map(|[x, y]| Shape::Point(Point::new(x, y))),
        ShapeKind::Arrow => read_array(value).map(|[x0, y0, x1, y1]| {
            Shape::Arrow(Arrow {
                from: Point::new(x0, y0),
                to: Point::new(x1, y1),
            })
        }),
        ShapeKind::Text => read_text(value).map(|text| Shape::Text(Box::new(text))),
        ShapeKind::Cuboid => {
            let points = read_points(value).and_then(|points| points.try_into().ok());
            points.map(|points| Shape::Cuboid(Box::new(Cuboid { points })))
        }
        ShapeKind::Mask => Some(Shape::Mask(mask::read_mask(value)?)),
        ShapeKind::Skeleton => read_skeleton(value).map(Shape::Skeleton),
        ShapeKind::Tag => Some(Shape::Tag),
    })
}

fn text_any(text: &TextBox) -> Any {
    Any::Map(Arc::new(HashMap::from([
        ("box".to_owned(), numbers(&xywh(text.rect))),
        ("text".to_owned(), text.text.as_str().into()),
        ("size".to_owned(), number_any(text.size)),
        ("bold".to_owned(), Any::Bool(text.bold)),
        ("align".to_owned(), text.align.name().into()),
    ])))
}

fn read_text(value: &Any) -> Option<TextBox> {
    let Any::Map(map) = value else {
        return None;
    };
    let string = |name: &str| match map.get(name) {
        Some(Any::String(text)) => Some(text.as_ref()),
        _ => None,
    };
    Some(TextBox {
        rect: rect(read_array(map.get("box")?)?),
        text: string("text")?.to_owned(),
        size: read_number(map.get("size")?)?,
        bold: matches!(map.get("bold"), Some(Any::Bool(true))),
        align: string("align")
            .and_then(Align::from_name)
            .unwrap_or_default(),
    })
}

fn read_skeleton(value: &Any) -> Option<Skeleton> {
    let flat = read_numbers(value)?;
    let mut joints = BTreeMap::new();
    for quad in flat.chunks(4) {
        let &[id, x, y, flag] = quad else {
            return None;
        };
        let state = JointState::from_flag(whole(flag)?)?;
        let at = Point::new(x, y);
        joints.insert(JointId(whole(id)?), Joint { at, state });
    }
    Some(Skeleton { joints })
}

fn whole(value: f64) -> Option<u32> {
    let is_whole = value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value);
    is_whole.then_some(value as u32)
}

fn xywh(rect: Rect) -> [f64; 4] {
    [rect.min.x, rect.min.y, rect.width(), rect.height()]
}

fn rect([x, y, w, h]: [f64; 4]) -> Rect {
    let min = Point::new(x, y);
    Rect {
        min,
        max: min + Vec2::new(w, h),
    }
}

fn numbers(values: &[f64]) -> Any {
    Any::Array(values.iter().copied().map(number_any).collect())
}

fn points(points: &[Point]) -> Any {
    let flat = points.iter().flat_map(|p| [p.x, p.y]);
    Any::Array(flat.map(number_any).collect())
}

fn read_points(value: &Any) -> Option<Vec<Point>> {
    let flat = read_numbers(value)?;
    let whole = flat.len().is_multiple_of(2);
    whole.then(|| {
        flat.chunks_exact(2)
            .map(|xy| Point::new(xy[0], xy[1]))
            .collect()
    })
}

fn read_array<const N: usize>(value: &Any) -> Option<[f64; N]> {
    read_numbers(value)?.try_into().ok()
}

fn read_numbers(value: &Any) -> Option<Vec<f64>> {
    match value {
        Any::Array(values) => values.iter().map(read_number).collect(),
        _ => None,
    }
}
