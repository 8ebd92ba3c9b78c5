//! The part of a gesture that the other people see.

use crate::is_marquee;
use visionflow_geometry::{Mask, Simplify, TILE_SIZE};
use visionflow_model::{Preview, Shape};

/// So many shapes in progress are shown to the others at most, so that a gesture with everything
/// selected does not flood the room.
const MAX_SHAPES: usize = 64;
/// And so many vertices of them.
const MAX_VERTICES: usize = 4_096;
/// So many vertices of one mask's outline.
const MAX_OUTLINE: usize = 512;
/// Masks of more tiles than this are shown as frames: following their outline at every move would
/// hold the gesture up.
const MAX_TILES: usize = 64;

/// What of the own gesture goes to the other people.
///
/// Masks go as their outline, which is a hundredth of their pixels and shows where they end. What
/// the eraser takes is among them; frames and lines for one's own eyes are not.
pub fn shown_to_others(preview: Vec<Preview>) -> Vec<Preview> {
    let (mut vertices, mut tiles) = (0, 0);
    let own = preview
        .into_iter()
        .filter(|p| !is_marquee(p) || matches!(p.shape, Shape::Mask(_)));
    own.take(MAX_SHAPES)
        .map(|preview| match &preview.shape {
            Shape::Mask(mask) => {
                tiles += mask.tiles().len();
                Preview {
                    shape: outlined(mask, tiles <= MAX_TILES),
                    ..preview
                }
            }
            _ => preview,
        })
        .take_while(|preview| {
            vertices += weight(&preview.shape);
            vertices <= MAX_VERTICES
        })
        .collect()
}

fn weight(shape: &Shape) -> usize {
    match shape {
        Shape::Polygon(polygon) => polygon.vertex_count(),
        Shape::Polyline(points) | Shape::Path(points) => points.len(),
        Shape::Skeleton(skeleton) => skeleton.joints.len(),
        _ => 1,
    }
}

/// A mask's outline, as fine as the room bears; the frame around it where that is too much.
fn outlined(mask: &Mask, in_detail: bool) -> Shape {
    let frame = || Shape::Box(mask.bounds().unwrap_or_default());
    if !in_detail {
        return frame();
    }
    let outline = mask.to_polygon();
    let mut tolerance = 1.0;
    while tolerance < f64::from(TILE_SIZE) {
        let simple = outline.simplified(Simplify::Distance(tolerance));
        if simple.vertex_count() <= MAX_OUTLINE && !simple.rings.is_empty() {
            return Shape::Polygon(simple);
        }
        tolerance *= 4.0;
    }
    frame()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use visionflow_geometry::{Point, Rect};
    use visionflow_model::{AnnotationId, LabelId};

    fn preview(label: bool, shape: Shape) -> Preview {
        Preview {
            annotation: None,
            label: label.then(|| LabelId(Uuid::from_u128(1))),
            shape,
            closed: true,
        }
    }

    fn stroke(length: f64) -> Mask {
        let mut mask = Mask::default();
        let path = [Point::new(100.0, 100.0), Point::new(100.0 + length, 400.0)];
        mask.paint(&path, 20.0, Rect::from_size(60_000.0, 60_000.0));
        mask
    }

    #[test]
    fn strokes_and_erasing_are_outlines() {
        for label in [true, false] {
            let mask = stroke(5_000.0);
            assert!(mask.tiles().len() > 16);
            let shown = shown_to_others(vec![preview(label, Shape::Mask(mask.clone()))]);
            let [
                Preview {
                    shape: Shape::Polygon(outline),
                    ..
                },
            ] = &shown[..]
            else {
                panic!("{shown:?}");
            };
            assert!(outline.vertex_count() <= MAX_OUTLINE);
            let off = (outline.area() - mask.area() as f64).abs();
            assert!(off < 0.05 * mask.area() as f64, "{off} pixels off");
        }
    }

    #[test]
    fn huge_masks_are_frames() {
        let mask = stroke(50_000.0);
        assert!(mask.tiles().len() > MAX_TILES);
        let shown = shown_to_others(vec![preview(true, Shape::Mask(mask.clone()))]);
        assert_eq!(shown[0].shape, Shape::Box(mask.bounds().unwrap()));
    }

    #[test]
    fn what_selects_stays_private_and_a_crowd_is_cut_off() {
        let rect = Shape::Box(Rect::from_size(10.0, 10.0));
        assert!(shown_to_others(vec![preview(false, rect.clone())]).is_empty());
        let many = (0..100).map(|n| Preview {
            annotation: Some(AnnotationId(Uuid::from_u128(n))),
            ..preview(false, rect.clone())
        });
        assert_eq!(shown_to_others(many.collect()).len(), MAX_SHAPES);
        let long = Shape::Polyline(vec![Point::default(); MAX_VERTICES + 1]);
        assert!(shown_to_others(vec![preview(true, long)]).is_empty());
    }
}
