//! Uploads from the ticket to the verified photograph, and everything that is refused on the way.

use super::s3_weed::Weed;
use super::support::{TestApp, User};
use super::uploads_photos::{
    announce, complete, images, jpeg, png, put, send, turned, upload, verified,
};
use bytes::Bytes;
use serde_json::json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use visionflow_api::{Image, ImageStatus, ProjectRole, UploadTicket};
use visionflow_server::{App, sweep};

async fn start() -> (TestApp, User, Uuid) {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let project = ada.create_project("street").await;
    (app, ada, project)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_comes_in() {
    let (app, ada, project) = start().await;
    check_upload(&ada, project).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_comes_in_through_seaweedfs() {
    let Some(weed) = Weed::start().await else {
        return;
    };
    let app = TestApp::start_with(|config| weed.configure(config)).await;
    let ada = app.sign_up("ada").await;
    let project = ada.create_project("street").await;
    check_upload(&ada, project).await;
    app.stop().await;
}

async fn check_upload(ada: &User, project: Uuid) {
    let bytes = jpeg(900, 600);
    let kind = "image/jpeg";
    let name = "day 1/Füße 日本.jpg";
    let ticket: UploadTicket = announce(ada, project, name, kind, bytes.len())
        .await
        .expect(200);
    complete(ada, &ticket, false)
        .await
        .expect_problem(409, "conflict");
    let html = [("content-type".to_owned(), "text/html".to_owned())];
    assert_eq!(
        put(&ticket.presigned_url, &html, &bytes).await,
        403,
        "another type"
    );
    let longer = [bytes.clone(), vec![0]].concat();
    assert_eq!(
        put(&ticket.presigned_url, &ticket.headers, &longer).await,
        403,
        "another length"
    );
    assert_eq!(
        put(&ticket.presigned_url, &ticket.headers, &bytes).await,
        200
    );

    let image: Image = complete(ada, &ticket, false).await.expect(200);
    assert_eq!((image.width, image.height), (900, 600));
    assert_eq!(
        (image.filename.as_str(), image.content_type.as_str()),
        (name, kind)
    );
    let again: Image = complete(ada, &ticket, false).await.expect(200);
    assert_eq!(again.id, image.id);
    let read = reqwest::get(&image.url).await.unwrap();
    assert_eq!(read.headers()["content-type"], kind);
    assert_eq!(read.bytes().await.unwrap(), bytes);

    let image = verified(ada, image.id).await;
    assert_eq!(image.status, ImageStatus::Ready);
    let thumbnail = reqwest::get(image.thumbnail_url.unwrap()).await.unwrap();
    let thumbnail = image::load_from_memory(&thumbnail.bytes().await.unwrap()).unwrap();
    assert_eq!((thumbnail.width(), thumbnail.height()), (512, 341));
}

#[tokio::test(flavor = "multi_thread")]
async fn completions_at_once_make_one_image() {
    let (app, ada, project) = start().await;
    let ticket = send(&ada, project, "a.png", "image/png", &png(30, 20)).await;
    let tries = (0..6).map(|_| complete(&ada, &ticket, false));
    let ids: Vec<Uuid> = futures_util::future::join_all(tries)
        .await
        .into_iter()
        .map(|reply| reply.expect::<Image>(200).id)
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(images(&ada, project, "").await.len(), 1);
    let kept = keys(app.app(), &format!("{}/", ada.workspace_id)).await;
    let originals = kept.iter().filter(|key| key.contains("original"));
    assert_eq!(originals.count(), 1, "{kept:?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browsers_thumbnail_is_taken_if_it_is_one() {
    let (app, ada, project) = start().await;
    for (thumbnail, taken) in [
        (jpeg(300, 200), true),
        (jpeg(200, 300), false),
        (jpeg(3000, 2000), false),
        (b"not an image".to_vec(), false),
    ] {
        let ticket = send(&ada, project, "a.png", "image/png", &png(600, 400)).await;
        let status = put(&ticket.thumbnail_url, &ticket.thumbnail_headers, &thumbnail).await;
        assert_eq!(status, 200);
        let image: Image = complete(&ada, &ticket, true).await.expect(200);
        assert_eq!(image.thumbnail_url.is_some(), taken);
        let image = verified(&ada, image.id).await;
        assert!(image.thumbnail_url.is_some(), "a job makes it otherwise");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_such_photograph_is_refused_and_leaves_nothing() {
    let (app, ada, project) = start().await;
    let whole = jpeg(400, 300);
    let bomb = bomb_png(60_000, 60_000);
    let wide = bomb_png(100_000, 10);
    for (bytes, kind, words) in [
        (
            b"<html>hello</html>".as_slice(),
            "image/jpeg",
            "not an image",
        ),
        (&whole[..whole.len() / 2], "image/jpeg", "cut off"),
        (
            &whole,
            "image/png",
            "is image/jpeg, but was announced as image/png",
        ),
        (&bomb, "image/png", "60000 × 60000"),
        (&wide, "image/png", "65535 a side"),
    ] {
        let ticket = send(&ada, project, "a.jpg", kind, bytes).await;
        let reply = complete(&ada, &ticket, false).await;
        reply.expect_problem(422, "invalid_input");
        let detail = reply.body["detail"].as_str().unwrap();
        assert!(detail.contains(words), "“{detail}” does not say “{words}”");
    }
    assert!(images(&ada, project, "").await.is_empty());
    assert!(
        keys(app.app(), &format!("{}/", ada.workspace_id))
            .await
            .is_empty()
    );
    app.stop().await;
}

/// A PNG of a few bytes that claims to be this large.
fn bomb_png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(8, 8);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_are_checked() {
    let (app, ada, project) = start().await;
    for (name, kind, size, status) in [
        ("../a.jpg", "image/jpeg", 10, 422),
        ("/etc/passwd", "image/jpeg", 10, 422),
        ("a/../../b.jpg", "image/jpeg", 10, 422),
        ("nul\0.jpg", "image/jpeg", 10, 422),
        ("", "image/jpeg", 10, 422),
        ("a.html", "text/html", 10, 422),
        ("a.jpg", "image/jpeg", 0, 422),
        ("a.jpg", "image/jpeg", 4096 << 20, 200),
        ("a.jpg", "image/jpeg", (4096 << 20) + 1, 413),
        ("a.webp", "image/webp", (200 << 20) + 1, 413),
        ("a.jpg", "image/jpeg", 10, 200),
    ] {
        let reply = announce(&ada, project, name, kind, size).await;
        assert_eq!(
            reply.status, status,
            "{name:?} {kind} {size}: {}",
            reply.body
        );
    }
    let path = format!("/api/v1/projects/{project}/upload_url");
    let body = json!({ "filename": "a.jpg", "content_type": "image/jpeg", "size_bytes": 10 });
    let first: UploadTicket = ada.post_once(&path, "k", &body).await.expect(200);
    let second: UploadTicket = ada.post_once(&path, "k", &body).await.expect(200);
    assert_eq!(first.upload_id, second.upload_id);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_works_in_the_project_uploads() {
    let (app, ada, project) = start().await;
    let (ben, eve) = (app.sign_up("ben").await, app.sign_up("eve").await);
    ada.add_member(project, &ben, ProjectRole::Labeler).await;
    let image = upload(&ben, project, "a.png", "image/png", &png(8, 8)).await;
    let ticket = send(&ben, project, "b.png", "image/png", &png(8, 8)).await;
    let left = ada
        .delete(&format!("/api/v1/projects/{project}/members/{}", ben.id))
        .await;
    assert_eq!(left.status, 204, "{}", left.body);
    // Still a member of the workspace: may look.
    announce(&ben, project, "a.png", "image/png", 10)
        .await
        .expect_problem(403, "forbidden");
    complete(&ben, &ticket, false)
        .await
        .expect_problem(403, "forbidden");
    assert_eq!(images(&ben, project, "").await.len(), 1);
    // Another tenant: there is nothing.
    announce(&eve, project, "a.png", "image/png", 10)
        .await
        .expect_problem(404, "not_found");
    complete(&eve, &ticket, false)
        .await
        .expect_problem(404, "not_found");
    let path = format!("/api/v1/images/{}", image.id);
    eve.get(&path).await.expect_problem(404, "not_found");
    eve.delete(&path).await.expect_problem(404, "not_found");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_are_those_of_the_upright_picture() {
    let (app, ada, project) = start().await;
    for (orientation, size) in [(1, (60, 40)), (3, (60, 40)), (6, (40, 60)), (8, (40, 60))] {
        let bytes = turned(&jpeg(60, 40), orientation);
        let image = upload(&ada, project, "a.jpg", "image/jpeg", &bytes).await;
        assert_eq!(
            (image.width, image.height),
            size,
            "orientation {orientation}"
        );
        let image = verified(&ada, image.id).await;
        let thumbnail = reqwest::get(image.thumbnail_url.unwrap()).await.unwrap();
        let thumbnail = image::load_from_memory(&thumbnail.bytes().await.unwrap()).unwrap();
        assert_eq!((thumbnail.width() as i32, thumbnail.height() as i32), size);
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_middle_is_found_by_the_job() {
    let (app, ada, project) = start().await;
    let mut bytes = png(200, 200);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    let image = upload(&ada, project, "a.png", "image/png", &bytes).await;
    assert_eq!(verified(&ada, image.id).await.status, ImageStatus::Damaged);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sweep_takes_what_nobody_needs() {
    let (app, ada, project) = start().await;
    let kept = upload(&ada, project, "kept.png", "image/png", &png(20, 20)).await;
    let kept = verified(&ada, kept.id).await;
    let abandoned = send(&ada, project, "never.png", "image/png", &png(20, 20)).await;
    let deleted = upload(&ada, project, "old.png", "image/png", &png(20, 20)).await;
    verified(&ada, deleted.id).await;
    assert_eq!(
        ada.delete(&format!("/api/v1/images/{}", deleted.id))
            .await
            .status,
        204
    );
    // As from a completion that was killed between the copy and the row, and of someone else.
    let stray = format!(
        "{}/{project}/images/{}/original.png",
        ada.workspace_id,
        Uuid::new_v4()
    );
    let foreign = format!("{}/x/original.png", Uuid::new_v4());
    for key in [&stray, &foreign] {
        let bytes = Bytes::from_static(b"x");
        app.app()
            .objects()
            .write(key, "image/png", bytes)
            .await
            .unwrap();
    }
    let now = OffsetDateTime::now_utc();
    sweep::run(app.app(), now).await.unwrap();
    let all = keys(app.app(), "").await;
    assert!(
        all.contains(&stray) && all.contains(&abandoned.storage_path),
        "not yet: {all:?}"
    );

    sweep::run(app.app(), now + Duration::days(4))
        .await
        .unwrap();
    let all = keys(app.app(), "").await;
    assert!(
        !all.contains(&stray) && !all.contains(&abandoned.storage_path),
        "{all:?}"
    );
    assert!(all.contains(&foreign), "{all:?}");
    complete(&ada, &abandoned, false)
        .await
        .expect_problem(404, "not_found");
    let restored = ada
        .post(
            &format!("/api/v1/images/{}/restore", deleted.id),
            &json!({}),
        )
        .await;
    assert_eq!(restored.status, 200);
    ada.delete(&format!("/api/v1/images/{}", deleted.id)).await;

    sweep::run(app.app(), now + Duration::days(31))
        .await
        .unwrap();
    ada.get(&format!("/api/v1/images/{}", deleted.id))
        .await
        .expect_problem(404, "not_found");
    let all = keys(app.app(), &format!("{}/", ada.workspace_id)).await;
    assert_eq!(all.len(), 2, "the kept one and its thumbnail: {all:?}");
    assert_eq!(reqwest::get(&kept.url).await.unwrap().status(), 200);
    app.stop().await;
}

async fn keys(app: &App, prefix: &str) -> Vec<String> {
    let page = app.objects().list(prefix, None).await.unwrap();
    page.objects.into_iter().map(|object| object.key).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tiff_of_sixteen_bits_is_taken_wherever_its_directory_lies() {
    let app = TestApp::start().await;
    let user = app.sign_up("ada").await;
    let project = user.create_project("Cells").await;
    let cells = image::ImageBuffer::from_fn(900, 700, |x, y| image::Luma([(x * y % 4096) as u16]));
    let mut bytes = Vec::new();
    image::DynamicImage::from(cells)
        .write_to(
            &mut std::io::Cursor::new(&mut bytes),
            image::ImageFormat::Tiff,
        )
        .unwrap();
    // The directory behind the pixels, and further bytes behind it: in neither end of the file.
    let at = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    assert!(at > 256 * 1024, "the directory lies at {at}");
    bytes.extend(std::iter::repeat_n(0, 100 * 1024));
    let image = upload(&user, project, "cells.tif", "image/tiff", &bytes).await;
    assert_eq!((image.width, image.height), (900, 700));
    assert_eq!(image.content_type, "image/tiff");
    let image = verified(&user, image.id).await;
    assert_eq!(image.status, ImageStatus::Ready);
    let thumbnail = reqwest::get(image.thumbnail_url.unwrap()).await.unwrap();
    let thumbnail = thumbnail.bytes().await.unwrap();
    let thumbnail = image::load_from_memory(&thumbnail).unwrap();
    assert_eq!((thumbnail.width(), thumbnail.height()), (512, 398));

    // Cut off within its pixels it has no directory; with a lying one it is damaged.
    let cut = &bytes[..at - 1000];
    let ticket = send(&user, project, "cut.tif", "image/tiff", cut).await;
    let refused = complete(&user, &ticket, false).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let mut lying = bytes.clone();
    let strip_offsets = (0..).map(|entry| at + 2 + 12 * entry);
    let entry = strip_offsets
        .take(30)
        .find(|entry| lying[*entry..*entry + 2] == 273u16.to_le_bytes())
        .unwrap();
    let offsets = u32::from_le_bytes(lying[entry + 8..entry + 12].try_into().unwrap()) as usize;
    lying[offsets..offsets + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let image = upload(&user, project, "lying.tif", "image/tiff", &lying).await;
    assert_eq!(verified(&user, image.id).await.status, ImageStatus::Damaged);
}
