//! What models propose: seen and picked, and never taken for annotations.

use super::*;
use std::time::{Duration, Instant};
use visionflow_model::{Color, Label, Ontology, RunId, Source, Suggestion, Verdict};
use visionflow_scene::style_flag;

fn suggestion(n: u128, score: f64, x: f64, y: f64) -> Suggestion {
    let mut annotation = boxed(n, x, y, 8.0, 8.0);
    annotation.source = Source::Model("yolo".into());
    Suggestion {
        annotation,
        score,
        model: None,
        run: RunId(Uuid::from_u128(1)),
        verdict: Verdict::Pending,
    }
}

fn named() -> Scene {
    let mut scene = Scene::new();
    let label = Label::new(LabelId(Uuid::from_u128(1)), "car", Color::new(1, 2, 3));
    scene.set_ontology(&Ontology {
        labels: vec![label],
        ..Ontology::default()
    });
    scene
}

fn words(scene: &mut Scene) -> Vec<String> {
    scene.draw_list(&Camera::default(), VIEWPORT);
    scene.texts().iter().map(|text| text.text.clone()).collect()
}

#[test]
fn suggestions_are_neither_counted_nor_selected_with_annotations() {
    let mut scene = named();
    scene.upsert(&boxed(1, 0.0, 0.0, 100.0, 100.0));
    scene.suggest(&suggestion(2, 0.5, 40.0, 40.0));
    assert_eq!((scene.len(), scene.suggestions().len()), (1, 1));
    assert_eq!(scene.in_rect(rect(0.0, 0.0, 200.0, 200.0)), [id(1)]);
    let around = [(0.0, 0.0), (200.0, 0.0), (200.0, 200.0), (0.0, 200.0)];
    let around = around.map(|(x, y)| Point::new(x, y));
    assert_eq!(scene.in_polygon(&around), [id(1)]);
    // An annotation is meant by who asks for one.
    assert_eq!(scene.pick(Point::new(44.0, 44.0), 1.0), Some(id(1)));
    assert_eq!(
        scene.pick_suggestion(Point::new(44.0, 44.0), 1.0),
        Some(id(2))
    );
    assert_eq!(scene.pick_suggestion(Point::new(20.0, 20.0), 1.0), None);
}

#[test]
fn an_annotation_that_is_hit_above_a_suggestion_is_meant() {
    let mut scene = named();
    scene.suggest(&suggestion(2, 0.5, 40.0, 40.0));
    let at = Point::new(44.0, 44.0);
    // Its outline runs across the fill of the suggestion.
    scene.upsert(&boxed(3, 44.0, 0.0, 100.0, 100.0));
    assert_eq!(scene.pick_suggestion(at, 1.0), None);
    scene.remove(id(3));
    assert_eq!(scene.pick_suggestion(at, 1.0), Some(id(2)));
    scene.upsert(&boxed(4, 42.0, 42.0, 4.0, 4.0));
    assert_eq!(scene.pick_suggestion(at, 0.1), None);
}

#[test]
fn an_accepted_suggestion_is_drawn_as_an_annotation() {
    let mut scene = named();
    let proposed = suggestion(2, 0.5, 40.0, 40.0);
    scene.suggest(&proposed);
    let dashed = |scene: &mut Scene| {
        let list = scene.draw_list(&Camera::default(), VIEWPORT);
        let primitive = list.shapes.order.entries()[0] as usize;
        let style = list.shapes.primitives.entries()[primitive].style as usize;
        list.shapes.styles.entries()[style].flags & style_flag::DASHED != 0
    };
    assert!(dashed(&mut scene));
    scene.set_hover(Some(id(2)));
    scene.set_picked(Some(id(2)));
    assert!(dashed(&mut scene));
    scene.upsert(&proposed.annotation);
    assert!(!dashed(&mut scene));
    assert_eq!((scene.len(), scene.suggestions().len()), (1, 0));
    scene.suggest(&proposed);
    scene.load([].iter());
    assert_eq!((scene.len(), scene.suggestions().len()), (0, 0));
}

#[test]
fn the_score_stands_beside_the_name_of_a_few_and_of_the_one_that_is_looked_at() {
    let mut scene = named();
    scene.suggest(&suggestion(1, 0.874, 40.0, 40.0));
    assert_eq!(words(&mut scene), ["car 87 %"]);
    for n in 2..40 {
        scene.suggest(&suggestion(n, 0.5, 10.0 * n as f64, 80.0));
    }
    assert_eq!(words(&mut scene), Vec::<String>::new());
    scene.set_hover(Some(id(1)));
    assert_eq!(words(&mut scene), ["car 87 %"]);
    scene.set_hover(None);
    scene.set_picked(Some(id(2)));
    assert_eq!(words(&mut scene), ["car 50 %"]);
    scene.set_names(false);
    assert_eq!(words(&mut scene), Vec::<String>::new());
}

#[test]
fn ten_thousand_suggestions_cost_what_changes() {
    let mut scene = named();
    for annotation in grid(10_000) {
        scene.suggest(&Suggestion {
            annotation,
            ..suggestion(0, 0.5, 0.0, 0.0)
        });
    }
    let camera = far();
    scene.draw_list(&camera, VIEWPORT);
    let before = scene.visited();
    scene.set_picked(Some(id(4)));
    scene.draw_list(&camera, VIEWPORT);
    assert!(scene.visited() <= 2, "{} of {before}", scene.visited());
    // The same index answers: a search through all of them would take seconds.
    let start = Instant::now();
    for n in 0..10_000 {
        let at = Point::new(
            f64::from(n % 1000) * 10.0 + 4.0,
            f64::from(n / 1000) * 10.0 + 4.0,
        );
        assert!(scene.pick_suggestion(at, 1.0).is_some());
    }
    assert!(start.elapsed() < Duration::from_secs(5));
}
