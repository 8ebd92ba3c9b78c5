//! The smart tool: the candidate and the clicks it answers, and what hovering shows ahead.

use super::*;

/// An outline with a hole, as the model finds it around a handle.
fn cup() -> Polygon {
    let outer = [
        (40.0, 30.0),
        (100.0, 30.0),
        (104.0, 60.0),
        (92.0, 95.0),
        (50.0, 95.0),
        (36.0, 60.0),
    ];
    let inner = [(74.0, 50.0), (90.0, 50.0), (86.0, 70.0), (76.0, 70.0)];
    Polygon {
        rings: vec![ring(&outer), ring(&inner)],
    }
}

fn click(x: f64, y: f64, belongs: bool) -> Handle {
    Handle {
        position: Point::new(x, y),
        kind: if belongs {
            HandleKind::Circle
        } else {
            HandleKind::Diamond
        },
        active: belongs,
    }
}

#[test]
fn a_candidate_with_the_clicks_that_mean_it() {
    let mut scene = scene();
    scene.upsert(&boxed(1, 2, 110.0, 60.0, 40.0, 40.0));
    let shape = |shape, label| Preview {
        annotation: None,
        label,
        shape,
        closed: true,
    };
    let candidate = shape(Shape::Polygon(cup()), Some(LabelId(Uuid::from_u128(1))));
    let dragged = shape(Shape::Box(rect(30.0, 22.0, 80.0, 80.0)), None);
    scene.set_preview(&[candidate, dragged]);
    scene.set_handles(&[
        click(60.0, 50.0, true),
        click(62.0, 80.0, true),
        click(82.0, 60.0, false),
    ]);
    check("smart_candidate", &mut scene, &Camera::default(), VIEWPORT);
}

#[test]
fn what_a_click_would_mean_is_shown_ahead_in_no_labels_colour() {
    let mut scene = scene();
    scene.set_preview(&[Preview {
        annotation: None,
        label: None,
        shape: Shape::Polygon(cup()),
        closed: true,
    }]);
    check("smart_hover", &mut scene, &Camera::default(), VIEWPORT);
}
