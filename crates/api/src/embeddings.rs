//! Embeddings by the server, for devices that are too weak to encode a photograph themselves.

use serde::{Deserialize, Serialize};

/// `POST /api/v1/images/{id}/embedding`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageEmbedding {
    /// SHA-256 of the encoder's file, in hexadecimal: the decoder has to belong to it.
    pub model_sha256: String,
    /// Short-lived; 256 × 64 × 64 half floats, little-endian. Absent while a worker encodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
