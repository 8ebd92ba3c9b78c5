//! Made-up embeddings with things of one kind on a ground of another.

use super::*;
use crate::logits::{Logits, MASK_SIDE};

/// Two kinds of ground, with three squares of a third kind; 256 channels.
fn embedding(squares: &[(usize, usize)]) -> Embedding {
    let inside = |place: usize| {
        let (x, y) = (place % PLACES, place / PLACES);
        squares
            .iter()
            .any(|(left, top)| x >= *left && x < left + 6 && y >= *top && y < top + 6)
    };
    let values = (0..256 * PLACES * PLACES).map(|i| {
        let (channel, place) = (i / (PLACES * PLACES), i % (PLACES * PLACES));
        let ground = 3.0 + (channel as f32 * 0.7).sin();
        let own = (channel as f32 * 1.9).cos();
        if inside(place) {
            ground + own
        } else {
            ground - 0.1 * (place % 7) as f32 * own
        }
    });
    Embedding::new(&[values.collect()]).expect("finite")
}

fn square(left: usize, top: usize) -> Vec<Vec<Point>> {
    let at = |x: usize, y: usize| Point::new(x as f64 * 16.0, y as f64 * 16.0);
    vec![vec![
        at(left, top),
        at(left + 6, top),
        at(left + 6, top + 6),
        at(left, top + 6),
    ]]
}

fn mask(left: usize, top: usize, side: usize) -> Candidate {
    let values = (0..MASK_SIDE * MASK_SIDE).map(|i| {
        let (x, y) = (i % MASK_SIDE / 4, i / MASK_SIDE / 4);
        let inside = x >= left && x < left + side && y >= top && y < top + side;
        if inside { 9.0 } else { -9.0 }
    });
    Candidate {
        predicted_iou: 0.9,
        stability: 1.0,
        logits: Logits::new(values.collect()).expect("finite"),
    }
}

#[test]
fn what_looks_the_same_is_asked_about_and_kept() {
    let frame = Frame::new(1024, 1024);
    let embedding = embedding(&[(4, 4), (30, 10), (20, 40)]);
    let known = Likeness::of(&embedding, &frame, &square(4, 4)).expect("inside");
    let mut search = Similar::default().search(&known, &embedding, frame, &[square(4, 4)]);
    let first = search.next_point().expect("a place");
    let inside = |left: f64, top: f64| {
        first.x > left * 16.0
            && first.x < (left + 6.0) * 16.0
            && first.y > top * 16.0
            && first.y < (top + 6.0) * 16.0
    };
    assert!(inside(30.0, 10.0) || inside(20.0, 40.0), "{first:?}");
    let found = search.admit(vec![mask(30, 10, 6), mask(30, 10, 20)]);
    assert_eq!(found.len(), 1);
    assert!(found[0].predicted_iou > 0.95, "{}", found[0].predicted_iou);
    // It is there already, is of another size, is not alike, is the known one.
    assert!(search.admit(vec![mask(30, 11, 6)]).is_empty());
    assert!(search.admit(vec![mask(20, 40, 2)]).is_empty());
    assert!(search.admit(vec![mask(45, 45, 6)]).is_empty());
    assert!(search.admit(vec![mask(4, 4, 6)]).is_empty());
    assert_eq!(search.admit(vec![mask(20, 40, 6)]).len(), 1);
    while let Some(point) = search.next_point() {
        let at = Frame::new(1024, 1024).to_model(point);
        let (x, y) = (at.x as usize / SPACING, at.y as usize / SPACING);
        assert!(!search.found.iter().any(|found| found.contains(x, y)));
    }
}

#[test]
fn a_shape_beside_the_photograph_is_like_nothing() {
    let frame = Frame::new(1024, 512);
    let embedding = embedding(&[(4, 4)]);
    assert_eq!(Likeness::of(&embedding, &frame, &square(4, 40)), None);
    assert_eq!(Likeness::of(&embedding, &frame, &[]), None);
    let nowhere = vec![vec![Point::new(f64::NAN, 0.0); 3]];
    assert_eq!(Likeness::of(&embedding, &frame, &nowhere), None);
}

#[test]
fn one_photographs_likeness_holds_in_another() {
    let here = embedding(&[(4, 4)]);
    let there = embedding(&[(40, 8)]);
    let frame = Frame::new(1024, 1024);
    let known = Likeness::of(&here, &frame, &square(4, 4)).expect("inside");
    let mut search = Similar::default().search(&known, &there, frame, &[]);
    let first = search.next_point().expect("a place");
    assert!(
        first.x > 640.0 && first.x < 736.0 && first.y > 128.0 && first.y < 224.0,
        "{first:?}"
    );
}
