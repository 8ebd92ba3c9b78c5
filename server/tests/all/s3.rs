//! Objects: one set of checks that runs against the embedded S3 and against SeaweedFS, and what
//! only the embedded one promises.

use super::s3_weed::Weed;
use super::support::config;
use bytes::Bytes;
use reqwest::{Client, Method, StatusCode};
use std::io::Write;
use std::time::Duration;
use tempfile::TempDir;
use visionflow_server::objects::{ObjectError, Objects, SignedPut};

struct Embedded {
    objects: Objects,
    dir: TempDir,
}

async fn embedded() -> Embedded {
    let dir = TempDir::new().unwrap();
    Embedded {
        objects: start(&dir).await,
        dir,
    }
}

async fn start(dir: &TempDir) -> Objects {
    let path = dir.path().to_str().unwrap();
    let config = config(&["--data-dir", path, "--s3-listen", "127.0.0.1:0"]);
    Objects::start(&config).await.unwrap()
}

async fn put(signed: &SignedPut, content_type: &str, body: &'static [u8]) -> reqwest::Response {
    let request = Client::new().put(&signed.url);
    let request = request.header("content-type", content_type).body(body);
    request.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_s3_keeps_objects() {
    let embedded = embedded().await;
    check_objects(&embedded.objects).await;
    check_presigned(&embedded.objects).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn seaweedfs_keeps_objects() {
    let Some(weed) = Weed::start().await else {
        return;
    };
    let objects = Objects::start(&weed.config()).await.unwrap();
    check_objects(&objects).await;
    check_presigned(&objects).await;
}

async fn check_objects(objects: &Objects) {
    let body = Bytes::from_static(b"0123456789");
    for key in ["w/p/a.txt", "w/p/b c.txt", "w/q/Füße.txt"] {
        objects
            .write(key, "text/plain", body.clone())
            .await
            .unwrap();
        assert_eq!(objects.read(key).await.unwrap(), body);
    }
    let head = objects.head("w/p/b c.txt").await.unwrap();
    assert_eq!(
        (head.size_bytes, head.content_type.as_str()),
        (10, "text/plain")
    );
    assert_eq!(objects.read_range("w/p/a.txt", 2, 5).await.unwrap(), "234");
    assert_eq!(objects.read_range("w/p/a.txt", 8, 50).await.unwrap(), "89");

    objects
        .copy("w/p/b c.txt", "w/p/copy", "image/png")
        .await
        .unwrap();
    assert_eq!(
        objects.head("w/p/copy").await.unwrap().content_type,
        "image/png"
    );
    assert_eq!(objects.read("w/p/copy").await.unwrap(), body);

    let page = objects.list("w/p/", None).await.unwrap();
    let keys: Vec<_> = page
        .objects
        .iter()
        .map(|object| object.key.as_str())
        .collect();
    assert_eq!(keys, ["w/p/a.txt", "w/p/b c.txt", "w/p/copy"]);
    assert!(page.next.is_none());

    objects.delete("w/p/copy").await.unwrap();
    objects.delete("w/p/copy").await.unwrap();
    let gone = objects.read("w/p/copy").await;
    assert!(matches!(gone, Err(ObjectError::NotFound)), "{gone:?}");
    let gone = objects.copy("w/p/copy", "w/p/x", "a/b").await;
    assert!(matches!(gone, Err(ObjectError::NotFound)), "{gone:?}");
    check_sink(objects).await;
}

/// 20 MB in parts of 8, written by a thread that knows nothing of async.
async fn check_sink(objects: &Objects) {
    let (mut writer, sink) = objects.sink("w/p/big.bin", "application/zip");
    let writing = tokio::task::spawn_blocking(move || {
        for number in 0u32..2_500_000 {
            writer.write_all(&number.to_le_bytes()).unwrap();
            writer.write_all(&[0; 4]).unwrap();
        }
        writer.close().unwrap()
    });
    let uploaded = sink.upload().await.unwrap();
    assert_eq!(writing.await.unwrap(), 20_000_000);
    let early = objects.head("w/p/big.bin").await;
    assert!(
        matches!(early, Err(ObjectError::NotFound)),
        "not before it is finished"
    );
    assert_eq!(uploaded.finish().await.unwrap(), 20_000_000);
    assert_eq!(
        objects.head("w/p/big.bin").await.unwrap().size_bytes,
        20_000_000
    );
    for at in [0u32, 1_048_575, 1_048_576, 2_499_999] {
        let from = i64::from(at) * 8;
        let bytes = objects
            .read_range("w/p/big.bin", from, from + 4)
            .await
            .unwrap();
        assert_eq!(bytes, at.to_le_bytes().as_slice());
    }
    let (writer, sink) = objects.sink("w/p/never", "application/zip");
    drop(writer);
    sink.upload().await.unwrap().abort().await;
    let never = objects.head("w/p/never").await;
    assert!(matches!(never, Err(ObjectError::NotFound)));
}

async fn check_presigned(objects: &Objects) {
    let signed = objects
        .presign_put("staging/x", "image/png", Some(5))
        .await
        .unwrap();
    assert_eq!(
        signed.headers,
        [("content-type".to_owned(), "image/png".to_owned())]
    );
    let refused = [
        put(&signed, "text/html", b"hello").await,
        put(&signed, "image/png", b"hello, longer").await,
        put(
            &SignedPut {
                url: signed.url.replace("staging/x", "staging/y"),
                ..signed.clone()
            },
            "image/png",
            b"hello",
        )
        .await,
        put(
            &SignedPut {
                url: with_other_signature(&signed.url),
                ..signed.clone()
            },
            "image/png",
            b"hello",
        )
        .await,
    ];
    for response in refused {
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
    }
    let second = Duration::from_secs(1);
    let expired = objects
        .presign_put_for("staging/x", "image/png", Some(5), second)
        .await
        .unwrap();
    // Signatures count whole seconds; there is no other sign of time passing.
    tokio::time::sleep(second * 3).await;
    assert_eq!(
        put(&expired, "image/png", b"hello").await.status(),
        StatusCode::FORBIDDEN
    );
    assert!(matches!(
        objects.head("staging/x").await,
        Err(ObjectError::NotFound)
    ));

    assert_eq!(
        put(&signed, "image/png", b"hello").await.status(),
        StatusCode::OK
    );
    let url = objects.presign_get("staging/x").await.unwrap();
    assert_eq!(
        url,
        objects.presign_get("staging/x").await.unwrap(),
        "for browsers' caches"
    );
    let response = reqwest::get(&url).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(response.bytes().await.unwrap(), "hello");
    let bad = reqwest::get(with_other_signature(&url)).await.unwrap();
    assert_eq!(bad.status(), StatusCode::FORBIDDEN);
    let anonymous = reqwest::get(url.split('?').next().unwrap()).await.unwrap();
    assert_eq!(anonymous.status(), StatusCode::FORBIDDEN);

    let url = objects
        .presign_download("staging/x", "Füße 1.zip")
        .await
        .unwrap();
    let response = reqwest::get(&url).await.unwrap();
    let disposition = response.headers()["content-disposition"].to_str().unwrap();
    assert!(
        disposition.contains("filename*=UTF-8''F%C3%BC%C3%9Fe%201.zip"),
        "{disposition}"
    );
}

fn with_other_signature(url: &str) -> String {
    let at = url.find("X-Amz-Signature=").unwrap() + "X-Amz-Signature=".len();
    let (before, signature) = url.split_at(at);
    let flipped = if signature.starts_with('0') { "1" } else { "0" };
    format!("{before}{flipped}{}", &signature[1..])
}

#[tokio::test(flavor = "multi_thread")]
async fn any_key_stays_inside() {
    let embedded = embedded().await;
    let long = "é/".repeat(300) + &"x".repeat(124);
    let keys = [
        "../../outside",
        "/absolute",
        "a//b",
        "a/./b",
        "Case",
        "case",
        "nul%00+",
        &long,
    ];
    for key in keys {
        let body = Bytes::from(format!("this is {key}"));
        embedded
            .objects
            .write(key, "text/plain", body.clone())
            .await
            .unwrap();
    }
    for key in keys {
        let body = embedded.objects.read(key).await.unwrap();
        assert_eq!(body, format!("this is {key}"), "{key}");
    }
    let mut sorted = keys.map(str::to_owned);
    sorted.sort();
    let page = embedded.objects.list("", None).await.unwrap();
    let listed: Vec<_> = page.objects.into_iter().map(|object| object.key).collect();
    assert_eq!(listed, sorted);
    let outside = embedded.dir.path().parent().unwrap().join("outside");
    assert!(!outside.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_let_in_and_nothing_runs() {
    let embedded = embedded().await;
    let signed = embedded
        .objects
        .presign_put("staging/x", "text/html", Some(6))
        .await
        .unwrap();
    let preflight = Client::new()
        .request(Method::OPTIONS, &signed.url)
        .header("origin", "http://127.0.0.1:8080")
        .header("access-control-request-method", "PUT")
        .header("access-control-request-headers", "content-type")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status(), StatusCode::NO_CONTENT);
    let headers = preflight.headers();
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(headers["access-control-allow-headers"], "content-type");
    assert!(
        headers["access-control-allow-methods"]
            .to_str()
            .unwrap()
            .contains("PUT")
    );

    let stored = put(&signed, "text/html", b"<html>").await;
    assert!(stored.headers().contains_key("etag"));
    let exposed = stored.headers()["access-control-expose-headers"]
        .to_str()
        .unwrap();
    assert!(exposed.contains("ETag"));
    let url = embedded.objects.presign_get("staging/x").await.unwrap();
    let page = reqwest::get(url).await.unwrap();
    assert_eq!(page.headers()["x-content-type-options"], "nosniff");
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("sandbox"));
    let refused = reqwest::get(embedded.objects.public_origin())
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        refused.headers()["access-control-allow-origin"],
        "*",
        "also on errors"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_outlive_the_process() {
    let dir = TempDir::new().unwrap();
    let objects = start(&dir).await;
    objects
        .write("w/kept", "text/plain", Bytes::from_static(b"kept"))
        .await
        .unwrap();
    objects.shutdown().await;
    // What a process that was killed in the middle of a PUT leaves behind.
    let leftover = dir.path().join("objects/.tmp/half");
    std::fs::write(&leftover, "half").unwrap();
    let again = start(&dir).await;
    assert_eq!(again.read("w/kept").await.unwrap(), "kept");
    assert!(!leftover.exists());
}
