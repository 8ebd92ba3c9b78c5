//! Scenes to make pictures of.

use uuid::Uuid;
use visionflow_geometry::{Cuboid, Ellipse, Mask, Point, Polygon, Rect, RotatedBox, Span, Vec2};
use visionflow_model::{
    Align, Annotation, AnnotationId, Arrow, Color, Joint, JointId, JointState, JointTemplate,
    Label, LabelId, Ontology, Shape, Skeleton, SkeletonTemplate, TextBox,
};
use visionflow_raster::Photo;
use visionflow_scene::Scene;

pub const SIZE: (u32, u32) = (320, 240);

pub fn annotation(n: u128, label: u128, shape: Shape) -> Annotation {
    Annotation::new(
        AnnotationId(Uuid::from_u128(n)),
        LabelId(Uuid::from_u128(label)),
        shape,
    )
}

/// Nothing on an image of [`SIZE`], with two labels.
pub fn scene() -> Scene {
    let label = |n, name: &str, color| Label::new(LabelId(Uuid::from_u128(n)), name, color);
    let joint = |id| JointTemplate {
        id: JointId(id),
        name: id.to_string(),
        x: 0.5,
        y: 0.5,
    };
    let mut person = label(1, "person", Color::new(239, 68, 68));
    person.skeleton = Some(SkeletonTemplate {
        joints: (0..4).map(joint).collect(),
        edges: [[0, 1], [1, 2], [1, 3]]
            .map(|edge| edge.map(JointId))
            .to_vec(),
    });
    let mut scene = Scene::new();
    scene.set_image_size(Some(SIZE));
    scene.set_ontology(&Ontology {
        labels: vec![person, label(2, "tree", Color::new(34, 197, 94))],
        ..Ontology::default()
    });
    scene
}

/// A gradient with lines of one pixel and a transparent corner.
pub fn photograph() -> Photo {
    let (width, height) = SIZE;
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let color = |(x, y): (u32, u32)| {
        if x < 40 && y < 30 {
            [0; 4]
        } else if x % 16 == 0 || y % 16 == 0 {
            [250, 250, 250, 255]
        } else {
            [(x * 255 / width) as u8, (y * 255 / height) as u8, 90, 255]
        }
    };
    Photo::new(width, height, pixels.flat_map(color).collect()).expect("bytes of its size")
}

fn at(x: f64, y: f64) -> Point {
    Point::new(x, y)
}

fn rect(x: f64, y: f64, w: f64, h: f64) -> Rect {
    Rect::from_corners(at(x, y), at(x + w, y + h))
}

/// A shape of each kind with its name, side by side.
pub fn shapes() -> Vec<(&'static str, Shape)> {
    let wave = |i: u32| {
        let t = f64::from(i);
        at(10.0 + t, 150.0 + f64::from((i * 7) % 30))
    };
    let star = [
        (90.0, 30.0),
        (150.0, 12.0),
        (128.0, 40.0),
        (146.0, 64.0),
        (98.0, 62.0),
    ];
    let hole = [(110.0, 35.0), (120.0, 32.0), (118.0, 45.0)];
    let ring = |points: &[(f64, f64)]| points.iter().map(|p| at(p.0, p.1)).collect::<Vec<_>>();
    vec![
        ("box", Shape::Box(rect(10.0, 10.0, 60.0, 40.0))),
        (
            "rotated-box",
            Shape::RotatedBox(RotatedBox {
                center: at(200.0, 35.0),
                size: Vec2::new(50.0, 22.0),
                angle: 0.4,
            }),
        ),
        (
            "ellipse",
            Shape::Ellipse(Ellipse {
                center: at(275.0, 35.0),
                radii: Vec2::new(30.0, 14.0),
                angle: -0.3,
            }),
        ),
        (
            "polygon",
            Shape::Polygon(Polygon {
                rings: vec![ring(&star), ring(&hole)],
            }),
        ),
        (
            "polyline",
            Shape::Polyline(ring(&[
                (10.0, 130.0),
                (30.0, 92.0),
                (44.0, 126.0),
                (70.0, 98.0),
            ])),
        ),
        ("point", Shape::Point(at(100.0, 110.0))),
        ("path", Shape::Path((0..60).map(wave).collect())),
        (
            "arrow",
            Shape::Arrow(Arrow {
                from: at(120.0, 130.0),
                to: at(178.0, 100.0),
            }),
        ),
        (
            "text",
            Shape::Text(Box::new(TextBox {
                rect: rect(10.0, 190.0, 140.0, 45.0),
                text: "Gully, blocked – über улица".to_owned(),
                size: 18.0,
                bold: false,
                align: Align::Right,
            })),
        ),
        (
            "cuboid",
            Shape::Cuboid(Box::new(Cuboid::from_faces(
                rect(90.0, 162.0, 40.0, 28.0),
                rect(112.0, 150.0, 36.0, 24.0),
            ))),
        ),
        ("mask", Shape::Mask(disc())),
        ("skeleton", Shape::Skeleton(skeleton())),
    ]
}

/// A disc with a hole over the seam of two tiles.
fn disc() -> Mask {
    let mut mask = Mask::default();
    for row in 0..80 {
        let off = f64::from(row) - 39.5;
        let half = |radius: f64| (radius * radius - off * off).max(0.0).sqrt() as i32;
        let (outer, inner) = (half(40.0), half(14.0));
        for (start, end) in [(-outer, -inner), (inner, outer)] {
            mask.insert(Span {
                y: 150 + row,
                start: 255 + start,
                end: 255 + end,
            });
        }
    }
    mask
}

fn skeleton() -> Skeleton {
    let joint = |id, x, y, state| {
        (
            JointId(id),
            Joint {
                at: at(x, y),
                state,
            },
        )
    };
    Skeleton {
        joints: [
            joint(0, 180.0, 154.0, JointState::Visible),
            joint(1, 180.0, 170.0, JointState::Visible),
            joint(2, 158.0, 186.0, JointState::Occluded),
            joint(3, 202.0, 186.0, JointState::Absent),
        ]
        .into(),
    }
}

/// All of them over a large box, one locked and one with a style of its own.
pub fn everything() -> Scene {
    let mut scene = scene();
    let large = annotation(100, 1, Shape::Box(rect(240.0, 80.0, 75.0, 60.0)));
    scene.upsert(&large);
    for ((_, shape), n) in shapes().into_iter().zip(1..) {
        let mut one = annotation(n, n % 2 + 1, shape);
        one.locked = n == 3;
        if n == 4 {
            one.style.width = Some(4.0);
            one.style.fill = Some(Color::new(255, 255, 0));
            one.style.opacity = Some(0.7);
        }
        scene.upsert(&one);
    }
    scene
}
