//! The camera as the primitives need it; the same numbers as the shaders are given.

use visionflow_geometry::Point;
use visionflow_scene::DrawList;

/// Maps a primitive's coordinates to device pixels: `(p - center) * scale + center_px`.
#[derive(Clone, Debug)]
pub struct View {
    center: [f32; 2],
    center_px: [f32; 2],
    /// The size of the canvas in device pixels.
    pub size: [f32; 2],
    /// Device pixels per image pixel.
    pub scale: f32,
    /// Device pixels per CSS pixel.
    pub ratio: f32,
}

impl View {
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

    pub fn to_px(&self, p: [f32; 2]) -> [f32; 2] {
        std::array::from_fn(|axis| {
            (p[axis] - self.center[axis]) * self.scale + self.center_px[axis]
        })
    }
}
