//! Masks as they are written: runs over the rectangle around them.

use crate::{Invalid, MAX_MASK_TILES};
use serde::{Deserialize, Serialize};
use visionflow_geometry::{Mask, Span};

/// The most pixels of the rectangle.
const MAX_PIXELS: u64 = 1 << 29;

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "MaskRuns"))]
pub(crate) struct Wire {
    origin: [i32; 2],
    size: [u32; 2],
    runs: Vec<u32>,
}

impl From<&Mask> for Wire {
    fn from(mask: &Mask) -> Self {
        let Some(bounds) = mask.bounds() else {
            return Self {
                origin: [0, 0],
                size: [0, 0],
                runs: Vec::new(),
            };
        };
        let origin = [bounds.min.x as i32, bounds.min.y as i32];
        let size = [bounds.width() as u32, bounds.height() as u32];
        let offset = |y: i32, x: i32| {
            u64::from(y.abs_diff(origin[1])) * u64::from(size[0]) + u64::from(x.abs_diff(origin[0]))
        };
        let mut spans: Vec<_> = mask.spans().collect();
        spans.sort_unstable_by_key(|span| (span.y, span.start));
        let (mut runs, mut at) = (Vec::new(), 0);
        for span in spans {
            let (start, end) = (offset(span.y, span.start), offset(span.y, span.end));
            match runs.last_mut() {
                // Runs go on from row to row and from tile to tile.
                Some(last) if start == at => *last += (end - start) as u32,
                _ => runs.extend([(start - at) as u32, (end - start) as u32]),
            }
            at = end;
        }
        let total = u64::from(size[0]) * u64::from(size[1]);
        if at < total {
            runs.push((total - at) as u32);
        }
        Self { origin, size, runs }
    }
}

impl Wire {
    pub(super) fn into_mask(self) -> Result<Mask, String> {
        let [width, height] = self.size.map(u64::from);
        let total = width * height;
        if total > MAX_PIXELS {
            return Err(format!("a mask of {width} × {height} pixels is too large"));
        }
        let sum: u64 = self.runs.iter().copied().map(u64::from).sum();
        if sum != total {
            return Err(format!(
                "the runs of the mask add up to {sum} pixels and not to {total}"
            ));
        }
        let [left, top] = self.origin;
        let fits =
            |at: i32, size: u32| i32::try_from(size).is_ok_and(|s| at.checked_add(s).is_some());
        if !fits(left, self.size[0]) || !fits(top, self.size[1]) {
            return Err("the mask lies out of reach".to_owned());
        }
        let mut at = 0;
        let runs = self.runs.into_iter().enumerate();
        let inside = runs.filter_map(|(index, run)| {
            let run = at..at + u64::from(run);
            at = run.end;
            (index % 2 == 1).then_some(run)
        });
        let spans = inside
            .flat_map(|run| Span::of_run(run, width))
            .map(|span| Span {
                y: top + span.y,
                start: left + span.start,
                end: left + span.end,
            });
        let mask = Mask::from_spans_limited(spans, MAX_MASK_TILES);
        mask.ok_or_else(|| Invalid::TooManyTiles(MAX_MASK_TILES + 1).to_string())
    }
}
