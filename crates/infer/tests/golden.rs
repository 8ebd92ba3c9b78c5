//! The bundled model on real photographs, against outlines drawn by hand and against onnxruntime.

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use visionflow_geometry::{Mask, Point, Polygon, Rect};
use visionflow_infer::{
    Candidate, Click, Decoder, Embedding, Encoder, Error, Everything, Frame, Likeness, Outline,
    Prepared, Prompt, Similar,
};

static MODELS: LazyLock<(Encoder, Decoder)> = LazyLock::new(|| {
    let encoder = Encoder::load(&model("mobile_sam_encoder.onnx")).expect("the encoder");
    let decoder = Decoder::load(&model("mobile_sam_decoder.onnx")).expect("the decoder");
    (encoder, decoder)
});

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/mobile-sam")
}

fn model(name: &str) -> Vec<u8> {
    fs::read(models().join(name)).expect("a bundled model")
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

fn polygon(value: &Value) -> Polygon {
    let point = |p: &Value| Point::new(p[0].as_f64().expect("x"), p[1].as_f64().expect("y"));
    Polygon::from_ring(
        value
            .as_array()
            .expect("a ring")
            .iter()
            .map(point)
            .collect(),
    )
}

fn outline(name: &str) -> Polygon {
    let text = fs::read_to_string(fixture("outlines.json")).expect("outlines");
    let outlines: Value = serde_json::from_str(&text).expect("JSON");
    polygon(&outlines[name])
}

/// Intersection over union on a grid four times as fine as the pixels.
fn iou(a: &[Polygon], b: &[Polygon]) -> f64 {
    let raster = |polygons: &[Polygon]| {
        let rings = polygons.iter().flat_map(|polygon| &polygon.rings).cloned();
        let all = Polygon {
            rings: rings.collect(),
        }
        .mapped(|p| Point::new(p.x * 4.0, p.y * 4.0));
        let clip = Rect::from_corners(Point::new(0.0, 0.0), Point::new(8192.0, 8192.0));
        Mask::from_polygon(&all, clip)
    };
    let (a, b) = (raster(a), raster(b));
    let both = a.intersect(&b).area() as f64;
    both / (a.area() as f64 + b.area() as f64 - both)
}

struct Photograph {
    embedding: Embedding,
    prepared: Prepared,
    frame: Frame,
}

impl Photograph {
    fn open(name: &str) -> Self {
        let pixels = image::open(fixture(name)).expect("a fixture").to_rgba8();
        let (width, height) = pixels.dimensions();
        let (encoder, decoder) = &*MODELS;
        let embedding = encoder.encode(width as usize, height as usize, &pixels);
        let embedding = embedding.expect("an embedding");
        Self {
            prepared: decoder.prepare(&embedding, None).expect("prepared"),
            embedding,
            frame: Frame::new(width, height),
        }
    }

    fn ask(&self, prompt: &Prompt) -> Vec<Candidate> {
        MODELS
            .1
            .decode(&self.prepared, prompt, &self.frame)
            .expect("candidates")
    }

    fn polygons(&self, candidate: &Candidate) -> Vec<Polygon> {
        Outline::of(&self.frame, 0.5).polygons(&candidate.logits, &self.frame)
    }

    /// The best candidate must be what was drawn.
    fn check(&self, clicks: &[(f64, f64, bool)], drawn: &str) -> Vec<Polygon> {
        let click = |(x, y, positive): &(f64, f64, bool)| Click {
            at: Point::new(*x, *y),
            positive: *positive,
        };
        let clicks = clicks.iter().map(click).collect();
        let candidates = self.ask(&Prompt { clicks, area: None });
        let polygons = self.polygons(&candidates[0]);
        let overlap = iou(&polygons, &[outline(drawn)]);
        assert!(overlap > 0.85, "{drawn}: {overlap}");
        let (stability, predicted) = (candidates[0].stability, candidates[0].predicted_iou);
        assert!(
            stability > 0.7 && predicted > 0.8,
            "{stability} {predicted}"
        );
        polygons
    }
}

#[test]
fn the_bundled_files_are_those_of_the_readme() {
    let readme = fs::read_to_string(models().join("README.md")).expect("a README");
    for name in ["mobile_sam_encoder.onnx", "mobile_sam_decoder.onnx"] {
        let digest = Sha256::digest(model(name));
        let hex = digest.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("a string takes it");
            hex
        });
        let stated = readme
            .lines()
            .any(|line| line.contains(name) && line.contains(&hex));
        assert!(
            stated,
            "{name} has SHA-256 {hex}, which the README does not say"
        );
    }
}

#[test]
fn a_cup_in_two_clicks() {
    Photograph::open("coffee.jpg").check(&[(285.0, 140.0, true), (270.0, 235.0, true)], "cup");
}

#[test]
fn the_front_dog_in_two_clicks() {
    Photograph::open("dogs.jpg").check(&[(680.0, 330.0, true), (480.0, 300.0, false)], "dog");
}

/// Encoded once for all that is found in it.
static ALL_COINS: LazyLock<Photograph> = LazyLock::new(|| Photograph::open("coins.png"));

#[test]
fn a_coin() {
    let photograph = &*ALL_COINS;
    embedding_is_that_of_onnxruntime(&photograph.embedding);
    let centre = (102.0, 196.0, true);
    let coin = photograph.check(&[centre], "coin");
    is_the_one_kept(&coin);
    a_box_and_a_refinement_agree(photograph);
    half_precision_changes_nothing(photograph, &coin);
}

fn embedding_is_that_of_onnxruntime(embedding: &Embedding) {
    let bytes = fs::read(fixture("coins_embedding.f16")).expect("a reference");
    let halves = bytes
        .chunks_exact(2)
        .map(|b| half::f16::from_le_bytes([b[0], b[1]]));
    let reference: Vec<f64> = halves.map(|half| f64::from(half.to_f32())).collect();
    let own = embedding
        .values()
        .iter()
        .step_by(61)
        .map(|value| f64::from(*value));
    assert_eq!(own.len(), reference.len());
    let apart: f64 = own.zip(&reference).map(|(a, b)| (a - b).powi(2)).sum();
    let length: f64 = reference.iter().map(|b| b * b).sum();
    let error = (apart / length).sqrt();
    assert!(error < 1e-3, "{error}");
}

/// The browser's test is held against the same file.
fn is_the_one_kept(coin: &[Polygon]) {
    let path = fixture("coin.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let rings: Vec<Vec<[f64; 2]>> = coin
            .iter()
            .flat_map(|part| &part.rings)
            .map(|ring| {
                ring.iter()
                    .map(|p| [(p.x * 1e3).round() / 1e3, (p.y * 1e3).round() / 1e3])
                    .collect()
            })
            .collect();
        fs::write(
            &path,
            serde_json::to_string(&rings).expect("numbers") + "\n",
        )
        .expect("written");
    }
    let text = fs::read_to_string(path).expect("a reference");
    let rings: Value = serde_json::from_str(&text).expect("JSON");
    let kept: Vec<Polygon> = rings
        .as_array()
        .expect("rings")
        .iter()
        .map(polygon)
        .collect();
    let overlap = iou(coin, &kept);
    assert!(overlap > 0.99, "{overlap}");
}

fn a_box_and_a_refinement_agree(photograph: &Photograph) {
    let drawn = [outline("coin")];
    let around = drawn[0].bounds();
    let by_box = photograph.ask(&Prompt {
        clicks: Vec::new(),
        area: around,
    });
    assert!(iou(&photograph.polygons(&by_box[0]), &drawn) > 0.9);
    let earlier = Some(&by_box[0].logits);
    let prepared = MODELS
        .1
        .prepare(&photograph.embedding, earlier)
        .expect("prepared");
    let prompt = Prompt::at(Point::new(102.0, 196.0));
    let refined = MODELS
        .1
        .decode(&prepared, &prompt, &photograph.frame)
        .expect("candidates");
    assert!(iou(&photograph.polygons(&refined[0]), &drawn) > 0.85);
    assert_ne!(
        refined,
        photograph.ask(&prompt),
        "the earlier mask was not looked at"
    );
}

fn half_precision_changes_nothing(photograph: &Photograph, coin: &[Polygon]) {
    let bytes = photograph.embedding.to_f16_bytes();
    let embedding = Embedding::from_f16_bytes(&bytes).expect("its own bytes");
    let prepared = MODELS.1.prepare(&embedding, None).expect("prepared");
    let prompt = Prompt::at(Point::new(102.0, 196.0));
    let candidates = MODELS
        .1
        .decode(&prepared, &prompt, &photograph.frame)
        .expect("candidates");
    assert!(iou(&photograph.polygons(&candidates[0]), coin) > 0.99);
}

#[test]
fn everything_finds_the_coins() {
    let photograph = &*ALL_COINS;
    let options = Everything {
        clicks: 12,
        ..Everything::default()
    };
    let mut search = options.search(photograph.frame);
    let mut found = Vec::new();
    while let Some(new) = search
        .step(&MODELS.1, &photograph.prepared)
        .expect("candidates")
    {
        found.extend(new);
    }
    let areas: Vec<f64> = found
        .iter()
        .map(|candidate| {
            photograph
                .polygons(candidate)
                .iter()
                .map(Polygon::area)
                .sum()
        })
        .collect();
    // The smallest of the 24 coins covers 900 pixels, the largest 3200.
    let coins = areas
        .iter()
        .filter(|area| (800.0..4000.0).contains(*area))
        .count();
    assert!((20..=32).contains(&coins), "{areas:?}");
}

/// Centre and size of the 24 coins.
const COINS: [[f64; 4]; 24] = [
    [44.0, 55.0, 45.0, 39.0],
    [100.0, 56.0, 41.0, 38.0],
    [155.0, 51.0, 47.0, 45.0],
    [215.5, 51.5, 48.0, 44.0],
    [276.0, 53.0, 41.0, 39.0],
    [335.0, 44.0, 61.0, 57.0],
    [46.0, 125.0, 44.0, 42.0],
    [102.0, 126.0, 40.0, 38.0],
    [154.0, 127.0, 42.0, 38.0],
    [205.0, 124.5, 42.0, 40.0],
    [271.0, 120.0, 52.0, 50.0],
    [336.0, 124.5, 41.0, 40.0],
    [44.0, 197.0, 39.0, 40.0],
    [102.0, 196.0, 46.0, 44.0],
    [154.0, 198.0, 41.0, 40.0],
    [213.0, 193.0, 50.0, 47.0],
    [274.0, 194.5, 48.0, 45.0],
    [348.0, 187.0, 68.0, 62.0],
    [46.0, 260.5, 57.0, 56.0],
    [114.0, 266.0, 44.0, 44.0],
    [172.0, 263.0, 57.0, 54.0],
    [243.0, 265.0, 48.0, 50.0],
    [301.0, 265.0, 52.0, 52.0],
    [358.0, 269.0, 50.0, 50.0],
];

fn disc([x, y, width, height]: [f64; 4]) -> Polygon {
    let at = |i: usize| {
        let angle = i as f64 * std::f64::consts::TAU / 48.0;
        Point::new(
            x + width / 2.0 * angle.cos(),
            y + height / 2.0 * angle.sin(),
        )
    };
    Polygon::from_ring((0..48).map(at).collect())
}

fn is_the_coin(polygons: &[Polygon], coin: usize) -> bool {
    let [x, y, ..] = COINS[coin];
    let holds_its_middle = |polygon: &Polygon| polygon.contains(Point::new(x, y));
    // Comparing all of them would take most of the test.
    polygons.iter().any(holds_its_middle) && iou(polygons, &[disc(COINS[coin])]) > 0.75
}

/// From one coin most others are found, and little else.
#[test]
fn one_coin_finds_the_others() {
    let photograph = &*ALL_COINS;
    let (mut found, mut right) = (0, 0);
    for known in [13, 2, 20] {
        let shape = disc(COINS[known]).rings;
        let likeness = Likeness::of(&photograph.embedding, &photograph.frame, &shape);
        let likeness = likeness.expect("a coin in the photograph");
        let mut search =
            Similar::default().search(&likeness, &photograph.embedding, photograph.frame, &[shape]);
        let mut hit = [false; 24];
        let mut all = 0;
        while let Some(new) = search
            .step(&MODELS.1, &photograph.prepared)
            .expect("candidates")
        {
            for candidate in new {
                all += 1;
                let polygons = photograph.polygons(&candidate);
                let coin = (0..24).find(|coin| is_the_coin(&polygons, *coin));
                if let Some(coin) = coin {
                    assert!(!std::mem::replace(&mut hit[coin], true), "twice");
                    assert_ne!(coin, known, "the coin that was given");
                }
            }
        }
        let hits = hit.iter().filter(|hit| **hit).count();
        found += all;
        right += hits;
    }
    let (recall, precision) = (right as f64 / 69.0, right as f64 / f64::from(found));
    assert!(recall > 0.8 && precision > 0.8, "{recall} {precision}");
}

#[test]
fn what_cannot_be_loaded_says_why() {
    let decoder = model("mobile_sam_decoder.onnx");
    let cut = Decoder::load(&decoder[..decoder.len() / 2]).err();
    assert!(matches!(cut, Some(Error::Truncated { .. })), "{cut:?}");
    let empty = Encoder::load(&[]).err();
    assert!(matches!(empty, Some(Error::NotOnnx(_))), "{empty:?}");
    let picture = fs::read(fixture("coins.png")).expect("a fixture");
    let picture = Encoder::load(&picture).err();
    assert!(matches!(picture, Some(Error::NotOnnx(_))), "{picture:?}");
    let other = Encoder::load(&decoder).err().map(|error| error.to_string());
    let other = other.expect("the decoder is no encoder");
    assert!(
        other.contains("encoder") && other.contains("point_coords"),
        "{other}"
    );
    let mut strange = model("mobile_sam_decoder.onnx");
    // The field for a node's operator, and its length.
    let field = b"\x22\x07Softmax";
    let at = strange
        .windows(9)
        .position(|bytes| bytes == field)
        .expect("a softmax");
    strange[at + 2..at + 9].copy_from_slice(b"Sofamax");
    let strange = Decoder::load(&strange).err();
    assert_eq!(strange, Some(Error::UnknownOperator("Sofamax".into())));
}

#[test]
fn a_prompt_needs_something_to_go_by() {
    let frame = Frame::new(64, 64);
    let (encoder, decoder) = &*MODELS;
    assert!(encoder.encode(2, 2, &[0; 3]).is_err());
    let embedding = Embedding::from_f16_bytes(&vec![0; 2 << 20]).expect("zeros");
    let prepared = decoder.prepare(&embedding, None).expect("prepared");
    let ask = |prompt: &Prompt| decoder.decode(&prepared, prompt, &frame).err();
    assert_eq!(ask(&Prompt::default()), Some(Error::NoPrompt));
    let nowhere = Prompt::at(Point::new(f64::NAN, 0.0));
    assert_eq!(ask(&nowhere), Some(Error::PromptNotFinite));
}
