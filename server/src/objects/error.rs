//! What can go wrong between here and the S3.

use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStreamError;

#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    #[error("there is no such object")]
    NotFound,
    #[error("S3: {0}")]
    Failed(String),
}

impl ObjectError {
    /// By value, to stand in `map_err`.
    #[allow(clippy::needless_pass_by_value)]
    pub(super) fn from_sdk<E>(error: SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let status = error
            .raw_response()
            .map(|response| response.status().as_u16());
        let code = error
            .as_service_error()
            .and_then(ProvideErrorMetadata::code);
        let absent = matches!(code, Some("NoSuchKey" | "NotFound" | "NoSuchBucket"));
        if absent || status == Some(404) {
            Self::NotFound
        } else {
            Self::Failed(DisplayErrorContext(&error).to_string())
        }
    }

    #[allow(clippy::needless_pass_by_value)]
    pub(super) fn from_body(error: ByteStreamError) -> Self {
        Self::Failed(DisplayErrorContext(&error).to_string())
    }
}

impl From<ObjectError> for crate::Error {
    fn from(error: ObjectError) -> Self {
        Self::internal(error)
    }
}
