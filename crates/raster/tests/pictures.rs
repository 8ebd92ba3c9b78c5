//! Rendered exports, byte for byte: the SHA-256 of every file stands in `tests/sums.txt`, which
//! `UPDATE_GOLDEN=1` rewrites. Each picture is made twice, of a scene made anew.

#[path = "support/scenes.rs"]
mod scenes;

use scenes::{everything, photograph};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use visionflow_model::Color;
use visionflow_raster::{Backdrop, Output, Picture, Pin, RasterError, size_of, write};
use visionflow_scene::Scene;

/// The file of a scene's picture.
fn file(
    scene: &mut Scene,
    scale: f64,
    backdrop: Backdrop,
    output: Output,
    pins: Vec<Pin>,
) -> Result<Vec<u8>, RasterError> {
    let size = size_of(scenes::SIZE, scale)?;
    let picture = Picture::new(scene, size, backdrop, Some(photograph()), pins);
    let mut bytes = Vec::new();
    let mut told = Vec::new();
    write(picture, output, Some(144), &mut bytes, |part| {
        told.push(part);
    })?;
    assert!(told.is_sorted() && told.last() == Some(&1.0), "{told:?}");
    Ok(bytes)
}

fn sum_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .fold(String::new(), |sum, byte| sum + &format!("{byte:02x}"))
}

/// One test at a time: all write one file.
static FILE: Mutex<()> = Mutex::new(());

/// Makes the picture twice and compares its sum with the one that is written down.
fn check(name: &str, make: impl Fn() -> Vec<u8>) {
    let bytes = make();
    let sum = sum_of(&bytes);
    assert_eq!(
        sum_of(&make()),
        sum,
        "{name} comes out differently each time"
    );
    let _guard = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sums.txt");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    let mut sums: BTreeMap<&str, &str> = lines.map(|(sum, name)| (name, sum)).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        sums.insert(name, &sum);
        let lines = sums.iter().map(|(name, sum)| format!("{sum} {name}\n"));
        let written = std::fs::write(&path, lines.collect::<String>());
        written.expect("the sums can be written");
        return;
    }
    if sums.get(name).copied() != Some(sum.as_str()) {
        let drawn = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&drawn, &bytes).expect("the picture can be kept");
        panic!("{name} is {sum}; drawn: {}", drawn.display());
    }
}

#[test]
fn every_kind_of_shape_alone() {
    for (kind, shape) in scenes::shapes() {
        check(&format!("{kind}.png"), || {
            let mut scene = scenes::scene();
            scene.upsert(&scenes::annotation(1, 1, shape.clone()));
            file(&mut scene, 1.0, Backdrop::White, Output::Png, Vec::new()).unwrap()
        });
    }
}

#[test]
fn every_background_as_every_file() {
    for (name, backdrop) in [
        ("transparent", Backdrop::Transparent),
        ("white", Backdrop::White),
        ("image", Backdrop::Image),
    ] {
        check(&format!("{name}.png"), || {
            file(&mut everything(), 1.0, backdrop, Output::Png, Vec::new()).unwrap()
        });
        if backdrop != Backdrop::Transparent {
            check(&format!("{name}.jpg"), || {
                file(&mut everything(), 1.0, backdrop, Output::Jpeg, Vec::new()).unwrap()
            });
        }
    }
    let refused = file(
        &mut everything(),
        1.0,
        Backdrop::Transparent,
        Output::Jpeg,
        Vec::new(),
    );
    assert!(matches!(refused, Err(RasterError::NoTransparency)));
}

#[test]
fn every_scale() {
    for scale in [0.1, 0.5, 2.0, 3.3] {
        check(&format!("scale-{scale}.png"), || {
            file(
                &mut everything(),
                scale,
                Backdrop::Image,
                Output::Png,
                Vec::new(),
            )
            .unwrap()
        });
    }
}

#[test]
fn several_tiles_and_bands_join_without_a_seam() {
    let make = || {
        file(
            &mut everything(),
            8.0,
            Backdrop::White,
            Output::Png,
            Vec::new(),
        )
        .unwrap()
    };
    check("tiles.png", make);
    let picture = image::load_from_memory(&make()).unwrap().to_rgb8();
    assert_eq!(picture.dimensions(), (2560, 1920));
    // The large box of the scene is of one colour across the first tile's right edge and the
    // second band's lower one.
    let inside = picture.get_pixel(2040, 1000);
    for (x, y) in [(2047, 1000), (2048, 1000), (2100, 1023), (2100, 1024)] {
        assert_eq!(picture.get_pixel(x, y), inside, "at {x}, {y}");
    }
    assert_ne!(inside, &image::Rgb([255; 3]));
}

#[test]
fn comments_are_numbered_badges() {
    let pin = |x, y, number, resolved| Pin {
        x,
        y,
        number,
        color: Color::new(37, 99, 235),
        resolved,
    };
    let pins = vec![
        pin(60.0, 60.0, 1, false),
        pin(160.0, 60.0, 27, true),
        pin(319.0, 239.0, 128, false),
        pin(1e30, f64::NAN, 4, false),
    ];
    let with = |pins: Vec<Pin>| {
        file(
            &mut scenes::scene(),
            2.0,
            Backdrop::White,
            Output::Png,
            pins,
        )
        .unwrap()
    };
    check("pins.png", || with(pins.clone()));
    let picture = image::load_from_memory(&with(pins.clone()))
        .unwrap()
        .to_rgb8();
    assert_eq!(picture.get_pixel(120, 104), &image::Rgb([37, 99, 235]));
    assert_eq!(picture.get_pixel(320, 106), &image::Rgb([255; 3]));
}

#[test]
fn transparency_survives() {
    let bytes = file(
        &mut everything(),
        1.0,
        Backdrop::Transparent,
        Output::Png,
        Vec::new(),
    )
    .unwrap();
    let picture = image::load_from_memory(&bytes).unwrap().to_rgba8();
    assert_eq!(picture.get_pixel(319, 2).0, [0; 4]);
    // A fill of a fifth, whose colour is the label's whatever lies beneath.
    let [r, g, b, a] = picture.get_pixel(265, 120).0;
    assert!((50..=52).contains(&a), "{a}");
    assert!(r.abs_diff(239) < 4 && g.abs_diff(68) < 4 && b.abs_diff(68) < 4);
}
