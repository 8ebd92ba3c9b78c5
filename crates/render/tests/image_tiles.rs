//! The image in tiles: formats, order, window and look, and the pixels read back.

#[path = "support/offscreen.rs"]
mod offscreen;

use offscreen::Offscreen;
use visionflow_geometry::{Point, Rect};
use visionflow_render::TileFormat;
use visionflow_scene::{Camera, Channel, ImageLook, Scene, Viewport};

const VIEWPORT: Viewport = Viewport {
    width: 64.0,
    height: 64.0,
    pixel_ratio: 1.0,
};

fn scene() -> Scene {
    let mut scene = Scene::new();
    scene.set_image_size(Some((64, 64)));
    scene
}

fn rect(x: f64, y: f64, side: f64) -> Rect {
    Rect::from_corners(Point::new(x, y), Point::new(x + side, y + side))
}

/// An image of one tile of 2 × 2 pixels, all alike.
fn one_tile(format: TileFormat, pixel: &[u8], window: Option<(f32, f32)>) -> Offscreen {
    let mut offscreen = Offscreen::new();
    let renderer = &mut offscreen.renderer;
    renderer.begin_image_tiles((64, 64), window);
    let bytes = pixel.repeat(4);
    renderer
        .set_image_tile(1, rect(0.0, 0.0, 64.0), (2, 2), format, &bytes)
        .expect("the tile fits");
    renderer.show_image_tiles([1]);
    offscreen
}

fn check(
    format: TileFormat,
    pixel: &[u8],
    look: ImageLook,
    window: Option<(f32, f32)>,
    expected: [u8; 3],
) {
    let mut scene = scene();
    scene.set_image_look(look);
    let picture = one_tile(format, pixel, window).draw(&mut scene, &Camera::default(), VIEWPORT);
    let actual = picture.get_pixel(32, 32).0;
    for (n, expected) in expected.into_iter().enumerate() {
        assert!(
            actual[n].abs_diff(expected) <= 1,
            "{format:?} {look:?}: {actual:?}"
        );
    }
}

#[test]
fn every_format_shows_its_value() {
    let plain = ImageLook::default();
    check(
        TileFormat::Rgba8,
        &[10, 200, 30, 255],
        plain,
        None,
        [10, 200, 30],
    );
    check(TileFormat::Grey8, &[77], plain, None, [77; 3]);
    check(TileFormat::Grey16, &[0x80, 0x00], plain, None, [128; 3]);
    // Halves of 1, 0.5, 0.25 and 1.
    let halves = [0x00, 0x3c, 0x00, 0x38, 0x00, 0x34, 0x00, 0x3c];
    check(TileFormat::Rgba16, &halves, plain, None, [255, 128, 64]);
}

#[test]
fn a_window_spreads_a_narrow_range_of_16_bits() {
    // 1500 of a range from 1000 to 2000.
    let window = Some((1000.0 / 65_535.0, 2000.0 / 65_535.0));
    let value = 1500_u16.to_be_bytes();
    check(
        TileFormat::Grey16,
        &value,
        ImageLook::default(),
        window,
        [128; 3],
    );
    // The person's own window wins.
    let look = ImageLook {
        window: Some((0.0, 3000.0 / 65_535.0)),
        ..ImageLook::default()
    };
    check(TileFormat::Grey16, &value, look, Some((0.4, 0.5)), [128; 3]);
}

#[test]
fn looks_change_what_is_seen() {
    let plain = ImageLook::default();
    let pixel = [100, 150, 200, 255];
    let look = |look| (TileFormat::Rgba8, &pixel, look);
    for ((format, pixel, look), expected) in [
        (
            look(ImageLook {
                invert: true,
                ..plain
            }),
            [155, 105, 55],
        ),
        (
            look(ImageLook {
                brightness: 0.1,
                ..plain
            }),
            [126, 176, 226],
        ),
        (
            look(ImageLook {
                contrast: 2.0,
                ..plain
            }),
            [73, 173, 255],
        ),
        (
            look(ImageLook {
                channel: Channel::Blue,
                ..plain
            }),
            [200; 3],
        ),
        (
            look(ImageLook {
                gamma: 2.0,
                ..plain
            }),
            [160, 196, 226],
        ),
    ] {
        check(format, pixel, look, None, expected);
    }
}

#[test]
fn later_tiles_lie_over_earlier_ones_and_removed_ones_are_gone() {
    let mut offscreen = one_tile(TileFormat::Grey8, &[40], None);
    let renderer = &mut offscreen.renderer;
    let fine = rect(32.0, 0.0, 32.0);
    renderer
        .set_image_tile(2, fine, (2, 2), TileFormat::Grey8, &[90; 4])
        .expect("the tile fits");
    renderer.show_image_tiles([1, 2, 77]);
    let mut scene = scene();
    let picture = offscreen.draw(&mut scene, &Camera::default(), VIEWPORT);
    assert_eq!(
        (picture.get_pixel(16, 16)[0], picture.get_pixel(48, 16)[0]),
        (40, 90)
    );
    offscreen.renderer.remove_image_tile(2);
    scene.invalidate_gpu();
    let picture = offscreen.draw(&mut scene, &Camera::default(), VIEWPORT);
    assert_eq!(picture.get_pixel(48, 16)[0], 40);
}

#[test]
fn a_window_of_the_image_is_read_back_without_annotations() {
    let mut offscreen = one_tile(TileFormat::Rgba8, &[10, 200, 30, 255], None);
    assert!(
        offscreen
            .renderer
            .read_image(Point::default(), 1.0, (8, 8))
            .is_none()
    );
    offscreen.draw(&mut scene(), &Camera::default(), VIEWPORT);
    // Half of it lies beside the image.
    let pending = offscreen
        .renderer
        .read_image(Point::new(-8.0, 0.0), 2.0, (8, 8))
        .expect("there is an image");
    let rgba = loop {
        if let Some(rgba) = pending.take() {
            break rgba;
        }
        assert!(!pending.has_failed());
    };
    assert_eq!(rgba[4 * 4..4 * 4 + 4], [10, 200, 30, 255]);
    assert_eq!(rgba[..4], [0, 0, 0, 255]);
}

#[test]
fn bytes_that_do_not_fit_are_refused() {
    let mut offscreen = Offscreen::new();
    let renderer = &mut offscreen.renderer;
    renderer.begin_image_tiles((64, 64), None);
    let place = rect(0.0, 0.0, 64.0);
    assert!(
        renderer
            .set_image_tile(1, place, (2, 2), TileFormat::Rgba8, &[0; 15])
            .is_err()
    );
    assert!(
        renderer
            .set_image_tile(1, place, (0, 2), TileFormat::Rgba8, &[])
            .is_err()
    );
}
