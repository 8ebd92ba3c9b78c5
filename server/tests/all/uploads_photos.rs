//! Photographs made in code, and their way through the API as a browser goes it.

use super::support::{Reply, User};
use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use uuid::Uuid;
use visionflow_api::{Image, ImageStatus, UploadTicket};

/// A gradient, red at the left and green at the top.
fn pixels(width: u32, height: u32) -> Vec<u8> {
    let mut rgb = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (x, y) = (x * 255 / width, y * 255 / height);
            rgb.extend([255 - x as u8, 255 - y as u8, 128]);
        }
    }
    rgb
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90)
        .encode(
            &pixels(width, height),
            width,
            height,
            ExtendedColorType::Rgb8,
        )
        .unwrap();
    bytes
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(
            &pixels(width, height),
            width,
            height,
            ExtendedColorType::Rgb8,
        )
        .unwrap();
    bytes
}

/// The JPEG with an EXIF segment that tells how to turn it.
pub fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let length = (exif.len() + 2) as u16;
    let segment = [&[0xff, 0xe1][..], &length.to_be_bytes(), &exif].concat();
    [&jpeg[..2], &segment, &jpeg[2..]].concat()
}

/// Announces a photograph.
pub async fn announce(user: &User, project: Uuid, name: &str, kind: &str, size: usize) -> Reply {
    let body = json!({ "filename": name, "content_type": kind, "size_bytes": size });
    let path = format!("/api/v1/projects/{project}/upload_url");
    user.post(&path, &body).await
}

/// PUTs bytes with the headers of a ticket; the status.
pub async fn put(url: &str, headers: &[(String, String)], bytes: &[u8]) -> u16 {
    let mut request = reqwest::Client::new().put(url).body(bytes.to_vec());
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.send().await.unwrap().status().as_u16()
}

pub async fn complete(user: &User, ticket: &UploadTicket, has_thumbnail: bool) -> Reply {
    let body = json!({ "storage_path": ticket.storage_path, "has_thumbnail": has_thumbnail });
    user.post("/api/v1/images/complete_upload", &body).await
}

/// Announces and PUTs; the ticket to complete with.
pub async fn send(
    user: &User,
    project: Uuid,
    name: &str,
    kind: &str,
    bytes: &[u8],
) -> UploadTicket {
    let ticket: UploadTicket = announce(user, project, name, kind, bytes.len())
        .await
        .expect(200);
    let status = put(&ticket.presigned_url, &ticket.headers, bytes).await;
    assert_eq!(status, 200, "{name}");
    ticket
}

/// All three steps.
pub async fn upload(user: &User, project: Uuid, name: &str, kind: &str, bytes: &[u8]) -> Image {
    let ticket = send(user, project, name, kind, bytes).await;
    complete(user, &ticket, false).await.expect(200)
}

/// The image once its job is done.
pub async fn verified(user: &User, id: Uuid) -> Image {
    eventually(async || {
        let image: Image = user.get(&format!("/api/v1/images/{id}")).await.expect(200);
        (image.status != ImageStatus::Verifying).then_some(image)
    })
    .await
}

pub async fn images(user: &User, project: Uuid, query: &str) -> Vec<Image> {
    let path = format!("/api/v1/projects/{project}/images?{query}");
    let page: Value = user.get(&path).await.expect(200);
    serde_json::from_value(page["items"].clone()).unwrap()
}

/// What `look` finds, as soon as it does. Two minutes are given: more than a busy machine needs, and less than for ever.
pub async fn eventually<T>(look: impl AsyncFn() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_mins(2);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "it did not happen in time");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
