//! What a relay keeps of everyone's presence.

use crate::support::*;
use visionflow_sync::{AwarenessStates, Frame, TIMEOUT_MS};

const ALICE: u64 = 1;
const BOB: u64 = 2;
const NOBODY: [u64; 0] = [];

/// A room in which connection `ALICE` speaks for client 10, and `BOB` for 20.
fn room() -> AwarenessStates {
    let mut states = AwarenessStates::new();
    assert_eq!(
        states.apply(&awareness(&[(10, 5, Some("a"))]), ALICE, 0),
        [10]
    );
    assert_eq!(
        states.apply(&awareness(&[(20, 5, Some("b"))]), BOB, 0),
        [20]
    );
    states
}

fn check(owner: u64, said: (u64, u64, Option<&str>), news: bool) -> AwarenessStates {
    let mut states = room();
    let changed = states.apply(&awareness(&[said]), owner, 1);
    assert_eq!(!changed.is_empty(), news, "{said:?} by {owner}");
    states
}

#[test]
fn only_later_words_are_news() {
    check(ALICE, (10, 6, Some("aa")), true);
    check(ALICE, (10, 5, Some("aa")), false);
    check(ALICE, (10, 4, None), false);
    check(ALICE, (10, 5, None), true);
    check(ALICE, (10, 6, None), true);
    check(ALICE, (30, 1, None), false);
}

#[test]
fn nobody_ends_the_presence_of_another() {
    check(BOB, (10, 5, None), false);
    check(BOB, (10, 9, None), false);
    // The echo of what was heard is not a word of one's own.
    let mut states = check(BOB, (10, 5, Some("a")), false);
    assert_eq!(states.remove(BOB, 1), [20]);
    assert_eq!(states.present().collect::<Vec<_>>(), [10]);
}

#[test]
fn a_new_connection_takes_its_client_over() {
    let mut states = check(BOB, (10, 6, Some("a")), true);
    assert_eq!(states.remove(ALICE, 1), NOBODY);
    assert_eq!(states.owned_by(BOB).collect::<Vec<_>>(), [10, 20]);
    assert_eq!(states.remove(BOB, 1), [10, 20]);
}

#[test]
fn who_left_is_told_once_and_old_news_does_not_bring_them_back() {
    let mut states = room();
    assert_eq!(states.remove(ALICE, 1), [10]);
    assert_eq!(states.remove(ALICE, 1), NOBODY);
    let told = states.encode([10]).unwrap();
    assert_eq!(frame(&told), Frame::Awareness(awareness(&[(10, 5, None)])));
    assert_eq!(
        states.apply(&awareness(&[(10, 5, Some("a"))]), BOB, 2),
        NOBODY
    );
    assert_eq!(states.apply(&awareness(&[(10, 6, Some("a"))]), 3, 2), [10]);
}

#[test]
fn the_silent_are_let_go_and_forgotten() {
    let mut states = room();
    states.apply(&awareness(&[(20, 6, Some("b"))]), BOB, 1000);
    assert_eq!(states.expire(TIMEOUT_MS - 1), NOBODY);
    assert_eq!(states.expire(TIMEOUT_MS), [10]);
    assert_eq!(states.expire(TIMEOUT_MS + 1000), [20]);
    assert_eq!(states.expire(3 * TIMEOUT_MS), NOBODY);
    assert_eq!(states.encode([10, 20]), None);
}

#[test]
fn a_crowd_made_up_by_one_ends_somewhere() {
    let mut states = AwarenessStates::new();
    let crowd: Vec<_> = (0..100_000).map(|n| (n, 1, Some("x"))).collect();
    let taken = states.apply(&awareness(&crowd), ALICE, 0);
    assert!(taken.len() < 10_000);
    assert_eq!(states.remove(ALICE, 0).len(), taken.len());
}
