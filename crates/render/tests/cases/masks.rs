//! Masks: tiles, zoom, strokes, and an atlas that grows.

use super::*;
use visionflow_geometry::{Mask, Span};

/// A bar over the seams of four tiles.
fn bar() -> Mask {
    let mut mask = Mask::default();
    for y in 240..272 {
        mask.insert(Span {
            y,
            start: 226,
            end: 286,
        });
    }
    mask
}

fn with_mask(mask: &Mask) -> Scene {
    let mut scene = scene();
    scene.set_image_size(Some((512, 512)));
    scene.upsert(&annotation(1, 1, Shape::Mask(mask.clone())));
    scene
}

fn over_the_seams(scale: f64) -> Camera {
    Camera::new(scale, Vec2::default()).centered_on(Point::new(256.0, 256.0), VIEWPORT.css())
}

#[test]
fn no_seam_shows_between_tiles() {
    let mut scene = with_mask(&bar());
    scene.set_selection(&[id(1)]);
    check("mask_seams", &mut scene, &over_the_seams(2.0), VIEWPORT);
}

#[test]
fn its_pixels_are_squares_when_they_are_large() {
    let mut mask = bar();
    mask.remove(Span {
        y: 256,
        start: 254,
        end: 258,
    });
    let mut scene = with_mask(&mask);
    check(
        "mask_magnified",
        &mut scene,
        &over_the_seams(16.0),
        VIEWPORT,
    );
}

#[test]
fn far_away_it_is_smooth() {
    let mut mask = Mask::default();
    for y in 0..512 {
        mask.insert(Span {
            y,
            start: y / 2,
            end: 512 - y / 2,
        });
    }
    let mut scene = with_mask(&mask);
    check("mask_minified", &mut scene, &over_the_seams(0.2), VIEWPORT);
}

#[test]
fn a_stroke_uploads_its_tile_and_shows_at_once() {
    let mut scene = with_mask(&bar());
    let mut offscreen = Offscreen::new();
    let camera = over_the_seams(2.0);
    offscreen.draw(&mut scene, &camera, VIEWPORT);
    let mut painted = bar();
    painted.insert(Span {
        y: 260,
        start: 270,
        end: 300,
    });
    scene.set_preview(&[preview(Some(1), Shape::Mask(painted.clone()), true)]);
    let uploaded = scene.draw_list(&camera, VIEWPORT).masks.changed.len();
    assert_eq!(
        uploaded, 4,
        "another mask that shares no tile with the first"
    );
    // A mask that was changed shares the tiles that the stroke left alone.
    let Shape::Mask(mut shared) = Shape::Mask(painted) else {
        return;
    };
    shared.insert(Span {
        y: 262,
        start: 270,
        end: 300,
    });
    scene.set_preview(&[preview(Some(1), Shape::Mask(shared), true)]);
    let uploaded = scene.draw_list(&camera, VIEWPORT).masks.changed.len();
    assert_eq!(uploaded, 1);
    scene.invalidate_gpu();
    let picture = Offscreen::new().draw(&mut scene, &camera, VIEWPORT);
    check_golden("mask_stroke", &picture);
}

#[test]
fn an_atlas_that_outgrows_its_texture() {
    let mut scene = scene();
    scene.set_image_size(Some((8000, 8000)));
    let mut offscreen = Offscreen::new();
    let camera = Camera::new(1.0, Vec2::default());
    let viewport = Viewport {
        width: 256.0,
        ..VIEWPORT
    };
    for n in 0..40_u128 {
        let mut mask = Mask::default();
        for y in 0..3 {
            let y = (n * 3) as i32 + y;
            mask.insert(Span {
                y,
                start: y,
                end: 200,
            });
        }
        scene.upsert(&annotation(n, n % 2 + 1, Shape::Mask(mask)));
        offscreen.draw(&mut scene, &camera, viewport);
    }
    let partial = offscreen.draw(&mut scene, &camera, viewport);
    scene.invalidate_gpu();
    let fresh = Offscreen::new().draw(&mut scene, &camera, viewport);
    check_same("atlas", &partial, &fresh);
    check_golden("mask_atlas", &partial);
}
