//! Projects.

use super::Tx;
use crate::error::Result;
use sqlx::AssertSqlSafe;
use time::OffsetDateTime;
use uuid::Uuid;
use visionflow_api::ProjectType;

/// A project as one caller sees it.
#[derive(sqlx::FromRow)]
pub struct ProjectRow {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub name: String,
    pub project_type: String,
    /// The caller's.
    pub role: Option<String>,
    pub image_count: i64,
    pub annotation_count: i64,
    /// Thumbnails of the first photographs.
    pub cover_paths: Vec<String>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

pub struct NewProjectRow<'a> {
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub name: &'a str,
    pub project_type: ProjectType,
}

/// What a caller ($1) sees of the projects of `page`.
const ROW: &str = "select p.id, p.workspace_id, p.name, p.project_type, m.role, p.created_at,
        p.updated_at, n.image_count, n.annotation_count,
        array(select i.thumbnail_path from images i
              where i.project_id = p.id and i.deleted_at is null and i.thumbnail_path is not null
              order by i.created_at, i.id limit 4) as cover_paths
    from page p
    cross join lateral (
        select count(*) as image_count, coalesce(sum(i.annotation_count), 0)::int8 as annotation_count
        from images i where i.project_id = p.id and i.deleted_at is null
    ) n
    left join project_members m on m.project_id = p.id and m.user_id = $1";

impl Tx {
    /// Visible projects after `before`, the newest first; only those of one workspace, or only one.
    pub async fn projects(
        &mut self,
        user_id: Uuid,
        workspace_id: Option<Uuid>,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<ProjectRow>> {
        let sql = format!(
            "with page as (
                 select * from projects p
                 where p.deleted_at is null
                   and ($2::uuid is null or p.workspace_id = $2)
                   and ($3::uuid is null or p.id < $3)
                 order by p.id desc limit $4)
             {ROW} order by p.id desc"
        );
        let rows = sqlx::query_as(AssertSqlSafe(sql))
            .bind(user_id)
            .bind(workspace_id)
            .bind(before)
            .bind(limit)
            .fetch_all(&mut **self)
            .await?;
        Ok(rows)
    }

    pub async fn project(&mut self, id: Uuid, user_id: Uuid) -> Result<Option<ProjectRow>> {
        let sql = format!(
            "with page as (select * from projects p where p.deleted_at is null and p.id = $2) {ROW}"
        );
        let row = sqlx::query_as(AssertSqlSafe(sql))
            .bind(user_id)
            .bind(id)
            .fetch_optional(&mut **self)
            .await?;
        Ok(row)
    }

    /// Every project of a workspace.
    pub async fn project_ids(&mut self, workspace_id: Uuid) -> Result<Vec<Uuid>> {
        let ids = sqlx::query_scalar("select id from projects where workspace_id = $1")
            .bind(workspace_id)
            .fetch_all(&mut **self)
            .await?;
        Ok(ids)
    }

    /// A project with its creator as its admin.
    pub async fn create_project(&mut self, new: &NewProjectRow<'_>, creator: Uuid) -> Result<()> {
        sqlx::query(
            "insert into projects (id, workspace_id, name, project_type) values ($1, $2, $3, $4)",
        )
        .bind(new.id)
        .bind(new.workspace_id)
        .bind(new.name)
        .bind(type_to_text(new.project_type))
        .execute(&mut **self)
        .await?;
        sqlx::query(
            "insert into project_members (workspace_id, project_id, user_id, role)
             values ($1, $2, $3, 'admin')",
        )
        .bind(new.workspace_id)
        .bind(new.id)
        .bind(creator)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    pub async fn rename_project(&mut self, id: Uuid, name: &str) -> Result<()> {
        sqlx::query("update projects set name = $2, updated_at = now() where id = $1")
            .bind(id)
            .bind(name)
            .execute(&mut **self)
            .await?;
        Ok(())
    }

    /// Hides the project; its rows stay.
    pub async fn delete_project(&mut self, id: Uuid) -> Result<()> {
        sqlx::query("update projects set deleted_at = now(), updated_at = now() where id = $1")
            .bind(id)
            .execute(&mut **self)
            .await?;
        Ok(())
    }
}

fn type_to_text(project_type: ProjectType) -> &'static str {
    match project_type {
        ProjectType::ObjectDetection => "object_detection",
        ProjectType::Segmentation => "segmentation",
        ProjectType::Classification => "classification",
    }
}

/// A project's type as its column spells it.
pub fn project_type(text: &str) -> ProjectType {
    match text {
        "segmentation" => ProjectType::Segmentation,
        "classification" => ProjectType::Classification,
        _ => ProjectType::ObjectDetection,
    }
}
