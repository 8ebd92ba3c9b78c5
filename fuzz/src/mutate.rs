//! Seeded mutation of bytes: the same seed gives the same inputs.

/// SplitMix64 (G. L. Steele, D. Lea, C. H. Flood 2014).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than `end`; 0 for 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() % (end.max(1) as u64)) as usize
    }
}

/// No input grows beyond this.
const MOST_BYTES: usize = 64 * 1024;

/// Bytes that parsers stumble over: signs, limits, separators of JSON.
const TOKENS: [&[u8]; 16] = [
    &[0],
    &[0xff],
    &[0x7f],
    &[0x80],
    &[0xff; 4],
    &[0xff, 0xff, 0xff, 0x7f],
    &[0, 0, 0, 0x80],
    &[0xff; 9],
    b"-1",
    b"1e308",
    b"null",
    b"[",
    b"{",
    b"\"",
    b"NaN",
    &[0xf0, 0x9f, 0x92, 0xa9],
];

/// Makes new inputs of known ones.
pub struct Mutator {
    pub random: Random,
}

impl Mutator {
    /// One of the pool with one to eight changes.
    pub fn next(&mut self, pool: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = self.pick(pool).to_vec();
        for _ in 0..1 << self.random.below(4) {
            self.change(&mut bytes, pool);
        }
        bytes.truncate(MOST_BYTES);
        bytes
    }

    fn pick<'a>(&mut self, pool: &'a [Vec<u8>]) -> &'a [u8] {
        // The newest outcomes are looked into more.
        let recent = pool.len().min(32);
        let index = match self.random.below(3) {
            0 => pool.len() - 1 - self.random.below(recent),
            _ => self.random.below(pool.len()),
        };
        &pool[index]
    }

    fn change(&mut self, bytes: &mut Vec<u8>, pool: &[Vec<u8>]) {
        let at = self.random.below(bytes.len());
        match self.random.below(9) {
            0 => self.insert_token(bytes),
            1 if !bytes.is_empty() => bytes[at] = self.random.bits() as u8,
            2 if !bytes.is_empty() => bytes[at] ^= 1 << self.random.below(8),
            3 if !bytes.is_empty() => {
                let step = self.random.below(9) as u8;
                bytes[at] = bytes[at].wrapping_add(step).wrapping_sub(4);
            }
            4 => bytes.truncate(at),
            5 => {
                let end = (at + 1 + self.random.below(16)).min(bytes.len());
                bytes.drain(at..end);
            }
            6 => {
                let end = (at + 1 + self.random.below(64)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                let to = self.random.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            7 => {
                let other = self.pick(pool);
                let (from, to) = (self.random.below(other.len()), other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..to]);
            }
            _ => self.overwrite_with_token(bytes),
        }
    }

    fn token(&mut self) -> &'static [u8] {
        TOKENS[self.random.below(TOKENS.len())]
    }

    fn insert_token(&mut self, bytes: &mut Vec<u8>) {
        let at = self.random.below(bytes.len() + 1);
        let token = self.token();
        bytes.splice(at..at, token.iter().copied());
    }

    fn overwrite_with_token(&mut self, bytes: &mut [u8]) {
        let at = self.random.below(bytes.len());
        let token = self.token();
        for (byte, new) in bytes.iter_mut().skip(at).zip(token) {
            *byte = *new;
        }
    }
}
