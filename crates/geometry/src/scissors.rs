//! Intelligent scissors: the path between two points that follows the edges of the photograph
//! (live-wire: E. N. Mortensen and W. A. Barrett, "Intelligent Scissors for Image Composition",
//! SIGGRAPH 1995).
//!
//! Pixels are nodes of a graph, and a step to a neighbour is cheap where the picture has an edge along
//! the step.
//! One search goes out from the anchor as far as it is asked about; then the path from any pixel that
//! it has reached is a walk along what it left behind.

mod edges;

use crate::{PixelView, Point, Simplify, simplify_path};
use edges::{Edges, Window};

/// No step costs this much.
const BUCKETS: usize = 256;
const UNREACHED: u32 = u32::MAX;
/// The steps to the eight neighbours, clockwise on screen from the right.
const STEPS: [(i32, i32); 8] = [
    (1, 0),
    (1, 1),
    (0, 1),
    (-1, 1),
    (-1, 0),
    (-1, -1),
    (0, -1),
    (1, -1),
];

/// A search from one anchor over a window of the photograph.
pub struct Scissors {
    edges: Edges,
    anchor: Point,
    seed: usize,
    /// By pixel of the window: the cost of the cheapest path known.
    costs: Vec<u32>,
    /// By pixel: which of [`STEPS`] led there.
    arrivals: Vec<u8>,
    settled: Vec<bool>,
    /// Pixels to look at, by their cost modulo the number of buckets.
    queue: Vec<Vec<u32>>,
    queued: usize,
    /// The cost that the search has reached.
    front: u32,
}

impl Scissors {
    /// Looks at the pixels up to `reach` pixels of the view to each side of the anchor; `None` where
    /// the anchor is outside the view.
    ///
    /// Costs some 50 ns a pixel of the window: a reach of 256 is about 15 ms.
    pub fn new(view: &PixelView, anchor_in_image: Point, reach: u32) -> Option<Self> {
        let (x, y) = view.pixel_at(anchor_in_image)?;
        let window = Window::around(view, x, y, reach.clamp(8, 2048));
        let edges = Edges::of(view, window);
        let (count, seed) = (window.width * window.height, window.index_of(x, y));
        let mut search = Self {
            edges,
            anchor: anchor_in_image,
            seed,
            costs: vec![UNREACHED; count],
            arrivals: vec![0; count],
            settled: vec![false; count],
            queue: vec![Vec::new(); BUCKETS],
            queued: 1,
            front: 0,
        };
        search.costs[seed] = 0;
        search.queue[0].push(seed as u32);
        Some(search)
    }

    pub fn anchor(&self) -> Point {
        self.anchor
    }

    /// The path from the anchor to a point of the image, both included; a point outside the window is
    /// reached by a straight line from the window's border.
    ///
    /// The first time it costs the search out to there, then a few microseconds.
    /// Vertices that matter less than `tolerance` pixels of the view are left out.
    pub fn path_to(&mut self, point_in_image: Point, tolerance: f64) -> Vec<Point> {
        if !point_in_image.is_finite() {
            return vec![self.anchor];
        }
        let window = self.edges.window;
        let target = window.nearest(window.view_from_image(point_in_image));
        self.search_until(target);
        let mut pixels = vec![target];
        let mut at = target;
        while at != self.seed {
            let (dx, dy) = STEPS[usize::from(self.arrivals[at])];
            at = (at as isize - dx as isize - dy as isize * window.width as isize) as usize;
            pixels.push(at);
        }
        let inner = pixels.len().saturating_sub(2);
        let between = pixels.iter().rev().skip(1).take(inner);
        let centers = between.map(|index| window.image_from_index(*index));
        let mut path = vec![self.anchor];
        path.extend(centers);
        path.push(point_in_image);
        path.dedup();
        simplify_path(&path, Simplify::Distance(tolerance * window.scale))
    }

    /// The place of the strongest edge within `radius` pixels of the view of a point; the point itself
    /// where nothing stands out.
    pub fn strongest_edge(view: &PixelView, point_in_image: Point, radius: u32) -> Point {
        let Some((x, y)) = view.pixel_at(point_in_image) else {
            return point_in_image;
        };
        let window = Window::around(view, x, y, radius.min(64) + 2);
        let edges = Edges::of(view, window);
        let near = |index: &usize| {
            let (px, py) = window.pixel(*index);
            px.abs_diff(x).pow(2) + py.abs_diff(y).pow(2) <= radius * radius
        };
        let all = (0..window.width * window.height).filter(near);
        // The least cost, and of several the nearest.
        let rank = |index: &usize| {
            let (px, py) = window.pixel(*index);
            let away = px.abs_diff(x).pow(2) + py.abs_diff(y).pow(2);
            (u32::from(edges.still_cost[*index]), away)
        };
        let best = all
            .min_by_key(rank)
            .filter(|index| edges.strength[*index] > 0.0);
        best.map_or(point_in_image, |index| window.image_from_index(index))
    }

    /// Dijkstra's search with buckets for a queue (R. B. Dial 1969), until a pixel is settled.
    fn search_until(&mut self, target: usize) {
        while !self.settled[target] && self.queued > 0 {
            let bucket = self.front as usize % BUCKETS;
            let Some(index) = self.queue[bucket].pop() else {
                self.front += 1;
                continue;
            };
            self.queued -= 1;
            let index = index as usize;
            if !self.settled[index] {
                self.settled[index] = true;
                self.relax(index);
            }
        }
    }

    fn relax(&mut self, index: usize) {
        let window = self.edges.window;
        let (x, y) = (index % window.width, index / window.width);
        for (direction, (dx, dy)) in STEPS.into_iter().enumerate() {
            let (nx, ny) = (x as i32 + dx, y as i32 + dy);
            if nx < 0 || ny < 0 || nx >= window.width as i32 || ny >= window.height as i32 {
                continue;
            }
            let next = ny as usize * window.width + nx as usize;
            if self.settled[next] {
                continue;
            }
            let cost = self.costs[index] + self.edges.step_cost(index, next, direction);
            if cost < self.costs[next] {
                self.costs[next] = cost;
                self.arrivals[next] = direction as u8;
                self.queue[cost as usize % BUCKETS].push(next as u32);
                self.queued += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A dark disc on a light ground, with some noise.
    fn disc(size: u32, radius: f64) -> PixelView {
        let middle = f64::from(size) / 2.0;
        let mut noise = 1_u32;
        let pixels = (0..size * size).flat_map(|i| {
            let (x, y) = (f64::from(i % size) + 0.5, f64::from(i / size) + 0.5);
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let inside = (x - middle).hypot(y - middle) < radius;
            let grey = if inside { 60 } else { 180 } + (noise >> 28) as u8;
            [grey, grey, grey, 255]
        });
        PixelView::new(
            Point::new(1000.0, 2000.0),
            2.0,
            size,
            size,
            pixels.collect(),
        )
        .unwrap()
    }

    fn on_rim(view: &PixelView, radius: f64, angle: f64) -> Point {
        let middle = f64::from(view.width) / 2.0;
        let p = Point::new(middle + radius * angle.cos(), middle + radius * angle.sin());
        view.image_from_view(p)
    }

    #[test]
    fn the_path_follows_the_edge() {
        let view = disc(200, 70.0);
        let center = view.image_from_view(Point::new(100.0, 100.0));
        let (from, to) = (on_rim(&view, 70.0, 0.0), on_rim(&view, 70.0, 2.4));
        let mut scissors = Scissors::new(&view, from, 200).unwrap();
        let path = scissors.path_to(to, 0.0);
        assert_eq!((path.first(), path.last()), (Some(&from), Some(&to)));
        assert!(path.len() > 20);
        for p in &path {
            let off = (p.distance(center) / view.scale - 70.0).abs();
            assert!(off < 2.0, "{p:?} is {off} off the rim");
        }
        let simple = scissors.path_to(to, 1.0);
        assert!(
            simple.len() < path.len() / 2 && simple.len() > 4,
            "{}",
            simple.len()
        );
    }

    #[test]
    fn beyond_the_window_the_line_is_straight() {
        let view = disc(200, 70.0);
        let mut scissors = Scissors::new(&view, on_rim(&view, 70.0, 0.0), 20).unwrap();
        for far in [Point::new(-1e9, 1e9), Point::new(1010.0, 2010.0)] {
            let path = scissors.path_to(far, 1.0);
            assert_eq!(path.last(), Some(&far));
        }
        let anchor = scissors.anchor();
        assert_eq!(scissors.path_to(anchor, 1.0), [anchor]);
        assert_eq!(scissors.path_to(Point::new(f64::NAN, 0.0), 1.0), [anchor]);
        assert!(Scissors::new(&view, Point::new(0.0, 0.0), 20).is_none());
    }

    #[test]
    fn the_pointer_is_drawn_to_the_edge() {
        let view = disc(200, 70.0);
        let center = view.image_from_view(Point::new(100.0, 100.0));
        let near = on_rim(&view, 66.0, 1.0);
        let found = Scissors::strongest_edge(&view, near, 8);
        assert!((found.distance(center) / view.scale - 70.0).abs() < 1.5);
        let flat = PixelView::new(Point::default(), 1.0, 9, 9, vec![7; 4 * 81]).unwrap();
        let p = Point::new(4.2, 4.7);
        assert_eq!(Scissors::strongest_edge(&flat, p, 3), p);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Against Bellman and Ford's method, which is another.
        #[test]
        fn paths_are_the_cheapest(grey in proptest::collection::vec(any::<u8>(), 144)) {
            let rgba = grey.iter().flat_map(|v| [*v, *v, *v, 255]).collect();
            let view = PixelView::new(Point::default(), 1.0, 12, 12, rgba).unwrap();
            let mut search = Scissors::new(&view, Point::new(3.5, 7.5), 50).unwrap();
            for target in 0..144 {
                search.search_until(target);
            }
            let mut costs = vec![UNREACHED; 144];
            costs[search.seed] = 0;
            loop {
                let before = costs.clone();
                for index in 0..144_usize {
                    for (direction, (dx, dy)) in STEPS.into_iter().enumerate() {
                        let (x, y) = ((index % 12) as i32 + dx, (index / 12) as i32 + dy);
                        if (0..12).contains(&x) && (0..12).contains(&y) && costs[index] != UNREACHED {
                            let next = (y * 12 + x) as usize;
                            let step = search.edges.step_cost(index, next, direction);
                            prop_assert!((1..BUCKETS as u32).contains(&step));
                            costs[next] = costs[next].min(costs[index] + step);
                        }
                    }
                }
                if costs == before {
                    break;
                }
            }
            prop_assert_eq!(&search.costs, &costs);
        }
    }
}
