//! The gallery's list, the bin, and who may use it.

use super::support::TestApp;
use super::uploads_photos::{images, png, upload};
use serde_json::{Value, json};
use visionflow_api::{Image, ProjectRole};

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_the_order_of_arrival() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let project = ada.create_project("street").await;
    let names = ["c.png", "a 100%.png", "b_1.png", "Dog.png", "a 1000.png"];
    for name in names {
        upload(&ada, project, name, "image/png", &png(8, 8)).await;
    }
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/projects/{project}/images?limit=2{cursor}");
        let page: Value = ada.get(&path).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        found.extend(
            items
                .iter()
                .map(|item| item["filename"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found, names);
    for (search, expected) in [
        ("dog", vec!["Dog.png"]),
        ("100%25", vec!["a 100%.png"]),
        ("b_", vec!["b_1.png"]),
        ("%5C", vec![]),
    ] {
        let found = images(&ada, project, &format!("search={search}")).await;
        let found: Vec<_> = found.iter().map(|image| image.filename.as_str()).collect();
        assert_eq!(found, expected, "{search}");
    }
    for query in ["limit=0", "limit=501", "cursor=nonsense"] {
        let path = format!("/api/v1/projects/{project}/images?{query}");
        assert_eq!(ada.get(&path).await.status, 422, "{query}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bin_gives_back() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.sign_up("ada").await, app.sign_up("ben").await);
    let project = ada.create_project("street").await;
    ada.add_member(project, &ben, ProjectRole::Labeler).await;
    let hers = upload(&ada, project, "hers.png", "image/png", &png(8, 8)).await;
    let his = upload(&ben, project, "his.png", "image/png", &png(8, 8)).await;
    let path = |image: &Image| format!("/api/v1/images/{}", image.id);
    ben.delete(&path(&hers))
        .await
        .expect_problem(403, "forbidden");
    assert_eq!(
        ben.delete(&path(&his)).await.status,
        204,
        "whoever uploaded it may"
    );
    assert_eq!(ada.delete(&path(&hers)).await.status, 204);
    assert_eq!(ada.delete(&path(&hers)).await.status, 204, "twice is once");
    assert!(images(&ada, project, "").await.is_empty());
    let bin = images(&ada, project, "deleted=true").await;
    assert_eq!(
        bin.iter().map(|image| image.id).collect::<Vec<_>>(),
        [hers.id, his.id]
    );
    let shown: Image = ada.get(&path(&hers)).await.expect(200);
    assert!(shown.deleted_at.is_some());

    let restore = format!("{}/restore", path(&hers));
    ben.post(&restore, &json!({}))
        .await
        .expect_problem(403, "forbidden");
    let back: Image = ada.post(&restore, &json!({})).await.expect(200);
    assert_eq!(back.deleted_at, None);
    let ids: Vec<_> = images(&ada, project, "")
        .await
        .iter()
        .map(|image| image.id)
        .collect();
    assert_eq!(ids, [hers.id]);
    app.stop().await;
}
