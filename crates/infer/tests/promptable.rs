//! Models for prompts as they are usually exported, with made-up weights (`fixtures/promptable.py`):
//! their decoders answer a click by squares that stand on a corner around it.

use std::fs;
use std::path::Path;
use visionflow_geometry::{Point, Rect};
use visionflow_infer::{
    Candidate, Click, Decoder, Embedding, Encoder, Error, Layout, Outline, Prompt, Task, inspect,
    pair,
};

const WIDTH: u32 = 96;
const HEIGHT: u32 = 48;

fn file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/layouts");
    fs::read(folder.join(format!("{name}.onnx"))).expect("a fixture")
}

fn loaded(name: &str) -> (Encoder, Decoder) {
    let (encoder, decoder) = (
        file(&format!("{name}-encoder")),
        file(&format!("{name}-decoder")),
    );
    // Whichever is which.
    pair(&[&decoder, &encoder]).expect("a pair")
}

fn embedding(encoder: &Encoder) -> Embedding {
    let grey = [90, 120, 150, 255].repeat((WIDTH * HEIGHT) as usize);
    encoder
        .encode(WIDTH as usize, HEIGHT as usize, &grey)
        .expect("an embedding")
}

fn ask(decoder: &Decoder, embedding: &Embedding, prompt: &Prompt) -> Vec<(Candidate, Rect)> {
    let frame = decoder.frame(WIDTH, HEIGHT);
    let prepared = decoder.prepare(embedding, None).expect("prepared");
    let candidates = decoder
        .decode(&prepared, prompt, &frame)
        .expect("candidates");
    let bounds = |candidate: &Candidate| {
        let polygons = Outline::of(&frame, 0.1).polygons(&candidate.logits, &frame);
        polygons[0].bounds().expect("points")
    };
    candidates
        .into_iter()
        .map(|candidate| (candidate.clone(), bounds(&candidate)))
        .collect()
}

/// The best candidate's half width and height in pixels of the photograph, around the click.
fn check(name: &str, layout: Layout, count: usize, half: (f64, f64)) -> (Decoder, Embedding) {
    let files = [
        file(&format!("{name}-encoder")),
        file(&format!("{name}-decoder")),
    ];
    let report = inspect(&[&files[0], &files[1]], None, &|| 0.0);
    assert!(report.ok, "{name}: {}", report.message);
    assert_eq!(
        (report.task, report.layout),
        (Some(Task::Promptable), Some(layout))
    );
    let (encoder, decoder) = loaded(name);
    let embedding = embedding(&encoder);
    let again = Embedding::from_f16_bytes(&embedding.to_f16_bytes()).expect("its own bytes");
    assert_eq!(again.to_f16_bytes(), embedding.to_f16_bytes());
    let found = ask(&decoder, &embedding, &Prompt::at(Point::new(40.0, 26.0)));
    assert_eq!(found.len(), count, "{name}");
    let bounds = found[0].1;
    assert!(
        (bounds.center() - Point::new(40.0, 26.0)).length() < 0.2,
        "{name}: {bounds:?}"
    );
    let apart = [
        bounds.width() / 2.0 - half.0,
        bounds.height() / 2.0 - half.1,
    ];
    assert!(
        apart.iter().all(|apart| apart.abs() < 0.3),
        "{name}: {bounds:?}"
    );
    // With a box and two points as well.
    let prompt = Prompt {
        clicks: [(40.0, 26.0, true), (2.0, 2.0, false)]
            .map(|(x, y, positive)| Click {
                at: Point::new(x, y),
                positive,
            })
            .to_vec(),
        area: Some(Rect::from_corners(
            Point::new(30.0, 20.0),
            Point::new(50.0, 30.0),
        )),
    };
    assert_eq!(ask(&decoder, &embedding, &prompt).len(), count);
    (decoder, embedding)
}

#[test]
fn sam_with_what_only_scales_its_masks_left_out() {
    // Of four masks the first is for several prompts; the best of the others has a radius of 30 values.
    let (decoder, embedding) = check("sam", Layout::Sam, 4, (11.25, 11.25));
    let found = ask(&decoder, &embedding, &Prompt::at(Point::new(40.0, 26.0)));
    let prepared = decoder
        .prepare(&embedding, Some(&found[0].0.logits))
        .expect("prepared");
    let frame = decoder.frame(WIDTH, HEIGHT);
    let refined = decoder.decode(&prepared, &Prompt::at(Point::new(40.0, 26.0)), &frame);
    assert_ne!(refined.expect("candidates")[0].logits, found[0].0.logits);
}

#[test]
fn sam_2_sees_a_photograph_stretched_and_takes_finer_features() {
    let (decoder, embedding) = check("sam2", Layout::Sam2, 3, (11.25, 5.625));
    // Another model's embedding is told.
    let (other, _) = loaded("sam");
    let error = decoder.prepare(&self::embedding(&other), None).err();
    assert!(matches!(error, Some(Error::Spec(_))), "{error:?}");
    assert_eq!(
        embedding.to_f16_bytes().len(),
        2 * (256 * 64 * 64 + 32 * 256 * 256 + 64 * 128 * 128)
    );
}

#[test]
fn efficient_sam_takes_prompts_in_batches() {
    let (decoder, embedding) = check("efficient-sam", Layout::EfficientSam, 3, (11.25, 5.625));
    let found = ask(&decoder, &embedding, &Prompt::at(Point::new(40.0, 26.0)));
    let refined = decoder.prepare(&embedding, Some(&found[0].0.logits)).err();
    assert!(
        matches!(refined, Some(Error::Unsupported(..))),
        "{refined:?}"
    );
}

#[test]
fn what_the_encoder_saw_comes_through() {
    for name in ["sam", "sam2", "efficient-sam"] {
        let (encoder, decoder) = loaded(name);
        let of = |grey: u8| {
            let pixels = [grey, grey, grey, 255].repeat((WIDTH * HEIGHT) as usize);
            let embedding = encoder.encode(WIDTH as usize, HEIGHT as usize, &pixels);
            let found = ask(
                &decoder,
                &embedding.expect("one"),
                &Prompt::at(Point::new(9.0, 9.0)),
            );
            found[0].0.predicted_iou
        };
        assert!((of(20) - of(230)).abs() > 1e-4, "{name}");
    }
}
