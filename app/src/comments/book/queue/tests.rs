//! What is done while nothing can be sent, and what the server hears of it in the end.

use super::*;
use crate::comments::waiting::Said;
use serde_json::json;
use visionflow_api::{NewComment, OffsetDateTime};

const IMAGE: Uuid = Uuid::from_u128(1);
const THREAD: Uuid = Uuid::from_u128(10);
const FIRST: Uuid = Uuid::from_u128(11);
const REPLY: Uuid = Uuid::from_u128(12);

fn me() -> CommentPerson {
    CommentPerson {
        id: Uuid::from_u128(2),
        name: "Ada".to_owned(),
    }
}

fn comment(id: Uuid, body: &str) -> Comment {
    Comment {
        id,
        thread_id: THREAD,
        author: me(),
        body: body.to_owned(),
        mentions: Vec::new(),
        created_at: OffsetDateTime::UNIX_EPOCH,
        edited_at: None,
        deleted_at: None,
    }
}

/// A photograph with one thread, in which these were said.
fn book(comments: &[Comment]) -> Book {
    let mut book = Book::default();
    book.load(vec![thread(comments)]);
    book
}

fn thread(comments: &[Comment]) -> CommentThread {
    let thread = json!({
        "id": THREAD, "room_id": Uuid::nil(), "image_id": IMAGE, "project_id": Uuid::nil(),
        "number": 1, "anchor": { "x": 0.0, "y": 0.0 }, "created_by": me().id,
        "created_at": "2026-01-01T00:00:00Z", "comment_count": comments.len(),
        "comments": comments,
    });
    serde_json::from_value(thread).unwrap()
}

fn waiting(at_ms: f64, said: Said) -> Waiting {
    Waiting {
        at_ms,
        image_id: IMAGE,
        said,
        changed: 0,
        refused: None,
    }
}

fn reply(body: &str) -> Said {
    let comment = NewComment {
        id: REPLY,
        body: body.to_owned(),
        mentions: Vec::new(),
    };
    Said::Reply {
        thread_id: THREAD,
        comment,
    }
}

fn edit(comment_id: Uuid, body: &str) -> Said {
    let body = body.to_owned();
    Said::Edit { comment_id, body }
}

fn take_back(comment_id: Uuid) -> Said {
    Said::TakeBack { comment_id }
}

fn resolve(resolved: bool) -> Said {
    Said::Resolve {
        thread_id: THREAD,
        resolved,
    }
}

/// Does these one after the other, and compares what is to be sent then.
fn check(book: &mut Book, done: &[Said], expected: &[Said]) {
    for said in done {
        book.join(waiting(100.0, said.clone()));
    }
    let left: Vec<Said> = book.waiting.iter().map(|w| w.said.clone()).collect();
    assert_eq!(left, expected);
}

/// What is shown of the thread: whether it is resolved, and its texts; none for a deleted one.
fn shown(book: &Book) -> Option<(bool, Vec<Option<String>>)> {
    let thread = book.all(&me()).into_iter().find(|t| t.id == THREAD)?;
    let text = |comment: Comment| comment.deleted_at.is_none().then_some(comment.body);
    let texts = thread.comments.into_iter().map(text).collect();
    Some((thread.resolved_at.is_some(), texts))
}

fn texts(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}

#[test]
fn the_last_change_counts_and_comes_last() {
    let first = || book(&[comment(FIRST, "one")]);
    check(
        &mut first(),
        &[edit(FIRST, "two"), resolve(true), edit(FIRST, "three")],
        &[resolve(true), edit(FIRST, "three")],
    );
    check(
        &mut first(),
        &[resolve(true), resolve(false)],
        &[resolve(false)],
    );
    check(
        &mut first(),
        &[edit(FIRST, "two"), take_back(FIRST)],
        &[take_back(FIRST)],
    );
    check(
        &mut first(),
        &[edit(FIRST, "two"), resolve(true), take_back(FIRST)],
        &[resolve(true), take_back(FIRST)],
    );
}

#[test]
fn a_comment_that_waits_is_changed_in_its_place() {
    let mut book = book(&[comment(FIRST, "one")]);
    check(
        &mut book,
        &[reply("helo"), resolve(true), edit(REPLY, "hello")],
        &[reply("hello"), resolve(true)],
    );
    assert_eq!(shown(&book), Some((true, texts(&["one", "hello"]))));
    let sent = book.next_to_send().unwrap().clone();
    assert_ne!(sent.key(), REPLY.to_string());
    assert_eq!(
        book.settle(&sent, Sent::Comment(comment(REPLY, "hello")), &me()),
        None
    );
    check(&mut book, &[], &[resolve(true)]);
}

#[test]
fn a_comment_that_waits_and_is_taken_back_is_not_sent() {
    let mut book = book(&[comment(FIRST, "one")]);
    // An attempt whose answer was lost may have brought it to the server.
    check(
        &mut book,
        &[reply("hello"), take_back(REPLY)],
        &[take_back(REPLY)],
    );
    assert_eq!(shown(&book), Some((false, texts(&["one"]))));
}

#[test]
fn what_arrived_before_it_was_changed_is_changed_afterwards() {
    let mut book = book(&[comment(FIRST, "one")]);
    check(
        &mut book,
        &[reply("helo"), edit(REPLY, "hello")],
        &[reply("hello")],
    );
    book.put_comment(comment(REPLY, "helo"));
    check(&mut book, &[], &[edit(REPLY, "hello")]);
    assert_eq!(shown(&book), Some((false, texts(&["one", "hello"]))));
}

#[test]
fn what_is_changed_while_it_is_under_way_is_changed_afterwards() {
    let mut book = book(&[comment(FIRST, "one")]);
    book.join(waiting(100.0, reply("helo")));
    let sent = book.next_to_send().unwrap().clone();
    book.join(waiting(101.0, edit(REPLY, "hello")));
    assert!(!book.waits_unchanged(&sent));
    let rest = book.settle(&sent, Sent::Comment(comment(REPLY, "helo")), &me());
    let rest = rest.unwrap();
    assert!(rest.is(&sent), "it takes the other's place in the storage");
    check(&mut book, &[], &[edit(REPLY, "hello")]);
    book.settle(&rest, Sent::Comment(comment(REPLY, "hello")), &me());
    check(&mut book, &[], &[]);
    assert_eq!(shown(&book), Some((false, texts(&["one", "hello"]))));
}

#[test]
fn what_waits_is_shown_as_done_and_what_was_refused_is_not() {
    let mut book = book(&[comment(FIRST, "one"), comment(REPLY, "two")]);
    book.join(waiting(1.0, edit(FIRST, "1")));
    book.join(waiting(2.0, take_back(REPLY)));
    book.join(waiting(3.0, resolve(true)));
    assert_eq!(shown(&book), Some((true, vec![Some("1".to_owned()), None])));
    let refused = Waiting {
        refused: Some("No.".to_owned()),
        ..waiting(1.0, edit(FIRST, "1"))
    };
    book.refuse(refused.clone());
    book.give_up(&waiting(3.0, resolve(true)));
    assert_eq!(
        shown(&book),
        Some((false, vec![Some("one".to_owned()), None]))
    );
    assert_eq!(
        book.waiting_about(FIRST).collect::<Vec<_>>(),
        vec![&refused]
    );
    book.join(waiting(4.0, Said::DeleteThread { thread_id: THREAD }));
    assert_eq!(shown(&book), None);
}

#[test]
fn what_is_gone_stays_gone_before_the_socket_says_so() {
    let mut book = book(&[comment(FIRST, "one"), comment(REPLY, "two")]);
    book.join(waiting(1.0, take_back(REPLY)));
    let sent = book.next_to_send().unwrap().clone();
    assert_eq!(book.settle(&sent, Sent::Gone, &me()), None);
    check(&mut book, &[], &[]);
    assert_eq!(
        shown(&book),
        Some((false, vec![Some("one".to_owned()), None]))
    );
}

#[test]
fn the_order_outlives_a_clock_that_is_set_back() {
    let mut book = book(&[comment(FIRST, "one")]);
    book.join(waiting(100.0, edit(FIRST, "two")));
    let under_way = book.next_to_send().unwrap().clone();
    let later = book.join(waiting(50.0, edit(FIRST, "three")));
    assert!(later.kept.at_ms > under_way.at_ms);
    assert_eq!(later.dropped, vec![under_way]);
}

#[test]
fn entries_of_earlier_versions_are_read() {
    let stored = json!({
        "at_ms": 5.0, "image_id": IMAGE, "refused": null,
        "said": { "reply": { "thread_id": THREAD, "comment": { "id": REPLY, "body": "hello" } } },
    });
    let read: Waiting = serde_json::from_value(stored).unwrap();
    assert_eq!(read, waiting(5.0, reply("hello")));
    assert_eq!(read.key(), REPLY.to_string());
}
