//! Tiny models of every layout, recognised, run, and held against onnxruntime with the same NMS
//! (`fixtures/layouts.py`).

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use visionflow_geometry::Mask;
use visionflow_infer::{
    Detection, Error, Header, ModelSpec, Network, Outcome, Photo, Report, Task, inspect,
};
use visionflow_model::{JointState, Shape};

const WIDTH: usize = 96;
const HEIGHT: usize = 48;

static EXPECTED: LazyLock<Value> = LazyLock::new(|| {
    let text = fs::read_to_string(folder().join("expected.json")).expect("expected results");
    serde_json::from_str(&text).expect("JSON")
});

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/layouts")
}

fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(format!("{name}.onnx"))).expect("a fixture")
}

/// As `layouts.py` paints it.
fn pixels() -> Vec<u8> {
    let mut pixels = [40, 40, 40, 255].repeat(WIDTH * HEIGHT);
    let squares = [
        (6..22, 10..34, [250, 20, 20]),
        (20..44, 50..66, [20, 240, 20]),
        (4..16, 70..92, [20, 20, 245]),
        (30..44, 8..20, [20, 20, 245]),
    ];
    for (rows, columns, colour) in squares {
        for y in rows {
            for x in columns.clone() {
                pixels[(y * WIDTH + x) * 4..][..3].copy_from_slice(&colour);
            }
        }
    }
    pixels
}

fn run(file: &[u8], spec: &ModelSpec) -> Result<Outcome, Error> {
    let photo = Photo {
        width: WIDTH as u32,
        height: HEIGHT as u32,
        scaled_width: WIDTH,
        scaled_height: HEIGHT,
        rgba: &pixels(),
    };
    Network::load(file, spec)?.run(&photo)
}

fn report(file: &[u8]) -> Report {
    inspect(&[file], None, &|| 0.0)
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn near(own: f64, expected: &Value, most: f64, what: &str) {
    let expected = number(expected);
    assert!(
        (own - expected).abs() <= most,
        "{what}: {own} and {expected}"
    );
}

fn same(own: &Detection, expected: &Value, most: f64, what: &str) {
    assert_eq!(own.class as u64, expected["class"], "{what}");
    near(own.score.into(), &expected["score"], most / 20.0, what);
    match &own.shape {
        Shape::Box(rect) => {
            let sides = [rect.min.x, rect.min.y, rect.max.x, rect.max.y];
            for (own, expected) in sides.iter().zip(expected["box"].as_array().expect("a box")) {
                near(*own, expected, most, what);
            }
        }
        Shape::RotatedBox(turned) => {
            let corners = expected["corners"].as_array().expect("corners");
            for (own, expected) in turned.corners().iter().zip(corners) {
                near(own.x, &expected[0], most, what);
                near(own.y, &expected[1], most, what);
            }
        }
        Shape::Skeleton(skeleton) => {
            let joints = expected["joints"].as_array().expect("joints");
            assert_eq!(skeleton.joints.len(), joints.len());
            for (joint, expected) in skeleton.joints.values().zip(joints) {
                near(joint.at.x, &expected[0], most, what);
                near(joint.at.y, &expected[1], most, what);
                assert_eq!(joint.state == JointState::Visible, expected[2], "{what}");
            }
        }
        Shape::Polygon(polygon) => {
            let area = number(&expected["area"]);
            near(polygon.area(), &expected["area"], 0.06 * area + 6.0, what);
            let fine = polygon.mapped(|p| visionflow_geometry::Point::new(p.x * 4.0, p.y * 4.0));
            let bounds = fine.bounds().expect("points");
            let mask = Mask::from_polygon(&fine, bounds);
            assert!(mask.area() > 0, "{what}");
            let middle = bounds.center();
            near(middle.x / 4.0, &expected["at"][0], 3.0, what);
            near(middle.y / 4.0, &expected["at"][1], 3.0, what);
        }
        Shape::Tag => {}
        other => panic!("{what}: {other:?}"),
    }
}

fn check(name: &str) -> ModelSpec {
    let expected = &EXPECTED[name];
    let file = file(name);
    let report = report(&file);
    assert!(report.ok, "{name}: {}", report.message);
    let spec = report.spec.expect("a specification");
    let json = serde_json::to_value(&spec).expect("JSON");
    assert_eq!(json["layout"], expected["layout"], "{name}");
    assert_eq!(json["task"], expected["task"], "{name}");
    let Outcome::Detections(found) = run(&file, &spec).expect("detections") else {
        panic!("{name} detects");
    };
    let wanted = expected["results"].as_array().expect("results");
    assert_eq!(found.len(), wanted.len(), "{name}: {found:?}");
    let most = if expected["loose"] == true { 0.4 } else { 0.01 };
    for (index, (own, expected)) in found.iter().zip(wanted).enumerate() {
        same(own, expected, most, &format!("{name} {index}"));
    }
    spec
}

#[test]
fn yolo_of_every_layout_finds_what_onnxruntime_finds() {
    for name in [
        "yolov5-detect",
        "yolov5-segment",
        "yolov8-detect",
        "yolov8-segment",
    ] {
        let spec = check(name);
        assert_eq!(spec.classes, ["red", "green's", "blue"]);
    }
    assert_eq!(check("yolov8-pose").joints, Some([2, 3]));
    check("yolov8-obb");
    check("yolov10-detect");
}

#[test]
fn open_sides_and_half_precision() {
    let spec = check("yolov11-dynamic");
    let input = spec.input.expect("an input");
    assert_eq!((input.width, input.height), (64, 64));
}

#[test]
fn detr_and_its_successors_find_what_onnxruntime_finds() {
    check("detr");
    check("rt-detr");
    check("rt-detr-final");
}

#[test]
fn a_classifier_may_be_taken_as_an_embedder() {
    let spec = check("classifier");
    assert_eq!(spec.classes[5], "class 5");
    let file = file("classifier");
    let embedder = report(&file)
        .alternatives
        .into_iter()
        .find(|spec| spec.task == Task::Embedder && spec.outputs == ["embedding"])
        .expect("an embedder");
    let Outcome::Embedding(vector) = run(&file, &embedder).expect("a vector") else {
        panic!("a vector was asked for");
    };
    let expected = EXPECTED["classifier"]["embedding"]
        .as_array()
        .expect("a vector");
    assert_eq!(vector.len(), expected.len());
    for (own, expected) in vector.iter().zip(expected) {
        near(f64::from(*own), expected, 1e-3, "embedding");
    }
}

#[test]
fn of_several_readings_the_wanted_one_is_tried() {
    let file = file("classifier");
    let first = report(&file);
    let all: Vec<ModelSpec> = first
        .spec
        .iter()
        .chain(&first.alternatives)
        .cloned()
        .collect();
    assert!(all.len() > 2, "two outputs, as tags or as a vector");
    for wanted in &all {
        let report = inspect(&[&file], Some(wanted), &|| 0.0);
        assert!(report.ok, "{}", report.message);
        assert_eq!(
            (report.task, report.layout),
            (Some(wanted.task), Some(wanted.layout))
        );
        assert_eq!(report.spec.as_ref(), Some(wanted));
        let others = all.iter().filter(|spec| *spec != wanted);
        assert!(report.alternatives.iter().eq(others));
    }
    // What nobody recognises is not tried: the likeliest is, and says so.
    let detector = inspect(&[&self::file("yolov8-detect")], Some(&all[0]), &|| 0.0);
    assert_eq!(detector.task, Some(Task::Detector));
}

#[test]
fn thresholds_classes_and_limits_are_the_admins() {
    let file = file("yolov8-detect");
    let mut spec = report(&file).spec.expect("a specification");
    let count = |spec: &ModelSpec| match run(&file, spec).expect("detections") {
        Outcome::Detections(found) => found.len(),
        Outcome::Embedding(_) => panic!("a detector"),
    };
    let all = count(&spec);
    spec.limit = 3;
    assert_eq!(count(&spec), 3);
    (spec.limit, spec.score) = (300, 0.9);
    assert!(count(&spec) < all);
    (spec.score, spec.iou) = (0.25, 0.01);
    assert!(count(&spec) < all);
    spec.input.as_mut().expect("an input").width = 32;
    let wrong = run(&file, &spec).expect_err("another side");
    assert!(wrong.to_string().contains("other sides"), "{wrong}");
}

#[test]
fn sides_that_a_file_does_not_say_are_worked_out() {
    // The batch's and the channels' names, where the sides of the output were.
    let mut file = file("yolov8-detect");
    let output = b"output0\x12\x13\x0a\x11\x08\x01\x12\x0d\x0a\x02\x08\x01\x0a\x02\x08\x07\x0a\x03";
    let at = file
        .windows(7)
        .rposition(|bytes| bytes == b"output0")
        .expect("an output");
    let shape = &mut file[at + 7..];
    assert_eq!(shape[0], 0x12, "the type follows {output:?}");
    let seven = shape
        .iter()
        .position(|byte| *byte == 7)
        .expect("seven columns");
    shape[seven - 1] = 0x28; // an unknown field, so that the side is open
    let places = shape
        .iter()
        .position(|byte| *byte == 64)
        .expect("64 places");
    shape[places - 1] = 0x28;
    let header = Header::read(&file).expect("a header");
    assert_eq!(header.outputs[0].sides(), [Some(1), None, None]);
    let report = report(&file);
    assert!(report.ok, "{}", report.message);
    assert_eq!(report.outputs[0].sides(), [Some(1), Some(7), Some(64)]);
}

/// The file with an operator's name replaced by another of the same length.
fn with_operator(name: &str, from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut file = file(name);
    let field = [&[0x22, from.len() as u8], from].concat();
    let at = file
        .windows(field.len())
        .position(|bytes| bytes == field)
        .expect("the operator");
    file[at + 2..at + 2 + from.len()].copy_from_slice(to);
    file
}

#[test]
fn what_is_missing_is_named() {
    let report = report(&with_operator("yolov8-detect", b"Sigmoid", b"Sigmund"));
    assert!(!report.ok);
    assert_eq!(report.missing, ["Sigmund"]);
    assert!(report.message.contains("Sigmund"), "{}", report.message);
    // It is still told what the model would be.
    assert_eq!(report.task, Some(Task::Detector));
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(json["inputs"][0]["type"], "float32");
    assert_eq!(
        json["inputs"][0]["shape"],
        serde_json::json!([1, 3, 64, 64])
    );
    assert_eq!(json["sha256"][0].as_str().map(str::len), Some(64));
}

#[test]
fn answers_that_are_no_numbers_are_told() {
    let report = report(&file("not-a-number"));
    assert!(!report.ok && report.missing.is_empty());
    assert_eq!(report.message, Error::NotANumber.to_string());
}

#[test]
fn files_that_are_cut_off_or_of_another_kind_are_told() {
    let whole = file("yolov8-segment");
    for length in (0..whole.len()).step_by(37) {
        let report = report(&whole[..length]);
        assert!(!report.ok && !report.message.is_empty(), "{length}");
    }
    let half = report(&whole[..whole.len() / 2]);
    assert!(half.message.contains("cut off"), "{}", half.message);
    let python = report(b"PK\x03\x04 a pickle in a zip");
    assert!(
        python.message.contains("not an ONNX model"),
        "{}",
        python.message
    );
    let picture = inspect(&[], None, &|| 0.0);
    assert!(!picture.ok && picture.spec.is_none());
}

#[test]
fn two_gigabytes_are_refused_by_their_stated_size() {
    let error = visionflow_infer::check_size(2 << 30).expect_err("too large");
    assert_eq!(
        error.to_string(),
        "the model has 2048 MB, and 512 MB are the most that can be run"
    );
    assert_eq!(visionflow_infer::check_size(200 << 20), Ok(()));
}

#[test]
fn an_output_that_nothing_makes_is_told() {
    let mut strange = file("yolov8-detect");
    let at = strange
        .windows(7)
        .rposition(|bytes| bytes == b"output0")
        .expect("an output");
    strange[at] = b'O';
    let report = report(&strange);
    assert!(
        report.message.contains("made by none"),
        "{}",
        report.message
    );
}

#[test]
fn damaged_files_never_bring_the_process_down() {
    let whole = file("yolov8-segment");
    let spec = report(&whole).spec.expect("a specification");
    let mut seed = 1_u32;
    for _ in 0..150 {
        let mut damaged = whole.clone();
        for _ in 0..3 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = (seed >> 8) as usize % damaged.len();
            damaged[at] ^= 1 << (seed % 8);
        }
        // Whatever comes of it, an answer or a sentence.
        if let Err(error) = run(&damaged, &spec) {
            assert!(!error.to_string().is_empty());
        }
    }
}
