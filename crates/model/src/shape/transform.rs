//! Shapes moved and stretched.

use super::{Arrow, Joint, Shape, Skeleton, TextBox};
use visionflow_geometry::{Affine, Cuboid, Ellipse, Mask, Point, Rect, RotatedBox, Vec2};

impl Shape {
    /// The shape moved; a mask moves by whole pixels.
    #[must_use]
    pub fn translated(&self, by: Vec2) -> Self {
        match self {
            Self::RotatedBox(rotated) => Self::RotatedBox(RotatedBox {
                center: rotated.center + by,
                ..*rotated
            }),
            Self::Ellipse(ellipse) => Self::Ellipse(Ellipse {
                center: ellipse.center + by,
                ..*ellipse
            }),
            Self::Mask(mask) => {
                Self::Mask(mask.translated(by.x.round() as i32, by.y.round() as i32))
            }
            _ => self.mapped(|p| p + by),
        }
    }

    /// The shape with its bounds stretched from `from` onto `to`; a flat side stays flat.
    ///
    /// What stands at an angle keeps it, and its sides follow as well as they can.
    #[must_use]
    pub fn stretched(&self, from: Rect, to: Rect) -> Self {
        let scale = |size: f64, target: f64| if size == 0.0 { 0.0 } else { target / size };
        let (sx, sy) = (
            scale(from.width(), to.max.x - to.min.x),
            scale(from.height(), to.max.y - to.min.y),
        );
        let map = |p: Point| {
            Point::new(
                to.min.x + (p.x - from.min.x) * sx,
                to.min.y + (p.y - from.min.y) * sy,
            )
        };
        match self {
            Self::RotatedBox(rotated) => {
                let (size, angle) = stretched_axes(rotated.size, rotated.angle, sx, sy);
                Self::RotatedBox(RotatedBox {
                    center: map(rotated.center),
                    size,
                    angle,
                })
            }
            Self::Ellipse(ellipse) => {
                let (radii, angle) = stretched_axes(ellipse.radii, ellipse.angle, sx, sy);
                Self::Ellipse(Ellipse {
                    center: map(ellipse.center),
                    radii,
                    angle,
                })
            }
            Self::Mask(mask) => Self::Mask(stretched_mask(mask, from, to)),
            _ => self.mapped(map),
        }
    }

    /// The shape with every point sent through `f`; rotated boxes, ellipses and masks, which are not
    /// made of points, stay as they are.
    #[must_use]
    pub fn mapped(&self, f: impl Fn(Point) -> Point) -> Self {
        let all = |points: &[Point]| points.iter().copied().map(&f).collect();
        let rect = |rect: Rect| Rect::from_corners(f(rect.min), f(rect.max));
        match self {
            Self::Box(bounds) => Self::Box(rect(*bounds)),
            Self::Polygon(polygon) => Self::Polygon(polygon.mapped(f)),
            Self::Polyline(points) => Self::Polyline(all(points)),
            Self::Point(p) => Self::Point(f(*p)),
            Self::Path(points) => Self::Path(all(points)),
            Self::Arrow(arrow) => Self::Arrow(Arrow {
                from: f(arrow.from),
                to: f(arrow.to),
            }),
            Self::Text(text) => Self::Text(Box::new(TextBox {
                rect: rect(text.rect),
                ..(**text).clone()
            })),
            Self::Cuboid(cuboid) => Self::Cuboid(Box::new(Cuboid {
                points: cuboid.points.map(f),
            })),
            Self::Skeleton(skeleton) => Self::Skeleton(skeleton.mapped(f)),
            Self::RotatedBox(_) | Self::Ellipse(_) | Self::Mask(_) | Self::Tag => self.clone(),
        }
    }
}

impl Skeleton {
    /// The skeleton with the place of every joint sent through `f`.
    #[must_use]
    pub fn mapped(&self, f: impl Fn(Point) -> Point) -> Self {
        let joint = |(id, joint): (&_, &Joint)| {
            let at = f(joint.at);
            (*id, Joint { at, ..*joint })
        };
        Self {
            joints: self.joints.iter().map(joint).collect(),
        }
    }
}

/// The lengths and the angle of two axes after a stretch of the plane; mirroring turns the angle
/// round, lengths stay positive.
fn stretched_axes(lengths: Vec2, angle: f64, sx: f64, sy: f64) -> (Vec2, f64) {
    let (sin, cos) = angle.sin_cos();
    let along = (cos * sx).hypot(sin * sy);
    let across = (sin * sx).hypot(cos * sy);
    let turned = if sx * sy < 0.0 { -angle } else { angle };
    (Vec2::new(lengths.x * along, lengths.y * across), turned)
}

/// Each pixel of the result is what lies under its centre; what reaches beyond `from` is beyond `to` then.
fn stretched_mask(mask: &Mask, from: Rect, to: Rect) -> Mask {
    let Some(bounds) = mask.bounds() else {
        return Mask::default();
    };
    let (width, height) = (to.max.x - to.min.x, to.max.y - to.min.y);
    let map = Affine::translation(Point::default() - from.min)
        .then(Affine::scaling(
            width / from.width(),
            height / from.height(),
            Point::default(),
        ))
        .then(Affine::translation(to.min - Point::default()));
    let reach = Rect::from_corners(map.point(bounds.min), map.point(bounds.max)).inflated(1.0);
    mask.transformed(&map, reach)
}

#[cfg(test)]
mod tests {
    use super::*;
    use visionflow_geometry::{Polygon, Span};

    #[test]
    fn stretching_maps_the_bounds_exactly() {
        let from = Rect::from_size(10.0, 10.0);
        let to = Rect::from_corners(Point::new(5.0, 5.0), Point::new(25.0, 10.0));
        let ring = from.corners().to_vec();
        let stretched = Shape::Polygon(Polygon::from_ring(ring)).stretched(from, to);
        assert_eq!(stretched.bounds(), Some(to));
    }

    #[test]
    fn a_mask_is_moved_and_stretched_by_pixels() {
        let mut mask = Mask::default();
        for y in 0..10 {
            mask.insert(Span {
                y,
                start: 0,
                end: 10,
            });
        }
        let shape = Shape::Mask(mask);
        let from = Rect::from_size(10.0, 10.0);
        let to = Rect::from_size(20.0, 5.0);
        assert_eq!(shape.stretched(from, to).bounds(), Some(to));
        assert_eq!(shape.stretched(from, to).area(), 100.0);
        let moved = shape.translated(Vec2::new(300.2, -4.4));
        assert_eq!(moved.area(), 100.0);
        assert_eq!(moved.bounds().map(|b| b.min), Some(Point::new(300.0, -4.0)));
    }
}
