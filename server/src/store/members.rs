//! Who has which role in a project, and invitations to it.

use super::workspaces::MemberRow;
use super::{Store, Tx};
use crate::error::Result;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_api::ProjectRole;

#[derive(sqlx::FromRow)]
pub struct InviteRow {
    pub id: Uuid,
    pub role: String,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
pub struct InviteInfoRow {
    pub project_id: Uuid,
    pub project_name: String,
    pub workspace_name: String,
    pub role: String,
    pub invited_by: String,
}

pub struct NewInviteRow<'a> {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub project_id: Uuid,
    pub role: ProjectRole,
    pub token_hash: &'a [u8],
    pub created_by: Uuid,
    pub expires_at: OffsetDateTime,
}

impl Tx {
    /// The members after `after` in the order in which they came.
    pub async fn project_members(
        &mut self,
        project_id: Uuid,
        after: Option<(OffsetDateTime, Uuid)>,
        limit: i64,
    ) -> Result<Vec<MemberRow>> {
        let rows = sqlx::query_as(
            "select u.id as user_id, u.email, u.name, m.role, m.created_at
             from project_members m join users u on u.id = m.user_id
             where m.project_id = $1
               and ($2::timestamptz is null or (m.created_at, m.user_id) > ($2, $3))
             order by m.created_at, m.user_id limit $4",
        )
        .bind(project_id)
        .bind(after.map(|after| after.0))
        .bind(after.map(|after| after.1))
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }

    pub async fn project_member(
        &mut self,
        project_id: Uuid,
        user_id: Uuid,
    ) -> Result<Option<MemberRow>> {
        let row = sqlx::query_as(
            "select u.id as user_id, u.email, u.name, m.role, m.created_at
             from project_members m join users u on u.id = m.user_id
             where m.project_id = $1 and m.user_id = $2",
        )
        .bind(project_id)
        .bind(user_id)
        .fetch_optional(&mut **self)
        .await?;
        Ok(row)
    }

    /// Adds an account by its address; `None` where there is none.
    pub async fn add_project_member(
        &mut self,
        project_id: Uuid,
        email: &str,
        role: ProjectRole,
    ) -> Result<Option<Uuid>> {
        let member = sqlx::query_scalar("select app.add_project_member($1, $2, $3)")
            .bind(project_id)
            .bind(email)
            .bind(role_to_text(role))
            .fetch_one(&mut **self)
            .await?;
        Ok(member)
    }

    pub async fn set_project_role(
        &mut self,
        project_id: Uuid,
        user_id: Uuid,
        role: ProjectRole,
    ) -> Result<()> {
        sqlx::query("update project_members set role = $3 where project_id = $1 and user_id = $2")
            .bind(project_id)
            .bind(user_id)
            .bind(role_to_text(role))
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    pub async fn remove_project_member(&mut self, project_id: Uuid, user_id: Uuid) -> Result<()> {
        sqlx::query("delete from project_members where project_id = $1 and user_id = $2")
            .bind(project_id)
            .bind(user_id)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// How many admins the project has beside this member. Locks them, so that two admins who
    /// remove each other at once do not leave none.
    pub async fn other_project_admins(&mut self, project_id: Uuid, user_id: Uuid) -> Result<i64> {
        let admins: Vec<Uuid> = sqlx::query_scalar(
            "select user_id from project_members where project_id = $1 and role = 'admin'
             order by user_id for update",
        )
        .bind(project_id)
        .fetch_all(&mut **self)
        .await?;
        Ok(admins.iter().filter(|&&admin| admin != user_id).count() as i64)
    }

    pub async fn create_invite(&mut self, new: &NewInviteRow<'_>) -> Result<()> {
        sqlx::query(
            "insert into invites (id, workspace_id, project_id, role, token_hash, created_by, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(new.id)
        .bind(new.workspace_id)
        .bind(new.project_id)
        .bind(role_to_text(new.role))
        .bind(new.token_hash)
        .bind(new.created_by)
        .bind(new.expires_at)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// Open invitations, the newest first.
    pub async fn invites(
        &mut self,
        project_id: Uuid,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<InviteRow>> {
        let rows = sqlx::query_as(
            "select id, role, created_at, expires_at from invites
             where project_id = $1 and revoked_at is null and expires_at > now()
               and ($2::uuid is null or id < $2)
             order by id desc limit $3",
        )
        .bind(project_id)
        .bind(before)
        .bind(limit)
        .fetch_all(&mut **self)
        .await?;
        Ok(rows)
    }

    /// Whether there was such an invitation.
    pub async fn revoke_invite(&mut self, project_id: Uuid, id: Uuid) -> Result<bool> {
        let done = sqlx::query(
            "update invites set revoked_at = coalesce(revoked_at, now())
             where project_id = $1 and id = $2",
        )
        .bind(project_id)
        .bind(id)
        .execute(&mut **self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Makes the caller a member; the workspace and project, unless the link is no good.
    pub async fn accept_invite(&mut self, token_hash: &[u8]) -> Result<Option<(Uuid, Uuid)>> {
        let joined = sqlx::query_as("select workspace_id, project_id from app.accept_invite($1)")
            .bind(token_hash)
            .fetch_optional(&mut **self)
            .await?;
        Ok(joined)
    }
}

impl Store {
    /// What an open invitation is for. Its holder may not have an account yet.
    pub async fn invite_info(&self, token_hash: &[u8]) -> Result<Option<InviteInfoRow>> {
        let row = sqlx::query_as(
            "select p.id as project_id, p.name as project_name, w.name as workspace_name, i.role,
                    coalesce(nullif(u.name, ''), u.email, '') as invited_by
             from invites i
             join projects p on p.id = i.project_id and p.deleted_at is null
             join workspaces w on w.id = i.workspace_id
             left join users u on u.id = i.created_by
             where i.token_hash = $1 and i.revoked_at is null and i.expires_at > now()",
        )
        .bind(token_hash)
        .fetch_optional(self.system())
        .await?;
        Ok(row)
    }
}

/// A project role as its column spells it.
pub fn role_to_text(role: ProjectRole) -> &'static str {
    match role {
        ProjectRole::Admin => "admin",
        ProjectRole::Reviewer => "reviewer",
        ProjectRole::Labeler => "labeler",
    }
}
