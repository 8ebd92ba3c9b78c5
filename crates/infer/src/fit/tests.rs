//! Photographs of any sides in inputs of any sides, there and back.

use super::*;
use proptest::prelude::*;

fn input(width: usize, height: usize, scaling: Scaling) -> Input {
    Input {
        name: "images".into(),
        width,
        height,
        channels_last: false,
        scaling,
        mean: [0.0; 3],
        deviation: [255.0; 3],
        fill: 114.0,
    }
}

fn photo(
    width: u32,
    height: u32,
    scaled_width: usize,
    scaled_height: usize,
    rgba: &[u8],
) -> Photo<'_> {
    Photo {
        width,
        height,
        scaled_width,
        scaled_height,
        rgba,
    }
}

#[test]
fn a_wide_photograph_lies_in_the_middle() {
    let fit = Fit::new(
        &input(640, 640, Scaling::Letterbox),
        &photo(1280, 720, 1280, 720, &[]),
    );
    assert_eq!(fit.to_model(Point::new(0.0, 0.0)), Point::new(0.0, 140.0));
    assert_eq!(
        fit.to_image(Point::new(640.0, 500.0)),
        Point::new(1280.0, 720.0)
    );
    assert_eq!(fit.inside().height(), 360.0);
}

#[test]
fn results_are_in_pixels_of_the_full_photograph() {
    let fit = Fit::new(
        &input(64, 64, Scaling::Letterbox),
        &photo(4000, 2000, 1000, 500, &[]),
    );
    assert_eq!(
        fit.to_image(Point::new(64.0, 48.0)),
        Point::new(4000.0, 2000.0)
    );
    let crop = Fit::new(&input(10, 10, Scaling::Crop), &photo(400, 200, 40, 20, &[]));
    assert_eq!(crop.to_image(Point::new(0.0, 0.0)), Point::new(100.0, 0.0));
    assert_eq!(
        crop.to_image(Point::new(10.0, 10.0)),
        Point::new(300.0, 200.0)
    );
}

#[test]
fn values_stand_where_the_model_wants_them() {
    // Left half red, right half blue.
    let rgba: Vec<u8> = (0..8)
        .flat_map(|i| {
            if i % 4 < 2 {
                [255, 0, 0, 9]
            } else {
                [0, 0, 255, 9]
            }
        })
        .collect();
    let photo = photo(4, 2, 4, 2, &rgba);
    let (_, planes) = values(&input(4, 4, Scaling::Letterbox), &photo).expect("pixels");
    let fill = 114.0 / 255.0;
    assert_eq!(planes[..8], [fill, fill, fill, fill, 1.0, 1.0, 0.0, 0.0]);
    assert_eq!(planes[36..40], [0.0, 0.0, 1.0, 1.0]);
    let last = Input {
        channels_last: true,
        ..input(2, 2, Scaling::Stretch)
    };
    let (_, pixels) = values(&last, &photo).expect("pixels");
    assert_eq!(pixels.len(), 12);
    assert!(pixels[0] > 0.8 && pixels[2] < 0.2 && pixels[3] < 0.2 && pixels[5] > 0.8);
    let (_, middle) = values(&input(1, 2, Scaling::Crop), &photo).expect("pixels");
    assert_eq!(middle.len(), 6);
    let none = Photo {
        rgba: &rgba[1..],
        ..photo
    };
    assert!(matches!(
        values(&input(4, 4, Scaling::Crop), &none),
        Err(Error::Pixels { got: 31, .. })
    ));
}

proptest! {
    #[test]
    fn there_and_back(
        (width, height) in (1..9000_u32, 1..9000_u32),
        (wide, high) in (1..1300_usize, 1..1300_usize),
        less in 1..9_u32,
        (x, y) in (0.0..1.0, 0.0..1.0),
        scaling in prop::sample::select(vec![Scaling::Letterbox, Scaling::Stretch, Scaling::Crop]),
    ) {
        let photo = photo(width, height, (width / less).max(1) as usize, (height / less).max(1) as usize, &[]);
        let input = input(wide, high, scaling);
        let fit = Fit::new(&input, &photo);
        let p = Point::new(x * f64::from(width), y * f64::from(height));
        let back = fit.to_image(fit.to_model(p));
        prop_assert!((back - p).length() < 1e-6 * f64::from(width.max(height)), "{p:?} {back:?}");
        let inside = fit.inside();
        prop_assert!(inside.min.x >= 0.0 && inside.max.x <= wide as f64);
        prop_assert!(inside.min.y >= 0.0 && inside.max.y <= high as f64);
        // What is not cropped lies in the input as a whole.
        let corners = [fit.to_image(inside.min), fit.to_image(inside.max)];
        let whole = [Point::default(), Point::new(f64::from(width), f64::from(height))];
        for (corner, expected) in corners.iter().zip(whole) {
            let same = (*corner - expected).length() < 1e-6 * f64::from(width.max(height));
            prop_assert!(same || scaling == Scaling::Crop);
            prop_assert!((fit.clamped(*corner) - *corner).length() < 1e-6 * f64::from(width.max(height)));
        }
    }
}
