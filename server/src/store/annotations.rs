//! Rows of `annotations`: written by the projection, read by the API.

use super::{RoomIdentity, Tx};
use crate::error::Result;
use serde_json::Value;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryScalar;
use sqlx::{AssertSqlSafe, Postgres};
use std::collections::HashMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// What the projection writes of one annotation.
#[derive(Clone, Debug)]
pub struct AnnotationRecord {
    pub id: Uuid,
    pub kind: &'static str,
    pub label_id: Uuid,
    pub annotator_id: Option<Uuid>,
    pub updated_by: Option<Uuid>,
    pub data: Value,
    pub attributes: Value,
    pub z: f64,
    pub group_id: Option<Uuid>,
    pub locked: bool,
    pub style: Value,
    pub source: String,
    pub seq: i64,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

/// What the API reads of one annotation, its label's name included.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StoredAnnotation {
    pub id: Uuid,
    pub image_id: Uuid,
    pub project_id: Uuid,
    pub label_id: Uuid,
    pub class_name: String,
    pub annotator_id: Option<Uuid>,
    pub data: Value,
    pub attributes: Value,
    pub z: f64,
    pub group_id: Option<Uuid>,
    pub locked: bool,
    pub style: Value,
    pub source: String,
    pub status: String,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

/// What a label means for an annotation to be.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LabelForUse {
    pub name: String,
    pub archived: bool,
    /// The project's: a photograph carries one tag at most.
    pub single_tag: bool,
}

/// An item that annotations can be written to.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct AnnotatedImage {
    pub image_id: Uuid,
    pub room_id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub width: i32,
    pub height: i32,
}

impl AnnotatedImage {
    pub fn room(&self) -> RoomIdentity {
        RoomIdentity {
            room_id: self.room_id,
            workspace_id: self.workspace_id,
            project_id: self.project_id,
        }
    }
}

const SELECT: &str = "select a.id, a.image_id, a.project_id, a.label_id, l.name as class_name,
    a.annotator_id, a.data, a.attributes, a.z, a.group_id, a.locked, a.style, a.source, a.status,
    a.created_at, a.updated_at
    from annotations a join labels l on l.id = a.label_id
    join images i on i.id = a.image_id and i.deleted_at is null
    join projects p on p.id = a.project_id and p.deleted_at is null ";

impl Tx {
    /// Holds back other writers of the image's rows, so that they write one after another; before
    /// the first statement that looks at them.
    pub async fn lock_rows_of_image(&mut self, image_id: Uuid) -> Result<()> {
        sqlx::query("select 1 from images where id = $1 for no key update")
            .bind(image_id)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// The image has so many rows more, or less.
    pub async fn count_annotations(&mut self, image_id: Uuid, more: i64) -> Result<()> {
        sqlx::query("update images set annotation_count = annotation_count + $2 where id = $1")
            .bind(image_id)
            .bind(more)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// Counts the image's rows afresh, by reading them.
    pub async fn recount_annotations(&mut self, room: &RoomIdentity, image_id: Uuid) -> Result<()> {
        sqlx::query(
            "update images set annotation_count =
                 (select count(*) from annotations where project_id = $1 and image_id = $2)
             where id = $2",
        )
        .bind(room.project_id)
        .bind(image_id)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Writes rows; one that exists is overwritten, but for its status. An id that belongs to
    /// another item of the project is left alone. Of what the log no longer has, up to event
    /// `kept_from`, rows that exist keep who drew and touched it, and when. Returns how many are new.
    pub async fn upsert_annotations(
        &mut self,
        room: &RoomIdentity,
        image_id: Uuid,
        records: &[AnnotationRecord],
        kept_from: i64,
    ) -> Result<i64> {
        let sql = format!(
            "with known as (
                 select id from annotations where project_id = $2 and id = any($4)
             ), written as (
                 insert into annotations (workspace_id, project_id, image_id, id, kind, label_id,
                     annotator_id, updated_by, data, attributes, z, group_id, locked, style, source,
                     seq, created_at, updated_at)
                 select $1, $2, $3, r.* from {RECORDS}
                 on conflict (project_id, id) do update set kind = excluded.kind,
                     label_id = excluded.label_id,
                     annotator_id = case when {kept_from} > 0
                         then coalesce(annotations.annotator_id, excluded.annotator_id)
                         else excluded.annotator_id end,
                     updated_by = case when excluded.seq <= {kept_from}
                         then annotations.updated_by else excluded.updated_by end,
                     data = excluded.data,
                     attributes = excluded.attributes, z = excluded.z, group_id = excluded.group_id,
                     locked = excluded.locked, style = excluded.style, source = excluded.source,
                     seq = excluded.seq,
                     created_at = case when {kept_from} > 0
                         then least(annotations.created_at, excluded.created_at)
                         else excluded.created_at end,
                     updated_at = case when excluded.seq <= {kept_from}
                         then annotations.updated_at else excluded.updated_at end
                 where annotations.image_id = excluded.image_id and annotations.seq <= excluded.seq
                 returning id
             )
             select count(*) from written where id not in (select id from known)"
        );
        let new: i64 = of_records(
            sqlx::query_scalar(AssertSqlSafe(sql)),
            room,
            image_id,
            records,
        )
        .fetch_one(&mut **self)
        .await?;
        Ok(new)
    }

    /// Overwrites existing rows, but for who drew them and when; returns how many there were.
    pub async fn update_annotations(
        &mut self,
        room: &RoomIdentity,
        image_id: Uuid,
        records: &[AnnotationRecord],
    ) -> Result<i64> {
        let sql = format!(
            "with written as (
                 update annotations a set kind = r.kind, label_id = r.label_id,
                     updated_by = r.updated_by, data = r.data, attributes = r.attributes, z = r.z,
                     group_id = r.group_id, locked = r.locked, style = r.style,
                     source = r.source, seq = r.seq, updated_at = r.updated_at
                 from {RECORDS}
                 where a.workspace_id = $1 and a.project_id = $2 and a.image_id = $3 and a.id = r.id
                 returning a.id
             )
             select count(*) from written"
        );
        let found = of_records(
            sqlx::query_scalar(AssertSqlSafe(sql)),
            room,
            image_id,
            records,
        )
        .fetch_one(&mut **self)
        .await?;
        Ok(found)
    }

    /// Returns how many there were.
    pub async fn delete_annotations(
        &mut self,
        room: &RoomIdentity,
        image_id: Uuid,
        ids: &[Uuid],
    ) -> Result<i64> {
        let done = sqlx::query(
            "delete from annotations where project_id = $1 and image_id = $2 and id = any($3)",
        )
        .bind(room.project_id)
        .bind(image_id)
        .bind(ids)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() as i64)
    }

    /// Deletes the item's rows of up to event `seq`, except those with the ids `kept`; returns how
    /// many there were.
    pub async fn delete_annotations_except(
        &mut self,
        room: &RoomIdentity,
        image_id: Uuid,
        kept: &[Uuid],
        seq: i64,
    ) -> Result<i64> {
        let done = sqlx::query(
            "delete from annotations
             where project_id = $1 and image_id = $2 and seq <= $4 and not (id = any($3))",
        )
        .bind(room.project_id)
        .bind(image_id)
        .bind(kept)
        .bind(seq)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() as i64)
    }

    /// The rows of the room's item hold everything up to event `seq`.
    pub async fn set_projected_seq(&mut self, room_id: Uuid, seq: i64) -> Result<()> {
        sqlx::query("update rooms set projected_seq = greatest(projected_seq, $2) where id = $1")
            .bind(room_id)
            .bind(seq)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// Those of `labels` that the project has, archived ones included.
    pub async fn existing_labels(
        &mut self,
        project_id: Uuid,
        labels: &[Uuid],
    ) -> Result<Vec<Uuid>> {
        let existing =
            sqlx::query_scalar("select id from labels where project_id = $1 and id = any($2)")
                .bind(project_id)
                .bind(labels)
                .fetch_all(&mut **self)
                .await?;
        Ok(existing)
    }

    /// A label of the project, for an annotation to be.
    pub async fn label(&mut self, project_id: Uuid, label_id: Uuid) -> Result<Option<LabelForUse>> {
        let label = sqlx::query_as(
            "select l.name, l.archived, p.single_tag
             from labels l join projects p on p.id = l.project_id
             where l.project_id = $1 and l.id = $2",
        )
        .bind(project_id)
        .bind(label_id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(label)
    }

    /// The visible, undeleted image.
    pub async fn annotated_image(&mut self, image_id: Uuid) -> Result<Option<AnnotatedImage>> {
        let image = sqlx::query_as(
            "select i.id as image_id, i.room_id, i.workspace_id, i.project_id, i.width, i.height
             from images i join projects p on p.id = i.project_id and p.deleted_at is null
             where i.id = $1 and i.deleted_at is null",
        )
        .bind(image_id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(image)
    }

    /// The image of a visible annotation.
    pub async fn image_of_annotation(&mut self, id: Uuid) -> Result<Option<Uuid>> {
        let image = sqlx::query_scalar("select image_id from annotations where id = $1 limit 1")
            .bind(id)
            .fetch_optional(&mut **self)
            .await?;
        Ok(image)
    }

    pub async fn annotation(
        &mut self,
        project_id: Uuid,
        id: Uuid,
    ) -> Result<Option<StoredAnnotation>> {
        let sql = format!("{SELECT} where a.project_id = $1 and a.id = $2");
        let row = sqlx::query_as(AssertSqlSafe(sql))
            .bind(project_id)
            .bind(id)
            .fetch_optional(&mut **self)
            .await?;
        Ok(row)
    }

    /// The annotations of one undeleted image of the project with ids above `after`, by id.
    pub async fn image_annotations(
        &mut self,
        project_id: Uuid,
        image_id: Uuid,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<StoredAnnotation>> {
        // One table and no optional condition: whatever the planner knows of it, an index gives the
        // page in its order and nothing else is read. The labels' names are fetched beside it.
        let mut rows: Vec<StoredAnnotation> = sqlx::query_as(
            "select id, image_id, project_id, label_id, '' as class_name, annotator_id, data,
                 attributes, z, group_id, locked, style, source, status, created_at, updated_at
             from annotations where project_id = $1 and image_id = $2 and id > $3
             order by id limit $4",
        )
        .bind(project_id)
        .bind(image_id)
        .bind(after)
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        let mut labels: Vec<Uuid> = rows.iter().map(|row| row.label_id).collect();
        labels.sort_unstable();
        labels.dedup();
        let names: Vec<(Uuid, String)> =
            sqlx::query_as("select id, name from labels where project_id = $1 and id = any($2)")
                .bind(project_id)
                .bind(labels)
                .fetch_all(&mut **self)
                .await?;
        let names: HashMap<Uuid, String> = names.into_iter().collect();
        for row in &mut rows {
            if let Some(name) = names.get(&row.label_id) {
                row.class_name.clone_from(name);
            }
        }
        Ok(rows)
    }

    /// The project's annotations with ids above `after`, by id.
    pub async fn project_annotations(
        &mut self,
        project_id: Uuid,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<StoredAnnotation>> {
        let sql = format!("{SELECT} where a.project_id = $1 and a.id > $2 order by a.id limit $3");
        let rows = sqlx::query_as(AssertSqlSafe(sql))
            .persistent(false)
            .bind(project_id)
            .bind(after)
            .bind(limit)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }

    /// Rooms of the project whose rows lag behind their log, and their heads.
    pub async fn lagging_rooms(&mut self, project_id: Uuid) -> Result<Vec<(RoomIdentity, i64)>> {
        let rows: Vec<(Uuid, Uuid, i64)> = sqlx::query_as(
            "select id, workspace_id, seq from rooms where project_id = $1 and projected_seq < seq",
        )
        .bind(project_id)
        .fetch_all(&mut **self)
        .await?;
        let identity = |(room_id, workspace_id, seq)| {
            (
                RoomIdentity {
                    room_id,
                    workspace_id,
                    project_id,
                },
                seq,
            )
        };
        Ok(rows.into_iter().map(identity).collect())
    }
}

/// The columns of [`AnnotationRecord`] as a table, parameters 4 to 18.
const RECORDS: &str = "unnest($4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[],
    $9::jsonb[], $10::jsonb[], $11::float8[], $12::uuid[], $13::bool[], $14::jsonb[], $15::text[],
    $16::int8[], $17::timestamptz[], $18::timestamptz[])
    as r (id, kind, label_id, annotator_id, updated_by, data, attributes, z, group_id, locked,
    style, source, seq, created_at, updated_at)";

type CountQuery<'q> = QueryScalar<'q, Postgres, i64, PgArguments>;

/// Binds the parameters of a statement with [`RECORDS`] in it.
fn of_records<'q>(
    query: CountQuery<'q>,
    room: &RoomIdentity,
    image_id: Uuid,
    records: &[AnnotationRecord],
) -> CountQuery<'q> {
    fn column<T>(records: &[AnnotationRecord], of: impl Fn(&AnnotationRecord) -> T) -> Vec<T> {
        records.iter().map(of).collect()
    }
    query
        .bind(room.workspace_id)
        .bind(room.project_id)
        .bind(image_id)
        .bind(column(records, |r| r.id))
        .bind(column(records, |r| r.kind))
        .bind(column(records, |r| r.label_id))
        .bind(column(records, |r| r.annotator_id))
        .bind(column(records, |r| r.updated_by))
        .bind(column(records, |r| r.data.clone()))
        .bind(column(records, |r| r.attributes.clone()))
        .bind(column(records, |r| r.z))
        .bind(column(records, |r| r.group_id))
        .bind(column(records, |r| r.locked))
        .bind(column(records, |r| r.style.clone()))
        .bind(column(records, |r| r.source.clone()))
        .bind(column(records, |r| r.seq))
        .bind(column(records, |r| r.created_at))
        .bind(column(records, |r| r.updated_at))
}
