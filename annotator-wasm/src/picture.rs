//! Pictures of the canvas, part by part; the package puts the parts together.

use super::Annotator;
use visionflow_geometry::Point;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Annotator {
    /// Draws `width` × `height` pixels from the image point `x, y` on, `scale` of them an image
    /// pixel; the canvas holds them until the end of the browser's task. Whether that is all; if
    /// not, tiles of the photograph are on their way, and it is to be drawn again.
    #[wasm_bindgen(js_name = drawPart)]
    pub fn draw_part(
        &self,
        x: f64,
        y: f64,
        scale: f64,
        width: u32,
        height: u32,
    ) -> Result<bool, JsError> {
        let size = (width.max(1), height.max(1));
        Ok(self.engine.draw_part(Point::new(x, y), scale, size)?)
    }

    /// Shows again what `drawPart` replaced.
    #[wasm_bindgen(js_name = endPicture)]
    pub fn end_picture(&self) {
        self.engine.end_picture();
    }
}
