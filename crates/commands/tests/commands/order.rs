//! The drawing order.

use crate::bench::*;
use visionflow_commands::Command;
use visionflow_document::Edit;
use visionflow_model::Shape;

/// The numbers of all annotations, topmost last.
fn order(bench: &Bench) -> Vec<u128> {
    let contents = bench.contents();
    let mut all: Vec<_> = contents.values().collect();
    all.sort_by(|a, b| a.z.total_cmp(&b.z).then(a.id.cmp(&b.id)));
    all.iter().map(|a| a.id.0.as_u128()).collect()
}

/// Five boxes over each other, all at the same z.
fn stack() -> Bench {
    Bench::new(&[(); 5].map(|()| rect(100.0, 100.0, 50.0, 50.0)))
}

fn check(selection: &[u128], command: &Command, expected: [u128; 5]) {
    let mut bench = stack();
    bench.run(selection, command);
    assert_eq!(order(&bench), expected, "{command:?} of {selection:?}");
}

#[test]
fn one_goes_to_the_front_and_to_the_back() {
    check(&[2], &Command::BringToFront, [1, 3, 4, 5, 2]);
    check(&[2, 4], &Command::BringToFront, [1, 3, 5, 2, 4]);
    check(&[4], &Command::SendToBack, [4, 1, 2, 3, 5]);
    check(&[2, 4], &Command::SendToBack, [2, 4, 1, 3, 5]);
}

#[test]
fn one_step_passes_one() {
    check(&[2], &Command::BringForward, [1, 3, 2, 4, 5]);
    check(&[4], &Command::SendBackward, [1, 2, 4, 3, 5]);
    check(&[2, 3], &Command::BringForward, [1, 4, 2, 3, 5]);
    check(&[5], &Command::BringForward, [1, 2, 3, 4, 5]);
    check(&[1], &Command::SendBackward, [1, 2, 3, 4, 5]);
}

#[test]
fn steps_there_and_back_end_where_they_began() {
    let mut bench = stack();
    for _ in 0..60 {
        bench.run(&[3], &Command::BringForward);
        assert_eq!(order(&bench), [1, 2, 4, 3, 5]);
        bench.run(&[3], &Command::SendBackward);
        assert_eq!(order(&bench), [1, 2, 3, 4, 5]);
    }
}

#[test]
fn what_is_at_the_end_already_is_not_written_again() {
    let mut bench = stack();
    assert_eq!(bench.run(&[5], &Command::BringToFront).edits, []);
    assert_eq!(bench.run(&[1], &Command::SendToBack).edits, []);
}

#[test]
fn a_step_touches_nobody_who_is_not_in_the_way() {
    let mut shapes = vec![rect(0.0, 0.0, 50.0, 50.0), rect(20.0, 0.0, 50.0, 50.0)];
    shapes.extend((0..100).map(|n| rect(f64::from(n), 500.0, 10.0, 10.0)));
    shapes.push(Shape::Tag);
    let mut bench = Bench::new(&shapes);
    let plan = bench.run(&[1], &Command::BringForward);
    assert_eq!(plan.edits.len(), 1, "{:?}", plan.edits);
    assert!(bench.get(1).z > bench.get(2).z);
}

#[test]
fn a_place_that_cannot_be_halved_is_made() {
    let mut bench = stack();
    let tight = f64::from_bits(1.0_f64.to_bits() + 1);
    bench.set(&[
        Edit::SetZ(id(3), 1.0),
        Edit::SetZ(id(4), tight),
        Edit::SetZ(id(5), 2.0),
        Edit::SetZ(id(2), 0.5),
    ]);
    bench.run(&[2], &Command::BringForward);
    assert_eq!(order(&bench), [1, 3, 2, 4, 5]);
}
