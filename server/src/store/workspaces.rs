//! Workspaces and who belongs to them.

use super::Tx;
use crate::error::Result;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_api::WorkspaceRole;

#[derive(sqlx::FromRow)]
pub struct WorkspaceRow {
    pub id: Uuid,
    pub name: String,
    /// The caller's.
    pub role: String,
    pub created_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
pub struct MemberRow {
    pub user_id: Uuid,
    pub email: String,
    pub name: String,
    pub role: String,
    pub created_at: OffsetDateTime,
}

impl Tx {
    /// The workspaces that the account belongs to, oldest first.
    pub async fn workspaces(&mut self, user_id: Uuid) -> Result<Vec<WorkspaceRow>> {
        let rows = sqlx::query_as(
            "select w.id, w.name, m.role, w.created_at
             from workspaces w join workspace_members m on m.workspace_id = w.id
             where m.user_id = $1 order by w.created_at, w.id",
        )
        .bind(user_id)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }

    /// One's own workspace with that id and role in it; `None` where it is not visible.
    pub async fn workspace(&mut self, id: Uuid, user_id: Uuid) -> Result<Option<WorkspaceRow>> {
        let row = sqlx::query_as(
            "select w.id, w.name, m.role, w.created_at
             from workspaces w join workspace_members m on m.workspace_id = w.id
             where w.id = $1 and m.user_id = $2",
        )
        .bind(id)
        .bind(user_id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(row)
    }

    /// A workspace with the caller as its admin.
    pub async fn create_workspace(&mut self, id: Uuid, name: &str) -> Result<()> {
        sqlx::query("select app.create_workspace($1, $2)")
            .bind(id)
            .bind(name)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    pub async fn rename_workspace(&mut self, id: Uuid, name: &str) -> Result<()> {
        sqlx::query("update workspaces set name = $2 where id = $1")
            .bind(id)
            .bind(name)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// The members after `after` in the order in which they joined.
    pub async fn workspace_members(
        &mut self,
        id: Uuid,
        after: Option<(OffsetDateTime, Uuid)>,
        limit: i64,
    ) -> Result<Vec<MemberRow>> {
        let rows = sqlx::query_as(
            "select u.id as user_id, u.email, u.name, m.role, m.created_at
             from workspace_members m join users u on u.id = m.user_id
             where m.workspace_id = $1
               and ($2::timestamptz is null or (m.created_at, m.user_id) > ($2, $3))
             order by m.created_at, m.user_id limit $4",
        )
        .bind(id)
        .bind(after.map(|after| after.0))
        .bind(after.map(|after| after.1))
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }

    pub async fn is_workspace_member(&mut self, id: Uuid, user_id: Uuid) -> Result<bool> {
        let found = sqlx::query_scalar(
            "select exists (select from workspace_members where workspace_id = $1 and user_id = $2)",
        )
        .bind(id)
        .bind(user_id)
        .fetch_one(&mut **self)
        .await?;
        Ok(found)
    }

    /// How many admins the workspace has beside this member; others wait until the transaction ends.
    pub async fn other_workspace_admins(&mut self, id: Uuid, user_id: Uuid) -> Result<i64> {
        let admins: Vec<Uuid> = sqlx::query_scalar(
            "select user_id from workspace_members where workspace_id = $1 and role = 'admin'
             order by user_id for update",
        )
        .bind(id)
        .fetch_all(&mut **self)
        .await?;
        Ok(admins.iter().filter(|&&admin| admin != user_id).count() as i64)
    }

    /// Takes a member out of the workspace and of all its projects.
    pub async fn remove_workspace_member(&mut self, id: Uuid, user_id: Uuid) -> Result<()> {
        for sql in [
            "delete from project_members where workspace_id = $1 and user_id = $2",
            "delete from workspace_members where workspace_id = $1 and user_id = $2",
        ] {
            sqlx::query(sql)
                .bind(id)
                .bind(user_id)
                .execute(&mut **self)
                .await?;
        }
        Ok(())
    }

    /// A project of the workspace that has no other admin than this person.
    pub async fn project_with_sole_admin(
        &mut self,
        id: Uuid,
        user_id: Uuid,
    ) -> Result<Option<String>> {
        let name = sqlx::query_scalar(
            "select p.name from projects p
             join project_members m on m.project_id = p.id
             where p.workspace_id = $1 and p.deleted_at is null and m.user_id = $2 and m.role = 'admin'
               and not exists (select from project_members o
                               where o.project_id = p.id and o.role = 'admin' and o.user_id <> $2)
             limit 1",
        )
        .bind(id)
        .bind(user_id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(name)
    }
}

/// A workspace role as its column spells it.
pub fn workspace_role(text: &str) -> WorkspaceRole {
    match text {
        "admin" => WorkspaceRole::Admin,
        _ => WorkspaceRole::Member,
    }
}
