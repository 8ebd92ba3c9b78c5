//! The S3 operations that VisionFlow uses, on top of [`Files`].
//!
//! Everything else is answered `NotImplemented` by `s3s`, and anonymous requests never come here.

use super::files::{Files, Incoming, Meta};
use super::listing::ListQuery;
use super::multipart::{JoinError, Part, Plan};
use futures_util::StreamExt;
// The operations' inputs and outputs: four dozen names.
#[allow(clippy::wildcard_imports)]
use s3s::dto::*;
use s3s::{S3, S3Error, S3Request, S3Response, S3Result, s3_error};
use std::collections::BTreeMap;
use std::io;
use time::OffsetDateTime;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncSeekExt;
use tokio_util::io::ReaderStream;

const READ_BUFFER: usize = 256 * 1024;

/// [`Files`] as `s3s` sees it.
pub struct Store {
    files: Files,
}

impl Store {
    pub fn new(files: Files) -> Self {
        Self { files }
    }

    fn check_bucket(&self, bucket: &str) -> S3Result<()> {
        if self.files.has_bucket(bucket) {
            Ok(())
        } else {
            Err(s3_error!(NoSuchBucket, "There is no bucket “{bucket}”."))
        }
    }

    /// The multipart upload of that id, begun for this very key.
    async fn open_upload(&self, upload_id: &str, bucket: &str, key: &str) -> S3Result<Plan> {
        self.files
            .plan(upload_id, bucket, key)
            .await
            .map_err(internal)?
            .ok_or_else(no_such_upload)
    }

    /// Takes a body in; it must be as long, and hash to what, the request said.
    async fn receive(
        &self,
        body: Option<StreamingBlob>,
        length: Option<i64>,
        md5: Option<&str>,
    ) -> S3Result<Incoming> {
        let mut incoming = self.files.incoming().await.map_err(internal)?;
        if let Some(mut body) = body {
            while let Some(chunk) = body.next().await {
                let chunk = chunk.map_err(|error| {
                    s3_error!(
                        IncompleteBody,
                        "The body could not be read to its end: {error}"
                    )
                })?;
                incoming.write(&chunk).await.map_err(internal)?;
            }
        }
        if length.is_some_and(|length| length != incoming.size as i64) {
            return Err(s3_error!(
                IncompleteBody,
                "The body is not as long as announced."
            ));
        }
        if let Some(md5) = md5
            && md5 != base64(&incoming.md5())
        {
            return Err(s3_error!(BadDigest, "The body does not match Content-MD5."));
        }
        Ok(incoming)
    }

    async fn meta_of(&self, bucket: &str, key: &str) -> S3Result<(std::fs::File, Meta)> {
        match self.files.read(bucket, key).await {
            Ok(found) => Ok(found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.check_bucket(bucket)?;
                Err(s3_error!(NoSuchKey, "There is no such object."))
            }
            Err(error) => Err(internal(error)),
        }
    }
}

#[async_trait::async_trait]
impl S3 for Store {
    async fn create_bucket(
        &self,
        req: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        let bucket = &req.input.bucket;
        if self.files.has_bucket(bucket) {
            return Err(s3_error!(
                BucketAlreadyOwnedByYou,
                "The bucket exists already."
            ));
        }
        self.files.create_bucket(bucket).await.map_err(internal)?;
        Ok(S3Response::new(CreateBucketOutput::default()))
    }

    async fn head_bucket(
        &self,
        req: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.check_bucket(&req.input.bucket)?;
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn put_object(
        &self,
        req: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let input = req.input;
        self.check_bucket(&input.bucket)?;
        let md5 = input.content_md5.as_deref();
        let incoming = self.receive(input.body, input.content_length, md5).await?;
        let meta = Meta {
            content_disposition: input.content_disposition,
            cache_control: input.cache_control,
            user: user_meta(input.metadata),
            ..fresh(input.content_type)
        };
        let meta = self
            .files
            .commit(&input.bucket, &input.key, incoming, meta)
            .await
            .map_err(internal)?;
        Ok(S3Response::new(PutObjectOutput {
            e_tag: Some(ETag::Strong(meta.etag)),
            ..Default::default()
        }))
    }

    async fn get_object(
        &self,
        req: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let input = req.input;
        let (file, meta) = self.meta_of(&input.bucket, &input.key).await?;
        let range = match input.range {
            Some(range) => range.check(meta.size)?,
            None => 0..meta.size,
        };
        let mut file = tokio::fs::File::from_std(file);
        file.seek(io::SeekFrom::Start(range.start))
            .await
            .map_err(internal)?;
        let length = range.end - range.start;
        let stream = ReaderStream::with_capacity(file.take(length), READ_BUFFER);
        let content_range = input
            .range
            .map(|_| format!("bytes {}-{}/{}", range.start, range.end - 1, meta.size));
        Ok(S3Response::new(GetObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            body: Some(StreamingBlob::wrap(stream)),
            cache_control: meta.cache_control,
            content_disposition: meta.content_disposition,
            content_length: Some(length as i64),
            content_range,
            content_type: meta.content_type,
            e_tag: Some(ETag::Strong(meta.etag)),
            last_modified: Some(meta.modified.into()),
            metadata: Some(meta.user.into_iter().collect()),
            ..Default::default()
        }))
    }

    async fn head_object(
        &self,
        req: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let (_, meta) = self.meta_of(&req.input.bucket, &req.input.key).await?;
        Ok(S3Response::new(HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            cache_control: meta.cache_control,
            content_disposition: meta.content_disposition,
            content_length: Some(meta.size as i64),
            content_type: meta.content_type,
            e_tag: Some(ETag::Strong(meta.etag)),
            last_modified: Some(meta.modified.into()),
            metadata: Some(meta.user.into_iter().collect()),
            ..Default::default()
        }))
    }

    async fn copy_object(
        &self,
        req: S3Request<CopyObjectInput>,
    ) -> S3Result<S3Response<CopyObjectOutput>> {
        let input = req.input;
        self.check_bucket(&input.bucket)?;
        let CopySource::Bucket { bucket, key, .. } = &input.copy_source else {
            return Err(s3_error!(
                NotImplemented,
                "Only objects of buckets are copied."
            ));
        };
        let (file, source) = self.meta_of(bucket, key).await?;
        let mut reader = tokio::fs::File::from_std(file).take(source.size);
        let mut incoming = self.files.incoming().await.map_err(internal)?.unhashed();
        let mut buffer = vec![0; READ_BUFFER];
        loop {
            let count = reader.read(&mut buffer).await.map_err(internal)?;
            if count == 0 {
                break;
            }
            incoming.write(&buffer[..count]).await.map_err(internal)?;
        }
        let replace = input
            .metadata_directive
            .is_some_and(|directive| directive.as_str() == MetadataDirective::REPLACE);
        let mut meta = if replace {
            Meta {
                content_disposition: input.content_disposition,
                cache_control: input.cache_control,
                user: user_meta(input.metadata),
                ..fresh(input.content_type)
            }
        } else {
            source.clone()
        };
        meta.etag = source.etag;
        meta.modified = OffsetDateTime::now_utc();
        let meta = self
            .files
            .commit(&input.bucket, &input.key, incoming, meta)
            .await
            .map_err(internal)?;
        Ok(S3Response::new(CopyObjectOutput {
            copy_object_result: Some(CopyObjectResult {
                e_tag: Some(ETag::Strong(meta.etag)),
                last_modified: Some(meta.modified.into()),
                ..Default::default()
            }),
            ..Default::default()
        }))
    }

    async fn delete_object(
        &self,
        req: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.check_bucket(&req.input.bucket)?;
        self.files
            .delete(&req.input.bucket, &req.input.key)
            .await
            .map_err(internal)?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn delete_objects(
        &self,
        req: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let input = req.input;
        self.check_bucket(&input.bucket)?;
        let mut deleted = Vec::new();
        for object in input.delete.objects {
            self.files
                .delete(&input.bucket, &object.key)
                .await
                .map_err(internal)?;
            deleted.push(DeletedObject {
                key: Some(object.key),
                ..Default::default()
            });
        }
        Ok(S3Response::new(DeleteObjectsOutput {
            deleted: (input.delete.quiet != Some(true)).then_some(deleted),
            ..Default::default()
        }))
    }

    async fn list_objects_v2(
        &self,
        req: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let input = req.input;
        self.check_bucket(&input.bucket)?;
        let limit = input.max_keys.unwrap_or(1000).clamp(0, 1000);
        let after = input
            .continuation_token
            .clone()
            .or(input.start_after.clone());
        let query = ListQuery {
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone(),
            after: after.unwrap_or_default(),
            limit: limit as usize,
        };
        let listing = self
            .files
            .list(&input.bucket, query)
            .await
            .map_err(internal)?;
        let last = listing.entries.last().map(|(name, _)| name.clone());
        let (mut contents, mut prefixes) = (Vec::new(), Vec::new());
        for (name, meta) in listing.entries {
            match meta {
                Some(meta) => contents.push(Object {
                    key: Some(name),
                    size: Some(meta.size as i64),
                    e_tag: Some(ETag::Strong(meta.etag)),
                    last_modified: Some(meta.modified.into()),
                    ..Default::default()
                }),
                None => prefixes.push(CommonPrefix { prefix: Some(name) }),
            }
        }
        Ok(S3Response::new(ListObjectsV2Output {
            key_count: Some((contents.len() + prefixes.len()) as i32),
            contents: Some(contents),
            common_prefixes: Some(prefixes),
            is_truncated: Some(listing.truncated),
            next_continuation_token: last.filter(|_| listing.truncated),
            name: Some(input.bucket),
            prefix: input.prefix,
            delimiter: input.delimiter,
            max_keys: Some(limit),
            ..Default::default()
        }))
    }

    async fn create_multipart_upload(
        &self,
        req: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let input = req.input;
        self.check_bucket(&input.bucket)?;
        let plan = Plan {
            bucket: input.bucket.clone(),
            key: input.key.clone(),
            meta: Meta {
                content_disposition: input.content_disposition,
                cache_control: input.cache_control,
                user: user_meta(input.metadata),
                ..fresh(input.content_type)
            },
        };
        let upload_id = self.files.begin_multipart(&plan).await.map_err(internal)?;
        Ok(S3Response::new(CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(upload_id),
            ..Default::default()
        }))
    }

    async fn upload_part(
        &self,
        req: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        let input = req.input;
        self.open_upload(&input.upload_id, &input.bucket, &input.key)
            .await?;
        let md5 = input.content_md5.as_deref();
        let incoming = self.receive(input.body, input.content_length, md5).await?;
        let etag = self
            .files
            .put_part(&input.upload_id, input.part_number, incoming)
            .await
            .map_err(internal)?;
        Ok(S3Response::new(UploadPartOutput {
            e_tag: Some(ETag::Strong(etag)),
            ..Default::default()
        }))
    }

    async fn complete_multipart_upload(
        &self,
        req: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let input = req.input;
        let plan = self
            .open_upload(&input.upload_id, &input.bucket, &input.key)
            .await?;
        let parts = input.multipart_upload.and_then(|upload| upload.parts);
        let parts: Vec<Part> = parts
            .unwrap_or_default()
            .into_iter()
            .map(|part| Part {
                number: part.part_number.unwrap_or_default(),
                etag: part.e_tag.map(ETag::into_value).unwrap_or_default(),
            })
            .collect();
        if parts.is_empty() || !parts.is_sorted_by(|a, b| a.number < b.number) {
            return Err(s3_error!(
                InvalidPartOrder,
                "Parts are named in ascending order."
            ));
        }
        let joined = self.files.join(&input.upload_id, plan, &parts).await;
        let meta = joined.map_err(|error| match error {
            JoinError::NoSuchUpload => no_such_upload(),
            JoinError::InvalidPart(number) => {
                s3_error!(InvalidPart, "Part {number} was not uploaded.")
            }
            JoinError::Io(error) => internal(error),
        })?;
        Ok(S3Response::new(CompleteMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: Some(ETag::Strong(meta.etag)),
            ..Default::default()
        }))
    }

    async fn abort_multipart_upload(
        &self,
        req: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let input = req.input;
        self.open_upload(&input.upload_id, &input.bucket, &input.key)
            .await?;
        self.files
            .forget(&input.upload_id)
            .await
            .map_err(internal)?;
        Ok(S3Response::new(AbortMultipartUploadOutput::default()))
    }
}

fn fresh(content_type: Option<String>) -> Meta {
    Meta {
        size: 0,
        etag: String::new(),
        content_type,
        content_disposition: None,
        cache_control: None,
        user: BTreeMap::new(),
        modified: OffsetDateTime::now_utc(),
    }
}

fn user_meta(metadata: Option<Metadata>) -> BTreeMap<String, String> {
    metadata.unwrap_or_default().into_iter().collect()
}

fn no_such_upload() -> S3Error {
    s3_error!(NoSuchUpload, "There is no such multipart upload.")
}

/// The cause goes to the log, a plain sentence to the caller.
#[allow(clippy::needless_pass_by_value)]
fn internal(error: io::Error) -> S3Error {
    tracing::error!(%error, "embedded S3");
    s3_error!(InternalError, "The storage failed.")
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0u32, |word, (i, byte)| {
            word | u32::from(*byte) << (16 - 8 * i)
        });
        for i in 0..4 {
            out.push(if i <= chunk.len() {
                ALPHABET[(word >> (18 - 6 * i)) as usize & 63] as char
            } else {
                '='
            });
        }
    }
    out
}
