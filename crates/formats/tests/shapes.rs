//! What becomes of every kind of shape in every format.

#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Read};
use uuid::Uuid;
use visionflow_formats::{Dataset, DatasetWriter, Format, Item, Report, in_memory};
use visionflow_geometry::{Cuboid, Ellipse, Mask, Point, Polygon, Rect, RotatedBox, Vec2};
use visionflow_model::{
    Annotation, AnnotationId, Arrow, Color, GroupId, Joint, JointId, JointState, JointTemplate,
    Label, LabelId, Ontology, Shape, Skeleton, SkeletonTemplate,
};

const HAND: LabelId = LabelId(Uuid::from_u128(1));
const PLAIN: LabelId = LabelId(Uuid::from_u128(2));

fn ontology() -> Ontology {
    let joint = |id: u32, name: &str| JointTemplate {
        id: JointId(id),
        name: name.to_owned(),
        x: 0.5,
        y: 0.5,
    };
    let skeleton = SkeletonTemplate {
        joints: vec![joint(7, "wrist"), joint(3, "thumb"), joint(5, "palm")],
        edges: vec![[JointId(7), JointId(3)], [JointId(5), JointId(7)]],
    };
    let color = Color::new(1, 2, 3);
    Ontology {
        labels: vec![
            Label {
                skeleton: Some(skeleton),
                ..Label::new(HAND, "hand", color)
            },
            Label::new(PLAIN, "plain", color),
        ],
        ..Ontology::default()
    }
}

/// One file of the dataset with this shape alone on an image of 40 × 30 pixels, and the report.
fn written(format: Format, path: &str, label: LabelId, shape: Shape) -> (String, Report) {
    let dataset = Dataset {
        name: "d".to_owned(),
        created_at: "2026-01-02T03:04:05Z".to_owned(),
        ontology: ontology(),
    };
    let mut writer = DatasetWriter::new(Vec::new(), format, dataset, in_memory()).unwrap();
    let annotation = Annotation {
        group: Some(GroupId(Uuid::from_u128(4))),
        ..Annotation::new(AnnotationId(Uuid::from_u128(9)), label, shape)
    };
    let item = Item {
        filename: "a.jpg",
        width: 40,
        height: 30,
        annotations: &[annotation],
    };
    writer.item(item, None).unwrap();
    let (zip, report) = writer.finish().unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut text = String::new();
    if let Ok(mut file) = archive.by_name(path) {
        file.read_to_string(&mut text).unwrap();
    }
    (text, report)
}

fn coco(file: &str, label: LabelId, shape: Shape) -> (serde_json::Value, Report) {
    let path = format!("annotations/{file}_default.json");
    let (text, report) = written(Format::Coco, &path, label, shape);
    (serde_json::from_str(&text).unwrap_or_default(), report)
}

fn point(x: f64, y: f64) -> Point {
    Point::new(x, y)
}

fn line() -> Vec<Point> {
    vec![point(1.0, 1.0), point(9.0, 9.0)]
}

fn mask() -> Mask {
    // A frame of 4 × 4 pixels around a hole of 2 × 2, and one pixel apart; partly off the image.
    let square = |at: f64, size: f64| {
        let corner = point(at, at);
        Polygon::from_ring(
            Rect::from_corners(corner, point(at + size, at + size))
                .corners()
                .to_vec(),
        )
    };
    let everywhere = Rect::from_corners(point(-50.0, -50.0), point(99.0, 99.0));
    let part = |polygon| Mask::from_polygon(&polygon, everywhere);
    let frame = part(square(2.0, 4.0)).subtract(&part(square(3.0, 2.0)));
    frame.union(&part(square(-1.0, 1.0)))
}

#[test]
fn coco_says_masks_as_run_lengths_and_turned_shapes_as_polygons() {
    let (file, report) = coco("instances", PLAIN, Shape::Mask(mask()));
    let found = &file["annotations"][0];
    assert_eq!(found["area"], 12.0);
    assert_eq!(found["segmentation"]["size"], serde_json::json!([30, 40]));
    let counts = serde_json::json!([62, 4, 26, 1, 2, 1, 26, 1, 2, 1, 26, 4, 1044]);
    assert_eq!(found["segmentation"]["counts"], counts);
    assert_eq!(found["bbox"], serde_json::json!([0.0, 0.0, 6.0, 6.0]));
    assert_eq!(
        report.count("Groups of annotations have no place in this format"),
        1
    );

    let mut turned = RotatedBox::from(Rect::from_corners(point(10.0, 10.0), point(20.0, 14.0)));
    turned.angle = std::f64::consts::FRAC_PI_2;
    let (file, report) = coco("instances", PLAIN, Shape::RotatedBox(turned));
    let found = &file["annotations"][0];
    let ring: Vec<f64> = serde_json::from_value(found["segmentation"][0].clone()).unwrap();
    for (value, wanted) in ring
        .iter()
        .zip([17.0, 7.0, 17.0, 17.0, 13.0, 17.0, 13.0, 7.0])
    {
        assert!((value - wanted).abs() < 1e-9, "{ring:?}");
    }
    assert_eq!(report.count("A rotated box became a polygon"), 1);

    let ellipse = Ellipse {
        center: point(20.0, 15.0),
        radii: Vec2::new(10.0, 5.0),
        angle: 0.0,
    };
    let (file, _) = coco("instances", PLAIN, Shape::Ellipse(ellipse));
    let area = file["annotations"][0]["area"].as_f64().unwrap();
    assert!((area - ellipse.area()).abs() < 0.02 * area, "{area}");
}

#[test]
fn coco_says_skeletons_as_keypoints_in_the_order_of_the_template() {
    let joint = |x, state| Joint {
        at: point(x, 2.0 * x),
        state,
    };
    let joints = [
        (JointId(3), joint(3.0, JointState::Occluded)),
        (JointId(5), joint(5.0, JointState::Absent)),
        (JointId(7), joint(7.0, JointState::Visible)),
        (JointId(8), joint(8.0, JointState::Visible)),
    ];
    let skeleton = Skeleton {
        joints: joints.into(),
    };
    let (file, report) = coco("person_keypoints", HAND, Shape::Skeleton(skeleton.clone()));
    let category = &file["categories"][0];
    let names = serde_json::json!(["wrist", "thumb", "palm"]);
    assert_eq!(category["keypoints"], names);
    assert_eq!(category["skeleton"], serde_json::json!([[1, 2], [3, 1]]));
    let found = &file["annotations"][0];
    let numbers = serde_json::json!([7.0, 14.0, 2.0, 3.0, 6.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(found["keypoints"], numbers);
    assert_eq!(found["num_keypoints"], 2);
    assert_eq!(file["images"][0]["file_name"], "a.jpg");
    assert_eq!(
        report.count("A joint that its label has no more was left out"),
        1
    );
    let (instances, _) = coco("instances", HAND, Shape::Skeleton(skeleton.clone()));
    assert_eq!(instances["annotations"], serde_json::json!([]));
    assert_eq!(instances["images"][0]["file_name"], "a.jpg");
    let (_, report) = coco("instances", PLAIN, Shape::Skeleton(skeleton));
    assert_eq!(
        report.count("A skeleton whose label has no joints was left out"),
        1
    );
}

#[test]
fn yolo_segment_outlines_the_largest_part_of_a_mask() {
    let (rows, report) = written(
        Format::YoloSegment,
        "labels/train/a.txt",
        PLAIN,
        Shape::Mask(mask()),
    );
    let values: Vec<f64> = rows
        .split_whitespace()
        .skip(1)
        .map(|v| v.parse().unwrap())
        .collect();
    let mut corners: Vec<(i32, i32)> = values
        .chunks(2)
        .map(|p| ((p[0] * 40.0).round() as i32, (p[1] * 30.0).round() as i32))
        .collect();
    corners.sort_unstable();
    assert_eq!(corners, [(2, 2), (2, 6), (6, 2), (6, 6)]);
    assert_eq!(
        report.count("Holes and further parts of a mask have no place in YOLO and were left out"),
        1
    );
}

#[test]
fn what_has_no_place_is_left_out_and_said() {
    let arrow = Arrow {
        from: point(1.0, 1.0),
        to: point(5.0, 9.0),
    };
    let cases = [
        (Shape::Polyline(line()), "A polyline"),
        (Shape::Path(line()), "A freehand line"),
        (Shape::Point(point(3.0, 3.0)), "A point"),
        (Shape::Arrow(arrow), "An arrow"),
        (Shape::Tag, "A tag of the whole image"),
    ];
    let formats = [
        (
            Format::Coco,
            "COCO",
            "annotations/instances_default.json",
            "\"bbox\"",
        ),
        (Format::YoloDetect, "YOLO", "labels/train/a.txt", "1"),
        (Format::YoloSegment, "YOLO", "labels/train/a.txt", "1"),
        (
            Format::PascalVoc,
            "Pascal VOC",
            "Annotations/a.xml",
            "bndbox",
        ),
    ];
    for (shape, words) in cases {
        for (format, name, path, written_as) in formats {
            let (text, report) = written(format, path, PLAIN, shape.clone());
            let what = format!("{words} has no place in {name} and was left out");
            assert_eq!(report.count(&what), 1, "{what}: {}", report.to_text());
            assert!(!text.contains(written_as), "{text}");
        }
    }
}

#[test]
fn formats_for_boxes_get_the_box_around() {
    let front = Rect::from_corners(point(4.0, 6.0), point(14.0, 16.0)).corners();
    let back = front.map(|p| p + Vec2::new(6.0, -6.0));
    let mut points = [Point::default(); 8];
    points[..4].copy_from_slice(&front);
    points[4..].copy_from_slice(&back);
    let cuboid = Shape::Cuboid(Box::new(Cuboid { points }));
    let (rows, report) = written(
        Format::YoloDetect,
        "labels/train/a.txt",
        PLAIN,
        cuboid.clone(),
    );
    assert_eq!(rows, "1 0.300000000 0.266666667 0.400000000 0.533333333\n");
    assert_eq!(report.count("A cuboid became the box around it"), 1);
    let (xml, report) = written(
        Format::PascalVoc,
        "Annotations/a.xml",
        PLAIN,
        cuboid.clone(),
    );
    assert!(xml.contains("<xmax>20.00</xmax>"), "{xml}");
    assert_eq!(report.count("A cuboid became the box around it"), 1);
    let (file, _) = coco("instances", PLAIN, cuboid);
    let found = &file["annotations"][0];
    assert_eq!(found["bbox"], serde_json::json!([4.0, 0.0, 16.0, 16.0]));
    let one_joint = Skeleton {
        joints: [(JointId(3), Joint::default())].into(),
    };
    let (rows, report) = written(
        Format::YoloDetect,
        "labels/train/a.txt",
        HAND,
        Shape::Skeleton(one_joint),
    );
    assert_eq!(rows, "");
    assert_eq!(
        report.count("A shape without a width and a height was left out"),
        1
    );
}
