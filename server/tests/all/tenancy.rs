//! Tenants are isolated: in Postgres, on every table and partition that the catalogue names, and
//! over HTTP, on every route that the OpenAPI document names.

#[path = "tenancy/routes.rs"]
mod routes;
#[path = "tenancy/seed.rs"]
mod seed;

use super::support::TestApp;
use seed::{Tenant, seed};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

#[derive(Debug, sqlx::FromRow)]
struct Table {
    schema: String,
    name: String,
    is_partition: bool,
    guarded: bool,
}

async fn tables(owner: &mut PgConnection) -> Vec<Table> {
    sqlx::query_as(
        "select n.nspname::text as schema, c.relname::text as name, c.relispartition as is_partition,
                c.relrowsecurity and c.relforcerowsecurity as guarded
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema)'
         order by 1, 2",
    )
    .fetch_all(owner)
    .await
    .unwrap()
}

/// The column that says whose a row is, and its value for this tenant.
fn belongs(table: &str, tenant: &Tenant) -> (&'static str, Uuid) {
    match table {
        "users" => ("id", tenant.user),
        "workspaces" => ("id", tenant.workspace),
        "idempotency_keys" => ("user_id", tenant.user),
        _ => ("workspace_id", tenant.workspace),
    }
}

/// Runs a statement as the app role under these claims, in a transaction that is rolled back: how
/// many rows it touched, or the error's code.
async fn attempt(role: &mut PgConnection, claims: &str, sql: &str) -> Result<u64, String> {
    let mut tx = role.begin().await.unwrap();
    sqlx::query("select set_config('request.jwt.claims', $1, true)")
        .bind(claims)
        .execute(&mut *tx)
        .await
        .unwrap();
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut *tx)
        .await;
    tx.rollback().await.unwrap();
    match done {
        Ok(done) => Ok(done.rows_affected()),
        Err(error) => Err(error
            .as_database_error()
            .unwrap()
            .code()
            .unwrap()
            .into_owned()),
    }
}

const DENIED: &str = "42501";

/// Reads, changes, removes and adds rows of `theirs`: nothing may come of it.
async fn check_closed(
    role: &mut PgConnection,
    claims: &str,
    table: &str,
    theirs: &Tenant,
    row: &Value,
) {
    let (column, id) = belongs(table, theirs);
    for sql in [
        format!("select * from {table} where {column} = '{id}'"),
        format!("update {table} set {column} = {column} where {column} = '{id}'"),
        format!("delete from {table} where {column} = '{id}'"),
    ] {
        let outcome = attempt(role, claims, &sql).await;
        assert!(
            matches!(outcome.as_ref(), Ok(0)) || outcome == Err(DENIED.to_owned()),
            "{claims}: {sql}: {outcome:?}"
        );
    }
    let literal = row.to_string().replace('\'', "''");
    let insert = format!(
        "insert into {table} select * from jsonb_populate_record(null::{table}, '{literal}')"
    );
    assert_eq!(
        attempt(role, claims, &insert).await,
        Err(DENIED.to_owned()),
        "{claims}: {insert}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_role_reaches_no_row_of_another_tenant() {
    let app = TestApp::start().await;
    let (a, b) = (seed(&app, "ada").await, seed(&app, "ben").await);
    let (mut owner, mut role) = (app.owner().await, app.role("visionflow_app").await);
    let as_a = format!(r#"{{"sub":"{}"}}"#, a.user);
    let in_foreign_tenant = format!(r#"{{"sub":"{}","tenant_id":"{}"}}"#, a.user, b.workspace);
    let as_service_of_a = format!(r#"{{"service":true,"tenant_id":"{}"}}"#, a.workspace);
    let mut checked = 0;
    for table in tables(&mut owner).await {
        let Table { schema, name, .. } = &table;
        if schema != "public" || table.is_partition || name == "_sqlx_migrations" {
            let select = format!("select * from {schema}.{name}");
            assert_eq!(
                attempt(&mut role, &as_a, &select).await,
                Err(DENIED.to_owned()),
                "{table:?}"
            );
            continue;
        }
        assert!(table.guarded, "{table:?}");
        let (column, id) = belongs(name, &b);
        let row: Option<Value> = sqlx::query_scalar(AssertSqlSafe(format!(
            "select to_jsonb(t) from {name} t where {column} = $1 limit 1"
        )))
        .bind(id)
        .fetch_optional(&mut owner)
        .await
        .unwrap();
        let row = row.unwrap_or_else(|| panic!("tenancy/seed.rs has to put a row into {name}"));
        for claims in ["", "{}", &in_foreign_tenant, &as_a, &as_service_of_a] {
            check_closed(&mut role, claims, name, &b, &row).await;
        }
        // The test itself works: the tenant's own rows are seen.
        let own = attempt(
            &mut role,
            &format!(r#"{{"sub":"{}"}}"#, b.user),
            &format!("select * from {name}"),
        )
        .await;
        assert!(own.is_ok_and(|rows| rows > 0), "{name}");
        checked += 1;
    }
    assert!(checked >= 18, "{checked} tables");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_have_no_more_rights_than_they_need() {
    let app = TestApp::start().await;
    let mut owner = app.owner().await;
    let mut count = async |sql: &'static str| -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut owner).await.unwrap()
    };
    // No grant on anything in the queue's schema, nor on partitions and other schemas.
    let granted = count(
        "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'v', 'S') and n.nspname !~ '^(pg_|information_schema)'
           and (n.nspname <> 'public' or c.relispartition or c.relname = '_sqlx_migrations')
           and case when c.relkind = 'S' then has_sequence_privilege('visionflow_app', c.oid, 'usage, select, update')
               else has_table_privilege('visionflow_app', c.oid, 'select, insert, update, delete, truncate, references, trigger') end",
    );
    assert_eq!(granted.await, 0);
    let schemas = count(
        "select count(*) from pg_namespace where nspname in ('graphile_worker', 'auth')
           and has_schema_privilege('visionflow_app', oid, 'usage')",
    );
    assert_eq!(schemas.await, 0);
    let queue = count("select count(*) from pg_namespace where nspname = 'graphile_worker'");
    assert_eq!(queue.await, 1);
    // Nobody but the owner truncates, and the log is not rewritten.
    let truncating = count(
        "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         cross join unnest(array['visionflow_app', 'visionflow_system']) role
         where c.relkind in ('r', 'p') and n.nspname in ('public', 'auth')
           and has_table_privilege(role, c.oid, 'truncate')",
    );
    assert_eq!(truncating.await, 0);
    let rewriting = count(
        "select count(*) from unnest(array['visionflow_app', 'visionflow_system']) role
         where has_table_privilege(role, 'audit_log', 'update, delete')",
    );
    assert_eq!(rewriting.await, 0);
    // The queue's owner works with ids only and reads no tenant's rows.
    let queue_reads = count(
        "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and n.nspname in ('public', 'auth')
           and has_table_privilege('visionflow_queue', c.oid, 'select, insert, update, delete')",
    );
    assert_eq!(queue_reads.await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_do_not_outlive_their_transaction() {
    let app = TestApp::start().await;
    let ada = seed(&app, "ada").await;
    for _ in 0..30 {
        let mut tx = app
            .app()
            .store()
            .begin_as_tenant(ada.workspace)
            .await
            .unwrap();
        let own: i64 = sqlx::query_scalar("select count(*) from projects")
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        assert_eq!(own, 1);
        tx.commit().await.unwrap();
        let mut tx = app
            .app()
            .store()
            .begin_as_tenant(Uuid::new_v4())
            .await
            .unwrap();
        let other: i64 = sqlx::query_scalar("select count(*) from projects")
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        assert_eq!(other, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_an_open_table_is_refused() {
    let app = TestApp::start().await;
    let mut owner = app.owner().await;
    let sql = "create table leak (workspace_id uuid, secret text)";
    sqlx::query(sql).execute(&mut owner).await.unwrap();
    let opened = visionflow_server::store::Connections::open(&app.database).await;
    let error = opened.err().expect("it is refused").to_string();
    assert_eq!(error, "These tables lack forced row-level security: leak.");
}
