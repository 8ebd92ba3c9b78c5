//! Where rooms live that are made on their own: the project “Rooms” of the caller's workspace.

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::store::{NewProjectRow, Tx};
use serde_json::json;
use uuid::Uuid;
use visionflow_api::ProjectType;
use visionflow_model::{Color, Label, LabelId};

const NAME: &str = "Rooms";

/// One label for each thing that is drawn in a room, so that a script finds one by its name.
const LABELS: [(&str, Color); 8] = [
    ("Text", Color::new(0x3e, 0x63, 0xdd)),
    ("Arrow", Color::new(0xe5, 0x4d, 0x2e)),
    ("Line", Color::new(0x30, 0xa4, 0x6c)),
    ("Rectangle", Color::new(0x8e, 0x4e, 0xc6)),
    ("Ellipse", Color::new(0xf7, 0x6b, 0x15)),
    ("Polygon", Color::new(0x12, 0xa5, 0x94)),
    ("Freehand", Color::new(0xd6, 0x40, 0x9f)),
    ("Note", Color::new(0xad, 0x7f, 0x58)),
];

/// The workspace and the project, made when it is first needed.
pub async fn find_or_make(tx: &mut Tx, caller: &Caller) -> Result<(Uuid, Uuid)> {
    let workspaces = tx.workspaces(caller.user_id).await?;
    let workspace = workspaces
        .first()
        .ok_or_else(|| Error::invalid("You belong to no workspace in which a room could be."))?;
    let known = tx
        .lock_project_named(workspace.id, NAME, caller.user_id)
        .await?;
    if let Some(id) = known {
        return Ok((workspace.id, id));
    }
    let id = Uuid::now_v7();
    let row = NewProjectRow {
        id,
        workspace_id: workspace.id,
        name: NAME,
        project_type: ProjectType::Segmentation,
    };
    tx.create_project(&row, caller.user_id).await?;
    let labels: Vec<Label> = LABELS
        .into_iter()
        .map(|(name, color)| Label::new(LabelId(Uuid::now_v7()), name, color))
        .collect();
    tx.write_labels(workspace.id, id, &labels).await?;
    let details = json!({ "name": NAME });
    caller
        .audit(tx, workspace.id, "project.created", id, details)
        .await?;
    Ok((workspace.id, id))
}
