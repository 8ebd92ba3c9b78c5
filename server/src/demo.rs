//! The demo: two people, a project of real photographs, a few of them annotated.
//!
//! It goes through the same services as requests do, and fills in only what is missing, so that a
//! start that was killed half-way is completed by the next one. Once complete it is never touched
//! again: what people change in it stays changed.

mod content;

use crate::App;
use crate::api::uploads;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::Json;
use crate::store::{ImageFilter, ImageRow, NewProjectRow, RoomIdentity};
use anyhow::{Context, anyhow};
use axum::extract::State;
use bytes::Bytes;
use content::{Content, Photo};
use serde::Serialize;
use std::path::PathBuf;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;
use visionflow_api::{CompleteUpload, ProjectRole, ProjectType, UploadRequest};
use visionflow_document::Edit;
use visionflow_model::Ontology;

const PROJECT: &str = "Street and table";

/// Someone who lives in the demo.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Account {
    pub email: &'static str,
    pub password: &'static str,
    pub name: &'static str,
}

/// The first owns the project; the second labels in it.
pub const ACCOUNTS: [Account; 2] = [
    Account {
        email: "ada@demo.visionflow.test",
        password: "demo-password",
        name: "Ada",
    },
    Account {
        email: "ben@demo.visionflow.test",
        password: "demo-password",
        name: "Ben",
    },
];

/// `GET /api/v1/demo`, for the sign-in page.
#[derive(Debug, Serialize)]
struct Demo {
    accounts: [Account; 2],
}

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default().route("/api/v1/demo", axum::routing::get(show))
}

async fn show(State(app): State<App>) -> Result<Json<Demo>> {
    if app.config().demo {
        Ok(Json(Demo { accounts: ACCOUNTS }))
    } else {
        Err(Error::not_found())
    }
}

/// Makes the demo if it was asked for and is not there yet.
pub async fn seed(app: &App) -> anyhow::Result<()> {
    let marker = marker(app);
    if !app.config().demo || marker.exists() {
        return Ok(());
    }
    if app.tokens().provider().is_err() {
        tracing::warn!("accounts come from elsewhere, so there are no demo accounts and no demo");
        return Ok(());
    }
    tracing::info!("making the demo project");
    let content = Content::load()?;
    let ada = account(app, ACCOUNTS[0]).await?;
    account(app, ACCOUNTS[1]).await?;
    let project_id = project(app, &ada, &content).await?;
    for photo in &content.photos {
        let image = photograph(app, &ada, project_id, photo).await?;
        if image.annotation_count == 0 && !photo.annotations.is_empty() {
            annotate(app, &ada, &image, photo)
                .await
                .with_context(|| format!("annotating {}", photo.file))?;
        }
    }
    std::fs::write(
        &marker,
        "The demo project was made; delete this file to complete it again.\n",
    )
    .with_context(|| format!("cannot write {}", marker.display()))?;
    Ok(())
}

fn marker(app: &App) -> PathBuf {
    app.config().data_dir.join("demo-complete.txt")
}

/// The account, made if it is missing, as the caller of requests.
async fn account(app: &App, who: Account) -> anyhow::Result<Caller> {
    let hash = app.tokens().passwords.hash(who.password).await;
    let hash = hash.map_err(|error| anyhow!("{error:?}"))?;
    let workspace = format!("{}’s workspace", who.name);
    app.store()
        .create_account(Uuid::now_v7(), who.email, who.name, Some(&hash), &workspace)
        .await?;
    let known = app.store().account_with_password(who.email).await?;
    let (account, _) = known.ok_or_else(|| anyhow!("{} has no account", who.email))?;
    Ok(Caller {
        user_id: account.id,
        tenant: None,
        email: account.email,
        name: account.name,
        expires_at: i64::MAX,
    })
}

/// The demo project of the caller's own workspace, with the other account as a labeler.
async fn project(app: &App, caller: &Caller, content: &Content) -> anyhow::Result<Uuid> {
    let mut tx = app.store().begin(caller).await?;
    let known = tx.projects(caller.user_id, None, None, 500).await?;
    if let Some(project) = known.iter().find(|project| project.name == PROJECT) {
        return Ok(project.id);
    }
    let workspaces = tx.workspaces(caller.user_id).await?;
    let workspace = workspaces
        .first()
        .ok_or_else(|| anyhow!("{} has no workspace", caller.name))?;
    let id = Uuid::now_v7();
    let row = NewProjectRow {
        id,
        workspace_id: workspace.id,
        name: PROJECT,
        project_type: ProjectType::Segmentation,
    };
    tx.create_project(&row, caller.user_id).await?;
    tx.write_labels(workspace.id, id, &content.labels()).await?;
    tx.add_project_member(id, ACCOUNTS[1].email, ProjectRole::Labeler)
        .await?;
    tx.commit().await?;
    Ok(id)
}

async fn photograph(
    app: &App,
    caller: &Caller,
    project_id: Uuid,
    photo: &Photo,
) -> anyhow::Result<ImageRow> {
    let mut tx = app.store().begin(caller).await?;
    let filter = ImageFilter {
        project_id,
        deleted: false,
        search: Some(&photo.file),
        pending: false,
        after: None,
        limit: 1,
    };
    let known = tx.images(&filter).await?.pop();
    tx.commit().await?;
    if let Some(image) = known {
        return Ok(image);
    }
    let bytes = content::bytes_of(&photo.file)?;
    let request = UploadRequest {
        filename: photo.file.clone(),
        content_type: photo.content_type.clone(),
        size_bytes: bytes.len() as i64,
    };
    let mut tx = app.store().begin(caller).await?;
    let upload = uploads::announce(&mut tx, caller, project_id, request).await?;
    tx.commit().await?;
    app.objects()
        .write(
            &upload.storage_path,
            &upload.content_type,
            Bytes::from_static(bytes),
        )
        .await?;
    let request = CompleteUpload {
        storage_path: upload.storage_path,
        width: None,
        height: None,
        has_thumbnail: false,
    };
    Ok(uploads::complete(app, caller, &request).await?)
}

async fn annotate(
    app: &App,
    caller: &Caller,
    image: &ImageRow,
    photo: &Photo,
) -> anyhow::Result<()> {
    let mut tx = app.store().begin(caller).await?;
    let ontology: Ontology = tx.ontology(image.project_id).await?;
    tx.commit().await?;
    let annotations = photo.annotations(&ontology)?;
    let room = RoomIdentity {
        room_id: image.room_id,
        workspace_id: image.workspace_id,
        project_id: image.project_id,
    };
    app.relay()
        .edit(room, caller.user_id, move |_| {
            Ok(annotations.into_iter().map(Edit::Add).collect())
        })
        .await?;
    Ok(())
}
