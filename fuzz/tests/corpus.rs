//! Every target takes its seeds, what once failed, and a hundred mutations of them.

use std::path::Path;
use visionflow_fuzz::{Mutator, Random, TARGETS};

#[test]
fn seeds_and_former_failures_pass() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for target in TARGETS {
        let mut pool = (target.seeds)();
        assert!(!pool.is_empty(), "{} has seeds", target.name);
        if let Ok(folder) = std::fs::read_dir(corpus.join(target.name)) {
            let files = folder.map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
            pool.extend(files);
        }
        for bytes in &pool {
            (target.run)(bytes);
        }
        let mut mutator = Mutator {
            random: Random::new(7),
        };
        for _ in 0..100 {
            (target.run)(&mutator.next(&pool));
        }
    }
}

#[test]
fn seeds_are_sound() {
    // A seed that is refused at once would leave its parser untested.
    for target in TARGETS {
        let nonsense = (target.run)(b"\x01nonsense\xff");
        for (index, seed) in (target.seeds)().iter().enumerate() {
            assert_ne!((target.run)(seed), nonsense, "{} {index}", target.name);
        }
    }
}
