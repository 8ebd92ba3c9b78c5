//! Presigned URLs: the right to PUT exactly these bytes' type and length, or to GET one object.

use super::{ObjectError, Objects, Result};
use aws_sdk_s3::presigning::PresigningConfig;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long an upload may wait for its PUT.
pub const PUT_LIFETIME: Duration = Duration::from_hours(1);
/// How long a GET is good for at least.
const GET_LIFETIME: Duration = Duration::from_hours(1);
/// GETs of one object that are signed within so long of each other are the same URL, so that a
/// browser finds what it has already loaded.
const GET_STEP: Duration = Duration::from_mins(30);

/// A presigned PUT and the headers to send with it.
#[derive(Clone, Debug)]
pub struct SignedPut {
    pub url: String,
    pub headers: Vec<(String, String)>,
}

impl Objects {
    /// A PUT of exactly `size_bytes` bytes (any number when none is given) of `content_type`, good
    /// for [`PUT_LIFETIME`]; the browser adds the length itself.
    pub async fn presign_put(
        &self,
        key: &str,
        content_type: &str,
        size_bytes: Option<i64>,
    ) -> Result<SignedPut> {
        self.presign_put_for(key, content_type, size_bytes, PUT_LIFETIME)
            .await
    }

    /// As [`Objects::presign_put`], good for `lifetime`.
    pub async fn presign_put_for(
        &self,
        key: &str,
        content_type: &str,
        size_bytes: Option<i64>,
        lifetime: Duration,
    ) -> Result<SignedPut> {
        let request = self
            .0
            .presigner
            .put_object()
            .bucket(&self.0.bucket)
            .key(key);
        let request = request
            .content_type(content_type)
            .set_content_length(size_bytes);
        let config = PresigningConfig::expires_in(lifetime).map_err(misconfigured)?;
        let signed = request.presigned(config).await;
        let signed = signed.map_err(ObjectError::from_sdk)?;
        let headers = signed
            .headers()
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok(SignedPut {
            url: signed.uri().to_owned(),
            headers,
        })
    }

    /// A GET to show the object in a page.
    pub async fn presign_get(&self, key: &str) -> Result<String> {
        self.presign_get_as(key, None).await
    }

    /// A GET to save the object as a file called `filename`.
    pub async fn presign_download(&self, key: &str, filename: &str) -> Result<String> {
        self.presign_get_as(key, Some(attachment(filename))).await
    }

    async fn presign_get_as(&self, key: &str, disposition: Option<String>) -> Result<String> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let step = now.as_secs() / GET_STEP.as_secs();
        let name = format!("{key}\n{}", disposition.as_deref().unwrap_or_default());
        if let Some(url) = self.0.signed.get(step, &name) {
            return Ok(url);
        }
        let client = &self.0.presigner;
        let request = client.get_object().bucket(&self.0.bucket).key(key);
        let request = request.set_response_content_disposition(disposition);
        let config = PresigningConfig::builder()
            .start_time(UNIX_EPOCH + GET_STEP * step as u32)
            .expires_in(GET_LIFETIME + GET_STEP)
            .build()
            .map_err(misconfigured)?;
        let signed = request.presigned(config).await;
        let url = signed.map_err(ObjectError::from_sdk)?.uri().to_owned();
        self.0.signed.put(step, name, &url);
        Ok(url)
    }
}

/// The GETs signed in the current step: signing by the client costs more than the rest of a row.
#[derive(Default)]
pub(super) struct SignedGets(Mutex<(u64, HashMap<String, String>)>);

impl SignedGets {
    /// URLs at most; then all are forgotten.
    const CAPACITY: usize = 50_000;

    fn get(&self, step: u64, name: &str) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.1.get(name).filter(|_| known.0 == step).cloned()
    }

    fn put(&self, step: u64, name: String, url: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != step || known.1.len() >= Self::CAPACITY {
            *known = (step, HashMap::new());
        }
        known.1.insert(name, url.to_owned());
    }
}

fn misconfigured(error: impl std::fmt::Display) -> ObjectError {
    ObjectError::Failed(error.to_string())
}

/// `attachment` with the name in ASCII for old readers and in full (RFC 6266).
fn attachment(filename: &str) -> String {
    let ascii: String = filename
        .chars()
        .map(|c| match c {
            ' ' | '-' | '.' | '_' | '(' | ')' => c,
            c if c.is_ascii_alphanumeric() => c,
            _ => '_',
        })
        .collect();
    let full = super::client::encode_path(filename).replace('/', "%2F");
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_keeps_its_name() {
        assert_eq!(
            attachment("Straße 1.zip"),
            "attachment; filename=\"Stra_e 1.zip\"; filename*=UTF-8''Stra%C3%9Fe%201.zip"
        );
    }
}
