//! Rows of `suggestions`: written by the projection, read by the API.

use super::{RoomIdentity, Tx};
use crate::error::Result;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

/// What the projection writes of one suggestion.
#[derive(Clone, Debug)]
pub struct SuggestionRecord {
    pub id: Uuid,
    pub kind: &'static str,
    pub label_id: Uuid,
    pub model_id: Option<Uuid>,
    pub run_id: Uuid,
    pub source: String,
    pub score: f64,
    pub data: Value,
    pub attributes: Value,
    pub z: f64,
    pub verdict: &'static str,
    /// Stay as they are where the row exists.
    pub proposed_by: Option<Uuid>,
    pub created_at: OffsetDateTime,
    pub decided_by: Option<Uuid>,
    pub seq: i64,
    pub updated_at: OffsetDateTime,
}

/// What the API reads of one suggestion.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StoredSuggestion {
    pub id: Uuid,
    pub image_id: Uuid,
    pub label_id: Uuid,
    pub class_name: String,
    pub data: Value,
    pub attributes: Value,
    pub z: f64,
    pub source: String,
    pub score: f64,
    pub model_id: Option<Uuid>,
    pub run_id: Uuid,
    pub verdict: String,
    pub corrected: bool,
    pub proposed_by: Option<Uuid>,
    pub decided_by: Option<Uuid>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

/// What became of a model's suggestions with one label.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AcceptanceRow {
    pub label_id: Uuid,
    pub class_name: String,
    pub suggested: i64,
    pub pending: i64,
    pub accepted: i64,
    pub corrected: i64,
    pub rejected: i64,
    pub superseded: i64,
}

/// Whether what was accepted as `s` is another thing now, as the row `a`.
const CORRECTED: &str = "(s.verdict = 'accepted' and a.id is not null and (a.data <> s.data
    or a.label_id <> s.label_id or a.attributes <> s.attributes))";
const WITH_ANNOTATION: &str =
    "left join annotations a on a.project_id = s.project_id and a.id = s.id";

impl Tx {
    /// Writes rows; of one that exists, who proposed it and when stays.
    pub async fn upsert_suggestions(
        &mut self,
        room: &RoomIdentity,
        image_id: Uuid,
        records: &[SuggestionRecord],
    ) -> Result<()> {
        fn column<T>(records: &[SuggestionRecord], of: impl Fn(&SuggestionRecord) -> T) -> Vec<T> {
            records.iter().map(of).collect()
        }
        sqlx::query(
            "insert into suggestions (workspace_id, project_id, image_id, id, kind, label_id,
                 model_id, run_id, source, score, data, attributes, z, verdict, proposed_by,
                 created_at, decided_by, seq, updated_at)
             select $1, $2, $3, r.* from unnest($4::uuid[], $5::text[], $6::uuid[], $7::uuid[],
                 $8::uuid[], $9::text[], $10::float8[], $11::jsonb[], $12::jsonb[], $13::float8[],
                 $14::text[], $15::uuid[], $16::timestamptz[], $17::uuid[], $18::int8[],
                 $19::timestamptz[]) as r
             on conflict (project_id, id) do update set kind = excluded.kind,
                 label_id = excluded.label_id, model_id = excluded.model_id,
                 run_id = excluded.run_id, source = excluded.source, score = excluded.score,
                 data = excluded.data, attributes = excluded.attributes, z = excluded.z,
                 decided_by = case when excluded.verdict = suggestions.verdict
                     then coalesce(excluded.decided_by, suggestions.decided_by)
                     else excluded.decided_by end,
                 verdict = excluded.verdict, seq = excluded.seq,
                 updated_at = excluded.updated_at
             where suggestions.image_id = excluded.image_id and suggestions.seq <= excluded.seq",
        )
        .bind(room.workspace_id)
        .bind(room.project_id)
        .bind(image_id)
        .bind(column(records, |r| r.id))
        .bind(column(records, |r| r.kind))
        .bind(column(records, |r| r.label_id))
        .bind(column(records, |r| r.model_id))
        .bind(column(records, |r| r.run_id))
        .bind(column(records, |r| r.source.clone()))
        .bind(column(records, |r| r.score))
        .bind(column(records, |r| r.data.clone()))
        .bind(column(records, |r| r.attributes.clone()))
        .bind(column(records, |r| r.z))
        .bind(column(records, |r| r.verdict))
        .bind(column(records, |r| r.proposed_by))
        .bind(column(records, |r| r.created_at))
        .bind(column(records, |r| r.decided_by))
        .bind(column(records, |r| r.seq))
        .bind(column(records, |r| r.updated_at))
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    pub async fn delete_suggestions(
        &mut self,
        room: &RoomIdentity,
        image_id: Uuid,
        ids: &[Uuid],
    ) -> Result<()> {
        sqlx::query(
            "delete from suggestions where project_id = $1 and image_id = $2 and id = any($3)",
        )
        .bind(room.project_id)
        .bind(image_id)
        .bind(ids)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Deletes the item's rows of up to event `seq`, except those with the ids `kept`.
    pub async fn delete_suggestions_except(
        &mut self,
        room: &RoomIdentity,
        image_id: Uuid,
        kept: &[Uuid],
        seq: i64,
    ) -> Result<()> {
        sqlx::query(
            "delete from suggestions
             where project_id = $1 and image_id = $2 and seq <= $4 and not (id = any($3))",
        )
        .bind(room.project_id)
        .bind(image_id)
        .bind(kept)
        .bind(seq)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Counts the image's suggestions that wait for a decision, for lists of images.
    pub async fn recount_suggestions(&mut self, room: &RoomIdentity, image_id: Uuid) -> Result<()> {
        sqlx::query(
            "update images i set pending_suggestions = n.pending
             from (select count(*) as pending from suggestions
                   where project_id = $1 and image_id = $2 and verdict = 'pending') n
             where i.id = $2 and i.pending_suggestions <> n.pending",
        )
        .bind(room.project_id)
        .bind(image_id)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// The suggestions of one image with ids above `after`, by id; those whose label is not one of
    /// the project's are passed over, as annotations are.
    pub async fn image_suggestions(
        &mut self,
        project_id: Uuid,
        image_id: Uuid,
        verdict: Option<&str>,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<StoredSuggestion>> {
        let sql = format!(
            "select s.id, s.image_id, s.label_id, l.name as class_name, s.data, s.attributes, s.z,
                 s.source, s.score, s.model_id, s.run_id, s.verdict, {CORRECTED} as corrected,
                 s.proposed_by, s.decided_by, s.created_at, s.updated_at
             from suggestions s
             join labels l on l.project_id = s.project_id and l.id = s.label_id
             {WITH_ANNOTATION}
             where s.project_id = $1 and s.image_id = $2 and ($3::text is null or s.verdict = $3)
               and s.id > $4
             order by s.id limit $5"
        );
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(project_id)
            .bind(image_id)
            .bind(verdict)
            .bind(after)
            .bind(limit)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }

    /// What became of everything that a model has proposed, by label.
    pub async fn acceptance(
        &mut self,
        project_id: Uuid,
        model_id: Uuid,
    ) -> Result<Vec<AcceptanceRow>> {
        let sql = format!(
            "select s.label_id, l.name as class_name, count(*) as suggested,
                 count(*) filter (where s.verdict = 'pending') as pending,
                 count(*) filter (where s.verdict = 'accepted') as accepted,
                 count(*) filter (where {CORRECTED}) as corrected,
                 count(*) filter (where s.verdict = 'rejected') as rejected,
                 count(*) filter (where s.verdict = 'superseded') as superseded
             from suggestions s
             join labels l on l.project_id = s.project_id and l.id = s.label_id
             {WITH_ANNOTATION}
             where s.project_id = $1 and s.model_id = $2
             group by s.label_id, l.name, l.position order by l.position, s.label_id"
        );
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(project_id)
            .bind(model_id)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }
}
