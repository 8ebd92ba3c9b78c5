//! More of the same: the other things in a photograph that look like one that is known. Experimental.
//!
//! After PerSAM (Zhang et al. 2023), without training: what the encoder says in a known shape, on
//! average, is compared with what it says everywhere; where the likeness peaks the decoder is asked, and
//! of its masks those stay that look like the known shape themselves. What is common to all of a
//! photograph is taken away first, or everything would be alike.

mod likeness;

use crate::Error;
use crate::bits::Bits;
use crate::decoder::{Decoder, Prepared};
use crate::embedding::Embedding;
use crate::everything::Finding;
use crate::frame::{Frame, SIDE};
use crate::logits::SPACING;
use crate::prompt::{Candidate, Prompt};
pub use likeness::Likeness;
use likeness::{PLACES, Plane};
use visionflow_geometry::Point;

/// What counts as alike, and how long is looked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similar {
    /// The most places that the decoder is asked about.
    pub budget: usize,
    /// Where the likeness of a place is less, nobody asks.
    pub min_place: f32,
    /// A mask is kept whose own likeness is at least this.
    pub min_likeness: f32,
    pub min_predicted_iou: f32,
    pub min_stability: f32,
    /// A mask's area, as a part of the known shape's, lies between this and its inverse.
    pub min_area: f32,
    /// Of two masks whose intersection over union is more, the later is dropped.
    pub max_overlap: f32,
}

impl Default for Similar {
    fn default() -> Self {
        Self {
            budget: 128,
            min_place: 0.25,
            min_likeness: 0.5,
            min_predicted_iou: 0.8,
            min_stability: 0.85,
            min_area: 0.3,
            max_overlap: 0.4,
        }
    }
}

/// A search that goes on by [`Likewise::step`] and may be dropped at any time.
pub struct Likewise {
    options: Similar,
    frame: Frame,
    known: Likeness,
    plane: Plane,
    /// The likeness of each place with the known shape.
    map: Vec<f32>,
    /// Places to ask about; the next is last.
    places: Vec<usize>,
    asked: usize,
    /// What is there already: the known shape, if it is of this photograph, and what was found.
    found: Vec<Bits>,
}

impl Similar {
    /// Looks in a photograph for what is like `known`; `except` are shapes that are there already.
    pub fn search(
        self,
        known: &Likeness,
        embedding: &Embedding,
        frame: Frame,
        except: &[Vec<Vec<Point>>],
    ) -> Likewise {
        let plane = Plane::of(embedding, &frame);
        let map = plane.map(known);
        let places = peaks(&map, self.min_place);
        let found = except.iter().map(|rings| Bits::of_rings(rings, &frame));
        Likewise {
            options: self,
            frame,
            known: known.clone(),
            plane,
            map,
            places,
            asked: 0,
            found: found.collect(),
        }
    }
}

impl Likewise {
    /// Asks the decoder about one more place; what is alike and new, its score in place of the model's
    /// own, or `None` at the end.
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
        let spacing = SIDE / PLACES;
        while let Some(place) = self.places.pop() {
            let (x, y) = (place % PLACES, place / PLACES);
            let at = Point::new(
                (x as f64 + 0.5) * spacing as f64,
                (y as f64 + 0.5) * spacing as f64,
            );
            let (column, row) = (at.x as usize / SPACING, at.y as usize / SPACING);
            if !self.found.iter().any(|found| found.contains(column, row)) {
                return Some(self.frame.to_image(at));
            }
        }
        None
    }

    /// Of one place's candidates the one that is most alike, if it is alike enough and new.
    fn admit(&mut self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        let options = &self.options;
        let area = self.known.area(&self.frame);
        let scored = candidates.into_iter().filter_map(|candidate| {
            let bits = Bits::of(&candidate.logits, &self.frame);
            let part = bits.count() as f32 / area.max(1.0);
            let fits = candidate.predicted_iou >= options.min_predicted_iou
                && candidate.stability >= options.min_stability
                && (options.min_area..=1.0 / options.min_area).contains(&part);
            let likeness = self.plane.likeness(&self.known, &bits)?;
            (fits && likeness >= options.min_likeness).then_some((likeness, bits, candidate))
        });
        let best = scored.max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((likeness, bits, mut candidate)) = best else {
            return Vec::new();
        };
        if self
            .found
            .iter()
            .any(|found| found.overlap(&bits) > options.max_overlap)
        {
            return Vec::new();
        }
        self.found.push(bits);
        candidate.predicted_iou = likeness.clamp(0.0, 1.0);
        vec![candidate]
    }

    /// The likeness of every place, row by row, for showing.
    pub fn map(&self) -> &[f32] {
        &self.map
    }
}

impl Finding for Likewise {
    fn step(
        &mut self,
        decoder: &Decoder,
        prepared: &Prepared,
    ) -> Result<Option<Vec<Candidate>>, Error> {
        Self::step(self, decoder, prepared)
    }
}

/// Places that are as much alike as their neighbours or more, the best last; then all others that are
/// alike enough, since one peak may hold several things.
fn peaks(map: &[f32], least: f32) -> Vec<usize> {
    let value = |x: usize, y: usize| map[y * PLACES + x];
    let is_peak = |place: &usize| {
        let (x, y) = (place % PLACES, place / PLACES);
        let near = |at: usize| at.saturating_sub(1)..=(at + 1).min(PLACES - 1);
        near(y).all(|row| near(x).all(|column| value(column, row) <= map[*place]))
    };
    let mut places: Vec<usize> = (0..map.len())
        .filter(|place| map[*place] >= least)
        .collect();
    places.sort_by(|a, b| {
        let key = |place: &usize| (is_peak(place), map[*place]);
        let (a, b) = (key(a), key(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    places
}

#[cfg(test)]
mod tests;
