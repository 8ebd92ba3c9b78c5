//! `/auth/v1`: accounts and sessions.

use super::support::{Reply, TestApp, User};
use reqwest::Method;
use serde_json::{Value, json};

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password });
    app.post("/auth/v1/token?grant_type=password", &body).await
}

async fn refresh(app: &TestApp, token: &str) -> Reply {
    let body = json!({ "refresh_token": token });
    app.post("/auth/v1/token?grant_type=refresh_token", &body)
        .await
}

#[track_caller]
fn check_refused(reply: &Reply, status: u16, error_code: &str) {
    let found = (reply.status, reply.body["error_code"].as_str());
    assert_eq!(found, (status, Some(error_code)), "{}", reply.body);
    assert_eq!(reply.body["code"], status);
    assert!(reply.body["msg"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_up_makes_an_account_with_a_workspace() {
    let app = TestApp::start().await;
    let ada = app.sign_up("Ada").await;
    let me = ada.get("/api/v1/me").await;
    assert_eq!(me.body["name"], "Ada");
    assert_eq!(me.body["email"], ada.email);
    assert_eq!(me.body["workspaces"][0]["name"], "Ada’s workspace");
    assert_eq!(me.body["workspaces"][0]["role"], "admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_up_refuses_bad_input_and_a_second_account() {
    let app = TestApp::start().await;
    let body = |email: &str, password: &str| json!({ "email": email, "password": password });
    let sign_up = async |body: Value| app.post("/auth/v1/signup", &body).await;
    assert_eq!(sign_up(body("a@b.c", "long enough")).await.status, 200);
    check_refused(
        &sign_up(body("a@b.c", "long enough")).await,
        422,
        "user_already_exists",
    );
    check_refused(
        &sign_up(body(" A@B.C ", "long enough")).await,
        422,
        "user_already_exists",
    );
    check_refused(
        &sign_up(body("ab.c", "long enough")).await,
        422,
        "validation_failed",
    );
    check_refused(&sign_up(body("b@b.c", "short")).await, 422, "weak_password");
    check_refused(
        &sign_up(body("b@b.c", &"x".repeat(129))).await,
        422,
        "weak_password",
    );
    check_refused(
        &sign_up(json!({ "email": 1 })).await,
        422,
        "validation_failed",
    );
    let named =
        json!({ "email": "c@b.c", "password": "long enough", "data": { "name": "x\u{0}" } });
    check_refused(&sign_up(named).await, 422, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_checked_and_the_two_failures_look_alike() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    assert_eq!(
        sign_in(&app, &ada.email.to_uppercase(), "correct horse")
            .await
            .status,
        200
    );
    let wrong = sign_in(&app, &ada.email, "incorrect horse").await;
    let unknown = sign_in(&app, "nobody@example.org", "incorrect horse").await;
    check_refused(&wrong, 400, "invalid_credentials");
    assert_eq!(wrong.body, unknown.body);
    let strange = json!({ "email": ada.email, "password": "correct horse" });
    let reply = app.post("/auth/v1/token?grant_type=magic", &strange).await;
    check_refused(&reply, 400, "unsupported_grant_type");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_throttled_for_the_account_and_others_still_get_in() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.sign_up("ada").await, app.sign_up("ben").await);
    for _ in 0..10 {
        check_refused(
            &sign_in(&app, &ada.email, "a guess").await,
            400,
            "invalid_credentials",
        );
    }
    let refused = sign_in(&app, &ada.email, "correct horse").await;
    check_refused(&refused, 429, "over_request_rate_limit");
    let wait: u64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    assert_eq!(sign_in(&app, &ben.email, "correct horse").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_cannot_try_many_accounts() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    for n in 0..100 {
        let reply = sign_in(&app, &format!("guess{n}@example.org"), "a guess").await;
        check_refused(&reply, 400, "invalid_credentials");
    }
    let refused = sign_in(&app, &ada.email, "correct horse").await;
    check_refused(&refused, 429, "over_request_rate_limit");
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_once_do_not_slip_through_together() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let guesses = (0..20).map(|_| sign_in(&app, &ada.email, "a guess"));
    let replies = futures_util::future::join_all(guesses).await;
    let checked = replies.iter().filter(|reply| reply.status == 400).count();
    assert_eq!(checked, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_good_once_and_theft_ends_the_session() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let second = refresh(&app, &ada.refresh_token).await;
    assert_eq!(second.status, 200);
    // A repeat within a few seconds: the reply may have been lost.
    assert_eq!(refresh(&app, &ada.refresh_token).await.status, 200);
    sqlx::query("update auth.refresh_tokens set used_at = used_at - interval '1 minute'")
        .execute(app.app().store().system())
        .await
        .unwrap();
    let stolen = refresh(&app, &ada.refresh_token).await;
    check_refused(&stolen, 400, "refresh_token_already_used");
    let latest = second.body["refresh_token"].as_str().unwrap();
    check_refused(&refresh(&app, latest).await, 400, "session_expired");
    check_refused(
        &refresh(&app, "made up").await,
        400,
        "refresh_token_not_found",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_sessions_that_were_meant() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let elsewhere = sign_in(&app, &ada.email, "correct horse").await;
    let elsewhere = User::of_session(&app.url, &app.http, &elsewhere.body).await;
    let out = ada.post("/auth/v1/logout?scope=local", &json!({})).await;
    assert_eq!(out.status, 204);
    check_refused(
        &refresh(&app, &ada.refresh_token).await,
        400,
        "session_expired",
    );
    check_refused(&ada.get("/auth/v1/user").await, 403, "session_not_found");
    assert_eq!(elsewhere.get("/auth/v1/user").await.status, 200);
    assert_eq!(
        elsewhere.post("/auth/v1/logout", &json!({})).await.status,
        204
    );
    check_refused(
        &refresh(&app, &elsewhere.refresh_token).await,
        400,
        "session_expired",
    );
    check_refused(
        &app.post("/auth/v1/logout", &json!({})).await,
        401,
        "no_authorization",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn name_and_password_can_be_changed() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let elsewhere = sign_in(&app, &ada.email, "correct horse").await;
    let named = ada
        .put("/auth/v1/user", &json!({ "data": { "name": "Ada L." } }))
        .await;
    assert_eq!(named.body["user_metadata"]["name"], "Ada L.");
    let same = ada
        .put("/auth/v1/user", &json!({ "password": "correct horse" }))
        .await;
    check_refused(&same, 422, "same_password");
    let email = ada
        .put("/auth/v1/user", &json!({ "email": "other@example.org" }))
        .await;
    check_refused(&email, 422, "validation_failed");
    let changed = ada
        .put("/auth/v1/user", &json!({ "password": "battery staple" }))
        .await;
    assert_eq!(changed.status, 200);
    assert_eq!(sign_in(&app, &ada.email, "correct horse").await.status, 400);
    assert_eq!(
        sign_in(&app, &ada.email, "battery staple").await.status,
        200
    );
    let other = elsewhere.body["refresh_token"].as_str().unwrap();
    check_refused(&refresh(&app, other).await, 400, "session_expired");
    assert_eq!(refresh(&app, &ada.refresh_token).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_issues_a_link_for_a_new_password() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.sign_up("ada").await, app.sign_up("ben").await);
    let project = ada.create_project("cars").await;
    ada.add_member(project, &ben, visionflow_api::ProjectRole::Labeler)
        .await;
    let path = format!(
        "/api/v1/workspaces/{}/members/{}/password_reset",
        ada.workspace_id, ben.id
    );
    let own = format!(
        "/api/v1/workspaces/{}/members/{}/password_reset",
        ada.workspace_id, ada.id
    );
    ben.post(&own, &json!({}))
        .await
        .expect_problem(403, "forbidden");
    let link: Value = ada.post(&path, &json!({})).await.expect(201);
    let token = link["token"].as_str().unwrap();
    assert_eq!(link["url"], format!("{}/reset/{token}", app.url));
    let reset = async |password: &str| {
        let body = json!({ "token": token, "password": password });
        app.post("/auth/v1/reset_password", &body).await
    };
    check_refused(&reset("short").await, 422, "weak_password");
    assert_eq!(reset("battery staple").await.status, 204);
    check_refused(&reset("battery staple").await, 403, "otp_expired");
    assert_eq!(
        sign_in(&app, &ben.email, "battery staple").await.status,
        200
    );
    check_refused(
        &refresh(&app, &ben.refresh_token).await,
        400,
        "session_expired",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_never_opens_another_tenant() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.sign_up("ada").await, app.sign_up("ben").await);
    let project = ada.create_project("cars").await;
    // Ben is added without being asked; his own workspace holds work of his.
    ben.create_project("private").await;
    ada.add_member(project, &ben, visionflow_api::ProjectRole::Labeler)
        .await;
    let path = format!(
        "/api/v1/workspaces/{}/members/{}/password_reset",
        ada.workspace_id, ben.id
    );
    ada.post(&path, &json!({}))
        .await
        .expect_problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_describes_itself() {
    let app = TestApp::start().await;
    assert_eq!(
        app.get("/auth/v1/settings").await.body["external"]["email"],
        true
    );
    assert_eq!(app.get("/auth/v1/health").await.status, 200);
    let keys = app.get("/auth/v1/.well-known/jwks.json").await;
    assert_eq!(keys.body["keys"][0]["alg"], "ES256");
    assert!(keys.body["keys"][0].get("d").is_none());
    let preflight = app
        .http
        .request(Method::OPTIONS, format!("{}/auth/v1/token", app.url));
    let preflight = preflight
        .header("origin", "https://elsewhere.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "apikey,content-type");
    let reply = Reply::of(preflight).await;
    assert_eq!(reply.headers["access-control-allow-origin"], "*");
}
