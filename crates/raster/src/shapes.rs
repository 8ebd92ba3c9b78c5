//! The primitives, one file a kind, each what the shader of its kind in `crates/render/src/shaders`
//! draws.

mod boxes;
mod ellipse;
mod marker;
mod mask;
mod outline;
mod segment;
mod triangle;

use crate::atlas::Atlas;
use crate::canvas::Canvas;
use visionflow_scene::{PixelView, Primitive, Rgba, Style, primitive_kind, style_flag};

/// A primitive with what is needed to draw it.
pub struct Item<'a> {
    pub view: &'a PixelView,
    pub primitive: Primitive,
    pub style: Style,
    /// The table that the primitive stands in, and where: what it refers to lies behind it.
    pub table: &'a [Primitive],
    pub slot: usize,
    pub atlas: &'a Atlas,
}

impl Item<'_> {
    pub fn draw(&self, canvas: &mut Canvas) {
        if self.has(style_flag::HIDDEN) {
            return;
        }
        match self.primitive.kind & 0xff {
            primitive_kind::BOX => boxes::draw(self, canvas),
            primitive_kind::TRIANGLE => triangle::draw(self, canvas),
            primitive_kind::SEGMENT => segment::draw(self, canvas),
            primitive_kind::MARKER => marker::draw(self, canvas),
            primitive_kind::OUTLINE => outline::draw(self, canvas),
            primitive_kind::ELLIPSE => ellipse::draw(self, canvas),
            primitive_kind::MASK => mask::draw(self, canvas),
            _ => {}
        }
    }

    /// Whether the style has a flag.
    fn has(&self, flag: u32) -> bool {
        self.style.flags & flag != 0
    }

    /// Whether the primitive has a flag of its kind.
    fn is(&self, flag: u32) -> bool {
        self.primitive.kind & flag != 0
    }

    /// Half the stroke's width in device pixels.
    fn half_width(&self) -> f32 {
        self.style.width * self.view.ratio * 0.5
    }

    /// How far beyond the shape something of it may show.
    fn pad(&self) -> f32 {
        self.half_width() + 1.0
    }

    /// The first corner of `a` and the second, in device pixels.
    fn corners(&self) -> ([f32; 2], [f32; 2]) {
        let [x0, y0, x1, y1] = self.primitive.a;
        (self.view.to_px([x0, y0]), self.view.to_px([x1, y1]))
    }

    /// The entry that lies so far behind the primitive's own data begins.
    fn data(&self, offset: usize) -> Option<&Primitive> {
        let first = self.slot + self.primitive.b[0].to_bits() as usize;
        self.table.get(first.checked_add(offset)?)
    }

    fn white() -> Rgba {
        Rgba::WHITE
    }
}

/// What lies far outside is pulled near: it cannot be seen, and big numbers are coarse.
fn near(at: f32, limit: f32, size: f32) -> f32 {
    at.max(-limit).min(size + limit)
}

fn dot(a: [f32; 2], b: [f32; 2]) -> f32 {
    a[0] * b[0] + a[1] * b[1]
}

fn length(a: [f32; 2]) -> f32 {
    dot(a, a).sqrt()
}

fn minus(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [a[0] - b[0], a[1] - b[1]]
}
