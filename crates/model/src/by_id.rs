//! Tables by id: ids are random already, and the standard hasher takes longer than the table does.

use crate::AnnotationId;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::sync::OnceLock;
use uuid::Uuid;

/// What is known of annotations.
pub type AnnotationMap<V> = HashMap<AnnotationId, V, ById>;

/// Hashes ids; differently in every process and page, for ids come from strangers as well.
#[derive(Clone, Copy, Debug)]
pub struct ById {
    seed: u64,
}

impl Default for ById {
    fn default() -> Self {
        // The standard library's own keys are no secret in a browser.
        static SEED: OnceLock<u64> = OnceLock::new();
        let random = || {
            let (high, low) = Uuid::new_v4().as_u64_pair();
            high ^ low.rotate_left(32)
        };
        Self {
            seed: *SEED.get_or_init(random),
        }
    }
}

impl BuildHasher for ById {
    type Hasher = IdHasher;

    fn build_hasher(&self) -> IdHasher {
        IdHasher(self.seed)
    }
}

/// Folds sixteen bytes into eight by multiplication (the finaliser of wyhash).
#[derive(Debug)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            let a = u128::from(self.0 ^ u64::from_le_bytes(word) ^ 0xa076_1d64_78bd_642f);
            let product = a * 0xe703_7ed1_a0b4_28db;
            self.0 = product as u64 ^ (product >> 64) as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_in_a_row_spread() {
        let hash = |n: u128| ById::default().hash_one(AnnotationId(Uuid::from_u128(n)));
        let low: HashSet<_> = (0..10_000).map(|n| hash(n) & 0xffff).collect();
        let high: HashSet<_> = (0..10_000).map(|n| hash(n) >> 57).collect();
        assert!(low.len() > 9000 && high.len() == 128);
    }
}
