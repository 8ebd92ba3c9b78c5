//! What models propose, beside annotations.

use super::*;
use visionflow_geometry::{Ellipse, Mask, RotatedBox, Span};
use visionflow_model::{Joint, JointState, Skeleton};
use visionflow_model::{
    JointId, JointTemplate, RunId, SkeletonTemplate, Source, Suggestion, Verdict,
};

fn suggestion(annotation: Annotation) -> Suggestion {
    Suggestion {
        annotation: Annotation {
            source: Source::Model("yolo".into()),
            ..annotation
        },
        score: 0.8,
        model: None,
        run: RunId(Uuid::from_u128(1)),
        verdict: Verdict::Pending,
    }
}

fn disc(cx: f64, cy: f64, r: f64) -> Mask {
    let rows = ((cy - r) as i32)..((cy + r) as i32);
    Mask::from_spans(rows.filter_map(|y| {
        let dy = f64::from(y) + 0.5 - cy;
        let half = (r * r - dy * dy).max(0.0).sqrt();
        let (start, end) = ((cx - half) as i32, (cx + half) as i32);
        (start < end).then_some(Span { y, start, end })
    }))
}

#[test]
fn suggestions_beside_annotations_of_the_same_shapes() {
    let mut scene = scene();
    scene.set_names(false);
    let boxes = [5.0, 85.0].map(|x| boxed(x as u128, 1, x, 5.0, 30.0, 22.0));
    let triangle = |n, x: f64| {
        let points = ring(&[(x, 30.0), (x + 32.0, 30.0), (x + 12.0, 5.0)]);
        annotation(n, 2, Shape::Polygon(Polygon::from_ring(points)))
    };
    let mask = |n, x: f64| annotation(n, 1, Shape::Mask(disc(x, 55.0, 14.0)));
    let ellipse = |n, x: f64| {
        let (center, radii) = (Point::new(x, 55.0), Vec2::new(16.0, 10.0));
        let angle = 0.4;
        annotation(
            n,
            2,
            Shape::Ellipse(Ellipse {
                center,
                radii,
                angle,
            }),
        )
    };
    let turned = |n, x: f64| {
        let (center, size) = (Point::new(x, 95.0), Vec2::new(30.0, 14.0));
        let angle = 0.5;
        annotation(
            n,
            1,
            Shape::RotatedBox(RotatedBox {
                center,
                size,
                angle,
            }),
        )
    };
    let point = |n, x: f64| annotation(n, 2, Shape::Point(Point::new(x, 95.0)));
    let made = |n: u128, by: f64| {
        [
            triangle(n, by + 42.0),
            mask(n + 1, by + 20.0),
            ellipse(n + 2, by + 58.0),
            turned(n + 3, by + 20.0),
            point(n + 4, by + 58.0),
        ]
    };
    let annotations: Vec<_> = [boxes[0].clone()]
        .into_iter()
        .chain(made(10, 0.0))
        .collect();
    scene.load(annotations.iter());
    for annotation in [boxes[1].clone()].into_iter().chain(made(20, 80.0)) {
        scene.suggest(&suggestion(annotation));
    }
    check("suggestions", &mut scene, &Camera::default(), VIEWPORT);
}

#[test]
fn a_suggestion_that_is_picked_and_one_under_the_pointer() {
    let mut scene = scene();
    scene.set_names(false);
    for (n, x, y) in [(1, 10.0, 10.0), (2, 90.0, 10.0), (3, 10.0, 70.0)] {
        scene.suggest(&suggestion(boxed(n, 1, x, y, 60.0, 40.0)));
    }
    scene.upsert(&boxed(4, 2, 90.0, 70.0, 60.0, 40.0));
    scene.set_picked(Some(id(2)));
    scene.set_hover(Some(id(3)));
    check(
        "suggestion_states",
        &mut scene,
        &Camera::default(),
        VIEWPORT,
    );
}

#[test]
fn joints_of_a_suggested_skeleton_are_hollow() {
    let mut scene = Scene::new();
    scene.set_image_size(Some((160, 120)));
    let joint = |n| JointTemplate {
        id: JointId(n),
        name: n.to_string(),
        x: 0.0,
        y: 0.0,
    };
    let mut person = label(1, "person", Color::new(239, 68, 68));
    person.skeleton = Some(SkeletonTemplate {
        joints: vec![joint(1), joint(2)],
        edges: vec![[JointId(1), JointId(2)]],
    });
    scene.set_ontology(&Ontology {
        labels: vec![person],
        ..Ontology::default()
    });
    scene.set_names(false);
    let limb = |n, x: f64| {
        let at = |n, x, y| {
            let (at, state) = (Point::new(x, y), JointState::Visible);
            (JointId(n), Joint { at, state })
        };
        let joints = [at(1, x, 20.0), at(2, x + 40.0, 100.0)]
            .into_iter()
            .collect();
        annotation(n, 1, Shape::Skeleton(Skeleton { joints }))
    };
    scene.upsert(&limb(1, 15.0));
    scene.suggest(&suggestion(limb(2, 95.0)));
    check(
        "suggested_skeleton",
        &mut scene,
        &Camera::default(),
        VIEWPORT,
    );
}
