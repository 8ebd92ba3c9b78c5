//! A polygon: one outline when it is small and simple, otherwise triangles for its inside by the
//! even-odd rule and segments for its rings.
//!
//! The triangles have no smooth edges of their own; the outline lies over all of them.

use super::{Detail, Part, Visualizer, thinned};
use crate::draw_list::Primitive;
use crate::ink::Ink;
use lyon_tessellation::math::Point as LyonPoint;
use lyon_tessellation::{BuffersBuilder, FillOptions, FillVertex, VertexBuffers};
use visionflow_geometry::{Point, Polygon};

/// The white line runs in the middle of the stroke.
pub const SELECTED_WIDTH: f32 = 4.0;

pub fn append(
    visualizer: &mut Visualizer,
    polygon: &Polygon,
    part: Part,
    detail: Detail,
    ink: &mut Ink,
) {
    match part {
        Part::Fill => fill(visualizer, polygon, ink),
        Part::Outline { closed } => rings(visualizer, polygon, closed, ink),
        Part::Whole => {
            if let [ring] = polygon.rings.as_slice()
                && visualizer.compact(ring, true, detail, ink)
            {
                return;
            }
            if let Detail::Coarse(gap) = detail {
                let thin = |ring: &Vec<Point>| thinned(ring, gap).collect();
                let rings_left = polygon.rings.iter().map(thin).collect();
                let thin = Polygon { rings: rings_left };
                fill(visualizer, &thin, ink);
                rings(visualizer, &thin, true, ink);
            } else {
                fill(visualizer, polygon, ink);
                rings(visualizer, polygon, true, ink);
            }
        }
    }
}

fn rings(visualizer: &Visualizer, polygon: &Polygon, closed: bool, ink: &mut Ink) {
    for ring in &polygon.rings {
        visualizer.line(ring, closed, ink);
    }
}

fn fill(visualizer: &mut Visualizer, polygon: &Polygon, ink: &mut Ink) {
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
    ink.drawn.extend(mesh.indices.chunks_exact(3).map(|corner| {
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
        let mut out = Ink::default();
        let polygon = Polygon { rings };
        append(
            &mut Visualizer::default(),
            &polygon,
            Part::Fill,
            Detail::Full,
            &mut out,
        );
        assert!((area(&out.drawn) - expected).abs() < expected * 1e-4);
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
            let mut out = Ink::default();
            let part = Part::Outline { closed };
            append(
                &mut Visualizer::default(),
                &polygon,
                part,
                Detail::Full,
                &mut out,
            );
            out.drawn.len()
        };
        assert_eq!((count(true), count(false)), (4, 3));
    }

    #[test]
    fn degenerate_rings_make_no_triangles_and_no_panic() {
        let p = Point::new(1.0, 1.0);
        for ring in [vec![], vec![p], vec![p, p], vec![p; 5]] {
            let mut out = Ink::default();
            let polygon = Polygon::from_ring(ring);
            append(
                &mut Visualizer::default(),
                &polygon,
                Part::Fill,
                Detail::Full,
                &mut out,
            );
            assert!(area(&out.drawn) < 1e-9);
        }
    }
}
