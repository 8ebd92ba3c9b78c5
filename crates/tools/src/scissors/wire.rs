//! The line of the scissors: what is fixed between anchors, and what follows the pointer.

use crate::Context;
use crate::step::{clamped, snapped};
use std::fmt;
use visionflow_geometry::{Point, Scissors};

/// How far the search looks from an anchor, in pixels of the view.
const REACH: u32 = 256;
/// An anchor jumps onto the strongest edge within so many pixels of the view.
const ATTRACTION: u32 = 4;
/// Corners that matter less than this are left out, in pixels of the view.
const TOLERANCE: f64 = 0.75;

/// All in image space.
pub(super) struct Wire {
    /// What each click fixed: the way there, ending in its anchor. The first is an anchor alone.
    segments: Vec<Vec<Point>>,
    /// From the last anchor, which is not in it, to the pointer.
    live: Vec<Point>,
    /// The search from the last anchor; `None` where the photograph cannot be seen.
    search: Option<Scissors>,
}

impl Wire {
    /// `None` where the photograph cannot be looked into.
    pub(super) fn begin(at: Point, context: &Context<'_>) -> Option<Self> {
        context.pixels?;
        let mut wire = Self {
            segments: vec![vec![attracted(at, context)]],
            live: Vec::new(),
            search: None,
        };
        wire.search_on(context);
        wire.search.is_some().then_some(wire)
    }

    pub(super) fn first(&self) -> Point {
        self.segments[0][0]
    }

    pub(super) fn anchors(&self) -> impl Iterator<Item = Point> {
        self.segments.iter().filter_map(|s| s.last().copied())
    }

    /// The whole line up to the pointer.
    pub(super) fn points(&self) -> Vec<Point> {
        let fixed = self.segments.iter().flatten();
        fixed.chain(&self.live).copied().collect()
    }

    /// Whether there is enough of it to be closed.
    pub(super) fn encloses(&self) -> bool {
        self.segments.iter().map(Vec::len).sum::<usize>() >= 3
    }

    /// Has the live end follow the pointer, along the edges or straight.
    pub(super) fn lead(&mut self, to: Point, straight: bool, context: &Context<'_>) {
        // Given up when an anchor was taken back.
        if self.search.is_none() {
            self.search_on(context);
        }
        self.live = match &mut self.search {
            Some(search) if !straight => {
                let path = search.path_to(to, TOLERANCE).into_iter().skip(1);
                path.map(|p| clamped(snapped(p), context.image)).collect()
            }
            _ => vec![to],
        };
    }

    pub(super) fn let_go(&mut self) {
        self.live.clear();
    }

    /// Fixes the live end and goes on from there.
    pub(super) fn fix(&mut self, context: &Context<'_>) {
        let Some(end) = self.live.last() else {
            return;
        };
        if self.anchors().last() == Some(*end) {
            return;
        }
        self.segments.push(std::mem::take(&mut self.live));
        self.search_on(context);
    }

    /// Takes the last anchor back; false when nothing is left.
    pub(super) fn take_back(&mut self) -> bool {
        self.segments.pop();
        self.live.clear();
        self.search = None;
        !self.segments.is_empty()
    }

    /// The ring that closes along the edges.
    pub(super) fn closed(&mut self, context: &Context<'_>) -> Vec<Point> {
        self.lead(self.first(), false, context);
        let mut ring = self.points();
        ring.dedup();
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        ring
    }

    fn search_on(&mut self, context: &Context<'_>) {
        let anchor = self.anchors().last();
        let view = context.pixels.zip(anchor);
        self.search = view.and_then(|(view, anchor)| Scissors::new(view, anchor, REACH));
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("segments", &self.segments)
            .field("live", &self.live)
            .finish_non_exhaustive()
    }
}

fn attracted(at: Point, context: &Context<'_>) -> Point {
    let Some(view) = context.pixels else {
        return at;
    };
    let edge = Scissors::strongest_edge(view, at, ATTRACTION);
    clamped(snapped(edge), context.image)
}
