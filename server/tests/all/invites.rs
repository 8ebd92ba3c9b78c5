//! Invitations by link.

use super::support::{TestApp, User};
use serde_json::{Value, json};
use uuid::Uuid;
use visionflow_api::{Invite, InviteInfo, IssuedLink, Page, Project, ProjectRole};

async fn invite(admin: &User, project: Uuid, role: &str) -> IssuedLink {
    let path = format!("/api/v1/projects/{project}/invites");
    admin
        .post(&path, &json!({ "role": role }))
        .await
        .expect(201)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_says_what_it_is_for_and_makes_a_member() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.sign_up("Ada").await, app.sign_up("ben").await);
    let project = ada.create_project("cars").await;
    let link = invite(&ada, project, "reviewer").await;
    assert_eq!(link.url, format!("{}/invite/{}", app.url, link.token));
    let info: InviteInfo = app
        .get(&format!("/api/v1/invites/{}", link.token))
        .await
        .expect(200);
    assert_eq!(
        (info.project_name.as_str(), info.role),
        ("cars", ProjectRole::Reviewer)
    );
    assert_eq!(
        (info.workspace_name.as_str(), info.invited_by.as_str()),
        ("Ada’s workspace", "Ada")
    );
    ben.get(&format!("/api/v1/projects/{project}"))
        .await
        .expect_problem(404, "not_found");
    let accept = format!("/api/v1/invites/{}/accept", link.token);
    assert_eq!(ben.post(&accept, &json!({})).await.status, 204);
    let seen: Project = ben
        .get(&format!("/api/v1/projects/{project}"))
        .await
        .expect(200);
    assert_eq!(seen.role, Some(ProjectRole::Reviewer));
    // A second time, and with another role: nothing changes, also for the admin.
    let lesser = invite(&ada, project, "labeler").await;
    for user in [&ben, &ada] {
        let accept = format!("/api/v1/invites/{}/accept", lesser.token);
        assert_eq!(user.post(&accept, &json!({})).await.status, 204);
    }
    let seen: Project = ben
        .get(&format!("/api/v1/projects/{project}"))
        .await
        .expect(200);
    assert_eq!(seen.role, Some(ProjectRole::Reviewer));
    let seen: Project = ada
        .get(&format!("/api/v1/projects/{project}"))
        .await
        .expect(200);
    assert_eq!(seen.role, Some(ProjectRole::Admin));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_end_when_revoked_expired_or_their_project_deleted() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.sign_up("ada").await, app.sign_up("ben").await);
    let project = ada.create_project("cars").await;
    let path = format!("/api/v1/projects/{project}/invites");
    let check_gone = async |link: &IssuedLink| {
        let path = format!("/api/v1/invites/{}", link.token);
        app.get(&path).await.expect_problem(404, "not_found");
        ben.post(&format!("{path}/accept"), &json!({}))
            .await
            .expect_problem(404, "not_found");
    };
    let (first, second) = (
        invite(&ada, project, "labeler").await,
        invite(&ada, project, "labeler").await,
    );
    let open: Page<Invite> = ada.get(&path).await.expect(200);
    assert_eq!(open.items.len(), 2);
    assert_eq!(
        ada.delete(&format!("{path}/{}", open.items[1].id))
            .await
            .status,
        204
    );
    ada.delete(&format!("{path}/{}", Uuid::new_v4()))
        .await
        .expect_problem(404, "not_found");
    check_gone(&first).await;
    let mut owner = app.owner().await;
    sqlx::query("update invites set expires_at = now() where revoked_at is null")
        .execute(&mut owner)
        .await
        .unwrap();
    check_gone(&second).await;
    let open: Page<Invite> = ada.get(&path).await.expect(200);
    assert!(open.items.is_empty());
    let third = invite(&ada, project, "labeler").await;
    assert_eq!(
        ada.delete(&format!("/api/v1/projects/{project}"))
            .await
            .status,
        204
    );
    check_gone(&third).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_projects_admins_invite_and_only_a_hash_is_kept() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.sign_up("ada").await, app.sign_up("ben").await);
    let project = ada.create_project("cars").await;
    ada.add_member(project, &ben, ProjectRole::Reviewer).await;
    let path = format!("/api/v1/projects/{project}/invites");
    ben.post(&path, &json!({ "role": "admin" }))
        .await
        .expect_problem(403, "forbidden");
    ben.get(&path).await.expect_problem(403, "forbidden");
    let link = invite(&ada, project, "labeler").await;
    let mut owner = app.owner().await;
    let rows: Vec<Value> = sqlx::query_scalar("select to_jsonb(i) from invites i")
        .fetch_all(&mut owner)
        .await
        .unwrap();
    assert!(!json!(rows).to_string().contains(&link.token));
}
