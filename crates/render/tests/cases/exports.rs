//! What is exported is what is seen: photographs and words, by the renderer and on the CPU.

use super::agreement::{check_close, on_cpu};
use super::*;
use visionflow_geometry::{Ellipse, Mask, Span};
use visionflow_model::{Align, TextBox};
use visionflow_raster::{Photo, paint_text};

/// The photograph of the other tests without its transparent corner, under which the renderer
/// shows a checkerboard and an export its background.
fn opaque(size: u32) -> RgbaImage {
    let mut picture = photograph(size, size);
    for pixel in picture.pixels_mut() {
        pixel.0[3] = 255;
    }
    picture
}

fn on_photograph(size: u32) -> Scene {
    let mut scene = scene();
    scene.set_image_size(Some((size, size)));
    let part = |share: f64| f64::from(size) * share;
    let mut mask = Mask::default();
    for y in 0..size as i32 / 3 {
        mask.insert(Span {
            y: size as i32 / 2 + y,
            start: y,
            end: size as i32 / 2,
        });
    }
    let words = TextBox {
        rect: rect(part(0.4), part(0.1), part(0.5), part(0.3)),
        text: "Kerbstone, cracked – 3 m".to_owned(),
        size: part(0.08),
        bold: true,
        align: Align::Center,
    };
    let ellipse = Ellipse {
        center: Point::new(part(0.7), part(0.7)),
        radii: Vec2::new(part(0.2), part(0.1)),
        angle: 0.5,
    };
    let shapes = [
        Shape::Mask(mask),
        Shape::Text(Box::new(words)),
        Shape::Ellipse(ellipse),
        Shape::Box(rect(part(0.05), part(0.05), part(0.3), part(0.35))),
    ];
    for (n, shape) in (1..).zip(shapes) {
        scene.upsert(&annotation(n, n % 2 + 1, shape));
    }
    scene
}

fn check_both(name: &str, size: u32, camera: &Camera, viewport: Viewport) {
    let picture = opaque(size);
    let mut offscreen = Offscreen::new();
    offscreen
        .renderer
        .set_image(size, size, picture.as_raw())
        .expect("the image fits");
    let mut scene = on_photograph(size);
    scene.draw_list(camera, viewport);
    let ratio = viewport.pixel_ratio as f32;
    let painted = |text: &visionflow_scene::SpriteText| (text.id, paint_text(text, ratio));
    let texts: Vec<_> = scene.texts().iter().map(painted).collect();
    for (id, bitmap) in &texts {
        offscreen
            .renderer
            .set_text_sprite(*id, bitmap.width, bitmap.height, &bitmap.rgba);
    }
    scene.invalidate_gpu();
    let expected = offscreen.draw(&mut scene, camera, viewport);
    let photo = Photo::new(size, size, picture.into_raw());
    let drawn = on_cpu(&mut scene, camera, viewport, photo, &texts);
    check_close(name, &drawn, &expected);
}

#[test]
fn at_its_own_size() {
    check_both("export_1", 150, &Camera::default(), VIEWPORT);
}

#[test]
fn enlarged_with_its_lines() {
    let viewport = Viewport {
        pixel_ratio: 2.5,
        ..VIEWPORT
    };
    check_both("export_2_5", 150, &Camera::default(), viewport);
}

#[test]
fn magnified_until_pixels_are_squares() {
    let camera = Camera::new(6.0, Vec2::new(-90.0, -120.0));
    check_both("export_6", 64, &camera, VIEWPORT);
}

#[test]
fn made_smaller_by_a_half_and_by_a_quarter() {
    let half = Camera::new(0.5, Vec2::default());
    check_both("export_0_5", 256, &half, VIEWPORT);
    let quarter = Camera::new(0.25, Vec2::new(3.0, 5.0));
    check_both("export_0_25", 512, &quarter, VIEWPORT);
}
