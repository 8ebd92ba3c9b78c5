//! Which shaders there are; the build script reads this file as well.

use std::borrow::Cow;

const SHAPES: &str = include_str!("wgsl/shapes.wgsl");
/// Where the base names the functions of the others.
const MORE_KINDS: &str = "        // More kinds\n";

/// How some kinds of primitives are shaded: their cases, and the functions that these call.
type Part = (&'static str, &'static str);

const FIGURES: Part = (
    "        case 2u: { return paint(in.look.x, 1.0); }\n        \
     case 3u: { return shade_segment(in); }\n        \
     case 4u: { return shade_marker(in); }\n",
    include_str!("wgsl/figures.wgsl"),
);
const OUTLINES: Part = (
    "        case 5u: { return shade_outline(in); }\n",
    include_str!("wgsl/outline.wgsl"),
);
const ELLIPSES: Part = (
    "        case 6u: { return shade_ellipse(in); }\n",
    include_str!("wgsl/ellipse.wgsl"),
);
const MASKS: Part = (
    "        case 7u: { return shade_mask(in); }\n",
    include_str!("wgsl/mask.wgsl"),
);

/// A vertex and a fragment shader that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shader {
    /// A tile of the photograph.
    Image,
    /// Grids and the crosshair.
    Lines,
    /// A painted text.
    Sprite,
    /// Boxes.
    Boxes,
    /// Boxes and outlines: what most documents hold.
    Outlines,
    /// Boxes, and triangles, segments and markers.
    Figures,
    /// All but masks.
    Shapes,
    /// All of them.
    Masks,
}

impl Shader {
    pub const ALL: [Self; 8] = [
        Self::Image,
        Self::Lines,
        Self::Sprite,
        Self::Boxes,
        Self::Outlines,
        Self::Figures,
        Self::Shapes,
        Self::Masks,
    ];

    /// In WGSL.
    pub fn wgsl(self) -> Cow<'static, str> {
        match self {
            Self::Image => Cow::Borrowed(include_str!("wgsl/image.wgsl")),
            Self::Lines => Cow::Borrowed(include_str!("wgsl/lines.wgsl")),
            Self::Sprite => Cow::Borrowed(include_str!("wgsl/sprite.wgsl")),
            Self::Boxes => shapes(&[]),
            Self::Outlines => shapes(&[OUTLINES]),
            Self::Figures => shapes(&[FIGURES]),
            Self::Shapes => shapes(&[FIGURES, OUTLINES, ELLIPSES]),
            Self::Masks => shapes(&[FIGURES, OUTLINES, ELLIPSES, MASKS]),
        }
    }

    /// The names of the vertex and the fragment shader.
    pub const fn entry_points(self) -> (&'static str, &'static str) {
        match self {
            Self::Image => ("vs_image", "fs_image"),
            Self::Lines => ("vs_lines", "fs_lines"),
            Self::Sprite => ("vs_sprite", "fs_sprite"),
            _ => ("vs_shapes", "fs_shapes"),
        }
    }
}

/// The shader of boxes with others besides them.
fn shapes(parts: &[Part]) -> Cow<'static, str> {
    let (cases, functions): (String, String) = parts.iter().copied().unzip();
    Cow::Owned(SHAPES.replace(MORE_KINDS, &cases) + &functions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_kinds_find_their_place() {
        assert!(SHAPES.contains(MORE_KINDS));
        assert!(!Shader::Boxes.wgsl().contains("case 2u"));
        let outlines = Shader::Outlines.wgsl();
        assert!(outlines.contains("case 5u") && !outlines.contains("shade_marker"));
        let shapes = Shader::Shapes.wgsl();
        assert!(shapes.contains("case 6u") && !shapes.contains("case 7u"));
        let masks = Shader::Masks.wgsl();
        assert!(masks.contains("case 3u") && masks.contains("fn shade_mask"));
    }
}
