//! Inputs and outputs as exporters write them, and what they are told to be.

use super::*;
use crate::header::{Dim, Element};

fn port(name: &str, sides: &[usize]) -> Port {
    let side = |side: &usize| match side {
        0 => Dim::Open("open".into()),
        side => Dim::Fixed(*side),
    };
    Port {
        name: name.into(),
        element: Element::F32,
        shape: sides.iter().map(side).collect(),
    }
}

fn header(inputs: &[(&str, &[usize])], outputs: &[(&str, &[usize])]) -> Header {
    let ports = |ports: &[(&str, &[usize])]| {
        ports
            .iter()
            .map(|(name, sides)| port(name, sides))
            .collect()
    };
    Header {
        inputs: ports(inputs),
        outputs: ports(outputs),
        ..Header::default()
    }
}

const IMAGES: (&str, &[usize]) = ("images", &[1, 3, 640, 640]);

fn told(mut header: Header, metadata: &[(&str, &str)]) -> Header {
    let entries = metadata
        .iter()
        .map(|(key, value)| ((*key).into(), (*value).into()));
    header.metadata = entries.collect();
    header
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "cases are made where they are checked"
)]
fn check(header: Header, layout: Layout, classes: usize) -> ModelSpec {
    let specs = recognise(std::slice::from_ref(&header));
    let spec = specs.unwrap_or_else(|error| panic!("{error}")).remove(0);
    assert_eq!(spec.layout, layout);
    assert_eq!(spec.classes.len(), classes, "{layout:?}");
    assert_eq!(spec.check(), Ok(()));
    spec
}

/// 80 names in Python's notation.
fn names(count: usize) -> String {
    let names: Vec<String> = (0..count).map(|i| format!("{i}: 'thing {i}'")).collect();
    format!("{{{}}}", names.join(", "))
}

#[test]
fn yolo_without_a_word_beside_it() {
    let of = |outputs: &[(&str, &[usize])]| header(&[IMAGES], outputs);
    check(
        of(&[("output0", &[1, 25_200, 85])]),
        Layout::Yolov5Detect,
        80,
    );
    check(of(&[("output0", &[1, 0, 85])]), Layout::Yolov5Detect, 80);
    check(
        of(&[("output", &[1, 25_200, 6]), ("a", &[1, 3, 80, 80, 6])]),
        Layout::Yolov5Detect,
        1,
    );
    check(of(&[("output0", &[1, 84, 8400])]), Layout::Yolov8Detect, 80);
    check(of(&[("output0", &[0, 84, 0])]), Layout::Yolov8Detect, 80);
    check(of(&[("output0", &[1, 300, 6])]), Layout::Yolov10Detect, 0);
    let protos = ("output1", &[1_usize, 32, 160, 160][..]);
    let segment = check(
        of(&[("output0", &[1, 116, 8400]), protos]),
        Layout::Yolov8Segment,
        80,
    );
    assert_eq!(segment.outputs, ["output0", "output1"]);
    check(
        of(&[("output0", &[1, 25_200, 117]), protos]),
        Layout::Yolov5Segment,
        80,
    );
    check(
        of(&[("output0", &[1, 300, 38]), protos]),
        Layout::Yolov10Segment,
        0,
    );
}

#[test]
fn yolo_with_what_ultralytics_says() {
    let of = |sides: &[usize], more: &[(&str, &str)]| {
        told(header(&[IMAGES], &[("output0", sides)]), more)
    };
    let (one, many) = (names(1), names(80));
    check(
        of(&[1, 84, 8400], &[("names", &many), ("task", "detect")]),
        Layout::Yolov8Detect,
        80,
    );
    let pose = [
        ("names", one.as_str()),
        ("task", "pose"),
        ("kpt_shape", "[17, 3]"),
    ];
    assert_eq!(
        check(of(&[1, 56, 8400], &pose), Layout::Yolov8Pose, 1).joints,
        Some([17, 3])
    );
    check(of(&[1, 300, 57], &pose), Layout::Yolov10Pose, 1);
    let fifteen = names(15);
    check(
        of(&[1, 20, 8400], &[("names", &fifteen), ("task", "obb")]),
        Layout::Yolov8Obb,
        15,
    );
    check(
        of(&[1, 300, 7], &[("names", &fifteen), ("task", "obb")]),
        Layout::Yolov10Obb,
        15,
    );
    let transformer = [
        ("names", many.as_str()),
        ("description", "Ultralytics rtdetr-l model"),
    ];
    let rows = check(of(&[1, 300, 84], &transformer), Layout::RtDetrRows, 80);
    assert_eq!(rows.input.expect("an input").scaling, Scaling::Stretch);
    // Names that do not fit the outputs are as many as fit.
    check(
        of(&[1, 84, 8400], &[("names", &one)]),
        Layout::Yolov8Detect,
        80,
    );
}

#[test]
fn sizes_come_from_the_file_or_from_what_stands_beside_it() {
    let open = |metadata: &[(&str, &str)]| {
        let header = header(&[("images", &[0, 3, 0, 0])], &[("output0", &[0, 84, 0])]);
        let spec = check(told(header, metadata), Layout::Yolov8Detect, 80);
        let input = spec.input.expect("an input");
        (input.width, input.height)
    };
    assert_eq!(open(&[]), (640, 640));
    assert_eq!(open(&[("imgsz", "[384, 640]")]), (640, 384));
    assert_eq!(open(&[("imgsz", "nonsense")]), (640, 640));
}

#[test]
fn inputs_of_up_to_2048_squared_are_run_and_larger_ones_refused_with_their_size() {
    let of = |width: usize, height: usize| {
        header(
            &[("images", &[1, 3, height, width])],
            &[("output0", &[1, 84, 8400])],
        )
    };
    for (width, height) in [(1536, 1536), (2048, 2048), (4096, 1024)] {
        let input = check(of(width, height), Layout::Yolov8Detect, 80).input;
        let input = input.expect("an input");
        assert_eq!((input.width, input.height), (width, height));
    }
    for (width, height) in [(2049, 2048), (9000, 16)] {
        let error = recognise(&[of(width, height)]).expect_err("too large");
        let words = error.to_string();
        let said = format!("input images takes a photograph of {width} x {height} pixels");
        assert!(words.contains(&said), "{words}");
        assert!(words.contains("no more pixels than 2048 x 2048"), "{words}");
    }
}

#[test]
fn detr_is_told_by_its_pair_of_outputs() {
    let of = |columns: usize| {
        let outputs: [(&str, &[usize]); 2] =
            [("logits", &[0, 100, columns]), ("pred_boxes", &[0, 100, 4])];
        header(
            &[
                ("pixel_values", &[0, 3, 0, 0]),
                ("pixel_mask", &[0, 64, 64]),
            ],
            &outputs,
        )
    };
    let spec = check(of(92), Layout::Detr, 91);
    assert_eq!(spec.input.expect("an input").mean[0], 123.675);
    let mut deformable = of(80);
    deformable.operators.insert("GridSample".into());
    check(deformable, Layout::RtDetr, 80);
    check(told(of(80), &[("names", &names(80))]), Layout::RtDetr, 80);
    check(told(of(81), &[("names", &names(80))]), Layout::Detr, 80);
}

#[test]
fn boxes_that_are_final_come_with_scores_and_labels() {
    let inputs: [(&str, &[usize]); 2] = [
        ("images", &[0, 3, 640, 640]),
        ("orig_target_sizes", &[0, 2]),
    ];
    let outputs: [(&str, &[usize]); 3] = [
        ("labels", &[0, 300]),
        ("boxes", &[0, 300, 4]),
        ("scores", &[0, 300]),
    ];
    let spec = check(header(&inputs, &outputs), Layout::RtDetrFinal, 0);
    assert_eq!(spec.outputs, ["boxes", "scores", "labels"]);
    // A grid with scores of its own is none of DETR's family.
    let grid: [(&str, &[usize]); 2] = [
        ("pred_bboxes", &[1, 8400, 4]),
        ("pred_scores", &[1, 8400, 80]),
    ];
    let grid = recognise(&[header(&[IMAGES], &grid)]);
    assert!(matches!(grid, Err(Error::UnknownLayout { .. })), "{grid:?}");
}

#[test]
fn rows_of_one_are_classes_or_a_vector() {
    let of = |outputs: &[(&str, &[usize])]| header(&[("image", &[1, 3, 224, 224])], outputs);
    check(of(&[("output", &[1, 1000])]), Layout::Classifier, 1000);
    check(of(&[("image_embeds", &[0, 512])]), Layout::Embedder, 0);
    check(of(&[("features", &[1, 384, 1, 1])]), Layout::Embedder, 0);
    let both = of(&[("embedding", &[0, 1280]), ("logits", &[0, 1000])]);
    assert_eq!(
        check(both.clone(), Layout::Classifier, 1000).outputs,
        ["logits"]
    );
    let all = recognise(&[both]).expect("specifications");
    assert!(
        all.iter()
            .any(|spec| spec.task == Task::Embedder && spec.outputs == ["embedding"])
    );
    let ultralytics = told(
        of(&[("output0", &[1, 3])]),
        &[("names", &names(3)), ("task", "classify")],
    );
    assert_eq!(
        check(ultralytics, Layout::Classifier, 3)
            .input
            .expect("one")
            .mean,
        [0.0; 3]
    );
}

fn sam_decoder(more: &[(&str, &[usize])], outputs: &[(&str, &[usize])]) -> Header {
    let mut inputs: Vec<(&str, &[usize])> = vec![
        ("point_coords", &[1, 0, 2]),
        ("point_labels", &[1, 0]),
        ("mask_input", &[1, 1, 256, 256]),
        ("has_mask_input", &[1]),
    ];
    inputs.extend(more);
    header(&inputs, outputs)
}

#[test]
fn models_for_prompts_are_pairs() {
    let encoder = header(
        &[("image", &[1, 3, 1024, 1024])],
        &[("image_embeddings", &[1, 256, 64, 64])],
    );
    let outputs: [(&str, &[usize]); 3] = [
        ("masks", &[0, 0, 0, 0]),
        ("iou_predictions", &[0, 4]),
        ("low_res_masks", &[0, 4, 256, 256]),
    ];
    let decoder = sam_decoder(
        &[
            ("image_embeddings", &[1, 256, 64, 64]),
            ("orig_im_size", &[2]),
        ],
        &outputs,
    );
    for pair in [
        [encoder.clone(), decoder.clone()],
        [decoder.clone(), encoder.clone()],
    ] {
        assert_eq!(recognise(&pair).expect("a pair")[0].layout, Layout::Sam);
    }
    let fine: [(&str, &[usize]); 3] = [
        ("image_embed", &[1, 256, 64, 64]),
        ("high_res_feats_0", &[1, 32, 256, 256]),
        ("high_res_feats_1", &[1, 64, 128, 128]),
    ];
    let encoder2 = header(&[("image", &[1, 3, 1024, 1024])], &fine);
    let decoder2 = sam_decoder(
        &fine,
        &[("masks", &[0, 3, 256, 256]), ("iou_predictions", &[0, 3])],
    );
    assert_eq!(
        recognise(&[encoder2, decoder2.clone()]).expect("a pair")[0].layout,
        Layout::Sam2
    );
    let wide = header(
        &[("batched_images", &[0, 3, 0, 0])],
        &[("image_embeddings", &[0, 256, 64, 64])],
    );
    let prompts: [(&str, &[usize]); 4] = [
        ("image_embeddings", &[0, 256, 64, 64]),
        ("batched_point_coords", &[0, 1, 0, 2]),
        ("batched_point_labels", &[0, 1, 0]),
        ("orig_im_size", &[2]),
    ];
    let efficient = header(
        &prompts,
        &[
            ("output_masks", &[0; 5]),
            ("iou_predictions", &[0; 3]),
            ("low_res_masks", &[0; 5]),
        ],
    );
    assert_eq!(
        recognise(&[wide, efficient]).expect("a pair")[0].layout,
        Layout::EfficientSam
    );
    for wrong in [
        [encoder.clone(), encoder.clone()],
        [encoder.clone(), decoder2],
    ] {
        assert!(matches!(recognise(&wrong), Err(Error::Spec(_))));
    }
}

#[test]
fn what_cannot_be_run_says_so_in_words() {
    let check = |headers: &[Header], words: &str| {
        let error = recognise(headers).expect_err(words).to_string();
        assert!(error.contains(words), "{error}");
    };
    let encoder = header(
        &[("image", &[1, 3, 1024, 1024])],
        &[("image_embeddings", &[1, 256, 64, 64])],
    );
    check(&[encoder], "register both files together");
    let single = header(
        &[
            ("batched_images", &[1, 3, 0, 0]),
            ("batched_point_coords", &[1, 0, 0, 2]),
            ("batched_point_labels", &[1, 0, 0]),
        ],
        &[("output_masks", &[0; 5]), ("iou_predictions", &[0; 3])],
    );
    check(&[single], "as two files");
    let own = header(
        &[("input_image", &[0, 0, 3])],
        &[("image_embeddings", &[1, 256, 64, 64])],
    );
    check(&[own.clone(), own], "[1, 3, 1024, 1024]");
    let language = header(&[("input_ids", &[1, 0])], &[("logits", &[1, 0, 32_000])]);
    check(&[language], "input_ids [1, ?]");
    let split = Header {
        is_split: true,
        ..Header::default()
    };
    check(&[split], "one file");
    check(&[Header::default()], "it takes nothing");
    check(&[], "one file");
}
