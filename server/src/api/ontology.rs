//! `/api/v1/projects/{id}/ontology`: a project's labels.

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use axum::extract::State;
use serde_json::json;
use std::collections::HashSet;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use visionflow_api::{OntologySchema, Problem, ProjectRole};
use visionflow_model::{AttributeKind, Label, Ontology};

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
    check(&ontology)?;
    let version = tx.next_ontology_version(id, &ontology).await?;
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

/// The labels of a new project.
pub fn check_labels(labels: &[Label]) -> Result<()> {
    check(&Ontology {
        labels: labels.to_vec(),
        ..Ontology::default()
    })
}

/// What the model demands, and sizes that a row can hold.
fn check(ontology: &Ontology) -> Result<()> {
    ontology
        .check()
        .map_err(|error| Error::invalid(capitalised(&error.to_string())))?;
    ontology.labels.iter().try_for_each(check_label)
}

fn check_label(label: &Label) -> Result<()> {
    let key = label.hotkey.as_ref();
    if key.is_some_and(|key| key.is_empty() || key.chars().count() > 20) {
        return Err(Error::invalid("A hotkey is one key."));
    }
    if label.attributes.len() > 100 {
        return Err(Error::invalid("A label has at most 100 attributes."));
    }
    let mut names = HashSet::new();
    for attribute in &label.attributes {
        let name = attribute.name.trim();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(Error::invalid(
                "An attribute's name has 1 to 200 characters.",
            ));
        }
        if !names.insert(name.to_lowercase()) {
            return Err(Error::invalid(format!(
                "Label “{}” has two attributes called “{name}”.",
                label.name
            )));
        }
        if let AttributeKind::Select { options } = &attribute.kind {
            check_options(name, options)?;
        }
    }
    Ok(())
}

fn check_options(attribute: &str, options: &[String]) -> Result<()> {
    let refused = |why: &str| Err(Error::invalid(format!("Attribute “{attribute}” {why}.")));
    if options.is_empty() {
        return refused("has no options to choose from");
    }
    if options.len() > 1000 {
        return refused("has more than 1,000 options");
    }
    if options
        .iter()
        .any(|option| option.trim().is_empty() || option.chars().count() > 200)
    {
        return refused("has an option that has not 1 to 200 characters");
    }
    let mut seen = HashSet::new();
    match options.iter().find(|option| !seen.insert(option.as_str())) {
        Some(twice) => refused(&format!("offers “{twice}” twice")),
        None => Ok(()),
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
