//! The primitives and their styles, laid out as the shader reads them.

use bytemuck::{Pod, Zeroable};
use visionflow_model::Color;

/// The values of [`Primitive::kind`], in its lowest byte, and the flags above it.
pub mod primitive_kind {
    pub const BOX: u32 = 1;
    pub const TRIANGLE: u32 = 2;
    pub const SEGMENT: u32 = 3;
    pub const MARKER: u32 = 4;
    /// A line or ring of few points, filled and stroked in one; its points lie behind it.
    pub const OUTLINE: u32 = 5;
    pub const ELLIPSE: u32 = 6;
    /// One tile of a mask; its pixels lie in the atlas.
    pub const MASK: u32 = 7;
    /// A segment that begins a line: its start has a round cap as well.
    pub const FLAG_START_CAP: u32 = 0x100;
    /// A marker in the stroke's colour with a white border.
    pub const FLAG_SOLID: u32 = 0x200;
    /// A white marker with a border in the stroke's colour.
    pub const FLAG_HOLLOW: u32 = 0x400;
    /// A segment that ends ten CSS pixels early, where an arrow's head covers it.
    pub const FLAG_SHORT_END: u32 = 0x1000;
    /// An outline whose last point joins its first: it has an inside.
    pub const FLAG_CLOSED: u32 = 0x800;
}

/// The bits of [`Style::flags`].
pub mod style_flag {
    /// Not drawn at all.
    pub const HIDDEN: u32 = 1;
    /// A white line inside the stroke.
    pub const SELECTED: u32 = 2;
    /// The stroke is dashed; a marker's is not.
    pub const DASHED: u32 = 4;
    /// The stroke of a box lies four CSS pixels outside it.
    pub const OUTSET: u32 = 8;
    /// A marker that would be solid is hollow.
    pub const PROPOSED: u32 = 16;
}

/// One primitive; two texels. Coordinates are relative to the draw list's origin.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Primitive {
    /// Box, outline, mask tile: min x, min y, max x, max y. Triangle: the first two corners.
    /// Segment: both ends. Marker: its place, its size in CSS pixels, its [`Marker`].
    /// Ellipse: its centre and its radii.
    pub a: [f32; 4],
    /// Triangle: the third corner. Segment: how long the line is before it, and zero.
    /// Marker: the direction of an arrow's head. Ellipse: cosine and sine of its angle.
    /// Outline: as bits of integers, how many entries behind it its points begin (four points an
    /// entry) and how many there are. Mask tile: how far behind it the atlas places of its eight
    /// neighbours stand, and its own place.
    pub b: [f32; 2],
    /// Index of its [`Style`].
    pub style: u32,
    /// One of [`primitive_kind`]; zero draws nothing.
    pub kind: u32,
}

/// How primitives are painted; one texel.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Style {
    pub fill: Rgba,
    pub stroke: Rgba,
    /// In CSS pixels.
    pub width: f32,
    /// Bits of [`style_flag`].
    pub flags: u32,
}

/// An sRGB colour with straight alpha; red is the lowest byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(transparent)]
pub struct Rgba(pub u32);

/// The figure that a marker primitive shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Marker {
    Square = 0,
    Circle = 1,
    /// A pointer's arrow whose tip is the place.
    Arrow = 2,
    Diamond = 3,
    /// A circle around a dot.
    Ring = 4,
    /// The head of an arrow: its tip is the place, `b` its direction.
    Head = 5,
    /// Two crossed strokes.
    Cross = 6,
}

impl Rgba {
    pub const TRANSPARENT: Self = Self(0);
    pub const WHITE: Self = Self(0xffff_ffff);

    /// `alpha` from 0 to 1.
    pub fn new(color: Color, alpha: f32) -> Self {
        let alpha = (alpha.clamp(0.0, 1.0) * 255.0).round() as u8;
        Self(u32::from_le_bytes([color.r, color.g, color.b, alpha]))
    }

    /// The same with so much of its alpha.
    pub(crate) fn faded(self, share: f32) -> Self {
        let [r, g, b, alpha] = self.0.to_le_bytes();
        let alpha = (f32::from(alpha) * share).round() as u8;
        Self(u32::from_le_bytes([r, g, b, alpha]))
    }
}

impl Primitive {
    pub(crate) fn rect(min: [f32; 2], max: [f32; 2]) -> Self {
        let a = [min[0], min[1], max[0], max[1]];
        Self::new(a, [0.0; 2], primitive_kind::BOX)
    }

    pub(crate) fn triangle(p: [f32; 2], q: [f32; 2], r: [f32; 2]) -> Self {
        Self::new([p[0], p[1], q[0], q[1]], r, primitive_kind::TRIANGLE)
    }

    /// `before` is the length of the line that precedes it, in image pixels; dashes run on from it.
    pub(crate) fn segment(from: [f32; 2], to: [f32; 2], before: f32, starts_line: bool) -> Self {
        let cap = if starts_line {
            primitive_kind::FLAG_START_CAP
        } else {
            0
        };
        let a = [from[0], from[1], to[0], to[1]];
        Self::new(a, [before, 0.0], primitive_kind::SEGMENT | cap)
    }

    pub(crate) fn marker(at: [f32; 2], size_css: f32, marker: Marker) -> Self {
        let a = [at[0], at[1], size_css, marker as u32 as f32];
        Self::new(a, [0.0; 2], primitive_kind::MARKER)
    }

    pub(crate) fn ellipse(center: [f32; 2], radii: [f32; 2], angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        let a = [center[0], center[1], radii[0], radii[1]];
        Self::new(a, [cos as f32, sin as f32], primitive_kind::ELLIPSE)
    }

    /// The same with flags of [`primitive_kind`].
    pub(crate) fn flagged(self, flags: u32) -> Self {
        let kind = self.kind | flags;
        Self { kind, ..self }
    }

    pub(crate) fn new(a: [f32; 4], b: [f32; 2], kind: u32) -> Self {
        Self {
            a,
            b,
            style: 0,
            kind,
        }
    }
}
