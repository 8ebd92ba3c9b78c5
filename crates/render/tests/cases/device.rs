//! A lost device: what a new renderer shows is what the old one showed.

use super::*;
use visionflow_geometry::{Mask, Span};
use visionflow_model::{Align, TextBox};
use visionflow_scene::SpriteText;

fn everything() -> Scene {
    let mut scene = scene();
    scene.load(four_boxes().iter());
    let mut mask = Mask::default();
    for y in 60..100 {
        mask.insert(Span {
            y,
            start: 20,
            end: 90,
        });
    }
    scene.upsert(&annotation(5, 2, Shape::Mask(mask)));
    let words = TextBox {
        rect: rect(90.0, 80.0, 60.0, 30.0),
        text: "lost and found".to_owned(),
        size: 12.0,
        bold: true,
        align: Align::Center,
    };
    scene.upsert(&annotation(6, 1, Shape::Text(Box::new(words))));
    scene.set_selection(&[id(5)]);
    scene
}

/// Paints what the scene asks for, as the host does.
fn paint_texts(offscreen: &mut Offscreen, texts: &[SpriteText]) {
    for text in texts {
        let (width, height) = text.area.map_or((30, 14), |area| (area.width, area.height));
        let pixels = RgbaImage::from_fn(width, height, |x, _| {
            image::Rgba([255, 255, 255, if x % 4 < 2 { 255 } else { 0 }])
        });
        offscreen
            .renderer
            .set_text_sprite(text.id, width, height, pixels.as_raw());
    }
}

fn shown(offscreen: &mut Offscreen, scene: &mut Scene) -> RgbaImage {
    offscreen.draw(scene, &Camera::default(), VIEWPORT);
    let texts = scene.texts().to_vec();
    paint_texts(offscreen, &texts);
    offscreen.draw(scene, &Camera::default(), VIEWPORT)
}

#[test]
fn a_new_renderer_shows_what_the_lost_one_showed() {
    let mut scene = everything();
    let mut first = Offscreen::new();
    let before = shown(&mut first, &mut scene);
    first.renderer.gpu().device().destroy();
    drop(first);
    // What changes while there is no device is not lost either.
    scene.upsert(&boxed(1, 2, 12.0, 12.0, 60.0, 40.0));
    scene.upsert(&boxed(1, 1, 10.0, 10.0, 60.0, 40.0));
    scene.invalidate_gpu();
    let after = shown(&mut Offscreen::new(), &mut scene);
    check_same("device", &after, &before);
    check_golden("device", &after);
}
