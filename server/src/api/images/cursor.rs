//! Where the next page begins: after a moment, and an id among those of that moment.

use crate::error::{Error, Result};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use std::fmt;
use time::OffsetDateTime;
use uuid::Uuid;

/// Opaque to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub time: OffsetDateTime,
    pub id: Uuid,
}

impl Cursor {
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || Error::invalid("The cursor is not one that an earlier page gave.");
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        let bytes: [u8; 24] = bytes.try_into().map_err(|_| bad())?;
        let (micros, id) = bytes.split_at(8);
        let micros = i64::from_be_bytes(micros.try_into().map_err(|_| bad())?);
        let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000);
        Ok(Self {
            time: time.map_err(|_| bad())?,
            id: Uuid::from_slice(id).map_err(|_| bad())?,
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = (self.time.unix_timestamp_nanos() / 1000) as i64;
        let mut bytes = micros.to_be_bytes().to_vec();
        bytes.extend_from_slice(self.id.as_bytes());
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_nonsense_is_refused() {
        let cursor = Cursor {
            time: OffsetDateTime::from_unix_timestamp_nanos(1_700_000_000_123_456_000).unwrap(),
            id: Uuid::from_u128(42),
        };
        assert_eq!(Cursor::parse(&cursor.to_string()).unwrap(), cursor);
        for nonsense in ["", "x", "AAAA", "../..", &"A".repeat(32)] {
            let parsed = Cursor::parse(nonsense);
            assert!(parsed.is_err() || nonsense.len() == 32, "{nonsense}");
        }
    }
}
