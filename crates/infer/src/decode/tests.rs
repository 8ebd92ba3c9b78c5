//! Outputs of every layout, written down by hand.

use super::*;
use crate::fit::Photo;
use crate::spec::{Input, Scaling};

fn spec(layout: Layout) -> ModelSpec {
    ModelSpec {
        task: Task::Detector,
        layout,
        classes: vec!["cat".into(), "dog".into()],
        score: 0.25,
        iou: 0.45,
        limit: 300,
        files: 1,
        input: Some(Input {
            name: "images".into(),
            width: 64,
            height: 64,
            channels_last: false,
            scaling: Scaling::Letterbox,
            mean: [0.0; 3],
            deviation: [255.0; 3],
            fill: 114.0,
        }),
        outputs: vec!["output0".into()],
        joints: None,
    }
}

/// Of a photograph of 128 x 64 pixels, twice as large as the input.
fn found(spec: &ModelSpec, outputs: &[Output]) -> Result<Vec<Detection>, Error> {
    let photo = Photo {
        width: 128,
        height: 64,
        scaled_width: 128,
        scaled_height: 64,
        rgba: &[],
    };
    let fit = Fit::new(spec.input.as_ref().expect("one"), &photo);
    match decode(spec, outputs, &fit)? {
        Outcome::Detections(found) => Ok(found),
        Outcome::Embedding(_) => panic!("a detector"),
    }
}

fn rows(rows: &[&[f32]]) -> Output {
    Output {
        shape: vec![1, rows.len(), rows[0].len()],
        values: rows.concat(),
    }
}

fn columns(own: &[&[f32]]) -> Output {
    let values = (0..own[0].len()).flat_map(|column| own.iter().map(move |row| row[column]));
    Output {
        shape: vec![1, own[0].len(), own.len()],
        values: values.collect(),
    }
}

fn rect(detection: &Detection) -> [f64; 4] {
    match detection.shape {
        Shape::Box(rect) => [rect.min.x, rect.min.y, rect.max.x, rect.max.y],
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn rows_with_objectness() {
    let output = rows(&[
        &[32.0, 32.0, 16.0, 8.0, 0.5, 0.2, 0.8],
        &[33.0, 32.0, 16.0, 8.0, 0.4, 0.2, 0.8],
        &[32.0, 32.0, 16.0, 8.0, 0.2, 0.9, 0.1],
        &[4.0, 32.0, 16.0, 8.0, 0.9, 0.9, 0.1],
    ]);
    let found = found(&spec(Layout::Yolov5Detect), &[output]).expect("rows");
    let classes: Vec<usize> = found.iter().map(|found| found.class).collect();
    assert_eq!(classes, [0, 1]);
    let scores = [found[0].score - 0.81, found[1].score - 0.4];
    assert!(scores.iter().all(|apart| apart.abs() < 1e-6), "{scores:?}");
    // What lies beside the photograph is cut off.
    assert_eq!(rect(&found[0]), [0.0, 24.0, 24.0, 40.0]);
    assert_eq!(rect(&found[1]), [48.0, 24.0, 80.0, 40.0]);
}

#[test]
fn columns_of_classes() {
    let output = columns(&[
        &[32.0, 32.0, 16.0, 8.0, 0.1, 0.8],
        &[10.0, 32.0, -4.0, 8.0, 0.1, 0.8],
        &[32.0, 4.0, 16.0, 8.0, 0.1, 0.9],
    ]);
    let found = found(&spec(Layout::Yolov8Detect), &[output]).expect("columns");
    // The second has no area, the third lies beside the photograph.
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].class, found[0].score), (1, 0.8));
}

#[test]
fn joints_follow_the_classes() {
    let output = columns(&[&[32.0, 32.0, 16.0, 8.0, 0.8, 30.0, 30.0, 0.9, 34.0, 33.0, 0.1]]);
    let mut spec = spec(Layout::Yolov8Pose);
    spec.joints = Some([2, 3]);
    let found = found(&spec, &[output]).expect("joints");
    let json = serde_json::to_string(&found[0].shape).expect("JSON");
    assert_eq!(
        json,
        r#"{"type":"skeleton","joints":[{"id":0,"at":[60.0,28.0],"state":"visible"},{"id":1,"at":[68.0,34.0],"state":"occluded"}]}"#
    );
}

#[test]
fn turned_boxes_are_doubles_only_where_they_overlap() {
    let quarter = std::f32::consts::FRAC_PI_2;
    let output = columns(&[
        &[32.0, 32.0, 40.0, 4.0, 0.8, 0.0, 0.0],
        &[32.0, 32.0, 40.0, 4.0, 0.7, 0.0, quarter],
        &[32.0, 33.0, 40.0, 4.0, 0.6, 0.0, 0.01],
    ]);
    let found = found(&spec(Layout::Yolov8Obb), &[output]).expect("boxes");
    assert_eq!(found.len(), 2);
    let Shape::RotatedBox(turned) = found[1].shape else {
        panic!("{:?}", found[1]);
    };
    assert!((turned.angle - f64::from(quarter)).abs() < 1e-6);
    assert!((turned.size.x - 80.0).abs() < 1e-6 && turned.center == Point::new(64.0, 32.0));
}

#[test]
fn a_mask_is_cut_to_its_box() {
    let mut spec = spec(Layout::Yolov8Segment);
    spec.outputs.push("output1".into());
    let output = columns(&[
        &[32.0, 32.0, 16.0, 16.0, 0.8, 0.0, 1.0],
        &[16.0, 32.0, 8.0, 8.0, 0.8, 0.0, -1.0],
    ]);
    // The right half of the picture.
    let half = (0..256).map(|i| if i % 16 < 8 { -1.0 } else { 1.0 });
    let protos = Output {
        shape: vec![1, 1, 16, 16],
        values: half.collect(),
    };
    let found = found(&spec, &[output, protos]).expect("masks");
    assert_eq!(found.len(), 2);
    let bounds = found[0].shape.bounds().expect("a polygon");
    let corners = [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y];
    let expected = [64.0, 16.0, 80.0, 48.0];
    assert!(
        corners
            .iter()
            .zip(expected)
            .all(|(a, b)| (a - b).abs() < 0.5),
        "{corners:?}"
    );
}

#[test]
fn detr_counts_what_is_none() {
    let logits = rows(&[&[3.0, 0.0, 1.0], &[0.0, 1.0, 4.0]]);
    let boxes = rows(&[&[0.5, 0.5, 0.5, 0.25], &[0.5, 0.5, 0.5, 0.25]]);
    let outputs = [logits, boxes];
    let against = found(&spec(Layout::Detr), &outputs).expect("queries");
    assert_eq!(against.len(), 1);
    let expected = 3_f32.exp() / (3_f32.exp() + 1.0 + 1_f32.exp());
    assert!((against[0].score - expected).abs() < 1e-6 && against[0].class == 0);
    assert_eq!(rect(&against[0]), [32.0, 16.0, 96.0, 48.0]);
    let alone = found(&spec(Layout::RtDetr), &outputs).expect("queries");
    let classes: Vec<usize> = alone.iter().map(|found| found.class).collect();
    // Things of different classes are no doubles.
    assert_eq!(classes, [2, 0]);
}

#[test]
fn what_is_final_is_left_alone() {
    let row = [24.0, 28.0, 40.0, 36.0, 0.9, 1.0];
    let output = rows(&[&row, &row, &[0.0; 6]]);
    let found = found(&spec(Layout::Yolov10Detect), &[output]).expect("rows");
    assert_eq!(found.len(), 2);
    assert_eq!(rect(&found[0]), [48.0, 24.0, 80.0, 40.0]);
    assert_eq!(found[0].class, 1);
}

#[test]
fn classes_of_the_whole_are_tags() {
    let mut spec = spec(Layout::Classifier);
    spec.task = Task::Classifier;
    let probabilities = Output {
        shape: vec![1, 3],
        values: vec![0.2, 0.7, 0.1],
    };
    let top = found(&spec, &[probabilities]).expect("classes");
    assert_eq!((top.len(), top[0].class, top[0].score), (1, 1, 0.7));
    assert_eq!(top[0].shape, Shape::Tag);
    let logits = Output {
        shape: vec![1, 3],
        values: vec![0.0, 5.0, 1.0],
    };
    let top = found(&spec, &[logits]).expect("classes");
    assert!((top[0].score - 0.975_f32).abs() < 1e-2, "{}", top[0].score);
}

#[test]
fn outputs_of_other_sides_are_refused() {
    let check = |layout: Layout, shapes: &[&[usize]]| {
        let outputs: Vec<Output> = shapes
            .iter()
            .map(|shape| Output {
                shape: shape.to_vec(),
                values: vec![0.0; shape.iter().product()],
            })
            .collect();
        let error = found(&spec(layout), &outputs);
        assert!(
            matches!(error, Err(Error::Shape(_) | Error::Spec(_))),
            "{layout:?} {error:?}"
        );
    };
    check(Layout::Yolov8Detect, &[&[1, 4, 9]]);
    check(Layout::Yolov8Detect, &[&[2, 6, 9]]);
    check(Layout::Yolov8Detect, &[&[6, 9]]);
    check(Layout::Yolov5Detect, &[&[1, 9, 5]]);
    check(Layout::Yolov10Detect, &[&[1, 9, 7]]);
    check(Layout::Yolov8Pose, &[&[1, 9, 7]]);
    check(Layout::Yolov8Segment, &[&[1, 9, 7]]);
    check(Layout::Yolov8Segment, &[&[1, 9, 7], &[1, 2, 0, 0]]);
    check(Layout::Yolov8Segment, &[&[1, 9, 7], &[1, 8, 4, 4]]);
    check(Layout::Detr, &[&[1, 9, 7]]);
    check(Layout::Detr, &[&[1, 9, 7], &[1, 8, 4]]);
    check(Layout::Detr, &[&[1, 9, 0], &[1, 9, 4]]);
    check(Layout::Classifier, &[]);
}
