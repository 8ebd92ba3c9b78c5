//! The schema: migrations, the months of the audit log, and the check that no table is unguarded.

use anyhow::{Context, bail};
use sqlx::{AssertSqlSafe, PgPool};
use time::{Date, Month, OffsetDateTime};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// Brings the schema up to date; servers that start at once wait for each other.
pub async fn run(owner: &PgPool) -> anyhow::Result<()> {
    MIGRATIONS
        .run(owner)
        .await
        .context("bringing the database's schema up to date")?;
    ensure_audit_months(owner, OffsetDateTime::now_utc().date()).await
}

/// Refuses a database in which a table lacks forced row-level security, or in which the app role
/// could pass it by.
pub async fn check(owner: &PgPool) -> anyhow::Result<()> {
    let open: Vec<String> = sqlx::query_scalar(
        "select c.oid::regclass::text
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('public', 'auth') and c.relkind in ('r', 'p')
           and c.relname <> '_sqlx_migrations'
           and not (c.relrowsecurity and c.relforcerowsecurity)
         order by 1",
    )
    .fetch_all(owner)
    .await?;
    if !open.is_empty() {
        bail!(
            "These tables lack forced row-level security: {}.",
            open.join(", ")
        );
    }
    let powerful: Vec<String> = sqlx::query_scalar(
        "select rolname::text from pg_roles
         where rolname in ('visionflow_app', 'visionflow_system', 'visionflow_queue')
           and (rolsuper or rolbypassrls)
         order by 1",
    )
    .fetch_all(owner)
    .await?;
    if !powerful.is_empty() {
        bail!(
            "These database roles could bypass row-level security: {}.",
            powerful.join(", ")
        );
    }
    Ok(())
}

/// Partitions of the audit log for this month and the two that follow. Rows of a month without one
/// go to the default partition.
pub async fn ensure_audit_months(owner: &PgPool, today: Date) -> anyhow::Result<()> {
    let mut month = today.replace_day(1)?;
    for _ in 0..3 {
        let next = following(month)?;
        let name = format!("audit_log_y{}m{:02}", month.year(), u8::from(month.month()));
        let known: bool = sqlx::query_scalar("select to_regclass('public.' || $1) is not null")
            .bind(&name)
            .fetch_one(owner)
            .await?;
        if !known {
            let sql = format!(
                "create table if not exists public.{name} partition of public.audit_log
                     for values from ('{month}') to ('{next}');
                 alter table public.{name} enable row level security;
                 alter table public.{name} force row level security;"
            );
            // The default partition may hold rows of the month already: they stay there.
            if let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(owner).await {
                tracing::warn!(%name, %error, "no partition of its own for this month of the audit log");
            }
        }
        month = next;
    }
    Ok(())
}

fn following(month: Date) -> anyhow::Result<Date> {
    let (year, next) = match month.month() {
        Month::December => (month.year() + 1, Month::January),
        other => (month.year(), other.next()),
    };
    Ok(Date::from_calendar_date(year, next, 1)?)
}
