//! Going through what a model proposes, by pointer and keys.

use crate::desk::*;
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;
use visionflow_document::Edit;
use visionflow_model::{RunId, Shape, Source, Suggestion, Verdict};
use visionflow_tools::{Hint, Notice, ToolKind};

impl Desk {
    /// Suggestions 100, 101 … of these scores and shapes, as a model brings them.
    pub fn suggest(&mut self, proposed: &[(f64, Shape)]) {
        let suggest = |(n, (score, shape)): (u128, &(f64, Shape))| {
            let mut annotation = annotation(n, shape.clone());
            annotation.source = Source::Model("yolo".into());
            Edit::Suggest(Box::new(Suggestion {
                annotation,
                score: *score,
                model: None,
                run: RunId(Uuid::from_u128(1)),
                verdict: Verdict::Pending,
            }))
        };
        let edits: Vec<_> = (100..).zip(proposed).map(suggest).collect();
        let change = self.document.bring(&edits).unwrap();
        self.took(&change);
        self.document.take_updates();
    }

    pub fn verdict(&self, n: u128) -> Verdict {
        self.document.suggestion(id(n)).unwrap().verdict
    }
}

/// An annotation 1, and suggestions 100 (surest), 101 and 102 (least sure) beside each other.
fn desk() -> Desk {
    let mut desk = Desk::new(&[rect(10.0, 400.0, 100.0, 100.0)]);
    desk.suggest(&[
        (0.9, rect(10.0, 10.0, 100.0, 100.0)),
        (0.7, rect(210.0, 10.0, 100.0, 100.0)),
        (0.5, rect(410.0, 10.0, 100.0, 100.0)),
    ]);
    desk
}

#[test]
fn a_click_picks_a_suggestion_and_selects_nothing() {
    let mut desk = desk();
    desk.click(50.0, 450.0);
    assert_eq!(desk.selection, [id(1)]);
    desk.hover(p(250.0, 50.0), NONE);
    assert_eq!(desk.hover, Some(id(101)));
    desk.click(250.0, 50.0);
    assert_eq!((desk.picked, desk.hint), (Some(id(101)), Hint::Suggestion));
    assert!(desk.selection.is_empty() && desk.handles.is_empty());
    desk.click(50.0, 450.0);
    assert_eq!((desk.picked, &desk.selection[..]), (None, &[id(1)][..]));
    desk.click(250.0, 50.0);
    desk.click(700.0, 700.0);
    assert_eq!(desk.picked, None);
}

#[test]
fn enter_accepts_and_the_annotation_is_selected() {
    let mut desk = desk();
    desk.click(250.0, 50.0);
    desk.key("Enter");
    assert_eq!(desk.verdict(101), Verdict::Accepted);
    assert_eq!(
        desk.document.get(id(101)).unwrap().source.name(),
        "model:yolo"
    );
    assert_eq!((desk.picked, &desk.selection[..]), (None, &[id(101)][..]));
    // It is an annotation like others now.
    desk.drag(p(250.0, 50.0), p(260.0, 50.0));
    assert_eq!(desk.shape(101), &rect(220.0, 10.0, 100.0, 100.0));
    assert!(desk.undo() && desk.undo());
    assert_eq!(desk.verdict(101), Verdict::Pending);
    assert!(desk.selection.is_empty() && !desk.undo());
}

#[test]
fn delete_and_backspace_reject() {
    for key in ["Delete", "Backspace"] {
        let mut desk = desk();
        desk.click(250.0, 50.0);
        desk.key(key);
        assert_eq!((desk.verdict(101), desk.picked), (Verdict::Rejected, None));
        assert_eq!(desk.document.len(), 1);
        // The next one does not go with it.
        desk.key(key);
        assert_eq!(desk.document.len(), 1);
        assert_eq!(desk.verdict(102), Verdict::Pending);
        // It is not there any more.
        desk.click(250.0, 50.0);
        assert_eq!(desk.picked, None);
        assert!(desk.undo());
        desk.click(250.0, 50.0);
        assert_eq!(desk.picked, Some(id(101)));
    }
}

#[test]
fn tab_goes_on_from_the_surest_to_the_least_and_around() {
    let mut desk = desk();
    desk.key("Tab");
    assert_eq!((desk.picked, desk.handled), (None, false));
    desk.click(50.0, 50.0);
    let mut picked = Vec::new();
    for _ in 0..3 {
        desk.key("Tab");
        picked.extend(desk.picked);
    }
    assert_eq!(picked, [id(101), id(102), id(100)]);
    desk.key_with("Tab", SHIFT);
    assert_eq!(desk.picked, Some(id(102)));
    // Also from what was decided about.
    desk.key("Delete");
    desk.key("Tab");
    assert_eq!(desk.picked, Some(id(100)));
    desk.key("Enter");
    desk.key("Tab");
    assert_eq!((desk.picked, desk.selection.len()), (Some(id(101)), 0));
    desk.key("Enter");
    // Nothing is left, and Tab is the page's again.
    desk.key("Tab");
    assert_eq!((desk.picked, desk.handled), (None, false));
    assert!(!desk.toolbox.reviews());
}

#[test]
fn escape_lets_go_and_gives_tab_back() {
    let mut desk = desk();
    desk.click(50.0, 50.0);
    assert!(desk.toolbox.reviews());
    desk.key("Escape");
    assert_eq!((desk.picked, desk.toolbox.reviews()), (None, false));
    desk.key("Enter");
    assert_eq!(desk.verdict(100), Verdict::Pending);
}

#[test]
fn neither_marquee_nor_select_all_nor_other_tools_see_suggestions() {
    let mut desk = desk();
    // A drag from a suggestion begins as beside it.
    desk.drag(p(450.0, 50.0), p(50.0, 600.0));
    assert_eq!((&desk.selection[..], desk.picked), (&[id(1)][..], None));
    desk.key_with("a", CTRL);
    assert_eq!(desk.selection, [id(1)]);
    desk.click(50.0, 50.0);
    desk.switch(ToolKind::Box);
    assert_eq!(desk.picked, None);
    desk.hover(p(50.0, 50.0), NONE);
    desk.key("Enter");
    desk.switch(ToolKind::Lasso);
    desk.click(50.0, 50.0);
    assert_eq!(desk.picked, None);
    assert_eq!(desk.verdict(100), Verdict::Pending);
}

#[test]
fn who_only_watches_looks_and_decides_nothing() {
    let mut desk = desk();
    desk.can_edit = false;
    desk.click(50.0, 50.0);
    assert_eq!(desk.picked, Some(id(100)));
    desk.key("Enter");
    desk.key("Delete");
    assert_eq!(desk.verdict(100), Verdict::Pending);
    assert_eq!(desk.notices, [Notice::ReadOnly, Notice::ReadOnly]);
    assert_eq!(desk.picked, Some(id(100)));
}

#[test]
fn what_another_decides_is_not_picked_any_more() {
    let mut desk = desk();
    desk.click(50.0, 50.0);
    let verdict = Verdict::Rejected;
    desk.edit(&[Edit::Decide {
        id: id(100),
        verdict,
    }]);
    assert_eq!(desk.picked, None);
    desk.key("Enter");
    assert_eq!(desk.verdict(100), Verdict::Rejected);
    // A list of them picks too, and what is not shown is not picked.
    let effects = desk.with_toolbox(|toolbox, context| toolbox.pick(Some(id(101)), context));
    assert_eq!(effects.picked, Some(Some(id(101))));
    let effects = desk.with_toolbox(|toolbox, context| toolbox.pick(Some(id(100)), context));
    assert_eq!(effects.picked, Some(None));
}

#[test]
fn in_panoptic_mode_an_accepted_mask_takes_its_pixels() {
    let mut desk = Desk::new(&[Shape::Mask(pixels(0, 0, 100, 100))]);
    desk.settings.panoptic = true;
    desk.suggest(&[(0.9, Shape::Mask(pixels(50, 0, 100, 100)))]);
    desk.click(120.0, 50.0);
    desk.key("Enter");
    assert_eq!(desk.shape(1), &Shape::Mask(pixels(0, 0, 50, 100)));
    assert_eq!(desk.shape(100), &Shape::Mask(pixels(50, 0, 100, 100)));
    assert!(desk.undo());
    assert_eq!(desk.shape(1), &Shape::Mask(pixels(0, 0, 100, 100)));
    // Of what is locked it takes nothing.
    desk.edit(&[Edit::SetLocked(id(1), true)]);
    desk.click(120.0, 50.0);
    desk.key("Enter");
    assert_eq!(desk.shape(1), &Shape::Mask(pixels(0, 0, 100, 100)));
    assert_eq!(desk.shape(100), &Shape::Mask(pixels(100, 0, 50, 100)));
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Click(u8),
    Key(&'static str),
    Undo,
}

const KEYS: &[&str] = &["Enter", "Delete", "Tab", "Escape", "ArrowRight"];

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => (0..4u8).prop_map(Act::Click),
        5 => prop::sample::select(KEYS).prop_map(Act::Key),
        1 => Just(Act::Undo),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_decided_undoing_all_gives_back_the_first_state(acts in vec(act(), 1..40)) {
        let mut desk = desk();
        let suggestions = |desk: &Desk| {
            let all = desk.document.suggestions().map(|s| (s.id(), s.verdict));
            all.collect::<std::collections::BTreeMap<_, _>>()
        };
        let first = (desk.contents(), suggestions(&desk));
        for act in acts {
            match act {
                Act::Click(n) => desk.click(50.0 + 200.0 * f64::from(n), 50.0),
                Act::Key(key) => desk.key(key),
                Act::Undo => drop(desk.undo()),
            }
            // What is picked can be decided about, and nothing else is selected beside it.
            if let Some(picked) = desk.picked {
                prop_assert_eq!(desk.document.suggestion(picked).unwrap().verdict, Verdict::Pending);
                prop_assert!(desk.selection.is_empty());
            }
        }
        while desk.undo() {}
        prop_assert_eq!((desk.contents(), suggestions(&desk)), first);
    }
}
