//! Compares pictures with those in `tests/golden`; `UPDATE_GOLDEN=1` rewrites them.

use image::RgbaImage;
use std::path::{Path, PathBuf};

/// Drivers round differently: a channel may be off by this much,
const CHANNEL_TOLERANCE: u8 = 10;
/// and this part of the pixels by more, where an edge falls between two pixels.
const PIXEL_TOLERANCE: f64 = 0.003;

/// Holds `actual` against the golden image of this name.
pub fn check_golden(name: &str, actual: &RgbaImage) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.png"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        actual.save(&path).expect("golden images can be written");
        return;
    }
    let Ok(expected) = image::open(&path) else {
        panic!("{} is missing: run with UPDATE_GOLDEN=1", path.display());
    };
    check_same(name, actual, &expected.to_rgba8());
}

/// Holds two pictures against each other.
pub fn check_same(name: &str, actual: &RgbaImage, expected: &RgbaImage) {
    assert_eq!(actual.dimensions(), expected.dimensions(), "{name}: size");
    let pairs = actual.pixels().zip(expected.pixels());
    let off = pairs
        .filter(|(a, b)| {
            let channels = a.0.iter().zip(b.0);
            channels.fold(0, |worst, (a, b)| worst.max(a.abs_diff(b))) > CHANNEL_TOLERANCE
        })
        .count();
    let part = off as f64 / f64::from(actual.width() * actual.height());
    if part > PIXEL_TOLERANCE {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
        actual.save(&path).expect("the picture can be kept");
        panic!("{name}: {off} pixels differ; drawn: {}", path.display());
    }
}
