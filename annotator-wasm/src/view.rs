//! Camera and colours.

use super::Annotator;
use super::types::{JsTheme, JsView, JsViewPatch, from_js, parse_ids, patched, theme, to_js};
use visionflow_engine::ViewOptions;
use visionflow_model::Color;
use visionflow_surface as surface;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Annotator {
    /// Moves the picture by CSS pixels.
    #[wasm_bindgen(js_name = panBy)]
    pub fn pan_by(&self, x: f64, y: f64) {
        self.engine.pan_by(x, y);
    }

    /// Zooms around the middle of the view.
    #[wasm_bindgen(js_name = zoomBy)]
    pub fn zoom_by(&self, factor: f64) {
        self.engine.zoom_by(factor);
    }

    #[wasm_bindgen(js_name = zoomToFit)]
    pub fn zoom_to_fit(&self) {
        self.engine.zoom_to_fit();
    }

    /// One image pixel per device pixel.
    #[wasm_bindgen(js_name = zoomToActual)]
    pub fn zoom_to_actual(&self) {
        self.engine.zoom_to_actual();
    }

    /// Shows these annotations with some room around them.
    #[wasm_bindgen(js_name = zoomTo)]
    pub fn zoom_to(&self, ids: Vec<String>) -> Result<(), JsError> {
        self.engine.zoom_to(&parse_ids(&ids)?);
        Ok(())
    }

    /// CSS pixels per image pixel.
    #[wasm_bindgen(getter)]
    pub fn scale(&self) -> f64 {
        self.engine.camera_scale()
    }

    /// The part of image space in view: `x, y, width, height`.
    pub fn visible(&self) -> Vec<f64> {
        let rect = self.engine.visible();
        vec![rect.min.x, rect.min.y, rect.width(), rect.height()]
    }

    /// How the photograph is shown.
    pub fn view(&self) -> Result<JsView, JsError> {
        Ok(to_js(&view(self.engine.view_options()))?.unchecked_into())
    }

    /// Changes the options that are named.
    #[wasm_bindgen(js_name = setView)]
    pub fn set_view(&self, patch: &JsViewPatch) -> Result<(), JsError> {
        let options: surface::ViewOptions =
            patched(&view(self.engine.view_options()), patch, "view")?;
        self.engine.set_view_options(ViewOptions {
            look: options.look(),
            pixel_grid: options.pixel_grid,
            grid: options.grid,
            crosshair: options.crosshair,
            names: options.names,
        });
        Ok(())
    }

    #[wasm_bindgen(js_name = setTheme)]
    pub fn set_theme(&self, name: JsTheme) -> Result<(), JsError> {
        self.engine.set_theme(theme(from_js(&name, "theme")?));
        Ok(())
    }

    /// The colour around the photograph, `#rrggbb`, until the theme is set again.
    #[wasm_bindgen(js_name = setBackground)]
    pub fn set_background(&self, color: &str) -> Result<(), JsError> {
        let color: Color = color
            .parse()
            .map_err(|error: String| JsError::new(&error))?;
        self.engine.set_background(color);
        Ok(())
    }
}

fn view(options: ViewOptions) -> surface::ViewOptions {
    surface::ViewOptions {
        pixel_grid: options.pixel_grid,
        grid: options.grid,
        crosshair: options.crosshair,
        names: options.names,
        ..surface::ViewOptions::from_look(options.look)
    }
}
