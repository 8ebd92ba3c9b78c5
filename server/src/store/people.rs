//! Who has which room open: written by each server for its own sockets, read by lists.

use super::{Store, Tx};
use crate::error::Result;
use std::time::Duration;
use uuid::Uuid;

/// A server renews its word at least so often.
pub const RENEWED_EVERY: Duration = Duration::from_secs(20);
/// The word of a server that has not been renewed for so long does not count.
const LOST_SECS: f64 = 65.0;

/// Somebody at an image.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PersonAtRow {
    pub image_id: Uuid,
    pub filename: String,
    pub user_id: Uuid,
    pub name: String,
}

impl Tx {
    /// The people in a project, by image, each once an image.
    pub async fn people(&mut self, project_id: Uuid, limit: i64) -> Result<Vec<PersonAtRow>> {
        let rows = sqlx::query_as(
            "select distinct i.id as image_id, i.filename, u.id as user_id, u.name
             from room_people p
             join images i on i.room_id = p.room_id and i.deleted_at is null
             join users u on u.id = p.user_id
             where p.project_id = $1 and p.seen_at > now() - make_interval(secs => $2)
             order by image_id, user_id limit $3",
        )
        .bind(project_id)
        .bind(LOST_SECS)
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }
}

impl Store {
    /// Of server `node`: these `(room, user)` have come. Rooms and users that are gone are passed over.
    pub async fn people_came(&self, node: Uuid, came: &[(Uuid, Uuid)]) -> Result<()> {
        self.of_places(
            "insert into room_people (node, workspace_id, project_id, room_id, user_id)
             select $1, r.workspace_id, r.project_id, r.id, u.id
             from unnest($2::uuid[], $3::uuid[]) as came (room_id, user_id)
             join rooms r on r.id = came.room_id
             join users u on u.id = came.user_id
             on conflict (node, room_id, user_id) do update set seen_at = now()",
            node,
            came,
        )
        .await
    }

    /// Of server `node`: these have left.
    pub async fn people_left(&self, node: Uuid, left: &[(Uuid, Uuid)]) -> Result<()> {
        self.of_places(
            "delete from room_people p using unnest($2::uuid[], $3::uuid[]) as gone (room_id, user_id)
             where p.node = $1 and p.room_id = gone.room_id and p.user_id = gone.user_id",
            node,
            left,
        )
        .await
    }

    async fn of_places(
        &self,
        sql: &'static str,
        node: Uuid,
        places: &[(Uuid, Uuid)],
    ) -> Result<()> {
        let (rooms, users): (Vec<_>, Vec<_>) = places.iter().copied().unzip();
        let query = sqlx::query(sql).bind(node).bind(rooms).bind(users);
        query.execute(self.system()).await?;
        Ok(())
    }

    /// Server `node` lives, and everyone it has told of is still there: how many that are.
    pub async fn people_stay(&self, node: Uuid) -> Result<usize> {
        let done = sqlx::query("update room_people set seen_at = now() where node = $1")
            .bind(node)
            .execute(self.system())
            .await?;
        Ok(done.rows_affected() as usize)
    }

    /// Server `node` has nobody any more; servers that fell silent are forgotten with it.
    pub async fn people_gone(&self, node: Uuid) -> Result<()> {
        sqlx::query(
            "delete from room_people
             where node = $1 or seen_at < now() - make_interval(secs => $2)",
        )
        .bind(node)
        .bind(LOST_SECS)
        .execute(self.system())
        .await?;
        Ok(())
    }
}
