//! A hasher for ids, which are random already: the default one takes longer than the table does.

use std::hash::{BuildHasherDefault, Hasher};

pub type ById = BuildHasherDefault<IdHasher>;

/// Folds sixteen bytes into eight by multiplication (the finaliser of wyhash).
#[derive(Debug, Default)]
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
    use std::hash::BuildHasher;
    use visionflow_model::AnnotationId;

    #[test]
    fn ids_in_a_row_spread() {
        let hasher = ById::default();
        let hash = |n: u128| hasher.hash_one(AnnotationId(uuid::Uuid::from_u128(n)));
        let low: HashSet<_> = (0..10_000).map(|n| hash(n) & 0xffff).collect();
        let high: HashSet<_> = (0..10_000).map(|n| hash(n) >> 57).collect();
        assert!(low.len() > 9000 && high.len() == 128);
    }
}
