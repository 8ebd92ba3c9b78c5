//! Threads and comments, read.

use super::{CommentRow, PersonRow, ThreadRow};
use crate::error::Result;
use crate::store::{RoomIdentity, Tx};
use sqlx::AssertSqlSafe;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_model::Shape;

/// Which threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadFilter {
    pub resolved: Option<bool>,
    /// Only those in which the reader wrote or is mentioned.
    pub mine: bool,
    pub limit: i64,
}

/// What of a thread is told to the reader `$1`.
const SELECT: &str = "select t.id, t.workspace_id, t.project_id, t.room_id, i.id as image_id, \
         i.filename, i.thumbnail_path, t.number, t.annotation_id, t.x, t.y, t.origin_x, t.origin_y, \
         t.created_by, t.created_at, t.resolved_at, t.resolved_by, n.comment_count, n.unread \
     from comment_threads t \
     join projects p on p.id = t.project_id and p.deleted_at is null \
     left join images i on i.room_id = t.room_id \
     left join comment_reads r on r.thread_id = t.id and r.user_id = $1 \
     cross join lateral ( \
         select count(*) as comment_count, \
             count(*) filter (where c.author_id <> $1 and c.deleted_at is null \
                 and (r.read_at is null or c.created_at > r.read_at)) as unread \
         from comments c where c.thread_id = t.id \
     ) n";

/// `$2`: whether resolved; `$3`: whether only the reader's.
const FILTER: &str = "($2::boolean is null or (t.resolved_at is not null) = $2) \
     and (not $3 or exists (select from comments c where c.thread_id = t.id \
         and (c.author_id = $1 or exists (select from comment_mentions m \
             where m.comment_id = c.id and m.user_id = $1))))";

/// What somebody is called.
const NAME: &str = "coalesce(nullif(u.name, ''), u.email, '')";

impl Tx {
    pub async fn thread(&mut self, reader: Uuid, id: Uuid) -> Result<Option<ThreadRow>> {
        let sql = format!("{SELECT} where t.id = $2");
        let row = sqlx::query_as(AssertSqlSafe(sql)).bind(reader).bind(id);
        Ok(row.fetch_optional(&mut **self).await?)
    }

    /// The threads of a room after number `after`.
    pub async fn room_threads(
        &mut self,
        reader: Uuid,
        room_id: Uuid,
        filter: ThreadFilter,
        after: i32,
    ) -> Result<Vec<ThreadRow>> {
        let sql = format!(
            "{SELECT} where {FILTER} and t.room_id = $4 and t.number > $5
             order by t.number limit $6"
        );
        let rows = sqlx::query_as(AssertSqlSafe(sql))
            .bind(reader)
            .bind(filter.resolved)
            .bind(filter.mine)
            .bind(room_id)
            .bind(after)
            .bind(filter.limit)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }

    /// The threads of a project's photographs that are not in the bin, the newest first.
    pub async fn project_threads(
        &mut self,
        reader: Uuid,
        project_id: Uuid,
        filter: ThreadFilter,
        before: Option<(OffsetDateTime, Uuid)>,
    ) -> Result<Vec<ThreadRow>> {
        let sql = format!(
            "{SELECT} where {FILTER} and t.project_id = $4 and i.deleted_at is null
               and ($5::timestamptz is null or (t.created_at, t.id) < ($5, $6))
             order by t.created_at desc, t.id desc limit $7"
        );
        let rows = sqlx::query_as(AssertSqlSafe(sql))
            .bind(reader)
            .bind(filter.resolved)
            .bind(filter.mine)
            .bind(project_id)
            .bind(before.map(|before| before.0))
            .bind(before.map(|before| before.1))
            .bind(filter.limit)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }

    /// The comments of these threads in the order in which they came; of each at most `most`.
    pub async fn comments_of(&mut self, threads: &[Uuid], most: i64) -> Result<Vec<CommentRow>> {
        let sql = format!(
            "select c.id, c.thread_id, c.author_id, {NAME} as author_name, c.body, c.created_at,
                 c.edited_at, c.deleted_at
             from unnest($1::uuid[]) t(id)
             cross join lateral (
                 select * from comments c where c.thread_id = t.id order by c.created_at, c.id limit $2
             ) c
             left join users u on u.id = c.author_id
             order by c.created_at, c.id"
        );
        let rows = sqlx::query_as(AssertSqlSafe(sql)).bind(threads).bind(most);
        Ok(rows.fetch_all(&mut **self).await?)
    }

    /// A comment of an undeleted project.
    pub async fn comment(&mut self, id: Uuid) -> Result<Option<CommentRow>> {
        let sql = format!(
            "select c.id, c.thread_id, c.author_id, {NAME} as author_name, c.body, c.created_at,
                 c.edited_at, c.deleted_at
             from comments c
             join comment_threads t on t.id = c.thread_id
             join projects p on p.id = t.project_id and p.deleted_at is null
             left join users u on u.id = c.author_id
             where c.id = $1"
        );
        let row = sqlx::query_as(AssertSqlSafe(sql)).bind(id);
        Ok(row.fetch_optional(&mut **self).await?)
    }

    /// Who is mentioned in these comments, each with the comment.
    pub async fn mentions_of(&mut self, comments: &[Uuid]) -> Result<Vec<(Uuid, PersonRow)>> {
        let sql = format!(
            "select m.comment_id, m.user_id, {NAME} from comment_mentions m
             left join users u on u.id = m.user_id
             where m.comment_id = any ($1) order by m.comment_id, 3, m.user_id"
        );
        let rows: Vec<(Uuid, Uuid, String)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(comments)
            .fetch_all(&mut **self)
            .await?;
        let person = |(comment, id, name)| (comment, PersonRow { id, name });
        Ok(rows.into_iter().map(person).collect())
    }

    /// Those of these people who have a role in the project.
    pub async fn members_among(&mut self, project_id: Uuid, people: &[Uuid]) -> Result<Vec<Uuid>> {
        let rows = sqlx::query_scalar(
            "select m.user_id from project_members m join users u on u.id = m.user_id
             where m.project_id = $1 and m.user_id = any ($2) order by m.user_id",
        )
        .bind(project_id)
        .bind(people)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }

    /// The others who have said something in a thread, and are still around.
    pub async fn others_in_thread(&mut self, thread_id: Uuid, but: Uuid) -> Result<Vec<Uuid>> {
        let rows = sqlx::query_scalar(
            "select distinct c.author_id from comments c
             join comment_threads t on t.id = c.thread_id
             join project_members m on m.project_id = t.project_id and m.user_id = c.author_id
             where c.thread_id = $1 and c.deleted_at is null and c.author_id <> $2
             order by c.author_id",
        )
        .bind(thread_id)
        .bind(but)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }

    /// An annotation of the photograph as its row has it.
    pub async fn annotation_shape(
        &mut self,
        project_id: Uuid,
        image_id: Uuid,
        id: Uuid,
    ) -> Result<Option<Shape>> {
        let data: Option<serde_json::Value> = sqlx::query_scalar(
            "select data from annotations where project_id = $1 and image_id = $2 and id = $3",
        )
        .bind(project_id)
        .bind(image_id)
        .bind(id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(data.and_then(|data| serde_json::from_value(data).ok()))
    }

    /// Before the rows of these annotations go: threads that are pinned to them keep where they were.
    pub async fn keep_pins(
        &mut self,
        room: &RoomIdentity,
        image_id: Uuid,
        gone: &[Uuid],
    ) -> Result<()> {
        let pinned: Vec<(Uuid, serde_json::Value)> = sqlx::query_as(
            "select t.id, a.data from comment_threads t
             join annotations a on a.project_id = $1 and a.image_id = $2 and a.id = t.annotation_id
             where t.room_id = $3 and t.annotation_id = any ($4)",
        )
        .bind(room.project_id)
        .bind(image_id)
        .bind(room.room_id)
        .bind(gone)
        .fetch_all(&mut **self)
        .await?;
        for (thread_id, data) in pinned {
            let shape: Option<Shape> = serde_json::from_value(data).ok();
            let Some(bounds) = shape.and_then(|shape| shape.bounds()) else {
                continue;
            };
            sqlx::query("update comment_threads set origin_x = $2, origin_y = $3 where id = $1")
                .bind(thread_id)
                .bind(bounds.min.x)
                .bind(bounds.min.y)
                .execute(&mut **self)
                .await?;
        }
        Ok(())
    }
}
