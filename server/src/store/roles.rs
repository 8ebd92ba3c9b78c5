//! The database roles' passwords.

use crate::crypto;
use anyhow::Context;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgPool};

/// The password of a role, derived from the owner's.
pub fn password(secret: &str, role: &str) -> String {
    crypto::hex(&crypto::sha256(&[
        b"visionflow role",
        role.as_bytes(),
        secret.as_bytes(),
    ]))
}

/// How the role reaches the database that the owner reaches with `owner`.
pub fn options(owner: &PgConnectOptions, role: &str, secret: &str) -> PgConnectOptions {
    owner
        .clone()
        .username(role)
        .password(&password(secret, role))
}

/// Sets the role's password unless it is in force already.
pub async fn ensure(
    owner: &PgPool,
    role: &str,
    options: &PgConnectOptions,
    password: &str,
) -> anyhow::Result<()> {
    if works(options).await? {
        return Ok(());
    }
    let mut tx = owner.begin().await?;
    // Two servers that start at once would trip over the role's one row.
    sqlx::query("select pg_advisory_xact_lock(7310986473)")
        .execute(&mut *tx)
        .await?;
    let literal = password.replace('\'', "''");
    sqlx::raw_sql(AssertSqlSafe(format!(
        "alter role {role} password '{literal}'"
    )))
    .execute(&mut *tx)
    .await
    .with_context(|| format!("setting the password of the database role {role}"))?;
    tx.commit().await?;
    anyhow::ensure!(
        works(options).await?,
        "The database does not let its role {role} in; check pg_hba.conf."
    );
    Ok(())
}

/// Whether the role can sign in. Any other failure than a refused password is an error.
async fn works(options: &PgConnectOptions) -> anyhow::Result<bool> {
    match options.connect().await {
        Ok(connection) => {
            connection.close().await?;
            Ok(true)
        }
        Err(sqlx::Error::Database(error))
            if error.code().is_some_and(|code| code.starts_with("28")) =>
        {
            Ok(false)
        }
        Err(error) => Err(error).context("connecting to the database"),
    }
}
