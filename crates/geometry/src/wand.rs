//! Magic wand: the pixels of the photograph that look like the one under the pointer.

use crate::mask::{Connectivity, Span};
use crate::{Mask, PixelView, Point};

/// How colours are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorDistance {
    /// The largest difference of red, green and blue, 0 to 255.
    #[default]
    Rgb,
    /// As people see it: ΔE*76 in CIELAB (D65), about 0 to 255 from end to end.
    Lab,
}

/// What the wand takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wand {
    /// Colours no farther from the seed's than this are taken.
    pub tolerance: u8,
    pub distance: ColorDistance,
    /// Only what is joined to the seed, or the colour all over the view.
    pub contiguous: bool,
    /// Against leaks and specks: what is joined by less than about twice this many pixels of the
    /// view is not, and holes and specks below this size are closed. Zero for none.
    pub smoothing: u8,
}

impl Default for Wand {
    fn default() -> Self {
        Self {
            tolerance: 24,
            distance: ColorDistance::Rgb,
            contiguous: true,
            smoothing: 0,
        }
    }
}

impl Wand {
    /// The pixels of the image that are taken from a seed in the image; empty where the seed is
    /// outside the view.
    ///
    /// Linear in the pixels of the view.
    pub fn select(self, view: &PixelView, seed_in_image: Point) -> Mask {
        let Some((x, y)) = view.pixel_at(seed_in_image) else {
            return Mask::default();
        };
        let seed = (x as usize, y as usize);
        let mut grid = self.similar(view, seed);
        let radius = usize::from(self.smoothing);
        if radius > 0 {
            grid = grid.grown(radius, false);
        }
        if self.contiguous {
            grid = grid.joined_to(grid.nearest(seed, radius * 2).unwrap_or(seed));
        }
        if radius > 0 {
            // Back out to where it was, and over what is smaller than the brush.
            grid = grid.grown(radius * 2, true).grown(radius, false);
        }
        grid.in_image(view)
    }

    fn similar(self, view: &PixelView, seed: (usize, usize)) -> Grid {
        let (width, height) = (view.width as usize, view.height as usize);
        let pixels = view.rgba.as_chunks::<4>().0;
        let wanted = pixels.get(seed.1 * width + seed.0).copied();
        let wanted = wanted.unwrap_or_default();
        let lab = lab(wanted);
        let near = |pixel: &[u8; 4]| match self.distance {
            ColorDistance::Rgb => (0..3).all(|i| pixel[i].abs_diff(wanted[i]) <= self.tolerance),
            ColorDistance::Lab => {
                let other = self::lab(*pixel);
                let squared: f32 = (0..3).map(|i| (other[i] - lab[i]).powi(2)).sum();
                squared.sqrt() <= f32::from(self.tolerance)
            }
        };
        let mut inside: Vec<bool> = Vec::with_capacity(pixels.len());
        // Neighbours are often alike, and Lab is dear.
        let mut last = (wanted, true);
        for pixel in pixels {
            if *pixel != last.0 {
                last = (*pixel, near(pixel));
            }
            inside.push(last.1);
        }
        inside.resize(width * height, false);
        Grid {
            width,
            height,
            inside,
        }
    }
}

/// CIELAB of an sRGB pixel (CIE 15:2004, white D65).
fn lab([r, g, b, _]: [u8; 4]) -> [f32; 3] {
    let linear = |v: u8| {
        let v = f32::from(v) / 255.0;
        if v <= 0.04045 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    };
    let (r, g, b) = (linear(r), linear(g), linear(b));
    let f = |t: f32| {
        if t > 0.008_856 {
            t.cbrt()
        } else {
            7.787 * t + 16.0 / 116.0
        }
    };
    let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.950_47);
    let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.088_83);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The pixels of a view, each taken or not.
struct Grid {
    width: usize,
    height: usize,
    inside: Vec<bool>,
}

impl Grid {
    /// Grown by squares of `radius` all around, or shrunk by them; the view's border does not count
    /// as outside. Sums along rows, then along columns: linear whatever the radius.
    fn grown(&self, radius: usize, grow: bool) -> Self {
        let rows = sweep(
            &self.inside,
            self.width,
            self.height,
            (1, self.width),
            radius,
            grow,
        );
        let inside = sweep(
            &rows,
            self.height,
            self.width,
            (self.width, 1),
            radius,
            grow,
        );
        Self { inside, ..*self }
    }

    /// The pixel nearest to the seed that is taken, no farther than `reach` to either side.
    fn nearest(&self, (x, y): (usize, usize), reach: usize) -> Option<(usize, usize)> {
        let columns = x.saturating_sub(reach)..(x + reach + 1).min(self.width);
        let rows = y.saturating_sub(reach)..(y + reach + 1).min(self.height);
        let all = rows.flat_map(|y| columns.clone().map(move |x| (x, y)));
        all.filter(|(x, y)| self.inside[y * self.width + x])
            .min_by_key(|p| p.0.abs_diff(x).pow(2) + p.1.abs_diff(y).pow(2))
    }

    /// What is joined to the seed, side by side.
    fn joined_to(&self, (x, y): (usize, usize)) -> Self {
        let mask = self.as_mask();
        let parts = mask.component_at(x as i32, y as i32, Connectivity::Four);
        let mut inside = vec![false; self.inside.len()];
        for span in parts.iter().flat_map(Mask::spans) {
            let row = span.y as usize * self.width;
            inside[row + span.start as usize..row + span.end as usize].fill(true);
        }
        Self { inside, ..*self }
    }

    fn as_mask(&self) -> Mask {
        Mask::from_spans(self.spans())
    }

    fn spans(&self) -> impl Iterator<Item = Span> + '_ {
        let rows = self.inside.chunks_exact(self.width).zip(0..);
        rows.flat_map(|(row, y)| {
            let mut x = 0;
            let runs = row.chunk_by(|a, b| a == b).map(move |run| {
                let start = x;
                x += run.len() as i32;
                (run[0], start, x)
            });
            let inside = runs.filter(|(inside, ..)| *inside);
            inside.map(move |(_, start, end)| Span { y, start, end })
        })
    }

    /// The pixels of the image whose centres lie in the pixels of the view that are taken.
    fn in_image(&self, view: &PixelView) -> Mask {
        let pixel = |v: f64, origin: f64| (origin + v * view.scale - 0.5).ceil();
        let spans = self.spans().flat_map(|span| {
            let rows = pixel(f64::from(span.y), view.origin.y) as i32
                ..pixel(f64::from(span.y) + 1.0, view.origin.y) as i32;
            let start = pixel(f64::from(span.start), view.origin.x) as i32;
            let end = pixel(f64::from(span.end), view.origin.x) as i32;
            rows.map(move |y| Span { y, start, end })
        });
        Mask::from_spans(spans)
    }
}

/// One pass along all lines of a grid: `count` lines of `length` cells, `along` apart within a line
/// and `across` from line to line.
fn sweep(
    cells: &[bool],
    length: usize,
    count: usize,
    (along, across): (usize, usize),
    radius: usize,
    grow: bool,
) -> Vec<bool> {
    let mut result = vec![false; cells.len()];
    for line in 0..count {
        let at = |i: usize| line * across + i * along;
        // Cells in the window that decide: those that are in when growing, out when shrinking.
        let mut deciding = 0_usize;
        for i in 0..length + radius {
            if i < length {
                deciding += usize::from(cells[at(i)] == grow);
            }
            if i > 2 * radius && i - 2 * radius - 1 < length {
                deciding -= usize::from(cells[at(i - 2 * radius - 1)] == grow);
            }
            if i >= radius {
                result[at(i - radius)] = (deciding > 0) == grow;
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A view of letters, each its own colour, one pixel a letter, two image pixels wide.
    fn view(rows: &[&str], scale: f64) -> PixelView {
        let pixels = rows.iter().flat_map(|row| row.bytes());
        let rgba = pixels.flat_map(|c| match c {
            b'r' => [200, 10, 10, 255],
            b'p' => [190, 30, 20, 255],
            b'g' => [10, 200, 10, 255],
            _ => [0, 0, 0, 255],
        });
        let (width, height) = (rows[0].len() as u32, rows.len() as u32);
        PixelView::new(
            Point::new(100.0, 50.0),
            scale,
            width,
            height,
            rgba.collect(),
        )
        .unwrap()
    }

    fn check(wand: Wand, rows: &[&str], seed: (f64, f64), area: u64) {
        let mask = wand.select(&view(rows, 1.0), Point::new(100.0 + seed.0, 50.0 + seed.1));
        assert_eq!(mask.area(), area, "{wand:?} {rows:?}");
    }

    #[test]
    fn colours_within_the_tolerance_are_taken() {
        let rows = ["rrp.", "rrpr", "...r"];
        let wand = |tolerance, contiguous| Wand {
            tolerance,
            contiguous,
            ..Wand::default()
        };
        check(wand(5, true), &rows, (0.5, 0.5), 4);
        check(wand(5, false), &rows, (0.5, 0.5), 6);
        check(wand(30, true), &rows, (0.5, 0.5), 8);
        check(wand(30, true), &rows, (3.5, 0.5), 1);
        check(wand(255, true), &rows, (0.5, 0.5), 12);
        check(wand(5, true), &rows, (9.0, 0.5), 0);
        let lab = Wand {
            distance: ColorDistance::Lab,
            ..wand(15, true)
        };
        check(lab, &rows, (0.5, 0.5), 8);
        check(
            Wand {
                tolerance: 2,
                ..lab
            },
            &rows,
            (0.5, 0.5),
            4,
        );
    }

    #[test]
    fn a_coarse_view_gives_whole_pixels_of_the_image() {
        let coarse = view(&["r.", ".r"], 3.0);
        let wand = Wand::default();
        let mask = wand.select(&coarse, Point::new(102.9, 52.9));
        assert_eq!(mask.area(), 9);
        let bounds = mask.bounds().unwrap();
        assert_eq!(
            (bounds.min, bounds.max),
            (Point::new(100.0, 50.0), Point::new(103.0, 53.0))
        );
    }

    #[test]
    fn smoothing_stops_a_leak_through_a_gap() {
        let mut rows = vec![String::from("rrrrrrrrrr.rrrrrrrrr"); 12];
        rows[5] = String::from("rrrrrrrrrrrrrrrrrrrr");
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        check(Wand::default(), &rows, (3.5, 3.5), 12 * 19 + 1);
        let smooth = Wand {
            smoothing: 1,
            ..Wand::default()
        };
        let mask = smooth.select(&view(&rows, 1.0), Point::new(103.5, 53.5));
        assert!((120..=123).contains(&mask.area()), "{}", mask.area());
        // A speck within is closed.
        let rows = [
            "rrrrrrr", "rrrrrrr", "rrrrrrr", "rrr.rrr", "rrrrrrr", "rrrrrrr", "rrrrrrr",
        ];
        check(Wand::default(), &rows, (0.5, 0.5), 48);
        check(
            Wand {
                smoothing: 1,
                ..Wand::default()
            },
            &rows,
            (0.5, 0.5),
            49,
        );
    }

    #[test]
    fn lab_is_as_published() {
        let close = |rgb: [u8; 3], expected: [f32; 3]| {
            let found = lab([rgb[0], rgb[1], rgb[2], 255]);
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 0.1, "{found} {expected}");
            }
        };
        close([255, 255, 255], [100.0, 0.0, 0.0]);
        close([255, 0, 0], [53.24, 80.09, 67.2]);
        close([0, 0, 255], [32.3, 79.19, -107.86]);
    }
}
