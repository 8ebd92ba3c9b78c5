//! `/api/v1/projects/{id}/ontology`: a project's labels.

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use axum::extract::State;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{OntologySchema, Problem, ProjectRole};
use visionflow_model::{Label, Ontology};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(get, put))
}

/// The labels in display order, archived ones included
#[utoipa::path(get, path = "/api/v1/projects/{id}/ontology", tag = "ontology",
    params(("id" = Uuid, Path, description = "The project")),
    responses((status = 200, body = OntologySchema), (status = 404, body = Problem)),
    security(("bearer" = [])))]
async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Ontology>> {
    let mut tx = app.store().begin(&caller).await?;
    caller.project_role(&mut tx, id).await?;
    let ontology = tx.ontology(id).await?;
    tx.commit().await?;
    Ok(Json(ontology))
}

/// Replaces the labels; for the project's admins and reviewers
///
/// `version` is the one that was read: where it is no longer the current one, 409 says that someone
/// else was faster. Labels that are left out are archived, never deleted. Open rooms are told.
#[utoipa::path(put, path = "/api/v1/projects/{id}/ontology", tag = "ontology", request_body = OntologySchema,
    params(("id" = Uuid, Path, description = "The project")),
    responses((status = 200, body = OntologySchema), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("bearer" = [])))]
async fn put(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(ontology): Json<Ontology>,
) -> Result<Json<Ontology>> {
    let mut tx = app.store().begin(&caller).await?;
    let editors = [ProjectRole::Admin, ProjectRole::Reviewer];
    let workspace_id = caller.require_role(&mut tx, id, &editors).await?;
    check_labels(&ontology.labels)?;
    let version = tx.next_ontology_version(id, ontology.version).await?;
    let version = version.ok_or_else(|| {
        Error::conflict(
            "Someone else changed the labels in the meantime; look at theirs and try again.",
        )
    })?;
    tx.write_labels(workspace_id, id, &ontology.labels).await?;
    let details = json!({ "version": version });
    caller
        .audit(
            &mut tx,
            workspace_id,
            "project.ontology_changed",
            id,
            details,
        )
        .await?;
    let written = tx.ontology(id).await?;
    tx.commit().await?;
    app.relay().ontology_changed(id, version);
    Ok(Json(written))
}

/// Names, ids and hotkeys as the model demands them, and sizes that a row can hold.
pub fn check_labels(labels: &[Label]) -> Result<()> {
    let ontology = Ontology {
        labels: labels.to_vec(),
        ..Ontology::default()
    };
    ontology
        .check()
        .map_err(|error| Error::invalid(capitalised(&error.to_string())))?;
    for label in labels {
        if label
            .hotkey
            .as_ref()
            .is_some_and(|key| key.is_empty() || key.chars().count() > 20)
        {
            return Err(Error::invalid("A hotkey is one key."));
        }
        if label.attributes.len() > 100 {
            return Err(Error::invalid("A label has at most 100 attributes."));
        }
        for attribute in &label.attributes {
            if attribute.name.trim().is_empty() || attribute.name.chars().count() > 200 {
                return Err(Error::invalid(
                    "An attribute's name has 1 to 200 characters.",
                ));
            }
        }
    }
    Ok(())
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
