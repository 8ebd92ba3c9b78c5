//! Grids, the crosshair, guides and measures.

use super::*;
use visionflow_scene::{Guide, Lines};

#[test]
fn a_grid_ends_with_the_image() {
    let mut scene = scene();
    scene.set_image_size(Some((120, 90)));
    scene.set_lines(Lines {
        grid: Some(25.0),
        ..Lines::default()
    });
    let camera = Camera::new(1.0, Vec2::new(20.0, 15.0));
    check("grid", &mut scene, &camera, VIEWPORT);
}

#[test]
fn pixels_have_lines_between_them_once_they_are_large() {
    let mut scene = scene();
    scene.set_lines(Lines {
        pixel_grid: true,
        ..Lines::default()
    });
    let near = Camera::new(16.0, Vec2::new(-200.0, -200.0));
    check("pixel_grid", &mut scene, &near, VIEWPORT);
    let far = Camera::new(4.0, Vec2::default());
    let picture = Offscreen::new().draw(&mut scene, &far, VIEWPORT);
    let background = *picture.get_pixel(0, 0);
    assert!(picture.pixels().all(|pixel| *pixel == background));
}

#[test]
fn the_crosshair_crosses_the_view() {
    let mut scene = scene();
    scene.upsert(&boxed(1, 1, 10.0, 10.0, 60.0, 40.0));
    scene.set_lines(Lines {
        crosshair: Some(Point::new(60.0, 40.0)),
        ..Lines::default()
    });
    check("crosshair", &mut scene, &Camera::default(), VIEWPORT);
}

#[test]
fn guides_and_measures() {
    let mut scene = scene();
    scene.set_guides(&[
        Guide::Vertical(30.5),
        Guide::Horizontal(100.5),
        Guide::Measure {
            from: Point::new(50.0, 80.0),
            to: Point::new(140.0, 20.0),
            text: "108 px".to_owned(),
        },
    ]);
    check("guides", &mut scene, &Camera::default(), VIEWPORT);
}

#[test]
fn what_selects_is_not_a_shape() {
    let mut scene = scene();
    let marquee = Preview {
        annotation: None,
        label: None,
        shape: Shape::Box(rect(20.0, 20.0, 90.0, 70.0)),
        closed: true,
    };
    scene.set_preview(&[marquee]);
    check("marquee", &mut scene, &Camera::default(), VIEWPORT);
}

#[test]
fn handles_of_every_kind() {
    let mut scene = scene();
    let kinds = [
        HandleKind::Square,
        HandleKind::Circle,
        HandleKind::Dot,
        HandleKind::Diamond,
        HandleKind::Rotate,
    ];
    let handles: Vec<_> = (1..)
        .zip(kinds)
        .flat_map(|(n, kind)| {
            let x = f64::from(n) * 26.0;
            [handle(x, 40.0, kind, false), handle(x, 80.0, kind, true)]
        })
        .collect();
    scene.set_handles(&handles);
    check("handle_kinds", &mut scene, &Camera::default(), VIEWPORT);
}

#[test]
fn handles_lie_above_words() {
    let at = Point::new(60.0, 60.0);
    let handles = [handle(at.x, at.y, HandleKind::Square, true)];
    let mut bare = scene();
    bare.set_handles(&handles);
    let expected = Offscreen::new().draw(&mut bare, &Camera::default(), VIEWPORT);

    let mut scene = scene();
    scene.set_handles(&handles);
    scene.set_guides(&[Guide::Figure {
        at: Point::new(at.x, at.y + 14.0),
        text: "42 px".to_owned(),
    }]);
    let mut offscreen = Offscreen::new();
    offscreen.draw(&mut scene, &Camera::default(), VIEWPORT);
    let words = scene.texts()[0].id;
    let red = RgbaImage::from_pixel(40, 30, image::Rgba([255, 0, 0, 255]));
    offscreen
        .renderer
        .set_text_sprite(words, 40, 30, red.as_raw());
    let picture = offscreen.draw(&mut scene, &Camera::default(), VIEWPORT);
    assert_eq!(picture.get_pixel(50, 60), &image::Rgba([255, 0, 0, 255]));
    assert_eq!(picture.get_pixel(60, 60), expected.get_pixel(60, 60));
    assert_ne!(expected.get_pixel(60, 60), &image::Rgba([255, 0, 0, 255]));
}
