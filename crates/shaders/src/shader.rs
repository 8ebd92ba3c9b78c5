//! Which shaders there are; the build script reads this file as well.

use std::borrow::Cow;

const SHAPES: &str = include_str!("wgsl/shapes.wgsl");
const OUTLINES: &str = include_str!("wgsl/outline.wgsl");
const MASKS: &str = include_str!("wgsl/mask.wgsl");
/// Where the base names the functions of the others.
const MORE_KINDS: &str = "        // More kinds\n";

/// A vertex and a fragment shader that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shader {
    /// A tile of the photograph.
    Image,
    /// Grids and the crosshair.
    Lines,
    /// A painted text.
    Sprite,
    /// Boxes, triangles, segments and markers.
    Shapes,
    /// The same with outlines and ellipses.
    Outlines,
    /// The same with masks.
    Masks,
}

impl Shader {
    pub const ALL: [Self; 6] = [
        Self::Image,
        Self::Lines,
        Self::Sprite,
        Self::Shapes,
        Self::Outlines,
        Self::Masks,
    ];

    /// In WGSL.
    pub fn wgsl(self) -> Cow<'static, str> {
        let kinds = |cases: &str, functions: &str| {
            Cow::Owned(SHAPES.replace(MORE_KINDS, cases) + functions)
        };
        let outlines = "        case 5u: { return shade_outline(in); }\n        \
                        case 6u: { return shade_ellipse(in); }\n";
        match self {
            Self::Image => Cow::Borrowed(include_str!("wgsl/image.wgsl")),
            Self::Lines => Cow::Borrowed(include_str!("wgsl/lines.wgsl")),
            Self::Sprite => Cow::Borrowed(include_str!("wgsl/sprite.wgsl")),
            Self::Shapes => kinds("", ""),
            Self::Outlines => kinds(outlines, OUTLINES),
            Self::Masks => kinds(
                &format!("{outlines}        case 7u: {{ return shade_mask(in); }}\n"),
                &[OUTLINES, MASKS].concat(),
            ),
        }
    }

    /// The names of the vertex and the fragment shader.
    pub const fn entry_points(self) -> (&'static str, &'static str) {
        match self {
            Self::Image => ("vs_image", "fs_image"),
            Self::Lines => ("vs_lines", "fs_lines"),
            Self::Sprite => ("vs_sprite", "fs_sprite"),
            Self::Shapes | Self::Outlines | Self::Masks => ("vs_shapes", "fs_shapes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_kinds_find_their_place() {
        assert!(SHAPES.contains(MORE_KINDS));
        assert!(!Shader::Shapes.wgsl().contains("shade_outline"));
        let outlines = Shader::Outlines.wgsl();
        assert!(outlines.contains("case 6u") && !outlines.contains("case 7u"));
        let masks = Shader::Masks.wgsl();
        assert!(masks.contains("case 5u") && masks.contains("fn shade_mask"));
    }
}
