//! Filling: what a mask encloses.

use super::label::{Connectivity, Labels};
use super::paint::PixelRect;
use super::{Mask, Span};
use crate::{Point, Rect};

impl Mask {
    /// The pixels of `clip` that do not belong to the mask.
    pub fn complement(&self, clip: Rect) -> Self {
        let runs = PixelRect::within(clip).map(|clip| outside(&self.runs(), clip));
        Self::from_spans(runs.unwrap_or_default())
    }

    /// The pixels that the mask encloses without having them, joined side by side:
    /// a diagonal line of pixels keeps them in.
    pub fn holes(&self) -> Vec<Mask> {
        let Some(around) = self.bounds().and_then(PixelRect::within) else {
            return Vec::new();
        };
        let around = PixelRect {
            left: around.left - 1,
            top: around.top - 1,
            right: around.right + 1,
            bottom: around.bottom + 1,
        };
        let runs = outside(&self.runs(), around);
        let labels = Labels::of(&runs, Connectivity::Four);
        let mut holes = vec![Vec::new(); labels.count];
        for (run, label) in runs.into_iter().zip(labels.of_run) {
            holes[label].push(run);
        }
        // The first component is the frame all around.
        holes.into_iter().skip(1).map(Mask::from_spans).collect()
    }

    /// The mask without its holes.
    pub fn filled(&self) -> Self {
        let holes = self.holes();
        holes
            .iter()
            .fold(self.clone(), |mask, hole| mask.union(hole))
    }

    /// What a paint bucket at `p` fills: the pixels outside the mask that are joined to `p` within
    /// `clip` (the image), side by side; `None` where `p` is in the mask or outside `clip`.
    pub fn region_at(&self, p: Point, clip: Rect) -> Option<Self> {
        let clip = PixelRect::within(clip)?;
        let runs = outside(&self.runs(), clip);
        let (x, y) = (p.x.floor() as i32, p.y.floor() as i32);
        let at = runs
            .iter()
            .position(|run| run.y == y && run.start <= x && x < run.end)?;
        let labels = Labels::of(&runs, Connectivity::Four);
        let label = labels.of_run[at];
        let own = runs.into_iter().zip(labels.of_run);
        let own = own.filter(|(_, of)| *of == label).map(|(run, _)| run);
        Some(Self::from_spans(own))
    }

    /// The hole around `p`; `None` where `p` is in the mask or not enclosed.
    pub fn hole_at(&self, p: Point) -> Option<Self> {
        let around = self.bounds()?.inflated(1.0);
        let region = self.region_at(p, around)?;
        let bounds = region.bounds()?;
        (bounds.min != around.min).then_some(region)
    }
}

/// The runs between `runs` within `clip`, in order.
fn outside(runs: &[Span], clip: PixelRect) -> Vec<Span> {
    let mut result = Vec::new();
    let mut index = runs.partition_point(|run| run.y < clip.top);
    for y in clip.top..clip.bottom {
        let mut x = clip.left;
        let mut push = |start: i32, end: i32| {
            if start < end {
                result.push(Span { y, start, end });
            }
        };
        while let Some(run) = runs.get(index).filter(|run| run.y == y) {
            push(x, run.start.min(clip.right));
            x = x.max(run.end);
            index += 1;
        }
        push(x, clip.right);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::super::tests::drawn;
    use super::*;

    #[test]
    fn holes_are_enclosed_by_sides_and_corners() {
        let ring = drawn(&[".##..", "#..#.", ".##..", "....."]);
        let holes = ring.holes();
        assert_eq!(holes.len(), 1);
        assert_eq!(holes[0].area(), 2);
        assert_eq!(ring.filled().area(), 8);
        assert_eq!(ring.hole_at(Point::new(1.5, 1.5)), Some(holes[0].clone()));
        assert_eq!(ring.hole_at(Point::new(0.5, 0.5)), None);
        assert_eq!(ring.hole_at(Point::new(1.5, 0.5)), None);
        assert_eq!(ring.hole_at(Point::new(100.0, 0.5)), None);
        assert!(drawn(&["##", "#."]).holes().is_empty());
        assert!(Mask::default().holes().is_empty());
    }

    #[test]
    fn the_bucket_stops_at_the_image() {
        let wall = drawn(&["..#.", "..#.", "..#.", "..#."]);
        let image = Rect::from_size(4.0, 4.0);
        let area = |x: f64| {
            let region = wall.region_at(Point::new(x, 1.0), image);
            region.map(|region| region.area())
        };
        assert_eq!(area(0.0), Some(8));
        assert_eq!(area(3.9), Some(4));
        assert_eq!(area(2.5), None);
        assert_eq!(area(4.0), None);
        assert_eq!(wall.complement(image).area(), 12);
        assert_eq!(wall.complement(image).union(&wall).area(), 16);
    }
}
