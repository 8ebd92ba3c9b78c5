//! What makes a shape acceptable, asked by the tools, the document's readers and the server alike.

use crate::{Shape, Skeleton, TextBox};
use thiserror::Error;
use visionflow_geometry::{Mask, Point, Polygon, TILE_SIZE, Vec2};

/// No coordinate lies further out than this, in pixels: beyond it `f64` and `f32` lose sub-pixels
/// and no image is that large.
pub const MAX_COORDINATE: f64 = 16_777_216.0;
/// The most vertices one shape may have.
pub const MAX_VERTICES: usize = 100_000;
/// The most tiles one mask may have: 512 megapixels.
pub const MAX_MASK_TILES: usize = 8192;
/// The most joints one skeleton may have.
pub const MAX_JOINTS: usize = 1000;
/// The most bytes one text may have.
pub const MAX_TEXT_BYTES: usize = 10_000;

/// Why a shape is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Invalid {
    #[error("a coordinate is not a finite number")]
    NotFinite,
    #[error("a coordinate lies outside ±{MAX_COORDINATE} pixels")]
    OutOfRange,
    #[error("a box needs a width and a height above zero")]
    EmptyBox,
    #[error("an ellipse needs two radii above zero")]
    EmptyEllipse,
    #[error("ring {ring} of the polygon has {points} points; three are the least")]
    ShortRing { ring: usize, points: usize },
    #[error("the polygon has no ring")]
    NoRing,
    #[error("a line has {0} points; two are the least")]
    ShortLine(usize),
    #[error("an arrow needs a length above zero")]
    EmptyArrow,
    #[error("{0} vertices; {MAX_VERTICES} are the most")]
    TooManyVertices(usize),
    #[error("{0} tiles of a mask; {MAX_MASK_TILES} are the most")]
    TooManyTiles(usize),
    #[error("{0} joints; {MAX_JOINTS} are the most")]
    TooManyJoints(usize),
    #[error("a skeleton needs a joint")]
    NoJoint,
    #[error("a text of {0} bytes; {MAX_TEXT_BYTES} are the most")]
    LongText(usize),
    #[error("a text needs a font size above zero")]
    NoTextSize,
}

impl Shape {
    /// Whether the shape can be stored: finite, in range, enclosing something.
    pub fn check(&self) -> Result<(), Invalid> {
        match self {
            Self::Box(rect) => {
                check_point(rect.min)?;
                check_point(rect.max)?;
                above_zero(rect.max - rect.min, Invalid::EmptyBox)
            }
            Self::RotatedBox(rotated) => {
                check_angle(rotated.angle)?;
                check_point(rotated.center)?;
                rotated.corners().into_iter().try_for_each(check_point)?;
                above_zero(rotated.size, Invalid::EmptyBox)
            }
            Self::Ellipse(ellipse) => {
                check_angle(ellipse.angle)?;
                check_point(ellipse.center)?;
                let bounds = ellipse.bounds();
                check_point(bounds.min)?;
                check_point(bounds.max)?;
                above_zero(ellipse.radii, Invalid::EmptyEllipse)
            }
            Self::Polygon(polygon) => check_polygon(polygon),
            Self::Polyline(points) | Self::Path(points) => check_line(points),
            Self::Point(p) => check_point(*p),
            Self::Arrow(arrow) => {
                check_point(arrow.from)?;
                check_point(arrow.to)?;
                if arrow.from == arrow.to {
                    return Err(Invalid::EmptyArrow);
                }
                Ok(())
            }
            Self::Text(text) => check_text(text),
            Self::Cuboid(cuboid) => cuboid.points.into_iter().try_for_each(check_point),
            Self::Mask(mask) => check_mask(mask),
            Self::Skeleton(skeleton) => check_skeleton(skeleton),
            Self::Tag => Ok(()),
        }
    }

    /// Whether a shape that is still being drawn can be shown: it may enclose nothing yet, but
    /// nothing of it is out of range or too much.
    pub fn check_unfinished(&self) -> Result<(), Invalid> {
        match self.check() {
            Err(
                Invalid::EmptyBox
                | Invalid::EmptyEllipse
                | Invalid::ShortRing { .. }
                | Invalid::NoRing
                | Invalid::ShortLine(_)
                | Invalid::EmptyArrow
                | Invalid::NoJoint,
            ) => {
                let bounds = self.bounds().unwrap_or_default();
                check_point(bounds.min).and_then(|()| check_point(bounds.max))
            }
            checked => checked,
        }
    }
}

fn check_polygon(polygon: &Polygon) -> Result<(), Invalid> {
    let count = polygon.vertex_count();
    if count > MAX_VERTICES {
        return Err(Invalid::TooManyVertices(count));
    }
    if polygon.rings.is_empty() {
        return Err(Invalid::NoRing);
    }
    for (ring, points) in polygon.rings.iter().map(Vec::len).enumerate() {
        if points < 3 {
            return Err(Invalid::ShortRing { ring, points });
        }
    }
    polygon.points().try_for_each(check_point)
}

fn check_line(points: &[Point]) -> Result<(), Invalid> {
    if points.len() < 2 {
        return Err(Invalid::ShortLine(points.len()));
    }
    if points.len() > MAX_VERTICES {
        return Err(Invalid::TooManyVertices(points.len()));
    }
    points.iter().copied().try_for_each(check_point)
}

fn check_text(text: &TextBox) -> Result<(), Invalid> {
    check_point(text.rect.min)?;
    check_point(text.rect.max)?;
    check_angle(text.size)?;
    if text.text.len() > MAX_TEXT_BYTES {
        return Err(Invalid::LongText(text.text.len()));
    }
    if text.size <= 0.0 || text.size > MAX_COORDINATE {
        return Err(Invalid::NoTextSize);
    }
    above_zero(text.rect.max - text.rect.min, Invalid::EmptyBox)
}

/// An empty mask is none the worse: another person's strokes may fill it again.
fn check_mask(mask: &Mask) -> Result<(), Invalid> {
    let count = mask.tiles().len();
    if count > MAX_MASK_TILES {
        return Err(Invalid::TooManyTiles(count));
    }
    let furthest = MAX_COORDINATE as i32 / TILE_SIZE;
    let within = |at: i32| (-furthest..furthest).contains(&at);
    if mask.tiles().all(|(key, _)| within(key.x) && within(key.y)) {
        Ok(())
    } else {
        Err(Invalid::OutOfRange)
    }
}

fn check_skeleton(skeleton: &Skeleton) -> Result<(), Invalid> {
    let count = skeleton.joints.len();
    if count > MAX_JOINTS {
        return Err(Invalid::TooManyJoints(count));
    }
    if count == 0 {
        return Err(Invalid::NoJoint);
    }
    let mut joints = skeleton.joints.values();
    joints.try_for_each(|joint| check_point(joint.at))
}

fn check_point(p: Point) -> Result<(), Invalid> {
    if !p.is_finite() {
        return Err(Invalid::NotFinite);
    }
    if p.x.abs() > MAX_COORDINATE || p.y.abs() > MAX_COORDINATE {
        return Err(Invalid::OutOfRange);
    }
    Ok(())
}

fn check_angle(angle: f64) -> Result<(), Invalid> {
    if angle.is_finite() {
        Ok(())
    } else {
        Err(Invalid::NotFinite)
    }
}

fn above_zero(size: Vec2, otherwise: Invalid) -> Result<(), Invalid> {
    if size.x > 0.0 && size.y > 0.0 {
        Ok(())
    } else if size.x.is_finite() && size.y.is_finite() {
        Err(otherwise)
    } else {
        Err(Invalid::NotFinite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Arrow;
    use visionflow_geometry::{Ellipse, Rect, RotatedBox};

    #[allow(clippy::needless_pass_by_value, reason = "cases read better so")]
    fn check(shape: &Shape, expected: Result<(), Invalid>) {
        assert_eq!(shape.check(), expected, "{shape:?}");
    }

    #[test]
    fn each_fault_has_its_own_word() {
        let rect =
            |x: f64, y: f64| Shape::Box(Rect::from_corners(Point::default(), Point::new(x, y)));
        check(&rect(1.0, 1.0), Ok(()));
        check(&rect(0.0, 1.0), Err(Invalid::EmptyBox));
        check(&rect(f64::INFINITY, 1.0), Err(Invalid::NotFinite));
        check(&rect(1e9, 1.0), Err(Invalid::OutOfRange));
        let line = vec![Point::default(); 2];
        let short = Err(Invalid::ShortRing { ring: 0, points: 2 });
        check(&Shape::Polygon(Polygon::from_ring(line.clone())), short);
        check(&Shape::Polyline(line), Ok(()));
        check(&Shape::Path(vec![]), Err(Invalid::ShortLine(0)));
        check(&Shape::Arrow(Arrow::default()), Err(Invalid::EmptyArrow));
        check(&Shape::Skeleton(Skeleton::default()), Err(Invalid::NoJoint));
    }

    #[test]
    fn what_is_not_finished_has_its_limits_too() {
        let check = |shape: Shape, expected: Result<(), Invalid>| {
            assert_eq!(shape.check_unfinished(), expected, "{shape:?}");
        };
        let ring = |x: f64| Shape::Polygon(Polygon::from_ring(vec![Point::new(x, 0.0); 2]));
        check(ring(1.0), Ok(()));
        check(ring(1e300), Err(Invalid::OutOfRange));
        check(Shape::Polyline(vec![]), Ok(()));
        check(Shape::Arrow(Arrow::default()), Ok(()));
        check(
            Shape::Path(vec![Point::default(); MAX_VERTICES + 1]),
            Err(Invalid::TooManyVertices(MAX_VERTICES + 1)),
        );
    }

    #[test]
    fn what_stands_at_an_angle_is_checked_whole() {
        let mut rotated = RotatedBox::from(Rect::from_size(4.0, 2.0));
        check(&Shape::RotatedBox(rotated), Ok(()));
        rotated.angle = f64::NAN;
        check(&Shape::RotatedBox(rotated), Err(Invalid::NotFinite));
        rotated.angle = 1.0;
        rotated.size.x = 1e9;
        check(&Shape::RotatedBox(rotated), Err(Invalid::OutOfRange));
        check(
            &Shape::Ellipse(Ellipse::default()),
            Err(Invalid::EmptyEllipse),
        );
    }
}
