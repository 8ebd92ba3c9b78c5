//! Whole datasets, written and taken apart again.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use uuid::Uuid;
use visionflow_formats::{Dataset, DatasetWriter, Format, Item, Report, in_memory};
use visionflow_geometry::{Point, Polygon, Rect};
use visionflow_model::{
    Annotation, AnnotationId, Attribute, AttributeId, AttributeKind, AttributeValue, Color, Label,
    LabelId, Ontology, Shape,
};

const CAT: LabelId = LabelId(Uuid::from_u128(1));
const OLD: LabelId = LabelId(Uuid::from_u128(2));
const SIGN: LabelId = LabelId(Uuid::from_u128(3));
const WET: AttributeId = AttributeId(Uuid::from_u128(9));

fn ontology() -> Ontology {
    let label = |id, name: &str, archived| Label {
        archived,
        attributes: vec![Attribute {
            id: WET,
            name: "wet & cold".to_owned(),
            kind: AttributeKind::Checkbox,
            required: false,
            default: None,
        }],
        ..Label::new(id, name, Color::new(255, 0, 16))
    };
    Ontology {
        labels: vec![
            label(CAT, "a cat", false),
            label(OLD, "old", true),
            label(SIGN, "<Schild> \"Straße\"", false),
        ],
        ..Ontology::default()
    }
}

fn annotation(n: u128, label: LabelId, shape: Shape) -> Annotation {
    Annotation {
        z: n as f64,
        attributes: [(WET, AttributeValue::Bool(true))].into(),
        ..Annotation::new(AnnotationId(Uuid::from_u128(n)), label, shape)
    }
}

fn rect(x: f64, y: f64, w: f64, h: f64) -> Shape {
    Shape::Box(Rect::from_corners(
        Point::new(x, y),
        Point::new(x + w, y + h),
    ))
}

fn triangle() -> Shape {
    let ring = vec![
        Point::new(10.0, 10.0),
        Point::new(90.5, 10.0),
        Point::new(10.0, 40.25),
    ];
    Shape::Polygon(Polygon::from_ring(ring))
}

fn frame() -> Shape {
    let square = |from: f64, to: f64| {
        let corners = Rect::from_corners(Point::new(from, from), Point::new(to, to)).corners();
        corners.to_vec()
    };
    Shape::Polygon(Polygon {
        rings: vec![square(10.0, 40.0), square(20.0, 30.0)],
    })
}

/// The files of the dataset by name, and its report.
fn write(format: Format, items: &[(&str, &[Annotation])]) -> (BTreeMap<String, Vec<u8>>, Report) {
    let dataset = Dataset {
        name: "Street & table".to_owned(),
        created_at: "2026-01-02T03:04:05Z".to_owned(),
        ontology: ontology(),
    };
    let mut writer = DatasetWriter::new(Vec::new(), format, dataset, in_memory()).unwrap();
    for (filename, annotations) in items {
        let item = Item {
            filename,
            width: 100,
            height: 50,
            annotations,
        };
        writer.item(item, Some(&mut &b"pixels"[..])).unwrap();
    }
    let (zip, report) = writer.finish().unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut files = BTreeMap::new();
    for i in 0..archive.len() {
        let mut file = archive.by_index(i).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    (files, report)
}

fn text<'a>(files: &'a BTreeMap<String, Vec<u8>>, name: &str) -> &'a str {
    std::str::from_utf8(&files[name]).unwrap()
}

#[test]
fn coco_holds_boxes_polygons_and_holes() {
    let shapes = [
        annotation(1, SIGN, rect(1.25, 2.0, 30.0, 10.5)),
        annotation(2, CAT, triangle()),
        annotation(3, CAT, frame()),
        annotation(4, CAT, Shape::Tag),
    ];
    let (files, report) = write(
        Format::Coco,
        &[("dinner table.jpg", &shapes), ("猫.png", &[])],
    );
    let coco: serde_json::Value =
        serde_json::from_slice(&files["annotations/instances_default.json"]).unwrap();
    assert_eq!(coco["images"][1]["file_name"], "猫.png");
    assert_eq!(coco["categories"][1]["name"], "<Schild> \"Straße\"");
    assert_eq!(
        coco["categories"].as_array().unwrap().len(),
        2,
        "an unused archived label stays away"
    );
    let annotations = coco["annotations"].as_array().unwrap();
    assert_eq!(annotations.len(), 3);
    assert_eq!(
        annotations[0]["bbox"],
        serde_json::json!([1.25, 2.0, 30.0, 10.5])
    );
    assert_eq!(annotations[0]["category_id"], 2);
    assert_eq!(annotations[0]["segmentation"], serde_json::json!([]));
    assert_eq!(annotations[0]["attributes"]["wet & cold"], true);
    assert_eq!(annotations[1]["segmentation"][0][2], 90.5);
    assert_eq!(annotations[2]["area"], 800.0);
    assert_eq!(
        annotations[2]["segmentation"]["size"],
        serde_json::json!([50, 100])
    );
    assert_eq!(files["images/dinner table.jpg"], b"pixels");
    assert_eq!(
        report.count("A tag of the whole image has no place in COCO and was left out"),
        1
    );
    assert!(text(&files, "report.txt").contains("dinner table.jpg"));
}

#[test]
fn yolo_detect_writes_fractions_and_says_what_it_changed() {
    let shapes = [
        annotation(1, CAT, rect(-10.0, 0.0, 60.0, 25.0)),
        annotation(2, SIGN, triangle()),
    ];
    let (files, report) = write(Format::YoloDetect, &[("a.jpg", &shapes), ("a.png", &[])]);
    assert_eq!(
        text(&files, "labels/train/a.txt").lines().next(),
        Some("0 0.250000000 0.250000000 0.500000000 0.500000000")
    );
    assert_eq!(text(&files, "labels/train/a-2.txt"), "");
    assert!(files.contains_key("images/train/a-2.png"));
    assert!(text(&files, "data.yaml").contains("  1: \"<Schild> \\\"Straße\\\"\"\n"));
    assert_eq!(report.count("A polygon became the box around it"), 1);
    assert_eq!(report.count("The file was renamed"), 1);
}

#[test]
fn yolo_segment_writes_outlines() {
    let shapes = [annotation(1, CAT, triangle()), annotation(2, CAT, frame())];
    let (files, report) = write(Format::YoloSegment, &[("a.jpg", &shapes)]);
    let first = text(&files, "labels/train/a.txt").lines().next().unwrap();
    assert!(first.starts_with("0 0.100000000 0.200000000 0.905000000 0.200000000"));
    assert_eq!(
        report
            .count("Holes and further parts of a polygon have no place in YOLO and were left out"),
        1
    );
}

#[test]
fn an_archived_label_in_use_keeps_the_other_numbers() {
    let shapes = [annotation(1, OLD, rect(0.0, 0.0, 10.0, 10.0))];
    let (files, _) = write(Format::YoloDetect, &[("a.jpg", &shapes)]);
    assert!(text(&files, "labels/train/a.txt").starts_with("2 "));
    assert!(text(&files, "data.yaml").ends_with("  2: \"old\"\n"));
}

#[test]
fn voc_escapes_and_lists_every_image() {
    let shapes = [annotation(1, SIGN, rect(1.005, 2.0, 3.0, 4.0))];
    let (files, _) = write(
        Format::PascalVoc,
        &[("day 1/a & b.jpg", &shapes), ("c.jpg", &[])],
    );
    let xml = text(&files, "Annotations/day 1/a & b.xml");
    assert!(
        xml.contains("<name>&lt;Schild&gt; &quot;Straße&quot;</name>"),
        "{xml}"
    );
    assert!(xml.contains("<filename>day 1/a &amp; b.jpg</filename>"));
    assert!(xml.contains("<ymax>6.00</ymax>"));
    assert!(xml.contains("<name>wet &amp; cold</name>"));
    assert_eq!(
        text(&files, "ImageSets/Main/default.txt"),
        "day 1/a & b\nc\n"
    );
    assert!(text(&files, "labelmap.txt").contains("a cat:255,0,16::\n"));
    assert!(files.contains_key("JPEGImages/day 1/a & b.jpg"));
}

#[test]
fn an_unknown_label_is_left_out_and_said() {
    let unknown = LabelId(Uuid::from_u128(77));
    let shapes = [annotation(1, unknown, rect(0.0, 0.0, 1.0, 1.0))];
    for format in [
        Format::Coco,
        Format::YoloDetect,
        Format::YoloSegment,
        Format::PascalVoc,
    ] {
        let (_, report) = write(format, &[("a.jpg", &shapes)]);
        assert_eq!(
            report.count("An annotation with an unknown label was left out"),
            1
        );
    }
}

#[test]
fn the_same_dataset_gives_the_same_bytes() {
    let shapes = [annotation(1, CAT, triangle())];
    let once = write(Format::Coco, &[("a.jpg", &shapes)]);
    assert_eq!(once, write(Format::Coco, &[("a.jpg", &shapes)]));
}
