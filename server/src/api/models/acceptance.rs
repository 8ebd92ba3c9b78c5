//! What became of a model's suggestions.

use crate::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::store::AcceptanceRow;
use axum::extract::State;
use uuid::Uuid;
use visionflow_api::{Acceptance, AcceptanceCounts, LabelAcceptance, Problem};

/// How much of what a model has proposed was accepted, by label and in all
#[utoipa::path(
    get, path = "/api/v1/models/{id}/acceptance", tag = "models",
    params(("id" = Uuid, Path, description = "The model")),
    responses((status = 200, body = Acceptance), (status = 404, body = Problem)),
    security(("bearer" = [])),
)]
pub(super) async fn acceptance(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Acceptance>> {
    let mut tx = app.store().begin(&caller).await?;
    let model = tx.model(id).await?.ok_or_else(Error::not_found)?;
    let lagging = tx.lagging_rooms(model.project_id).await?;
    if !lagging.is_empty() {
        tx.commit().await?;
        for (room, seq) in lagging {
            app.relay().projected(room, seq).await?;
        }
        tx = app.store().begin(&caller).await?;
    }
    let rows = tx.acceptance(model.project_id, id).await?;
    tx.commit().await?;
    let mut total = AcceptanceCounts::default();
    for row in &rows {
        total.suggested += row.suggested;
        total.pending += row.pending;
        total.accepted += row.accepted;
        total.corrected += row.corrected;
        total.rejected += row.rejected;
        total.superseded += row.superseded;
    }
    Ok(Json(Acceptance {
        total: rated(total),
        labels: rows.into_iter().map(of_label).collect(),
    }))
}

fn of_label(row: AcceptanceRow) -> LabelAcceptance {
    LabelAcceptance {
        label_id: row.label_id,
        class_name: row.class_name,
        counts: rated(AcceptanceCounts {
            suggested: row.suggested,
            pending: row.pending,
            accepted: row.accepted,
            corrected: row.corrected,
            rejected: row.rejected,
            superseded: row.superseded,
            rate: None,
        }),
    }
}

fn rated(counts: AcceptanceCounts) -> AcceptanceCounts {
    let decided = counts.accepted + counts.rejected;
    AcceptanceCounts {
        rate: (decided > 0).then(|| counts.accepted as f64 / decided as f64),
        ..counts
    }
}
