//! What a visualizer draws with: primitives, and the points and numbers that some of them refer to.
//!
//! Everything ends up in one run of one table: first what is drawn, then what is only read.

use crate::draw_list::{Primitive, primitive_kind};

/// An outline of more points than this is drawn as triangles and segments: the fragment shader
/// walks along all of them for every pixel.
pub const MAX_OUTLINE: usize = 32;

/// Primitives in the making.
#[derive(Debug, Default)]
pub struct Ink {
    pub drawn: Vec<Primitive>,
    /// What lies behind them, four points or eight numbers each.
    data: Vec<Primitive>,
}

impl Ink {
    pub fn clear(&mut self) {
        self.drawn.clear();
        self.data.clear();
    }

    pub fn push(&mut self, primitive: Primitive) {
        self.drawn.push(primitive);
    }

    /// One primitive for at most [`MAX_OUTLINE`] points.
    pub fn outline(&mut self, points: &[[f32; 2]], is_closed: bool) {
        let mut a = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for &[x, y] in points {
            a = [a[0].min(x), a[1].min(y), a[2].max(x), a[3].max(y)];
        }
        let closed = if is_closed {
            primitive_kind::FLAG_CLOSED
        } else {
            0
        };
        let kind = primitive_kind::OUTLINE | closed;
        self.refer(a, points.len() as u32, kind);
        for four in points.chunks(4) {
            let mut entry = [[0.0_f32; 2]; 4];
            entry[..four.len()].copy_from_slice(four);
            self.data.push(bytemuck::cast(entry));
        }
    }

    /// One tile of a mask: its rectangle, its place in the atlas, and those of its neighbours
    /// (row by row, without itself), plus one, or zero where there is none.
    pub fn mask_tile(&mut self, rect: [f32; 4], place: u32, neighbours: [u32; 8]) {
        self.refer(rect, place, primitive_kind::MASK);
        self.data.push(bytemuck::cast(neighbours));
    }

    /// Gives every primitive from `first` on this style.
    pub fn paint(&mut self, first: usize, style: u32) {
        for primitive in &mut self.drawn[first..] {
            primitive.style = style;
        }
    }

    /// The kinds of what is drawn, a bit each.
    pub fn kinds(&self) -> u32 {
        let bits = self
            .drawn
            .iter()
            .map(|primitive| 1 << (primitive.kind & 0xff));
        bits.fold(0, |kinds, bit: u32| kinds | bit)
    }

    /// Puts the data behind the primitives: the whole run, and how many entries of it are drawn.
    pub fn seal(&mut self) -> (&[Primitive], u32) {
        let count = self.drawn.len();
        for (index, primitive) in self.drawn.iter_mut().enumerate() {
            let kind = primitive.kind & 0xff;
            if kind == primitive_kind::OUTLINE || kind == primitive_kind::MASK {
                let offset = primitive.b[0].to_bits() + (count - index) as u32;
                primitive.b[0] = f32::from_bits(offset);
            }
        }
        self.drawn.append(&mut self.data);
        (&self.drawn, count as u32)
    }

    fn refer(&mut self, a: [f32; 4], number: u32, kind: u32) {
        let b = [self.data.len() as u32, number].map(f32::from_bits);
        self.drawn.push(Primitive::new(a, b, kind));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_lie_behind_what_is_drawn() {
        let mut ink = Ink::default();
        ink.outline(&[[0.0, 0.0], [4.0, 0.0], [4.0, 3.0]], true);
        ink.push(Primitive::rect([0.0; 2], [1.0; 2]));
        let five: Vec<_> = (0..5).map(|i| [i as f32, 1.0]).collect();
        ink.outline(&five, false);
        let (run, drawn) = ink.seal();
        assert_eq!((run.len(), drawn), (6, 3));
        assert_eq!(run[0].a, [0.0, 0.0, 4.0, 3.0]);
        let points_of = |at: usize| at + run[at].b[0].to_bits() as usize;
        assert_eq!((points_of(0), points_of(2)), (3, 4));
        assert_eq!(run[2].b[1].to_bits(), 5);
        assert_eq!(run[4].a, [0.0, 1.0, 1.0, 1.0]);
    }
}
