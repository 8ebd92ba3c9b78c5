//! A project's labels.

use super::Tx;
use crate::error::{Error, Result};
use serde_json::Value;
use uuid::Uuid;
use visionflow_model::{Attribute, Label, LabelId, Ontology};

#[derive(sqlx::FromRow)]
struct LabelRow {
    id: Uuid,
    name: String,
    color: String,
    hotkey: Option<String>,
    archived: bool,
    attributes: Value,
    style: Value,
    skeleton: Option<Value>,
}

impl Tx {
    /// The labels in display order. The project is known to be visible.
    pub async fn ontology(&mut self, project_id: Uuid) -> Result<Ontology> {
        let (version, single_tag) =
            sqlx::query_as("select ontology_version, single_tag from projects where id = $1")
                .bind(project_id)
                .fetch_one(&mut **self)
                .await?;
        let rows: Vec<LabelRow> = sqlx::query_as(
            "select id, name, color, hotkey, archived, attributes, style, skeleton from labels
             where project_id = $1 order by position, id",
        )
        .bind(project_id)
        .fetch_all(&mut **self)
        .await?;
        let labels = rows.into_iter().map(to_label).collect::<Result<_>>()?;
        Ok(Ontology {
            version,
            labels,
            single_tag,
        })
    }

    /// Whether a photograph of the project carries one tag at most.
    pub async fn single_tag(&mut self, project_id: Uuid) -> Result<bool> {
        let single = sqlx::query_scalar("select single_tag from projects where id = $1")
            .bind(project_id)
            .fetch_one(&mut **self)
            .await?;
        Ok(single)
    }

    /// Writes what the project holds beside its labels, if `ontology` has the current version, and
    /// returns the next one; others wait until the transaction ends.
    pub async fn next_ontology_version(
        &mut self,
        project_id: Uuid,
        ontology: &Ontology,
    ) -> Result<Option<i64>> {
        let version = sqlx::query_scalar(
            "update projects set ontology_version = ontology_version + 1, single_tag = $3,
                 updated_at = now()
             where id = $1 and ontology_version = $2 returning ontology_version",
        )
        .bind(project_id)
        .bind(ontology.version)
        .bind(ontology.single_tag)
        .fetch_optional(&mut **self)
        .await?;
        Ok(version)
    }

    /// Writes the labels in their order; those that are not among them are archived behind them.
    pub async fn write_labels(
        &mut self,
        workspace_id: Uuid,
        project_id: Uuid,
        labels: &[Label],
    ) -> Result<()> {
        // All are archived for a moment: names and hotkeys may change hands.
        sqlx::query(
            "update labels set archived = true, position = position + 1000000 where project_id = $1",
        )
        .bind(project_id)
        .execute(&mut **self)
        .await?;
        let ids: Vec<Uuid> = labels.iter().map(|label| label.id.0).collect();
        let names: Vec<&str> = labels.iter().map(|label| label.name.trim()).collect();
        let colors: Vec<String> = labels.iter().map(|label| label.color.to_string()).collect();
        let hotkeys: Vec<Option<&str>> =
            labels.iter().map(|label| label.hotkey.as_deref()).collect();
        let archived: Vec<bool> = labels.iter().map(|label| label.archived).collect();
        let attributes = json(labels, |label| serde_json::to_value(&label.attributes))?;
        let styles = json(labels, |label| serde_json::to_value(label.style))?;
        let skeletons: Vec<Option<Value>> = json(labels, |label| {
            let skeleton = label.skeleton.as_ref();
            skeleton.map(serde_json::to_value).transpose()
        })?;
        let written = sqlx::query(
            "insert into labels as l
                 (id, workspace_id, project_id, position, name, color, hotkey, archived, attributes,
                  style, skeleton)
             select n.id, $1, $2, n.position, n.name, n.color, n.hotkey, n.archived, n.attributes,
                 n.style, n.skeleton
             from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::jsonb[],
                     $9::jsonb[], $10::jsonb[])
                 with ordinality
                 as n (id, name, color, hotkey, archived, attributes, style, skeleton, position)
             on conflict (id) do update set
                 position = excluded.position, name = excluded.name, color = excluded.color,
                 hotkey = excluded.hotkey, archived = excluded.archived,
                 attributes = excluded.attributes, style = excluded.style,
                 skeleton = excluded.skeleton
             where l.project_id = excluded.project_id",
        )
        .bind(workspace_id)
        .bind(project_id)
        .bind(&ids)
        .bind(&names)
        .bind(&colors)
        .bind(&hotkeys)
        .bind(&archived)
        .bind(&attributes)
        .bind(&styles)
        .bind(&skeletons)
        .execute(&mut **self)
        .await
        .map_err(foreign_label)?;
        if written.rows_affected() != labels.len() as u64 {
            return Err(Error::conflict("A label's id belongs to another project."));
        }
        // What was left out follows the others, in the order it had.
        sqlx::query(
            "update labels l set position = $2 + o.rank
             from (select id, row_number() over (order by position, id) as rank
                   from labels where project_id = $1 and position > 1000000) o
             where l.id = o.id",
        )
        .bind(project_id)
        .bind(labels.len() as i32)
        .execute(&mut **self)
        .await?;
        Ok(())
    }
}

fn json<T>(labels: &[Label], column: impl Fn(&Label) -> serde_json::Result<T>) -> Result<Vec<T>> {
    let column: serde_json::Result<_> = labels.iter().map(column).collect();
    column.map_err(Error::internal)
}

/// The id of another tenant's label violates a policy when it would be updated.
fn foreign_label(error: sqlx::Error) -> Error {
    let refused = error
        .as_database_error()
        .is_some_and(|error| error.code().as_deref() == Some("42501"));
    if refused {
        return Error::conflict("A label's id belongs to another project.");
    }
    error.into()
}

fn to_label(row: LabelRow) -> Result<Label> {
    let attributes: Vec<Attribute> =
        serde_json::from_value(row.attributes).map_err(Error::internal)?;
    let style = serde_json::from_value(row.style).map_err(Error::internal)?;
    let skeleton = row.skeleton.map(serde_json::from_value).transpose();
    let color = row
        .color
        .parse()
        .map_err(|error: String| Error::internal(anyhow::anyhow!(error)))?;
    Ok(Label {
        id: LabelId(row.id),
        name: row.name,
        color,
        hotkey: row.hotkey,
        archived: row.archived,
        attributes,
        style,
        skeleton: skeleton.map_err(Error::internal)?,
    })
}
