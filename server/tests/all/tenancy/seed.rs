//! A tenant with a row in every table that belongs to tenants.

use crate::support::TestApp;
use crate::support::User;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

pub struct Tenant {
    pub caller: User,
    pub user: Uuid,
    pub workspace: Uuid,
    pub project: Uuid,
    pub label: Uuid,
    pub image: Uuid,
    pub room: Uuid,
    pub annotation: Uuid,
    pub export: Uuid,
    pub render: Uuid,
    pub model: Uuid,
    pub run: Uuid,
    pub thread: Uuid,
    pub comment: Uuid,
    pub invite: Uuid,
    pub storage_path: String,
}

pub async fn seed(app: &TestApp, name: &str) -> Tenant {
    let caller = app.sign_up(name).await;
    let project = caller.create_project("cars").await;
    let ontology: Value = caller
        .get(&format!("/api/v1/projects/{project}/ontology"))
        .await
        .expect(200);
    let label = ontology["labels"][0]["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let invites = format!("/api/v1/projects/{project}/invites");
    let _: Value = caller
        .post(&invites, &json!({ "role": "labeler" }))
        .await
        .expect(201);
    let invites: Value = caller.get(&invites).await.expect(200);
    let key = Uuid::new_v4().to_string();
    let workspace = json!({ "name": "second" });
    assert_eq!(
        caller
            .post_once("/api/v1/workspaces", &key, &workspace)
            .await
            .status,
        201
    );
    let tenant = Tenant {
        user: caller.id,
        workspace: caller.workspace_id,
        project,
        label,
        image: Uuid::now_v7(),
        room: Uuid::now_v7(),
        annotation: Uuid::now_v7(),
        export: Uuid::now_v7(),
        render: Uuid::now_v7(),
        model: Uuid::now_v7(),
        run: Uuid::now_v7(),
        thread: Uuid::now_v7(),
        comment: Uuid::now_v7(),
        invite: invites["items"][0]["id"].as_str().unwrap().parse().unwrap(),
        storage_path: format!(
            "{}/{project}/staging/{}",
            caller.workspace_id,
            Uuid::now_v7()
        ),
        caller,
    };
    rows(app, &tenant).await;
    tenant
}

/// What comes into being only with photographs, rooms and jobs.
async fn rows(app: &TestApp, tenant: &Tenant) {
    let Tenant {
        user,
        workspace,
        project,
        label,
        image,
        room,
        annotation,
        export,
        render,
        model,
        run,
        thread,
        comment,
        storage_path,
        ..
    } = tenant;
    let upload = Uuid::now_v7();
    let sql = format!(
        "insert into rooms (id, workspace_id, project_id, seq, projected_seq) values ('{room}', '{workspace}', '{project}', 1, 1);
         insert into room_clients (workspace_id, room_id, client_id, user_id) values ('{workspace}', '{room}', 1, '{user}');
         insert into room_events (workspace_id, room_id, seq, user_id, payload) values ('{workspace}', '{room}', 1, '{user}', '\\x0000');
         insert into room_snapshots (workspace_id, room_id, seq, state) values ('{workspace}', '{room}', 1, '\\x0000');
         insert into room_people (node, workspace_id, project_id, room_id, user_id) values ('{room}', '{workspace}', '{project}', '{room}', '{user}');
         insert into room_versions (workspace_id, room_id, tag, seq, created_by) values ('{workspace}', '{room}', 'first', 1, '{user}');
         insert into room_faults (workspace_id, room_id, kind, seq, detail) values ('{workspace}', '{room}', 'event', 1, 'none');
         insert into uploads (id, workspace_id, project_id, filename, content_type, size_bytes, storage_path, thumbnail_path, created_by, expires_at)
             values ('{upload}', '{workspace}', '{project}', 'a.jpg', 'image/jpeg', 10, '{storage_path}', '{storage_path}.thumb', '{user}', now() + interval '1 hour');
         insert into images (id, workspace_id, project_id, room_id, filename, storage_path, width, height, content_type, size_bytes, status, created_by)
             values ('{image}', '{workspace}', '{project}', '{room}', 'a.jpg', '{workspace}/{image}', 10, 10, 'image/jpeg', 10, 'ready', '{user}');
         insert into annotations (workspace_id, project_id, image_id, id, kind, label_id, annotator_id, data, seq)
             values ('{workspace}', '{project}', '{image}', '{annotation}', 'box', '{label}', '{user}', '{{\"type\":\"box\",\"box\":[1,1,2,2]}}', 1);
         insert into exports (id, workspace_id, project_id, format, include_images, status, ontology, created_by)
             values ('{export}', '{workspace}', '{project}', 'coco', false, 'failed', '{{\"version\":1,\"labels\":[]}}', '{user}');
         insert into export_items (workspace_id, export_id, position, image_id, seq) values ('{workspace}', '{export}', 0, '{image}', 1);
         insert into renders (id, workspace_id, project_id, room_id, image_id, format, seq, scale, background, include_comments, ontology, status, created_by)
             values ('{render}', '{workspace}', '{project}', '{room}', '{image}', 'png', 1, 1, 'white', false, '{{\"version\":1,\"labels\":[]}}', 'failed', '{user}');
         insert into models (id, workspace_id, project_id, name, source, status, created_by)
             values ('{model}', '{workspace}', '{project}', 'm', 'upload', 'uploading', '{user}');
         insert into model_files (workspace_id, model_id, position, name, size_bytes, sha256)
             values ('{workspace}', '{model}', 0, 'a.onnx', 1, repeat('0', 64));
         insert into embeddings (workspace_id, image_id, model_sha256, status)
             values ('{workspace}', '{image}', 'x', 'encoding');
         insert into assist_runs (id, workspace_id, project_id, model_id, status, created_by)
             values ('{run}', '{workspace}', '{project}', '{model}', 'queued', '{user}');
         insert into assist_run_items (workspace_id, run_id, position, image_id) values ('{workspace}', '{run}', 0, '{image}');
         insert into suggestions (workspace_id, project_id, image_id, id, kind, label_id, model_id, run_id, source, score, data, verdict, seq)
             values ('{workspace}', '{project}', '{image}', '{annotation}', 'box', '{label}', '{model}', '{model}', 'model:m', 0.5, '{{\"type\":\"box\",\"box\":[1,1,2,2]}}', 'pending', 1);
         insert into comment_threads (id, workspace_id, project_id, room_id, number, x, y, created_by)
             values ('{thread}', '{workspace}', '{project}', '{room}', 1, 1, 1, '{user}');
         insert into comments (id, workspace_id, thread_id, author_id, body)
             values ('{comment}', '{workspace}', '{thread}', '{user}', 'secret');
         insert into comment_mentions (workspace_id, comment_id, user_id) values ('{workspace}', '{comment}', '{user}');
         insert into comment_reads (workspace_id, thread_id, user_id, read_at) values ('{workspace}', '{thread}', '{user}', now());
         insert into notifications (id, workspace_id, user_id, kind, actor_id, thread_id, comment_id)
             values ('{thread}', '{workspace}', '{user}', 'mention', '{user}', '{thread}', '{comment}');"
    );
    let mut owner = app.owner().await;
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut owner)
        .await
        .unwrap();
}
