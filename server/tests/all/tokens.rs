//! Access tokens: only those of the issuer, for us, and in force.

use super::support::{Reply, TestApp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use p256::pkcs8::{EncodePrivateKey, LineEnding};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

const SECRET: &str = "a secret that is shared with the issuer";

async fn me(app: &TestApp, token: &str) -> Reply {
    Reply::of(
        app.http
            .get(format!("{}/api/v1/me", app.url))
            .bearer_auth(token),
    )
    .await
}

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

fn claims(change: &Value) -> Value {
    let mut claims = json!({
        "sub": Uuid::new_v4(), "aud": "authenticated", "role": "authenticated",
        "exp": now() + 600, "iat": now(), "email": "zoe@example.org",
        "user_metadata": { "name": "Zoë" },
    });
    for (key, value) in change.as_object().unwrap() {
        claims[key] = value.clone();
    }
    claims
}

fn hs256(claims: &Value, secret: &str) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_tokens_are_refused() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let (header, rest) = ada.token.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    let mut other: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    other["sub"] = json!(Uuid::new_v4());
    let kid = header["kid"].as_str().unwrap();
    let check = async |what: &str, token: String| {
        let reply = me(&app, &token).await;
        assert_eq!(reply.status, 401, "{what}: {}", reply.body);
        reply.expect_problem(401, "unauthenticated");
    };
    for algorithm in ["none", "None", "NONE", "HS256", "RS256"] {
        let header = part(&json!({ "alg": algorithm, "typ": "JWT", "kid": kid }));
        check(algorithm, format!("{header}.{payload}.")).await;
        check(algorithm, format!("{header}.{payload}.{signature}")).await;
    }
    check(
        "another payload",
        format!("{}.{}.{signature}", part(&header), part(&other)),
    )
    .await;
    check("no signature", format!("{}.{payload}.", part(&header))).await;
    check("nonsense", "abc".to_owned()).await;
    check("empty", String::new()).await;
    // The published key taken for a shared secret.
    let keys = app.get("/auth/v1/.well-known/jwks.json").await;
    let public = keys.body["keys"][0]["x"].as_str().unwrap();
    let mut as_secret = Header::new(Algorithm::HS256);
    as_secret.kid = Some(kid.to_owned());
    let key = EncodingKey::from_secret(public.as_bytes());
    check(
        "public key as secret",
        jsonwebtoken::encode(&as_secret, &other, &key).unwrap(),
    )
    .await;
    check("foreign key", foreign(kid, &other)).await;
    assert_eq!(me(&app, &ada.token).await.status, 200);
}

/// A token that is well signed, by someone else's key under our key's id.
fn foreign(kid: &str, claims: &Value) -> String {
    let secret = p256::SecretKey::from_slice(&[7; 32]).unwrap();
    let pem = secret.to_pkcs8_pem(LineEnding::LF).unwrap();
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some(kid.to_owned());
    let key = EncodingKey::from_ec_pem(pem.as_bytes()).unwrap();
    jsonwebtoken::encode(&header, claims, &key).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_secret_is_honoured_and_the_provider_off() {
    let app = TestApp::start_with(|config| config.jwt_secret = Some(SECRET.to_owned())).await;
    let check = async |change: Value, status: u16| {
        let token = hs256(&claims(&change), SECRET);
        assert_eq!(me(&app, &token).await.status, status, "{change}");
    };
    let reply = me(&app, &hs256(&claims(&json!({})), SECRET)).await;
    assert_eq!(reply.body["name"], "Zoë");
    assert_eq!(reply.body["workspaces"][0]["name"], "Zoë’s workspace");
    let fresh = |change: Value| {
        let mut change = change;
        change["email"] = json!(format!("{}@example.org", Uuid::new_v4()));
        change
    };
    check(fresh(json!({})), 200).await;
    check(json!({ "email": "" }), 200).await;
    check(fresh(json!({ "exp": now() - 5 })), 200).await;
    check(fresh(json!({ "exp": now() - 60 })), 401).await;
    check(fresh(json!({ "nbf": now() + 60 })), 401).await;
    check(fresh(json!({ "aud": "anon" })), 401).await;
    check(fresh(json!({ "role": "service_role" })), 401).await;
    check(fresh(json!({ "sub": "nobody" })), 401).await;
    check(json!({ "email": "zoe@example.org" }), 401).await;
    let forged = hs256(&claims(&json!({})), "another secret, just as long as that");
    assert_eq!(me(&app, &forged).await.status, 401);
    let settings = app.get("/auth/v1/settings").await;
    assert_eq!(
        (settings.status, settings.body["error_code"].as_str()),
        (404, Some("not_found"))
    );
    let body = json!({ "email": "a@b.c", "password": "long enough" });
    assert_eq!(app.post("/auth/v1/signup", &body).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_key_set_is_honoured() {
    let issuer = TestApp::start().await;
    let ada = issuer.sign_up("ada").await;
    let url = format!("{}/auth/v1/.well-known/jwks.json", issuer.url);
    let app = TestApp::start_with(|config| config.jwks_url = Some(url)).await;
    let reply = me(&app, &ada.token).await;
    assert_eq!(reply.body["email"], ada.email, "{}", reply.body);
    assert_eq!(
        me(&app, &hs256(&claims(&json!({})), SECRET)).await.status,
        401
    );
    assert_eq!(
        me(&app, &foreign("unknown", &claims(&json!({}))))
            .await
            .status,
        401
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_claim_narrows_and_service_claims_of_a_token_mean_nothing() {
    let app = TestApp::start_with(|config| config.jwt_secret = Some(SECRET.to_owned())).await;
    let sub = Uuid::new_v4();
    let wide = hs256(&claims(&json!({ "sub": sub })), SECRET);
    let first = me(&app, &wide).await.body["workspaces"][0]["id"].clone();
    let create = app
        .http
        .post(format!("{}/api/v1/workspaces", app.url))
        .bearer_auth(&wide);
    let second = Reply::of(create.json(&json!({ "name": "second" }))).await;
    assert_eq!(second.status, 201, "{}", second.body);
    let seen = async |token: &str| {
        let workspaces = me(&app, token).await.body["workspaces"].clone();
        workspaces
            .as_array()
            .unwrap()
            .iter()
            .map(|w| w["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(seen(&wide).await.len(), 2);
    let narrow = hs256(&claims(&json!({ "sub": sub, "tenant_id": first })), SECRET);
    assert_eq!(seen(&narrow).await, std::slice::from_ref(&first));
    let narrow = hs256(
        &claims(&json!({ "sub": sub, "app_metadata": { "tenant_id": first } })),
        SECRET,
    );
    assert_eq!(seen(&narrow).await, std::slice::from_ref(&first));
    let elsewhere = hs256(
        &claims(&json!({ "sub": sub, "tenant_id": Uuid::new_v4() })),
        SECRET,
    );
    assert!(seen(&elsewhere).await.is_empty());
    let stranger =
        json!({ "sub": Uuid::new_v4(), "service": true, "tenant_id": first, "email": "e@x.y" });
    assert!(seen(&hs256(&claims(&stranger), SECRET)).await.is_empty());
}
