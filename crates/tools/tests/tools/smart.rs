//! The smart polygon, with the model played by the tests.

use crate::desk::*;
use visionflow_document::Edit;
use visionflow_geometry::{Point, Polygon, Rect};
use visionflow_model::{Shape, Source};
use visionflow_tools::{
    Answer, Ask, Candidate, Hint, Input, Notice, PointerKind, Prompt, SmartInput, ToolKind,
    WandResult, is_marquee,
};

fn desk(shapes: &[Shape]) -> Desk {
    Desk::with_tool(shapes, ToolKind::Smart)
}

/// A square around a place.
fn square(x: f64, y: f64, half: f64) -> Polygon {
    let rect = Rect::from_corners(p(x - half, y - half), p(x + half, y + half));
    Polygon::from_ring(rect.corners().to_vec())
}

fn candidate(outline: Polygon) -> Candidate {
    Candidate {
        score: 0.9,
        outline,
    }
}

fn asked(desk: &Desk) -> Prompt {
    match &desk.ask {
        Some(Ask::Object(prompt)) => prompt.clone(),
        other => panic!("{other:?} is asked"),
    }
}

/// The model answers what it is asked now.
fn says(desk: &mut Desk, outlines: &[Polygon]) {
    let prompt = asked(desk);
    let candidates = outlines.iter().cloned().map(candidate).collect();
    desk.answer(Answer::Object(prompt, candidates));
}

fn smart(desk: &mut Desk, input: SmartInput) {
    desk.input(&Input::Smart(input));
}

fn shown(desk: &Desk) -> Vec<&Shape> {
    desk.preview.iter().map(|preview| &preview.shape).collect()
}

fn points(desk: &Desk) -> Vec<(Point, bool)> {
    asked(desk).points
}

#[test]
fn the_pointer_previews_for_oneself_what_lies_under_it() {
    let mut desk = desk(&[]);
    assert_eq!(desk.ask, None);
    desk.hover(p(200.0, 200.0), NONE);
    assert_eq!(points(&desk), [(p(200.0, 200.0), true)]);
    let late = asked(&desk);
    desk.hover(p(210.0, 200.0), NONE);
    desk.answer(Answer::Object(
        late,
        vec![candidate(square(200.0, 200.0, 50.0))],
    ));
    assert!(is_marquee(&desk.preview[0]), "nobody else sees it");
    says(&mut desk, &[square(210.0, 200.0, 60.0)]);
    assert_eq!(shown(&desk), [&Shape::Polygon(square(210.0, 200.0, 60.0))]);
    desk.label = None;
    desk.refresh();
    let shown_and_asked = (desk.preview.len(), &desk.ask);
    assert_eq!(shown_and_asked, (0, &None), "nothing could be drawn");
    desk.label = Some(label(0));
    desk.input(&Input::PointerLeave);
    assert_eq!((desk.preview.len(), &desk.ask), (0, &None));
    desk.hover(p(-10.0, 200.0), NONE);
    assert_eq!(desk.ask, None, "outside the image there is nothing");
    assert!(desk.document.is_empty());
}

#[test]
fn a_click_and_enter_make_a_polygon_with_its_holes() {
    let mut desk = desk(&[]);
    desk.hover(p(200.0, 200.0), NONE);
    let mut ring = square(200.0, 200.0, 60.0);
    ring.rings.extend(square(200.0, 200.0, 20.0).rings);
    says(&mut desk, &[ring.clone()]);
    desk.click(200.0, 200.0);
    assert_eq!(
        desk.preview[0].label,
        Some(label(0)),
        "the others see it now"
    );
    assert!((desk.smart.prompts, desk.smart.is_waiting) == (1, false));
    assert!(desk.document.is_empty());
    desk.key("Enter");
    let made = desk.drawn().unwrap();
    assert_eq!(made.shape, Shape::Polygon(ring));
    assert_eq!(made.source, Source::Model("MobileSAM".into()));
    assert_eq!(desk.selection, [made.id]);
    assert_eq!(desk.smart.prompts, 0);
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn it_makes_masks_where_that_is_set() {
    let mut desk = desk(&[Shape::Mask(pixels(150, 180, 50, 40))]);
    desk.settings.smart_result = WandResult::Mask;
    desk.settings.panoptic = true;
    desk.click(200.0, 200.0);
    assert_eq!(asked(&desk).tolerance, 0.0, "pixels are not smoothed");
    says(&mut desk, &[square(200.0, 200.0, 20.0)]);
    desk.key("Enter");
    let made = desk.drawn().unwrap();
    assert_eq!(made.shape, Shape::Mask(pixels(180, 180, 40, 40)));
    assert_eq!(made.source, Source::Model("MobileSAM".into()));
    assert_eq!(desk.shape(1), &Shape::Mask(pixels(150, 180, 30, 40)));
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn further_clicks_add_and_alt_takes_away_until_taken_back() {
    let mut desk = desk(&[]);
    desk.click(200.0, 200.0);
    desk.click_with(p(250.0, 200.0), SHIFT);
    desk.click_with(p(300.0, 200.0), ALT);
    let all = [
        (p(200.0, 200.0), true),
        (p(250.0, 200.0), true),
        (p(300.0, 200.0), false),
    ];
    assert_eq!(points(&desk), all);
    assert_eq!(desk.handles.len(), 3);
    smart(&mut desk, SmartInput::Removes(true));
    desk.click(310.0, 200.0);
    desk.click_with(p(320.0, 200.0), SHIFT);
    assert_eq!(
        points(&desk)[3..],
        [(p(310.0, 200.0), false), (p(320.0, 200.0), true)]
    );
    desk.key("Backspace");
    desk.key("Backspace");
    assert_eq!(points(&desk), all);
    for left in [2, 1] {
        assert!(desk.toolbox.can_take_back());
        desk.take_back();
        assert_eq!(points(&desk), all[..left]);
    }
    desk.take_back();
    assert!(!desk.toolbox.can_take_back() && desk.smart.prompts == 0);
    desk.click_with(p(300.0, 200.0), NONE);
    assert_eq!(desk.notices, [Notice::NoPrompt], "nothing to take from");
}

#[test]
fn a_dragged_box_prompts_too_and_holds_what_belongs_to_it() {
    let mut desk = desk(&[]);
    desk.grab(p(100.0, 100.0), p(1200.0, 300.0), NONE);
    assert_eq!(desk.hint, Hint::SmartBox);
    desk.up(p(1200.0, 300.0), NONE);
    let bounds = Rect::from_corners(p(100.0, 100.0), p(1000.0, 300.0));
    assert_eq!(asked(&desk).bounds, Some(bounds), "inside the image");
    desk.click(500.0, 400.0);
    let bounds = Rect::from_corners(p(100.0, 100.0), p(1000.0, 400.0));
    assert_eq!(asked(&desk).bounds, Some(bounds));
    desk.drag(p(50.0, 50.0), p(80.0, 80.0));
    assert_eq!(desk.smart.prompts, 3);
    desk.key("Backspace");
    desk.key("Backspace");
    assert_eq!(asked(&desk).points, []);
    desk.key("Escape");
    assert_eq!(desk.smart.prompts, 0);
}

#[test]
fn tab_goes_through_the_alternatives_and_only_then() {
    let mut desk = desk(&[]);
    desk.click(200.0, 200.0);
    desk.key("Tab");
    assert!(!desk.handled, "the focus moves on");
    let sizes = [20.0, 40.0, 60.0].map(|half| square(200.0, 200.0, half));
    says(&mut desk, &sizes);
    assert_eq!((desk.smart.alternatives, desk.smart.alternative), (3, 0));
    desk.key("Tab");
    desk.key("Tab");
    assert_eq!(shown(&desk), [&Shape::Polygon(sizes[2].clone())]);
    desk.key("Tab");
    assert_eq!(desk.smart.alternative, 0);
    desk.key_with("Tab", SHIFT);
    smart(&mut desk, SmartInput::Alternative { next: false });
    smart(&mut desk, SmartInput::Accept);
    assert_eq!(
        desk.drawn().unwrap().shape,
        Shape::Polygon(sizes[1].clone())
    );
}

#[test]
fn a_double_click_accepts_when_the_answer_comes() {
    let mut desk = desk(&[]);
    desk.click(200.0, 200.0);
    desk.down(p(200.0, 200.0), NONE, 2);
    desk.up(p(200.0, 200.0), NONE);
    assert!(desk.document.is_empty() && desk.smart.is_waiting);
    says(&mut desk, &[square(200.0, 200.0, 60.0)]);
    assert!(desk.drawn().is_some() && desk.smart.prompts == 0);
}

#[test]
fn late_answers_change_nothing() {
    let mut desk = desk(&[]);
    desk.click(200.0, 200.0);
    let late = asked(&desk);
    let found = vec![candidate(square(200.0, 200.0, 60.0))];
    desk.click(250.0, 200.0);
    desk.answer(Answer::Object(late.clone(), found.clone()));
    assert!(desk.preview.is_empty() && desk.smart.is_waiting);
    desk.key("Enter");
    desk.answer(Answer::Object(late.clone(), found.clone()));
    assert!(desk.document.is_empty(), "not what was accepted");
    desk.key("Escape");
    desk.input(&Input::PointerLeave);
    desk.answer(Answer::Object(late.clone(), found.clone()));
    assert!(desk.preview.is_empty());
    desk.click(200.0, 200.0);
    desk.key("Enter");
    desk.switch(ToolKind::Box);
    assert_eq!(desk.ask, None);
    desk.answer(Answer::Object(late.clone(), found.clone()));
    desk.switch(ToolKind::Smart);
    desk.answer(Answer::Object(late, found));
    desk.answer(Answer::FoundAll);
    assert!(desk.preview.is_empty() && desk.document.is_empty());
    assert_eq!(desk.notices, []);
}

#[test]
fn where_the_model_fails_or_sees_nothing_the_prompts_stay() {
    let mut desk = desk(&[]);
    desk.click(200.0, 200.0);
    desk.key("Enter");
    let ask = desk.ask.clone().unwrap();
    desk.answer(Answer::Failed(ask));
    assert!((desk.smart.prompts, desk.smart.is_waiting) == (1, false));
    desk.key("Enter");
    assert_eq!(desk.notices, [Notice::NoObject]);
    says(&mut desk, &[square(200.0, 200.0, 20.0)]);
    assert_eq!(desk.preview.len(), 1, "a second try may succeed");
    desk.click(220.0, 200.0);
    // What lies outside the image is no object either.
    says(&mut desk, &[square(-200.0, 200.0, 20.0)]);
    desk.key("Enter");
    assert_eq!(desk.notices[1..], [Notice::NoObject]);
    assert!(desk.document.is_empty() && desk.smart.prompts == 2);
}

#[test]
fn the_tolerance_asks_again() {
    let mut desk = desk(&[]);
    desk.click(200.0, 200.0);
    says(&mut desk, &[square(200.0, 200.0, 20.0)]);
    desk.settings.simplify_tolerance = 4.0;
    desk.refresh();
    assert_eq!(asked(&desk).tolerance, 4.0);
    assert!(desk.smart.is_waiting && desk.preview.len() == 1);
    says(&mut desk, &[square(200.0, 200.0, 30.0)]);
    desk.key("Enter");
    let made = &desk.drawn().unwrap().shape;
    assert_eq!(made, &Shape::Polygon(square(200.0, 200.0, 30.0)));
}

#[test]
fn the_selected_shape_is_refined_and_keeps_its_id() {
    let shapes = [
        Shape::Polygon(square(200.0, 200.0, 50.0)),
        Shape::Mask(pixels(150, 150, 100, 100)),
    ];
    for (n, shape) in (1..).zip(&shapes) {
        let mut desk = desk(&shapes);
        desk.select(&[id(n)]);
        assert_eq!(desk.hint, Hint::SmartRefine);
        desk.click_with(p(240.0, 200.0), ALT);
        let bounds = Rect::from_corners(p(150.0, 150.0), p(250.0, 250.0));
        assert_eq!(asked(&desk).bounds, Some(bounds));
        assert!(desk.smart.refines);
        says(&mut desk, &[square(200.0, 200.0, 30.0)]);
        assert_eq!(desk.preview[0].annotation, Some(id(n)));
        desk.key("Enter");
        let refined = match shape {
            Shape::Mask(_) => Shape::Mask(pixels(170, 170, 60, 60)),
            _ => Shape::Polygon(square(200.0, 200.0, 30.0)),
        };
        assert_eq!((desk.shape(n), desk.document.len()), (&refined, 2));
        assert_eq!(desk.document.get(id(n)).unwrap().source, Source::Manual);
        assert!(desk.undo() && !desk.document.can_undo());
        assert_eq!(desk.shape(n), shape);
    }
}

#[test]
fn after_accepting_a_click_begins_the_next_and_shift_goes_on() {
    let mut desk = desk(&[]);
    desk.click(200.0, 200.0);
    says(&mut desk, &[square(200.0, 200.0, 50.0)]);
    desk.key("Enter");
    let first = desk.drawn().unwrap().id;
    assert_eq!(desk.hint, Hint::SmartStart);
    desk.click_with(p(300.0, 200.0), SHIFT);
    let both = [(p(200.0, 200.0), true), (p(300.0, 200.0), true)];
    assert_eq!((&points(&desk)[..], desk.smart.refines), (&both[..], true));
    says(&mut desk, &[square(250.0, 200.0, 100.0)]);
    desk.key("Enter");
    let refined = desk.drawn().unwrap();
    assert_eq!(refined.id, first);
    assert_eq!(refined.shape, Shape::Polygon(square(250.0, 200.0, 100.0)));
    desk.click(600.0, 600.0);
    assert_eq!(points(&desk), [(p(600.0, 600.0), true)]);
    says(&mut desk, &[square(600.0, 600.0, 50.0)]);
    desk.key("Enter");
    assert_eq!(desk.document.len(), 2);
}

#[test]
fn locked_shapes_are_not_refined() {
    let mut desk = desk(&[Shape::Polygon(square(200.0, 200.0, 50.0))]);
    desk.select(&[id(1)]);
    desk.click(200.0, 200.0);
    says(&mut desk, &[square(200.0, 200.0, 30.0)]);
    desk.edit(&[Edit::SetLocked(id(1), true)]);
    desk.key("Enter");
    assert_eq!(desk.notices, [Notice::Locked]);
    desk.key("Escape");
    desk.click(210.0, 200.0);
    assert_eq!(desk.notices[1..], [Notice::Locked]);
    assert_eq!(desk.smart.prompts, 0);
    assert_eq!(desk.shape(1), &Shape::Polygon(square(200.0, 200.0, 50.0)));
}

#[test]
fn what_is_refined_can_be_deleted_meanwhile() {
    let mut desk = desk(&[Shape::Polygon(square(200.0, 200.0, 50.0))]);
    desk.select(&[id(1)]);
    desk.click(200.0, 200.0);
    desk.edit(&[Edit::Delete(id(1))]);
    assert_eq!(desk.notices, [Notice::DeletedMeanwhile]);
    assert_eq!(desk.smart.prompts, 0);
    desk.key("Enter");
    assert!(desk.document.is_empty());
}

#[test]
fn fingers_tap_and_a_second_finger_takes_nothing() {
    let mut desk = desk(&[]);
    desk.tap(p(200.0, 200.0));
    desk.tap(p(300.0, 200.0));
    assert_eq!(points(&desk).len(), 2);
    desk.touch_grab(p(350.0, 200.0), p(450.0, 300.0));
    desk.input(&Input::Cancel);
    assert_eq!(desk.smart.prompts, 2);
    says(&mut desk, &[square(250.0, 200.0, 60.0)]);
    smart(&mut desk, SmartInput::Accept);
    assert!(desk.drawn().is_some());
    let pos = desk.camera.screen_from_image(p(500.0, 500.0));
    desk.input(&Input::PointerMove {
        pos,
        modifiers: NONE,
        pointer: PointerKind::Touch,
    });
    assert_eq!(desk.ask, None, "a finger does not hover");
}

#[test]
fn watchers_and_people_without_a_label_ask_nothing() {
    let mut desk = desk(&[]);
    desk.click(200.0, 200.0);
    says(&mut desk, &[square(200.0, 200.0, 50.0)]);
    desk.can_edit = false;
    desk.refresh();
    assert!(desk.preview.is_empty() && desk.ask.is_none());
    smart(&mut desk, SmartInput::Everything);
    smart(&mut desk, SmartInput::Accept);
    desk.can_edit = true;
    desk.check_read_only(p(200.0, 200.0), p(400.0, 400.0));
    desk.key("Escape");
    desk.input(&Input::PointerLeave);
    desk.label = None;
    desk.hover(p(200.0, 200.0), NONE);
    assert_eq!(desk.ask, None);
    desk.click(200.0, 200.0);
    smart(&mut desk, SmartInput::Everything);
    assert_eq!(
        desk.notices[desk.notices.len() - 2..],
        [Notice::ChooseLabel; 2]
    );
    assert!(desk.document.is_empty() && desk.ask.is_none());
}

#[test]
fn escape_leaves_nothing() {
    let mut desk = desk(&[]);
    desk.grab(p(100.0, 100.0), p(200.0, 200.0), NONE);
    desk.check_escape(p(200.0, 200.0));
    desk.click(200.0, 200.0);
    says(&mut desk, &[square(200.0, 200.0, 50.0)]);
    desk.check_escape(p(200.0, 200.0));
    assert_eq!(desk.handles, []);
    desk.key("Enter");
    assert!(!desk.document.can_undo());
}

#[test]
fn everything_is_proposed_to_one_person_and_accepted_one_by_one_or_at_once() {
    let mut desk = desk(&[]);
    let found =
        |outlines: &[Polygon]| Answer::Found(outlines.iter().cloned().map(candidate).collect());
    smart(&mut desk, SmartInput::Everything);
    assert!(matches!(desk.ask, Some(Ask::Everything { .. })));
    desk.answer(found(&[
        square(200.0, 200.0, 100.0),
        square(200.0, 200.0, 20.0),
    ]));
    desk.answer(found(&[
        square(600.0, 200.0, 50.0),
        square(800.0, 600.0, 50.0),
    ]));
    assert_eq!(
        (desk.smart.proposals, desk.smart.is_waiting),
        (Some(4), true)
    );
    assert!(desk.preview.iter().all(is_marquee));
    desk.click(200.0, 200.0);
    let inner = Shape::Polygon(square(200.0, 200.0, 20.0));
    assert_eq!(desk.drawn().unwrap().shape, inner, "the smallest is meant");
    desk.click_with(p(800.0, 600.0), ALT);
    desk.click(500.0, 700.0);
    assert_eq!((desk.smart.proposals, desk.document.len()), (Some(2), 1));
    desk.answer(Answer::FoundAll);
    assert_eq!(desk.ask, None);
    desk.key("Enter");
    assert_eq!((desk.smart.proposals, desk.document.len()), (None, 3));
    let is_models = |a: &visionflow_model::Annotation| a.source.name() == "model:MobileSAM";
    assert!(desk.document.annotations().all(is_models));
    assert!(
        desk.undo() && desk.document.len() == 1,
        "all at once is one step"
    );
}

#[test]
fn proposals_are_dropped_and_may_be_none() {
    let mut desk = desk(&[]);
    smart(&mut desk, SmartInput::Everything);
    desk.answer(Answer::Found(vec![candidate(square(200.0, 200.0, 50.0))]));
    desk.key("Escape");
    assert_eq!((desk.smart.proposals, &desk.ask), (None, &None));
    desk.answer(Answer::Found(vec![candidate(square(200.0, 200.0, 50.0))]));
    assert!(desk.preview.is_empty() && desk.document.is_empty());
    smart(&mut desk, SmartInput::Everything);
    desk.answer(Answer::FoundAll);
    assert_eq!(desk.notices, [Notice::NoObject]);
    assert_eq!(desk.smart.proposals, None);
}

#[test]
fn masks_of_everything_share_no_pixel_where_that_is_set() {
    let mut desk = desk(&[
        Shape::Mask(pixels(100, 100, 100, 100)),
        Shape::Mask(pixels(700, 100, 50, 50)),
    ]);
    desk.settings.smart_result = WandResult::Mask;
    desk.settings.panoptic = true;
    desk.edit(&[Edit::SetLocked(id(2), true)]);
    smart(&mut desk, SmartInput::Everything);
    let outlines = [(150.0, 50.0), (180.0, 50.0), (725.0, 50.0)];
    let found = outlines.map(|(x, half)| candidate(square(x, 125.0, half)));
    desk.answer(Answer::Found(found.to_vec()));
    smart(&mut desk, SmartInput::Accept);
    let masks: Vec<_> = desk.document.annotations().map(|a| &a.shape).collect();
    let area = |shape: &Shape| match shape {
        Shape::Mask(mask) => mask.area(),
        other => panic!("{other:?}"),
    };
    assert_eq!(masks.len(), 5);
    let sum: u64 = masks.iter().map(|shape| area(shape)).sum();
    let mut all = visionflow_geometry::Mask::default();
    for shape in masks {
        if let Shape::Mask(mask) = shape {
            all = all.union(mask);
        }
    }
    assert_eq!(sum, all.area());
    assert_eq!(desk.shape(2), &Shape::Mask(pixels(700, 100, 50, 50)));
}
