//! New ids, in the order in which they are asked for: what is made later lies on top.

use crate::AnnotationId;
use uuid::{Builder, Uuid};

/// What lies behind the milliseconds in an id: 74 bits.
const TAIL_BITS: u32 = 74;

/// Makes UUIDs of version 7 that ascend, also within a millisecond (RFC 9562, section 6.2, method 2).
///
/// Randomness is asked for once a millisecond and not for every id: browsers take a microsecond or
/// more for it, a hundred thousand shapes are made in a tenth of a second.
#[derive(Debug, Default)]
pub struct FreshIds {
    millis: u64,
    tail: u128,
    steps: u64,
}

impl FreshIds {
    /// The next id, by a clock in milliseconds since the epoch; `random` answers with 128 random bits.
    pub fn next(&mut self, now_ms: u64, random: impl FnOnce() -> u128) -> AnnotationId {
        // A clock that was put back must not put new things below older ones.
        if now_ms > self.millis {
            self.millis = now_ms;
            let random = random();
            self.steps = random as u64;
            // The upper half stays free for what follows in this millisecond.
            self.tail = random >> (128 - TAIL_BITS + 1);
        } else {
            self.tail += 1 + u128::from(self.step());
            if self.tail >> TAIL_BITS != 0 {
                self.millis += 1;
                self.tail = u128::from(self.step());
            }
        }
        AnnotationId(uuid_of(self.millis, self.tail))
    }

    /// How far it is to the next id: 32 bits of SplitMix64.
    fn step(&mut self) -> u32 {
        self.steps = self.steps.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.steps;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 32) as u32
    }
}

fn uuid_of(millis: u64, tail: u128) -> Uuid {
    // The version's four bits and the variant's two take the place of what lies there: 12 bits of
    // the tail before the variant, 62 behind it.
    let head = tail >> 62 & 0xfff;
    let rest = tail & ((1 << 62) - 1);
    let bytes = (head << 64 | rest).to_be_bytes();
    let mut payload = [0; 10];
    payload.copy_from_slice(&bytes[6..]);
    Builder::from_unix_timestamp_millis(millis, &payload).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter::repeat_n;

    fn ids(clock: impl IntoIterator<Item = u64>, random: u128) -> Vec<Uuid> {
        let mut fresh = FreshIds::default();
        let next = |now| fresh.next(now, || random).0;
        clock.into_iter().map(next).collect()
    }

    fn check_ascends(ids: &[Uuid]) {
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        for id in ids {
            assert_eq!(id.get_version_num(), 7);
            assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
        }
    }

    #[test]
    fn ids_ascend_within_a_millisecond_and_when_the_clock_goes_back() {
        let clock = (0..10_000).map(|i| 1_700_000_000_000 + [5, 5, 3, 6, 0][i % 5]);
        check_ascends(&ids(clock, u128::MAX));
        check_ascends(&ids(repeat_n(7, 10_000), 0));
    }

    #[test]
    fn an_id_says_when_it_was_made() {
        let [first, .., last] = ids(repeat_n(1_700_000_000_000, 1000), u128::MAX)[..] else {
            panic!("ids are missing");
        };
        for id in [first, last] {
            let made = id.get_timestamp().map(|at| at.to_unix());
            assert_eq!(made.map(|(secs, _)| secs), Some(1_700_000_000));
        }
    }

    #[test]
    fn two_makers_do_not_meet() {
        let of = |random| ids(repeat_n(9, 5000), random);
        let (one, other) = (of(1 << 100), of(1 << 101));
        assert!(one.iter().all(|id| !other.contains(id)));
    }

    #[test]
    fn a_full_millisecond_runs_into_the_next() {
        let mut fresh = FreshIds::default();
        fresh.next(4, || 0);
        fresh.tail = (1 << TAIL_BITS) - 1;
        let (last, next) = (uuid_of(4, fresh.tail), fresh.next(4, || 0).0);
        check_ascends(&[last, next]);
        check_ascends(&[next, fresh.next(4, || 0).0, fresh.next(5, || 1 << 127).0]);
    }
}
