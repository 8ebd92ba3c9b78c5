//! Everything in a photograph: a grid of clicks, and of what comes back the good and the new.
//!
//! The way of Segment Anything's automatic mask generator: masks by predicted intersection over union,
//! by stability, without doubles. The clicks come in an order that covers the photograph coarsely at
//! first, so that stopping early leaves no corner out, and a click on what was found already is saved.

use crate::Error;
use crate::bits::Bits;
use crate::decoder::{Decoder, Prepared};
use crate::frame::{Frame, SIDE};
use crate::logits::SPACING;
use crate::prompt::{Candidate, Prompt};
use visionflow_geometry::Point;

/// What is looked for, and how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Everything {
    /// Clicks along the long side.
    pub clicks: usize,
    /// The most clicks that the decoder is asked about.
    pub budget: usize,
    pub min_predicted_iou: f32,
    pub min_stability: f32,
    /// Of two masks whose intersection over union is more, the later is dropped.
    pub max_overlap: f32,
    /// Masks of less than this part of the photograph are dropped.
    pub min_part: f32,
}

impl Default for Everything {
    fn default() -> Self {
        Self {
            clicks: 16,
            budget: 256,
            min_predicted_iou: 0.88,
            min_stability: 0.92,
            max_overlap: 0.6,
            min_part: 0.0005,
        }
    }
}

/// A search of any kind, as a host goes on with it.
pub trait Finding {
    /// Asks the decoder about one more place; what is new, or `None` at the end.
    fn step(
        &mut self,
        decoder: &Decoder,
        prepared: &Prepared,
    ) -> Result<Option<Vec<Candidate>>, Error>;
}

impl Finding for Search {
    fn step(
        &mut self,
        decoder: &Decoder,
        prepared: &Prepared,
    ) -> Result<Option<Vec<Candidate>>, Error> {
        Self::step(self, decoder, prepared)
    }
}

/// A search that goes on by [`Search::step`] and may be dropped at any time.
pub struct Search {
    options: Everything,
    frame: Frame,
    /// What is left to click at; the next is last.
    points: Vec<Point>,
    asked: usize,
    found: Vec<Bits>,
    /// Those of them that are small beside the grid: a click in one would find it again.
    settled: Vec<usize>,
    /// How many of the decoder's values count as small.
    small: u32,
}

/// A mask is small when it covers no more than so many of the grid's squares; larger ones may have
/// parts worth finding.
const SMALL_SQUARES: f64 = 8.0;

impl Everything {
    pub fn search(self, frame: Frame) -> Search {
        let mut points = grid(&frame, self.clicks.clamp(1, 64));
        points.reverse();
        let square = SIDE as f64 / (SPACING * self.clicks.clamp(1, 64)) as f64;
        Search {
            options: self,
            frame,
            points,
            asked: 0,
            found: Vec::new(),
            settled: Vec::new(),
            small: (SMALL_SQUARES * square * square) as u32,
        }
    }
}

impl Search {
    /// Asks the decoder about one more point; what is new, or `None` at the end.
    pub fn step(
        &mut self,
        decoder: &Decoder,
        prepared: &Prepared,
    ) -> Result<Option<Vec<Candidate>>, Error> {
        let Some(point) = self.next_point() else {
            return Ok(None);
        };
        self.asked += 1;
        let candidates = decoder.decode(prepared, &Prompt::at(point), &self.frame)?;
        Ok(Some(self.admit(candidates)))
    }

    fn next_point(&mut self) -> Option<Point> {
        if self.asked >= self.options.budget {
            return None;
        }
        while let Some(point) = self.points.pop() {
            let at = self.frame.to_model(point);
            let (x, y) = (at.x as usize / SPACING, at.y as usize / SPACING);
            let settled = |index: &usize| self.found[*index].contains(x, y);
            if !self.settled.iter().any(settled) {
                return Some(point);
            }
        }
        None
    }

    /// Of one click's candidates those that are good, large enough and new.
    fn admit(&mut self, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        candidates.retain(|candidate| {
            candidate.predicted_iou >= self.options.min_predicted_iou
                && candidate.stability >= self.options.min_stability
        });
        candidates.sort_by(|a, b| b.predicted_iou.total_cmp(&a.predicted_iou));
        let columns = self.frame.scaled_width().div_ceil(SPACING);
        let rows = self.frame.scaled_height().div_ceil(SPACING);
        let least = self.options.min_part * (columns * rows) as f32;
        candidates.retain(|candidate| {
            let bits = Bits::of(&candidate.logits, &self.frame);
            let double = |found: &Bits| found.overlap(&bits) > self.options.max_overlap;
            let area = bits.count();
            let new = area as f32 >= least && !self.found.iter().any(double);
            if new {
                if area <= self.small {
                    self.settled.push(self.found.len());
                }
                self.found.push(bits);
            }
            new
        });
        candidates
    }
}

/// Centres of squares that cover the photograph, every eighth of every eighth row first, then the
/// fourths, the halves and the rest.
fn grid(frame: &Frame, clicks: usize) -> Vec<Point> {
    let (width, height) = (f64::from(frame.width()), f64::from(frame.height()));
    let side = width.max(height) / clicks as f64;
    let columns = ((width / side).round() as usize).max(1);
    let rows = ((height / side).round() as usize).max(1);
    let mut cells: Vec<(usize, usize)> = (0..rows)
        .flat_map(|y| (0..columns).map(move |x| (x, y)))
        .collect();
    let level = |(x, y): &(usize, usize)| {
        let fine = |i: usize| 3 - (i as u32 + 4).trailing_zeros().min(3);
        fine(*x).max(fine(*y))
    };
    cells.sort_by_key(level);
    let centre = |at: usize, count: usize, length: f64| (at as f64 + 0.5) * length / count as f64;
    let points = cells.into_iter();
    points
        .map(|(x, y)| Point::new(centre(x, columns, width), centre(y, rows, height)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logits::{Logits, MASK_SIDE};

    fn disc(x: f32, radius: f32, predicted_iou: f32) -> Candidate {
        let values = (0..MASK_SIDE * MASK_SIDE).map(|i| {
            let (column, row) = (i % MASK_SIDE, i / MASK_SIDE);
            20.0 * (radius - (column as f32 - x).hypot(row as f32 - 60.0))
        });
        let logits = Logits::new(values.collect()).expect("finite");
        Candidate {
            predicted_iou,
            stability: logits.stability(&Frame::new(80, 60), 1.0),
            logits,
        }
    }

    #[test]
    fn the_grid_covers_the_photograph_coarsely_first() {
        let frame = Frame::new(800, 400);
        let points = grid(&frame, 16);
        assert_eq!(points.len(), 16 * 8);
        let first: Vec<f64> = points[..2].iter().map(|p| p.x).collect();
        assert_eq!(first, [225.0, 625.0]);
        assert!(
            points
                .iter()
                .all(|p| p.x > 0.0 && p.x < 800.0 && p.y < 400.0)
        );
        assert_eq!(grid(&Frame::new(1, 5000), 4).len(), 4);
    }

    #[test]
    fn doubles_specks_and_doubtful_masks_are_dropped() {
        let mut search = Everything::default().search(Frame::new(80, 60));
        let first = search.admit(vec![disc(60.0, 30.0, 0.9), disc(60.0, 29.0, 0.95)]);
        let scores: Vec<f32> = first.iter().map(|found| found.predicted_iou).collect();
        assert_eq!(scores, [0.95]);
        assert!(search.admit(vec![disc(61.0, 30.0, 0.99)]).is_empty());
        assert!(search.admit(vec![disc(180.0, 30.0, 0.5)]).is_empty());
        assert!(search.admit(vec![disc(180.0, 2.0, 0.99)]).is_empty());
        assert_eq!(search.admit(vec![disc(180.0, 30.0, 0.99)]).len(), 1);
    }

    #[test]
    fn clicks_on_what_was_found_are_saved() {
        let mut search = Everything::default().search(Frame::new(80, 60));
        let all = search.points.len();
        search.admit(vec![disc(128.0, 24.0, 0.99)]);
        let mut left = 0;
        while search.next_point().is_some() {
            left += 1;
        }
        assert!(left < all - 4 && left > all - 10, "{left} of {all}");
    }
}
