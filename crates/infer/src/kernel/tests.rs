//! What the loops compute when their work is shared out.
#![cfg(feature = "threads")]

use super::{dense, rows};
use std::fmt::Debug;
use tract_onnx::tract_core::tract_linalg::multithread::{Executor, multithread_tract_scope};

/// What every loop makes of some numbers, so many that the work is shared out where there are threads.
fn shared_out() -> Vec<Vec<f32>> {
    let mut all = dense::tests::of_every_layout();
    let number = |i: usize| ((i * 7919) % 2003) as f32 / 400.0 - 2.5;
    let numbers: Vec<f32> = (0..40_001).map(number).collect();
    let mut units = numbers.clone();
    rows::gelu(&mut units).unwrap();
    let mut shares = numbers[..129 * 300].to_vec();
    rows::softmax(&mut shares, 129, &numbers[..129 * 7]).unwrap();
    all.extend([units, shares]);
    all
}

/// Does work on one thread and on several, which must give the same, and gives it.
#[track_caller]
pub fn on_any_number_of_threads<T: PartialEq + Debug>(work: impl Fn() -> T) -> T {
    let alone = work();
    for threads in [2, 5] {
        let executor = Executor::multithread(threads);
        assert_eq!(multithread_tract_scope(executor, &work), alone);
    }
    alone
}

#[test]
fn every_number_is_the_same_with_any_number_of_threads() {
    let alone = on_any_number_of_threads(shared_out);
    assert!(alone.iter().all(|numbers| numbers.len() > 1 << 15));
}
