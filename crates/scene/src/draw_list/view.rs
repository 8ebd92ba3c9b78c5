//! The camera as the shaders and the CPU's painter read it.

use crate::DrawList;
use bytemuck::{Pod, Zeroable};
use visionflow_geometry::{Point, Vec2};

/// Maps a primitive's coordinates to device pixels: `(p - center) * scale + center_px`.
///
/// Both centres lie near the middle of the view, so that `f32` loses nothing that shows: the
/// subtraction is exact there, and only then is the difference scaled.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct PixelView {
    /// Relative to the draw list's origin.
    center: [f32; 2],
    center_px: [f32; 2],
    /// The size of the target in device pixels.
    pub size: [f32; 2],
    /// Device pixels per image pixel.
    pub scale: f32,
    /// Device pixels per CSS pixel.
    pub ratio: f32,
}

impl PixelView {
    pub fn of(list: &DrawList) -> Self {
        let (camera, viewport) = (&list.camera, list.viewport);
        let ratio = viewport.pixel_ratio;
        let middle = Point::new(viewport.width / 2.0, viewport.height / 2.0);
        let middle = camera.image_from_screen(middle);
        let center = [
            (middle.x - list.origin.x) as f32,
            (middle.y - list.origin.y) as f32,
        ];
        // The rounding of `center` to f32 is made good here.
        let rounded = Point::new(
            f64::from(center[0]) + list.origin.x,
            f64::from(center[1]) + list.origin.y,
        );
        let on_screen = camera.screen_from_image(rounded);
        Self {
            center,
            center_px: [(on_screen.x * ratio) as f32, (on_screen.y * ratio) as f32],
            size: [
                (viewport.width * ratio) as f32,
                (viewport.height * ratio) as f32,
            ],
            scale: (camera.scale() * ratio) as f32,
            ratio: ratio as f32,
        }
    }

    /// A window of the image alone: `size` pixels whose first has its corner `corner` image pixels
    /// from the tiles' origin, each covering `scale` image pixels.
    pub fn of_window(corner: Vec2, scale: f64, size: (u32, u32)) -> Self {
        let half = [size.0 as f32 / 2.0, size.1 as f32 / 2.0];
        Self {
            center: [
                (corner.x + f64::from(half[0]) * scale) as f32,
                (corner.y + f64::from(half[1]) * scale) as f32,
            ],
            center_px: half,
            size: [size.0 as f32, size.1 as f32],
            scale: (1.0 / scale) as f32,
            ratio: 1.0,
        }
    }

    /// A point relative to the draw list's origin, in device pixels.
    pub fn to_px(&self, p: [f32; 2]) -> [f32; 2] {
        std::array::from_fn(|axis| {
            (p[axis] - self.center[axis]) * self.scale + self.center_px[axis]
        })
    }
}
