//! A polygon: triangles for its inside by the even-odd rule, segments for its rings.
//!
//! The triangles have no smooth edges of their own; the outline lies over all of them.

use super::{Part, Visualizer};
use crate::draw_list::Primitive;
use lyon_tessellation::math::Point as LyonPoint;
use lyon_tessellation::{BuffersBuilder, FillOptions, FillVertex, VertexBuffers};
use visionflow_geometry::{Point, Polygon};

/// The white line runs in the middle of the stroke.
pub const SELECTED_WIDTH: f32 = 4.0;

pub fn append(
    visualizer: &mut Visualizer,
    polygon: &Polygon,
    part: Part,
    out: &mut Vec<Primitive>,
) {
    let closed = match part {
        Part::Whole => {
            fill(visualizer, polygon, out);
            true
        }
        Part::Fill => return fill(visualizer, polygon, out),
        Part::Outline { closed } => closed,
    };
    for ring in &polygon.rings {
        visualizer.line(ring, closed, out);
    }
}

/// The topmost vertex, the leftmost of several.
pub fn tag_anchor(polygon: &Polygon) -> Option<Point> {
    polygon
        .points()
        .min_by(|p, q| p.y.total_cmp(&q.y).then(p.x.total_cmp(&q.x)))
}

fn fill(visualizer: &mut Visualizer, polygon: &Polygon, out: &mut Vec<Primitive>) {
    let Some(bounds) = polygon.bounds() else {
        return;
    };
    // Around its own centre, where `f32` is finest: lyon computes crossings in it.
    let center = bounds.center();
    let shift = visualizer.relative(center);
    let local = |p: Point| LyonPoint::new((p.x - center.x) as f32, (p.y - center.y) as f32);
    let mut mesh: VertexBuffers<[f32; 2], u32> =
        VertexBuffers::with_capacity(polygon.vertex_count(), polygon.vertex_count() * 3);
    let place = |vertex: FillVertex| {
        let p = vertex.position();
        [p.x + shift[0], p.y + shift[1]]
    };
    let mut sink = BuffersBuilder::new(&mut mesh, place);
    let options = FillOptions::even_odd();
    let mut path = visualizer.tessellator.builder(&options, &mut sink);
    for ring in polygon.rings.iter().filter(|ring| ring.len() >= 3) {
        path.begin(local(ring[0]));
        for &p in &ring[1..] {
            path.line_to(local(p));
        }
        path.end(true);
    }
    // A polygon that cannot be tessellated keeps its outline.
    if path.build().is_err() {
        return;
    }
    out.extend(mesh.indices.chunks_exact(3).map(|corner| {
        let [p, q, r] = [0, 1, 2].map(|i| mesh.vertices[corner[i] as usize]);
        Primitive::triangle(p, q, r)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use visionflow_geometry::Rect;

    fn ring(at: f64, side: f64) -> Vec<Point> {
        let max = Point::new(at + side, at + side);
        let rect = Rect::from_corners(Point::new(at, at), max);
        rect.corners().to_vec()
    }

    fn area(primitives: &[Primitive]) -> f64 {
        let double = |p: &Primitive| {
            let [ax, ay, bx, by] = p.a.map(f64::from);
            let [cx, cy] = p.b.map(f64::from);
            ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)).abs()
        };
        primitives.iter().map(double).sum::<f64>() / 2.0
    }

    fn check_area(rings: Vec<Vec<Point>>, expected: f64) {
        let mut out = Vec::new();
        let polygon = Polygon { rings };
        append(&mut Visualizer::default(), &polygon, Part::Fill, &mut out);
        assert!((area(&out) - expected).abs() < expected * 1e-4);
    }

    #[test]
    fn triangles_cover_the_inside() {
        check_area(vec![ring(0.0, 10.0)], 100.0);
        check_area(vec![ring(0.0, 10.0), ring(2.0, 3.0)], 91.0);
        check_area(vec![ring(59_000.0, 10.0), ring(59_020.0, 5.0)], 125.0);
    }

    #[test]
    fn an_open_line_has_one_side_less() {
        let polygon = Polygon::from_ring(ring(0.0, 10.0));
        let count = |closed| {
            let mut out = Vec::new();
            let part = Part::Outline { closed };
            append(&mut Visualizer::default(), &polygon, part, &mut out);
            out.len()
        };
        assert_eq!((count(true), count(false)), (4, 3));
    }

    #[test]
    fn degenerate_rings_make_no_triangles_and_no_panic() {
        let p = Point::new(1.0, 1.0);
        for ring in [vec![], vec![p], vec![p, p], vec![p; 5]] {
            let mut out = Vec::new();
            let polygon = Polygon::from_ring(ring);
            append(&mut Visualizer::default(), &polygon, Part::Fill, &mut out);
            assert!(area(&out) < 1e-9);
        }
    }
}
