//! Writing on the image.

use crate::desk::*;
use visionflow_document::Edit;
use visionflow_geometry::Rect;
use visionflow_model::{Align, MAX_TEXT_BYTES, Shape, TextBox};
use visionflow_tools::{Cursor, Hint, Input, Notice, TextSettings, ToolKind};

fn desk(shapes: &[Shape]) -> Desk {
    Desk::with_tool(shapes, ToolKind::Text)
}

fn text(words: &str) -> TextBox {
    TextBox {
        rect: Rect::from_corners(p(100.0, 100.0), p(400.0, 200.0)),
        text: words.to_owned(),
        size: 20.0,
        bold: false,
        align: Align::Left,
    }
}

fn shape(words: &str) -> Shape {
    Shape::Text(Box::new(text(words)))
}

fn type_in(desk: &mut Desk, words: &str) {
    desk.input(&Input::Typed(words.to_owned()));
}

fn drawn(desk: &Desk) -> TextBox {
    match &desk.drawn().unwrap().shape {
        Shape::Text(text) => (**text).clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_drag_gives_the_frame_and_typing_the_words() {
    let mut desk = desk(&[]);
    desk.settings.text = TextSettings {
        size: 20.0,
        bold: true,
        align: Align::Center,
    };
    assert_eq!(desk.cursor, Cursor::Text);
    desk.drag(p(100.0, 100.0), p(400.0, 200.0));
    assert_eq!(desk.hint, Hint::TextTyping);
    assert_eq!(desk.text.as_ref().unwrap().annotation, None);
    type_in(&mut desk, "a sl");
    type_in(&mut desk, "a slip ");
    assert_eq!(desk.text.as_ref().unwrap().text.text, "a slip ");
    let expected = TextBox {
        bold: true,
        align: Align::Center,
        ..text("a slip ")
    };
    assert_eq!(
        desk.preview[0].shape,
        Shape::Text(Box::new(expected.clone()))
    );
    assert!(desk.document.is_empty());
    desk.input(&Input::TypingDone);
    let text = "a slip".to_owned();
    assert_eq!(drawn(&desk), TextBox { text, ..expected });
    assert_eq!((&desk.text, desk.preview.len()), (&None, 0));
    assert!(desk.undo() && !desk.document.can_undo());
}

#[test]
fn a_click_gives_a_frame_too_inside_the_image() {
    let mut desk = desk(&[]);
    desk.click(950.0, 790.0);
    type_in(&mut desk, "edge");
    // A press elsewhere ends it, and is nothing more.
    desk.down(p(10.0, 10.0), NONE, 1);
    desk.up(p(10.0, 10.0), NONE);
    let rect = drawn(&desk).rect;
    assert_eq!((rect.min, rect.max), (p(760.0, 764.0), p(1000.0, 800.0)));
    assert_eq!(desk.hint, Hint::TextStart);
}

#[test]
fn the_frame_grows_with_the_lines() {
    let mut desk = desk(&[]);
    desk.tap(p(100.0, 100.0));
    let height = |desk: &Desk| desk.text.as_ref().unwrap().text.rect.height();
    let one = height(&desk);
    type_in(&mut desk, "1\n2\n3\n4");
    assert!(height(&desk) > 2.0 * one, "{}", height(&desk));
}

#[test]
fn nothing_typed_is_no_text() {
    let mut desk = desk(&[]);
    desk.click(100.0, 100.0);
    type_in(&mut desk, "  \n ");
    desk.input(&Input::TypingDone);
    assert!(desk.document.is_empty());
    desk.input(&Input::TypingDone);
    assert!(!desk.handled);
    desk.click(100.0, 100.0);
    type_in(&mut desk, &"ü".repeat(MAX_TEXT_BYTES));
    desk.input(&Input::TypingDone);
    assert_eq!(drawn(&desk).text.len(), MAX_TEXT_BYTES);
}

#[test]
fn a_click_on_a_text_changes_it() {
    let mut desk = desk(&[shape("before")]);
    desk.click(102.0, 110.0);
    let entry = desk.text.clone().unwrap();
    assert_eq!(
        (entry.annotation, entry.text),
        (Some(id(1)), text("before"))
    );
    type_in(&mut desk, "after");
    assert_eq!(desk.preview[0].annotation, Some(id(1)));
    desk.input(&Input::TypingDone);
    assert_eq!(desk.shape(1), &shape("after"));
    assert!(desk.undo() && !desk.document.can_undo());
    desk.click(102.0, 110.0);
    desk.input(&Input::TypingDone);
    assert!(!desk.document.can_undo(), "nothing changed");
    desk.click(102.0, 110.0);
    type_in(&mut desk, "");
    desk.input(&Input::TypingDone);
    assert!(desk.document.is_empty());
}

#[test]
fn a_text_can_be_locked_or_deleted_meanwhile() {
    let mut desk = desk(&[shape("before")]);
    desk.click(102.0, 110.0);
    type_in(&mut desk, "after");
    desk.edit(&[Edit::Delete(id(1))]);
    assert_eq!((&desk.text, desk.preview.len()), (&None, 0));
    assert_eq!(desk.notices, [Notice::DeletedMeanwhile]);
    let mut desk = self::desk(&[shape("before")]);
    desk.edit(&[Edit::SetLocked(id(1), true)]);
    desk.click(102.0, 110.0);
    assert_eq!(
        (&desk.text, &desk.notices[..]),
        (&None, &[Notice::Locked][..])
    );
}

#[test]
fn what_others_made_of_a_text_meanwhile_stays() {
    let mut desk = desk(&[shape("before")]);
    desk.click(102.0, 110.0);
    type_in(&mut desk, "after");
    let theirs = |words: &str| {
        Shape::Text(Box::new(TextBox {
            rect: Rect::from_corners(p(150.0, 120.0), p(450.0, 220.0)),
            bold: true,
            ..text(words)
        }))
    };
    desk.edit(&[Edit::SetShape(id(1), theirs("before"))]);
    desk.input(&Input::TypingDone);
    assert_eq!(desk.shape(1), &theirs("after"));
}

#[test]
fn who_typed_nothing_changes_nothing() {
    let mut desk = desk(&[shape("before")]);
    desk.click(102.0, 110.0);
    desk.edit(&[
        Edit::SetShape(id(1), shape("theirs")),
        Edit::SetLocked(id(1), true),
    ]);
    desk.input(&Input::TypingDone);
    assert_eq!((&desk.text, desk.shape(1)), (&None, &shape("theirs")));
    assert_eq!(desk.notices, []);
}

#[test]
fn a_text_that_was_locked_while_it_was_typed_stays() {
    let mut desk = desk(&[shape("before")]);
    desk.click(102.0, 110.0);
    type_in(&mut desk, "after");
    desk.edit(&[Edit::SetLocked(id(1), true)]);
    desk.input(&Input::TypingDone);
    assert_eq!(desk.shape(1), &shape("before"));
    assert_eq!(desk.notices.last(), Some(&Notice::Locked));
}

#[test]
fn typing_goes_on_while_the_pointer_is_elsewhere() {
    let mut desk = desk(&[]);
    desk.click(100.0, 100.0);
    type_in(&mut desk, "still");
    desk.input(&Input::Cancel);
    desk.input(&Input::PointerLeave);
    desk.key("Delete");
    assert_eq!(desk.text.as_ref().unwrap().text.text, "still");
    desk.switch(ToolKind::Select);
    assert_eq!((&desk.text, desk.document.len()), (&None, 0));
}

#[test]
fn escape_leaves_nothing_and_watchers_write_nothing() {
    let mut desk = desk(&[shape("before")]);
    desk.grab(p(500.0, 100.0), p(600.0, 200.0), NONE);
    assert_eq!(desk.hint, Hint::TextDrag);
    desk.check_escape(p(600.0, 200.0));
    for x in [102.0, 600.0] {
        desk.click(x, 110.0);
        type_in(&mut desk, "gone");
        desk.check_escape(p(600.0, 200.0));
        assert_eq!(desk.text, None);
    }
    desk.check_read_only(p(500.0, 100.0), p(600.0, 200.0));
    desk.click(500.0, 100.0);
    type_in(&mut desk, "gone");
    desk.can_edit = false;
    desk.refresh();
    assert_eq!(desk.text, None);
    desk.click(102.0, 110.0);
    assert_eq!((&desk.text, desk.shape(1)), (&None, &shape("before")));
    desk.can_edit = true;
    desk.label = None;
    desk.click(500.0, 100.0);
    assert_eq!(desk.notices.last(), Some(&Notice::ChooseLabel));
}
