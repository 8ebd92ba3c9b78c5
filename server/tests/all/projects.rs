//! Projects, their members and labels.

use super::support::{TestApp, User};
use serde_json::{Value, json};
use uuid::Uuid;
use visionflow_api::{Page, Project, ProjectMember, ProjectRole, WorkspaceMember};

fn new_project(user: &User, name: &str) -> Value {
    json!({ "workspace_id": user.workspace_id, "name": name, "project_type": "segmentation" })
}

async fn ontology(user: &User, project: Uuid) -> Value {
    user.get(&format!("/api/v1/projects/{project}/ontology"))
        .await
        .expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_is_created_listed_renamed_and_deleted() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let project: Project = ada
        .post("/api/v1/projects", &new_project(&ada, " Cars "))
        .await
        .expect(201);
    assert_eq!(
        (project.name.as_str(), project.role),
        ("Cars", Some(ProjectRole::Admin))
    );
    assert_eq!((project.image_count, project.annotation_count), (0, 0));
    let path = format!("/api/v1/projects/{}", project.id);
    let renamed: Project = ada
        .patch(&path, &json!({ "name": "Vans" }))
        .await
        .expect(200);
    assert_eq!(renamed.name, "Vans");
    assert_eq!(ada.delete(&path).await.status, 204);
    ada.get(&path).await.expect_problem(404, "not_found");
    let list: Page<Project> = ada.get("/api/v1/projects").await.expect(200);
    assert!(list.items.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn projects_are_paged_newest_first() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    for n in 0..5 {
        ada.create_project(&format!("p{n}")).await;
    }
    let mut names = Vec::new();
    let mut cursor = String::new();
    loop {
        let page: Page<Project> = ada
            .get(&format!("/api/v1/projects?limit=2{cursor}"))
            .await
            .expect(200);
        names.extend(page.items.into_iter().map(|project| project.name));
        let Some(next) = page.next_cursor else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(names, ["p4", "p3", "p2", "p1", "p0"]);
    assert_eq!(ada.get("/api/v1/projects?limit=0").await.status, 422);
    assert_eq!(ada.get("/api/v1/projects?cursor=x").await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_bodies_are_refused_in_words() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let check = async |change: Value, detail: &str| {
        let mut body = new_project(&ada, "cars");
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        let reply = ada.post("/api/v1/projects", &body).await;
        reply.expect_problem(422, "invalid_input");
        let said = reply.body["detail"].as_str().unwrap();
        assert!(said.contains(detail), "{said}");
    };
    check(json!({ "name": "  " }), "1 to 200 characters").await;
    check(json!({ "name": "x".repeat(201) }), "1 to 200 characters").await;
    check(json!({ "name": "a\u{0}b" }), "U+0000").await;
    check(json!({ "project_type": "poetry" }), "project_type").await;
    check(json!({ "workspace_id": "mine" }), "workspace_id").await;
    let label =
        |name: &str, color: &str| json!({ "id": Uuid::new_v4(), "name": name, "color": color });
    check(
        json!({ "labels": [label("a", "#000000"), label(" A", "#000000")] }),
        "Two labels",
    )
    .await;
    check(json!({ "labels": [label("a", "red")] }), "colour").await;
    let malformed = ada.request(reqwest::Method::POST, "/api/v1/projects");
    let malformed = malformed
        .header("content-type", "application/json")
        .body("{");
    super::support::Reply::of(malformed)
        .await
        .expect_problem(400, "malformed");
    let text = ada
        .request(reqwest::Method::POST, "/api/v1/projects")
        .body("{}");
    super::support::Reply::of(text)
        .await
        .expect_problem(415, "unsupported_media_type");
    let path = format!("/api/v1/projects/{}", Uuid::new_v4());
    ada.get(&path).await.expect_problem(404, "not_found");
    ada.get("/api/v1/projects/..%2f..")
        .await
        .expect_problem(404, "not_found");
    ada.put(&path, &json!({}))
        .await
        .expect_problem(405, "method_not_allowed");
    // The connection is as good as before.
    let large = new_project(&ada, &"x".repeat(8 << 20));
    for _ in 0..10 {
        let reply = ada.post("/api/v1/projects", &large).await;
        reply.expect_problem(413, "too_large");
        ada.get(&path).await.expect_problem(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_repeated_with_its_key_creates_nothing_twice() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let body = new_project(&ada, "cars");
    let first = ada.post_once("/api/v1/projects", "key-1", &body).await;
    let second = ada.post_once("/api/v1/projects", "key-1", &body).await;
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.body, second.body);
    let other = ada
        .post_once("/api/v1/projects", "key-1", &new_project(&ada, "vans"))
        .await;
    other.expect_problem(422, "idempotency_key_reused");
    let elsewhere = ada
        .post_once("/api/v1/workspaces", "key-1", &json!({ "name": "w" }))
        .await;
    elsewhere.expect_problem(422, "idempotency_key_reused");
    // A refused request leaves its key free.
    ada.post_once("/api/v1/projects", "key-2", &new_project(&ada, ""))
        .await
        .expect_problem(422, "invalid_input");
    assert_eq!(
        ada.post_once("/api/v1/projects", "key-2", &body)
            .await
            .status,
        201
    );
    // Someone else's key of the same name is another.
    let ben = app.sign_up("ben").await;
    assert_eq!(
        ben.post_once("/api/v1/projects", "key-1", &new_project(&ben, "x"))
            .await
            .status,
        201
    );
    let at_once = (0..8).map(|_| ada.post_once("/api/v1/projects", "key-3", &body));
    let at_once = futures_util::future::join_all(at_once).await;
    assert!(
        at_once
            .iter()
            .all(|reply| reply.status == 201 && reply.body == at_once[0].body)
    );
    let list: Page<Project> = ada.get("/api/v1/projects").await.expect(200);
    assert_eq!(list.items.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_decide_and_the_last_admin_stays() {
    let app = TestApp::start().await;
    let (ada, ben, eve) = (
        app.sign_up("ada").await,
        app.sign_up("ben").await,
        app.sign_up("eve").await,
    );
    let project = ada.create_project("cars").await;
    let members = format!("/api/v1/projects/{project}/members");
    let member = |user: &User| format!("{members}/{}", user.id);
    let unknown = ada
        .post(
            &members,
            &json!({ "email": "no@one.org", "role": "labeler" }),
        )
        .await;
    unknown.expect_problem(422, "invalid_input");
    ada.add_member(project, &ben, ProjectRole::Labeler).await;
    let again = json!({ "email": ben.email.to_uppercase(), "role": "admin" });
    ada.post(&members, &again)
        .await
        .expect_problem(409, "conflict");
    let add_eve = json!({ "email": eve.email, "role": "labeler" });
    ben.post(&members, &add_eve)
        .await
        .expect_problem(403, "forbidden");
    eve.post(&members, &add_eve)
        .await
        .expect_problem(404, "not_found");
    ben.delete(&format!("/api/v1/projects/{project}"))
        .await
        .expect_problem(403, "forbidden");
    ada.delete(&member(&ada))
        .await
        .expect_problem(409, "conflict");
    ada.patch(&member(&ada), &json!({ "role": "labeler" }))
        .await
        .expect_problem(409, "conflict");
    ada.patch(&member(&eve), &json!({ "role": "labeler" }))
        .await
        .expect_problem(404, "not_found");
    let promoted: ProjectMember = ada
        .patch(&member(&ben), &json!({ "role": "admin" }))
        .await
        .expect(200);
    assert_eq!(promoted.role, ProjectRole::Admin);
    assert_eq!(ada.delete(&member(&ada)).await.status, 204);
    let list: Page<ProjectMember> = ben.get(&members).await.expect(200);
    assert_eq!(
        list.items
            .iter()
            .map(|member| member.user_id)
            .collect::<Vec<_>>(),
        [ben.id]
    );
    // Without a role, but in the workspace: looking only.
    let seen: Project = ada
        .get(&format!("/api/v1/projects/{project}"))
        .await
        .expect(200);
    assert_eq!(seen.role, None);
    ada.patch(&format!("/api/v1/projects/{project}"), &json!({}))
        .await
        .expect_problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_who_remove_each_other_at_once_leave_one() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.sign_up("ada").await, app.sign_up("ben").await);
    for n in 0..5 {
        let project = ada.create_project(&format!("p{n}")).await;
        ada.add_member(project, &ben, ProjectRole::Admin).await;
        let members = format!("/api/v1/projects/{project}/members");
        let (of_ben, of_ada) = (
            format!("{members}/{}", ben.id),
            format!("{members}/{}", ada.id),
        );
        tokio::join!(ada.delete(&of_ben), ben.delete(&of_ada));
        let left: Page<ProjectMember> = ada.get(&members).await.expect(200);
        assert_eq!(left.items.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_leaves_a_workspace_with_all_its_projects() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.sign_up("ada").await, app.sign_up("ben").await);
    let project = ada.create_project("cars").await;
    ada.add_member(project, &ben, ProjectRole::Labeler).await;
    let members = format!("/api/v1/workspaces/{}/members", ada.workspace_id);
    let list: Page<WorkspaceMember> = ben.get(&members).await.expect(200);
    assert_eq!(list.items.len(), 2);
    ben.delete(&format!("{members}/{}", ada.id))
        .await
        .expect_problem(403, "forbidden");
    ada.delete(&format!("{members}/{}", ada.id))
        .await
        .expect_problem(409, "conflict");
    assert_eq!(
        ada.delete(&format!("{members}/{}", ben.id)).await.status,
        204
    );
    ben.get(&format!("/api/v1/projects/{project}"))
        .await
        .expect_problem(404, "not_found");
    ben.get(&members).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_change_under_a_version_and_are_archived_never_deleted() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.sign_up("ada").await, app.sign_up("ben").await);
    let project = ada.create_project("cars").await;
    ada.add_member(project, &ben, ProjectRole::Labeler).await;
    let path = format!("/api/v1/projects/{project}/ontology");
    let mut first = ontology(&ben, project).await;
    assert_eq!(first["version"], 1);
    ben.put(&path, &first)
        .await
        .expect_problem(403, "forbidden");
    // Names and hotkeys change hands; an attribute comes in.
    let (car, person) = (first["labels"][0].clone(), first["labels"][1].clone());
    first["labels"][0]["name"] = json!("person");
    first["labels"][1]["name"] = json!("car");
    first["labels"][0]["attributes"] = json!([{ "id": Uuid::new_v4(), "name": "pose", "kind": "select", "options": ["sitting", "standing"], "default": "lying" }]);
    ada.put(&path, &first)
        .await
        .expect_problem(422, "invalid_input");
    first["labels"][0]["attributes"][0]["default"] = json!("sitting");
    let second: Value = ada.put(&path, &first).await.expect(200);
    assert_eq!(second["version"], 2);
    assert_eq!(second["labels"][0]["name"], "person");
    assert_eq!(
        second["labels"][0]["attributes"][0]["options"],
        json!(["sitting", "standing"])
    );
    assert_eq!(second["labels"][0]["attributes"][0]["default"], "sitting");
    assert_eq!(ontology(&ada, project).await, second);
    ada.put(&path, &first).await.expect_problem(409, "conflict");
    // Left out is archived, and its name is free again.
    let new = json!({ "id": Uuid::new_v4(), "name": "Car", "color": "#112233" });
    let third = json!({ "version": 2, "labels": [new, second["labels"][0]] });
    let third: Value = ada.put(&path, &third).await.expect(200);
    let names: Vec<_> = third["labels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (l["name"].clone(), l["archived"].clone()))
        .collect();
    assert_eq!(
        names,
        [
            (json!("Car"), json!(false)),
            (json!("person"), json!(false)),
            (json!("car"), json!(true))
        ]
    );
    assert_eq!(third["labels"][2]["id"], person["id"]);
    // A label of another project cannot be taken over.
    let elsewhere = ada.create_project("vans").await;
    let stolen = json!({ "version": 1, "labels": [car] });
    let reply = ada
        .put(&format!("/api/v1/projects/{elsewhere}/ontology"), &stolen)
        .await;
    reply.expect_problem(409, "conflict");
    let foreign = ben.create_project("foreign").await;
    let reply = ben
        .put(&format!("/api/v1/projects/{foreign}/ontology"), &stolen)
        .await;
    reply.expect_problem(409, "conflict");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_change_labels_at_once_one_is_told() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let project = ada.create_project("cars").await;
    let path = format!("/api/v1/projects/{project}/ontology");
    let body = ontology(&ada, project).await;
    let replies = futures_util::future::join_all((0..4).map(|_| ada.put(&path, &body))).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_matters_is_in_the_audit_log() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.sign_up("ada").await, app.sign_up("ben").await);
    let project = ada.create_project("cars").await;
    ada.add_member(project, &ben, ProjectRole::Reviewer).await;
    let actions: Vec<String> = sqlx::query_scalar(
        "select action from audit_log where workspace_id = $1 order by created_at, id",
    )
    .bind(ada.workspace_id)
    .fetch_all(app.app().store().system())
    .await
    .unwrap();
    assert_eq!(actions, ["project.created", "project.member_added"]);
}
