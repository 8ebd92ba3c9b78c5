//! Images: rows behind the gallery, and the rooms that are made with them.

use super::Tx;
use crate::error::Result;
use time::OffsetDateTime;
use uuid::Uuid;

/// A row of `images`, with the numbers of its projected annotations and open suggestions.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ImageRow {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub room_id: Uuid,
    pub filename: String,
    pub storage_path: String,
    pub thumbnail_path: Option<String>,
    /// Of the oriented image.
    pub width: i32,
    pub height: i32,
    /// EXIF orientation of the stored bytes.
    pub orientation: i16,
    pub content_type: String,
    pub size_bytes: i64,
    pub status: String,
    pub created_by: Uuid,
    pub created_at: OffsetDateTime,
    pub deleted_at: Option<OffsetDateTime>,
    pub annotation_count: i64,
    pub pending_suggestions: i64,
}

/// An image to be.
pub struct NewImage {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub room_id: Uuid,
    pub filename: String,
    pub storage_path: String,
    pub thumbnail_path: Option<String>,
    pub width: u32,
    pub height: u32,
    pub orientation: u8,
    pub content_type: &'static str,
    pub size_bytes: i64,
    pub created_by: Uuid,
}

/// Which images of a project.
pub struct ImageFilter<'a> {
    pub project_id: Uuid,
    /// The bin instead.
    pub deleted: bool,
    pub search: Option<&'a str>,
    /// Only those with suggestions that wait for a decision.
    pub pending: bool,
    /// After this time and id: of creation, or of deletion in the bin.
    pub after: Option<(OffsetDateTime, Uuid)>,
    pub limit: i64,
}

const COLUMNS: &str = "i.id, i.workspace_id, i.project_id, i.room_id, i.filename, i.storage_path, \
     i.thumbnail_path, i.width, i.height, i.orientation, i.content_type, i.size_bytes, i.status, \
     i.created_by, i.created_at, i.deleted_at, i.annotation_count, \
     i.pending_suggestions";

impl Tx {
    /// Makes the image of a room that has none.
    pub async fn insert_image(&mut self, image: &NewImage) -> Result<()> {
        sqlx::query(
            "insert into images (id, workspace_id, project_id, room_id, filename, storage_path,
                 thumbnail_path, width, height, orientation, content_type, size_bytes, status,
                 created_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'verifying', $13)",
        )
        .bind(image.id)
        .bind(image.workspace_id)
        .bind(image.project_id)
        .bind(image.room_id)
        .bind(&image.filename)
        .bind(&image.storage_path)
        .bind(&image.thumbnail_path)
        .bind(image.width as i32)
        .bind(image.height as i32)
        .bind(i16::from(image.orientation))
        .bind(image.content_type)
        .bind(image.size_bytes)
        .bind(image.created_by)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// An image of an undeleted project, deleted or not.
    pub async fn image(&mut self, id: Uuid) -> Result<Option<ImageRow>> {
        let sql = format!(
            "select {COLUMNS} from images i
             join projects p on p.id = i.project_id and p.deleted_at is null
             where i.id = $1"
        );
        let row = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id);
        Ok(row.fetch_optional(&mut **self).await?)
    }

    /// In the order of creation; the bin begins with what was deleted last.
    pub async fn images(&mut self, filter: &ImageFilter<'_>) -> Result<Vec<ImageRow>> {
        let (kept, order) = if filter.deleted {
            (
                "i.deleted_at is not null
                 and ($3::timestamptz is null or (i.deleted_at, i.id) < ($3, $4))",
                "i.deleted_at desc, i.id desc",
            )
        } else {
            (
                "i.deleted_at is null
                 and ($3::timestamptz is null or (i.created_at, i.id) > ($3, $4))",
                "i.created_at, i.id",
            )
        };
        // As its index says it, which a parameter would keep from being used.
        let pending = if filter.pending {
            "and i.pending_suggestions > 0"
        } else {
            ""
        };
        let sql = format!(
            "select {COLUMNS} from images i
             where i.project_id = $1 and ($2::text is null or i.filename ilike $2) and {kept}
                 {pending}
             order by {order} limit $5"
        );
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(filter.project_id)
            .bind(filter.search.map(contains_pattern))
            .bind(filter.after.map(|after| after.0))
            .bind(filter.after.map(|after| after.1))
            .bind(filter.limit)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }

    /// Moves the image into the bin, or out of it. Whether anything changed.
    pub async fn set_image_deleted(&mut self, id: Uuid, deleted: bool) -> Result<bool> {
        let done = sqlx::query(
            "update images set deleted_at = case when $2 then now() end
             where id = $1 and (deleted_at is not null) <> $2",
        )
        .bind(id)
        .bind(deleted)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    pub async fn set_image_status(&mut self, id: Uuid, status: &str) -> Result<()> {
        sqlx::query("update images set status = $2 where id = $1")
            .bind(id)
            .bind(status)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    pub async fn set_image_thumbnail(&mut self, id: Uuid, thumbnail_path: &str) -> Result<()> {
        sqlx::query("update images set thumbnail_path = $2 where id = $1")
            .bind(id)
            .bind(thumbnail_path)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// Images that have lain in the bin since before `before`.
    pub async fn images_to_purge(
        &mut self,
        before: OffsetDateTime,
        limit: i64,
    ) -> Result<Vec<ImageRow>> {
        let sql = format!(
            "select {COLUMNS} from images i where i.deleted_at < $1 order by i.deleted_at limit $2"
        );
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(before)
            .bind(limit)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }

    /// Removes an image for good, with its annotations and suggestions, its room and the room's log.
    pub async fn purge_image(&mut self, image: &ImageRow) -> Result<()> {
        sqlx::query("delete from images where id = $1")
            .bind(image.id)
            .execute(&mut **self)
            .await?;
        sqlx::query("delete from annotations where project_id = $1 and image_id = $2")
            .bind(image.project_id)
            .bind(image.id)
            .execute(&mut **self)
            .await?;
        sqlx::query("delete from suggestions where project_id = $1 and image_id = $2")
            .bind(image.project_id)
            .bind(image.id)
            .execute(&mut **self)
            .await?;
        for sql in [
            "delete from room_events where room_id = $1",
            "delete from rooms where id = $1",
        ] {
            sqlx::query(sql)
                .bind(image.room_id)
                .execute(&mut **self)
                .await?;
        }
        Ok(())
    }

    /// Which of these keys some image, export, model or embedding refers to.
    pub async fn referenced_objects(&mut self, keys: &[String]) -> Result<Vec<String>> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "select storage_path from images where storage_path = any ($1)
             union all select thumbnail_path from images where thumbnail_path = any ($1)
             union all select storage_path from exports where storage_path = any ($1)
             union all select storage_path from renders where storage_path = any ($1)
             union all select storage_path from model_files where storage_path = any ($1)
             union all select storage_path from embeddings where storage_path = any ($1)",
        )
        .bind(keys)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows.into_iter().map(|(key,)| key).collect())
    }
}

/// `%text%` in which the text's own `%`, `_` and `\` mean themselves.
fn contains_pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
