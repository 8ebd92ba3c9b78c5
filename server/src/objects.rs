//! Objects in S3: the only file tree that names the S3 client.
//!
//! Keys begin with the workspace: `{workspace}/{project}/…`; what is not yet anything lies under
//! `staging/`. The database holds keys, never URLs. Browsers get presigned URLs, signed for the
//! endpoint as *they* reach it; the server itself uses the endpoint as *it* reaches it.

mod client;
mod error;
mod presign;
mod sink;

pub use error::ObjectError;
pub use presign::{PUT_LIFETIME, SignedPut};
pub use sink::{Sink, SinkWriter, Uploaded};

use crate::config::Config;
use crate::s3::EmbeddedS3;
use anyhow::{Context, bail};
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use bytes::Bytes;
use client::{Access, client};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use time::OffsetDateTime;
use tokio::net::TcpListener;

pub type Result<T, E = ObjectError> = std::result::Result<T, E>;

/// Objects never change under their key, so browsers may keep them.
const CACHE_CONTROL: &str = "private, max-age=31536000, immutable";

/// Cheap to clone: a handle.
#[derive(Clone)]
pub struct Objects(Arc<Inner>);

struct Inner {
    client: Client,
    /// Signs for the endpoint that browsers reach; sends nothing.
    presigner: Client,
    public_endpoint: String,
    signed: presign::SignedGets,
    bucket: String,
    embedded: Mutex<Option<EmbeddedS3>>,
}

/// What a HEAD tells.
#[derive(Clone, Debug)]
pub struct Head {
    pub size_bytes: i64,
    pub content_type: String,
}

/// One object of a listing.
#[derive(Clone, Debug)]
pub struct Listed {
    pub key: String,
    pub modified: OffsetDateTime,
}

/// Some objects in the order of their keys.
pub struct ObjectPage {
    pub objects: Vec<Listed>,
    /// For the next page.
    pub next: Option<String>,
}

impl Objects {
    /// Connects to the configured S3, or starts the embedded one; makes the bucket.
    pub async fn start(config: &Config) -> anyhow::Result<Self> {
        let mut embedded = None;
        let (endpoint, access_key, secret_key) = if let Some(endpoint) = &config.s3_endpoint {
            let (Some(access), Some(secret)) = (&config.s3_access_key, &config.s3_secret_key)
            else {
                bail!("S3_ENDPOINT is set: set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY as well.");
            };
            (endpoint.clone(), access.clone(), secret.clone())
        } else {
            let server = start_embedded(config).await?;
            let keys = server.credentials().clone();
            let endpoint = server.endpoint();
            embedded = Some(server);
            (endpoint, keys.access_key, keys.secret_key)
        };
        let public = match &config.s3_public_endpoint {
            Some(endpoint) => endpoint.clone(),
            None => embedded
                .as_ref()
                .and_then(|server| beside_the_workbench(config, server))
                .unwrap_or_else(|| endpoint.clone()),
        };
        let public_endpoint = public.trim_end_matches('/').to_owned();
        let access = Access {
            region: config.s3_region.clone(),
            key: access_key,
            secret: secret_key,
        };
        let objects = Self(Arc::new(Inner {
            client: client(&endpoint, &access),
            presigner: client(&public_endpoint, &access),
            public_endpoint,
            signed: presign::SignedGets::default(),
            bucket: config.s3_bucket.clone(),
            embedded: Mutex::new(embedded),
        }));
        objects.ensure_bucket().await.with_context(|| {
            format!(
                "The S3 at {endpoint} does not answer for the bucket “{}”",
                config.s3_bucket
            )
        })?;
        Ok(objects)
    }

    /// The origin browsers PUT to and load images from, such as `http://127.0.0.1:8081`.
    pub fn public_origin(&self) -> String {
        let endpoint = &self.0.public_endpoint;
        let after_scheme = endpoint.find("://").map_or(0, |at| at + 3);
        match endpoint[after_scheme..].find('/') {
            Some(path) => endpoint[..after_scheme + path].to_owned(),
            None => endpoint.clone(),
        }
    }

    /// For `/readyz`.
    pub async fn check(&self) -> anyhow::Result<()> {
        let head = self.0.client.head_bucket().bucket(&self.0.bucket);
        head.send().await.map_err(ObjectError::from_sdk)?;
        Ok(())
    }

    pub async fn shutdown(&self) {
        let embedded = self
            .0
            .embedded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(embedded) = embedded {
            embedded.stop().await;
        }
    }

    async fn ensure_bucket(&self) -> Result<()> {
        let client = &self.0.client;
        let found = client.head_bucket().bucket(&self.0.bucket).send().await;
        match found.map_err(ObjectError::from_sdk) {
            Err(ObjectError::NotFound) => {
                let made = client.create_bucket().bucket(&self.0.bucket).send().await;
                made.map_err(ObjectError::from_sdk)?;
                Ok(())
            }
            other => other.map(|_| ()),
        }
    }

    pub async fn head(&self, key: &str) -> Result<Head> {
        let request = self.0.client.head_object().bucket(&self.0.bucket).key(key);
        let head = request.send().await.map_err(ObjectError::from_sdk)?;
        Ok(Head {
            size_bytes: head.content_length().unwrap_or_default(),
            content_type: head.content_type().unwrap_or_default().to_owned(),
        })
    }

    /// The bytes from `start` up to `end`, or to the object's end if that comes first.
    pub async fn read_range(&self, key: &str, start: i64, end: i64) -> Result<Bytes> {
        if end <= start {
            return Ok(Bytes::new());
        }
        let request = self.0.client.get_object().bucket(&self.0.bucket).key(key);
        let range = format!("bytes={start}-{}", end - 1);
        let object = request.range(range).send().await;
        let body = object.map_err(ObjectError::from_sdk)?.body;
        Ok(body
            .collect()
            .await
            .map_err(ObjectError::from_body)?
            .into_bytes())
    }

    pub async fn read(&self, key: &str) -> Result<Bytes> {
        let body = self.stream(key).await?;
        Ok(body
            .collect()
            .await
            .map_err(ObjectError::from_body)?
            .into_bytes())
    }

    /// The object as it arrives.
    pub async fn stream(&self, key: &str) -> Result<ByteStream> {
        let request = self.0.client.get_object().bucket(&self.0.bucket).key(key);
        Ok(request.send().await.map_err(ObjectError::from_sdk)?.body)
    }

    pub async fn write(&self, key: &str, content_type: &str, bytes: Bytes) -> Result<()> {
        let request = self.0.client.put_object().bucket(&self.0.bucket).key(key);
        let request = request
            .content_type(content_type)
            .cache_control(CACHE_CONTROL)
            .content_length(bytes.len() as i64)
            .body(bytes.into());
        request.send().await.map_err(ObjectError::from_sdk)?;
        Ok(())
    }

    /// Copies within the bucket, with a content type that has been verified.
    pub async fn copy(&self, from: &str, to: &str, content_type: &str) -> Result<()> {
        let request = self.0.client.copy_object().bucket(&self.0.bucket).key(to);
        let request = request
            .copy_source(format!("{}/{}", self.0.bucket, client::encode_path(from)))
            .metadata_directive(aws_sdk_s3::types::MetadataDirective::Replace)
            .content_type(content_type)
            .cache_control(CACHE_CONTROL);
        request.send().await.map_err(ObjectError::from_sdk)?;
        Ok(())
    }

    /// Deletes an object; one that does not exist is deleted already.
    pub async fn delete(&self, key: &str) -> Result<()> {
        let request = self
            .0
            .client
            .delete_object()
            .bucket(&self.0.bucket)
            .key(key);
        match request.send().await.map_err(ObjectError::from_sdk) {
            Err(ObjectError::NotFound) => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// Throws away multipart uploads that were begun before `before` and never finished. The
    /// embedded S3 does so by itself, and some others do not know the question.
    pub async fn abort_uploads(&self, before: OffsetDateTime) -> Result<()> {
        let client = &self.0.client;
        let request = client.list_multipart_uploads().bucket(&self.0.bucket);
        let Ok(page) = request.send().await else {
            return Ok(());
        };
        for upload in page.uploads() {
            let begun = upload.initiated().map(DateTime::secs);
            if begun.is_some_and(|begun| begun < before.unix_timestamp()) {
                let request = client.abort_multipart_upload().bucket(&self.0.bucket);
                let request = request
                    .set_key(upload.key().map(str::to_owned))
                    .set_upload_id(upload.upload_id().map(str::to_owned));
                request.send().await.map_err(ObjectError::from_sdk)?;
            }
        }
        Ok(())
    }

    /// A page of the objects whose keys begin with `prefix`.
    pub async fn list(&self, prefix: &str, from: Option<String>) -> Result<ObjectPage> {
        let request = self.0.client.list_objects_v2().bucket(&self.0.bucket);
        let request = request.prefix(prefix).set_continuation_token(from);
        let page = request.send().await.map_err(ObjectError::from_sdk)?;
        let objects = page.contents().iter().filter_map(|object| {
            let modified = object.last_modified()?.secs();
            Some(Listed {
                key: object.key()?.to_owned(),
                modified: OffsetDateTime::from_unix_timestamp(modified).ok()?,
            })
        });
        Ok(ObjectPage {
            objects: objects.collect(),
            next: page.next_continuation_token().map(str::to_owned),
        })
    }
}

/// The embedded S3 as browsers reach it that reach the workbench under `--public-url`.
fn beside_the_workbench(config: &Config, server: &EmbeddedS3) -> Option<String> {
    let public_url = config.public_url.as_deref()?;
    let Some(rest) = public_url.strip_prefix("http://") else {
        tracing::warn!(
            "browsers will be sent to {} for photographs; name the HTTPS address that leads there \
             with --s3-public-endpoint",
            server.endpoint()
        );
        return None;
    };
    let authority = rest.split('/').next()?;
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    Some(format!("http://{host}:{}", server.addr().port()))
}

async fn start_embedded(config: &Config) -> anyhow::Result<EmbeddedS3> {
    let addr = config.s3_listen.unwrap_or_else(|| {
        let port = match config.listen.port() {
            0 => 0,
            port => port.wrapping_add(1),
        };
        SocketAddr::new(config.listen.ip(), port)
    });
    let listener = TcpListener::bind(addr).await.with_context(|| {
        format!("cannot listen on {addr} for objects; choose another address with --s3-listen")
    })?;
    EmbeddedS3::start(&config.data_dir.join("objects"), listener).await
}
