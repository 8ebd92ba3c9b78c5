//! What makes a shape acceptable, asked by the tools, the document's readers and the server alike.

use crate::Shape;
use thiserror::Error;
use visionflow_geometry::Point;

/// No coordinate lies further out than this, in pixels: beyond it `f64` and `f32` lose sub-pixels
/// and no image is that large.
pub const MAX_COORDINATE: f64 = 16_777_216.0;
/// The most vertices one shape may have.
pub const MAX_VERTICES: usize = 100_000;

/// Why a shape is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Invalid {
    #[error("a coordinate is not a finite number")]
    NotFinite,
    #[error("a coordinate lies outside ±{MAX_COORDINATE} pixels")]
    OutOfRange,
    #[error("a box needs a width and a height above zero")]
    EmptyBox,
    #[error("ring {ring} of the polygon has {points} points; three are the least")]
    ShortRing { ring: usize, points: usize },
    #[error("the polygon has no ring")]
    NoRing,
    #[error("{0} vertices; {MAX_VERTICES} are the most")]
    TooManyVertices(usize),
}

impl Shape {
    /// Whether the shape can be stored: finite, in range, enclosing something.
    pub fn check(&self) -> Result<(), Invalid> {
        match self {
            Self::Box(rect) => {
                check_point(rect.min)?;
                check_point(rect.max)?;
                if rect.width() <= 0.0 || rect.height() <= 0.0 {
                    return Err(Invalid::EmptyBox);
                }
            }
            Self::Polygon(polygon) => {
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
                polygon.points().try_for_each(check_point)?;
            }
            Self::Tag => {}
        }
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use visionflow_geometry::{Polygon, Rect};

    #[test]
    fn each_fault_has_its_own_word() {
        let rect =
            |x: f64, y: f64| Shape::Box(Rect::from_corners(Point::default(), Point::new(x, y)));
        assert_eq!(rect(1.0, 1.0).check(), Ok(()));
        assert_eq!(rect(0.0, 1.0).check(), Err(Invalid::EmptyBox));
        assert_eq!(rect(f64::INFINITY, 1.0).check(), Err(Invalid::NotFinite));
        assert_eq!(rect(1e9, 1.0).check(), Err(Invalid::OutOfRange));
        let line = Shape::Polygon(Polygon::from_ring(vec![Point::default(); 2]));
        assert_eq!(line.check(), Err(Invalid::ShortRing { ring: 0, points: 2 }));
    }
}
