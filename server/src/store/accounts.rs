//! Accounts, sessions and signing keys: what runs before a tenant is known, as `visionflow_system`.

use super::Store;
use crate::error::{Error, Result};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// A refresh token may come a second time within so many seconds: the first reply may be lost.
const REUSE_GRACE_SECS: i32 = 10;
/// Attempts are counted from the first until so many seconds later.
const ATTEMPT_WINDOW_SECS: i32 = 900;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Account {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SigningKey {
    pub kid: String,
    pub private_pem: String,
    pub public_pem: String,
}

/// What became of a refresh token.
pub enum Rotation {
    Renewed {
        session_id: Uuid,
        account: Account,
    },
    Unknown,
    /// A second use: someone else has it too. The session is ended.
    Reused {
        session_id: Uuid,
    },
    /// Its session had ended, or it was not used for too long.
    Ended,
}

/// Which of an account's sessions.
pub enum EndSessions {
    All,
    Only(Uuid),
    AllBut(Uuid),
}

impl Store {
    /// An account with a workspace of its own; `None` where the address is taken.
    pub async fn create_account(
        &self,
        id: Uuid,
        email: &str,
        name: &str,
        password_hash: Option<&str>,
        workspace: &str,
    ) -> Result<Option<Account>> {
        let mut tx = self.system().begin().await?;
        let account: Option<Account> = sqlx::query_as(
            "insert into users (id, email, name) values ($1, $2, $3)
             on conflict do nothing returning *",
        )
        .bind(id)
        .bind(email)
        .bind(name)
        .fetch_optional(&mut *tx)
        .await?;
        if account.is_none() {
            return Ok(None);
        }
        if let Some(hash) = password_hash {
            sqlx::query("insert into auth.passwords (user_id, hash) values ($1, $2)")
                .bind(id)
                .bind(hash)
                .execute(&mut *tx)
                .await?;
        }
        let workspace_id = Uuid::now_v7();
        sqlx::query("insert into workspaces (id, name) values ($1, $2)")
            .bind(workspace_id)
            .bind(workspace)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "insert into workspace_members (workspace_id, user_id, role) values ($1, $2, 'admin')",
        )
        .bind(workspace_id)
        .bind(id)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(account)
    }

    /// The row of an external issuer's account, made at first sight.
    pub async fn ensure_external_account(&self, id: Uuid, email: &str, name: &str) -> Result<()> {
        if self.account(id).await?.is_some() {
            return Ok(());
        }
        let email = match email.trim().to_lowercase() {
            empty if empty.is_empty() => format!("{id}@users.invalid"),
            email => email,
        };
        let name = match name.trim() {
            "" => email.split('@').next().unwrap_or_default().to_owned(),
            name => name.chars().take(100).collect(),
        };
        let workspace = format!("{name}’s workspace");
        let created = self
            .create_account(id, &email, &name, None, &workspace)
            .await?;
        // Two requests at once: the other made it. Otherwise someone else has the address.
        if created.is_none() && self.account(id).await?.is_none() {
            return Err(Error::unauthenticated(
                "Another account has this email address already.",
            ));
        }
        Ok(())
    }

    pub async fn account(&self, id: Uuid) -> Result<Option<Account>> {
        let account = sqlx::query_as("select * from users where id = $1")
            .bind(id)
            .fetch_optional(self.system())
            .await?;
        Ok(account)
    }

    /// The account of a normalised address, with its password's hash.
    pub async fn account_with_password(&self, email: &str) -> Result<Option<(Account, String)>> {
        #[derive(sqlx::FromRow)]
        struct Row {
            #[sqlx(flatten)]
            account: Account,
            hash: String,
        }
        let row: Option<Row> = sqlx::query_as(
            "select u.*, p.hash from users u join auth.passwords p on p.user_id = u.id
             where lower(u.email) = $1",
        )
        .bind(email)
        .fetch_optional(self.system())
        .await?;
        Ok(row.map(|row| (row.account, row.hash)))
    }

    /// The account, if this session of it goes on.
    pub async fn account_of_session(&self, id: Uuid, session_id: Uuid) -> Result<Option<Account>> {
        let account = sqlx::query_as(
            "select u.* from users u join auth.sessions s on s.user_id = u.id
             where u.id = $1 and s.id = $2 and s.ended_at is null",
        )
        .bind(id)
        .bind(session_id)
        .fetch_optional(self.system())
        .await?;
        Ok(account)
    }

    pub async fn rename_account(&self, id: Uuid, name: &str) -> Result<()> {
        sqlx::query("update users set name = $2, updated_at = now() where id = $1")
            .bind(id)
            .bind(name)
            .execute(self.system())
            .await?;
        Ok(())
    }

    pub async fn set_password(&self, id: Uuid, hash: &str) -> Result<()> {
        let mut connection = self.system().acquire().await?;
        set_password(&mut connection, id, hash).await
    }

    pub async fn create_session(&self, id: Uuid, user_id: Uuid, token_hash: &[u8]) -> Result<()> {
        let mut tx = self.system().begin().await?;
        sqlx::query("insert into auth.sessions (id, user_id) values ($1, $2)")
            .bind(id)
            .bind(user_id)
            .execute(&mut *tx)
            .await?;
        add_refresh_token(&mut tx, id, token_hash).await?;
        Ok(tx.commit().await?)
    }

    /// Exchanges a refresh token for the next.
    pub async fn rotate_refresh_token(
        &self,
        token_hash: &[u8],
        next_hash: &[u8],
        days: i64,
    ) -> Result<Rotation> {
        #[derive(sqlx::FromRow)]
        struct Row {
            session_id: Uuid,
            reused: bool,
            ended: bool,
            #[sqlx(flatten)]
            account: Account,
        }
        let mut tx = self.system().begin().await?;
        let row: Option<Row> = sqlx::query_as(
            "select t.session_id,
                    coalesce(t.used_at < now() - make_interval(secs => $2), false) as reused,
                    s.ended_at is not null or t.created_at < now() - make_interval(days => $3) as ended,
                    u.*
             from auth.refresh_tokens t
             join auth.sessions s on s.id = t.session_id
             join users u on u.id = s.user_id
             where t.hash = $1
             for update of t, s",
        )
        .bind(token_hash)
        .bind(f64::from(REUSE_GRACE_SECS))
        .bind(i32::try_from(days).map_err(Error::internal)?)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else {
            return Ok(Rotation::Unknown);
        };
        let session_id = row.session_id;
        if row.ended {
            return Ok(Rotation::Ended);
        }
        if row.reused {
            sqlx::query("update auth.sessions set ended_at = now() where id = $1")
                .bind(session_id)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            return Ok(Rotation::Reused { session_id });
        }
        sqlx::query(
            "update auth.refresh_tokens set used_at = coalesce(used_at, now()) where hash = $1",
        )
        .bind(token_hash)
        .execute(&mut *tx)
        .await?;
        add_refresh_token(&mut tx, session_id, next_hash).await?;
        tx.commit().await?;
        let account = row.account;
        Ok(Rotation::Renewed {
            session_id,
            account,
        })
    }

    pub async fn end_sessions(&self, user_id: Uuid, which: EndSessions) -> Result<()> {
        let (only, but) = match which {
            EndSessions::All => (None, None),
            EndSessions::Only(id) => (Some(id), None),
            EndSessions::AllBut(id) => (None, Some(id)),
        };
        sqlx::query(
            "update auth.sessions set ended_at = now()
             where user_id = $1 and ended_at is null
               and ($2::uuid is null or id = $2) and ($3::uuid is null or id <> $3)",
        )
        .bind(user_id)
        .bind(only)
        .bind(but)
        .execute(self.system())
        .await?;
        Ok(())
    }

    /// Every signing key, the newest last; `new` becomes the first where there is none.
    pub async fn signing_keys(&self, new: &SigningKey) -> Result<Vec<SigningKey>> {
        let mut tx = self.system().begin().await?;
        // Servers that start at once agree on one key.
        sqlx::query("select pg_advisory_xact_lock(7310986474)")
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "insert into auth.signing_keys (kid, private_pem, public_pem)
             select $1, $2, $3 where not exists (select from auth.signing_keys)",
        )
        .bind(&new.kid)
        .bind(&new.private_pem)
        .bind(&new.public_pem)
        .execute(&mut *tx)
        .await?;
        let keys = sqlx::query_as(
            "select kid, private_pem, public_pem from auth.signing_keys order by created_at, kid",
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(keys)
    }

    /// Keeps a reset link; earlier ones of the account end.
    pub async fn issue_reset(
        &self,
        token_hash: &[u8],
        user_id: Uuid,
        issued_by: Uuid,
        expires_at: OffsetDateTime,
    ) -> Result<()> {
        let mut tx = self.system().begin().await?;
        sqlx::query("delete from auth.password_resets where user_id = $1")
            .bind(user_id)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "insert into auth.password_resets (hash, user_id, issued_by, expires_at)
             values ($1, $2, $3, $4)",
        )
        .bind(token_hash)
        .bind(user_id)
        .bind(issued_by)
        .bind(expires_at)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    pub async fn reset_is_open(&self, token_hash: &[u8]) -> Result<bool> {
        let open = sqlx::query_scalar(
            "select exists (select from auth.password_resets
             where hash = $1 and used_at is null and expires_at > now())",
        )
        .bind(token_hash)
        .fetch_one(self.system())
        .await?;
        Ok(open)
    }

    /// Uses a reset link up and sets the password; the account, unless the link was no good.
    pub async fn redeem_reset(&self, token_hash: &[u8], hash: &str) -> Result<Option<Uuid>> {
        let mut tx = self.system().begin().await?;
        let user_id: Option<Uuid> = sqlx::query_scalar(
            "update auth.password_resets set used_at = now()
             where hash = $1 and used_at is null and expires_at > now()
             returning user_id",
        )
        .bind(token_hash)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(user_id) = user_id {
            set_password(&mut tx, user_id, hash).await?;
        }
        tx.commit().await?;
        Ok(user_id)
    }

    /// Whether someone who holds the account reaches no workspace that `admin` does not administer:
    /// an empty one of the account's own aside. Otherwise a reset link, which hands the account
    /// over, would open another tenant's door.
    pub async fn may_reset(&self, admin: Uuid, user_id: Uuid) -> Result<bool> {
        let may = sqlx::query_scalar(
            "select not exists (
                 select from workspace_members m
                 where m.user_id = $2
                   and not exists (
                       select from workspace_members a
                       where a.workspace_id = m.workspace_id and a.user_id = $1 and a.role = 'admin')
                   and (exists (select from projects p where p.workspace_id = m.workspace_id)
                        or exists (select from workspace_members o
                                   where o.workspace_id = m.workspace_id and o.user_id <> $2)))",
        )
        .bind(admin)
        .bind(user_id)
        .fetch_one(self.system())
        .await?;
        Ok(may)
    }

    /// Counts an attempt: how many there were in its window, and the seconds until that ends.
    pub async fn count_attempt(&self, subject: &str) -> Result<(i32, u64)> {
        let (failures, secs_left): (i32, f64) = sqlx::query_as(
            "insert into auth.attempts as a (subject, failures, window_started_at)
             values ($1, 1, now())
             on conflict (subject) do update set
                 failures = case when a.window_started_at < now() - make_interval(secs => $2)
                                 then 1 else least(a.failures + 1, 1000000) end,
                 window_started_at = case when a.window_started_at < now() - make_interval(secs => $2)
                                          then now() else a.window_started_at end
             returning failures,
                 extract(epoch from window_started_at + make_interval(secs => $2) - now())::float8",
        )
        .bind(subject)
        .bind(f64::from(ATTEMPT_WINDOW_SECS))
        .fetch_one(self.system())
        .await?;
        Ok((failures, secs_left.ceil().max(1.0) as u64))
    }

    /// Takes an attempt back, or all of them.
    pub async fn forgive_attempt(&self, subject: &str, all: bool) -> Result<()> {
        sqlx::query(
            "update auth.attempts set failures = case when $2 then 0 else greatest(failures - 1, 0) end
             where subject = $1",
        )
        .bind(subject)
        .bind(all)
        .execute(self.system())
        .await?;
        Ok(())
    }
}

async fn set_password(connection: &mut PgConnection, user_id: Uuid, hash: &str) -> Result<()> {
    sqlx::query(
        "insert into auth.passwords (user_id, hash) values ($1, $2)
         on conflict (user_id) do update set hash = excluded.hash, updated_at = now()",
    )
    .bind(user_id)
    .bind(hash)
    .execute(connection)
    .await?;
    Ok(())
}

async fn add_refresh_token(
    connection: &mut PgConnection,
    session_id: Uuid,
    token_hash: &[u8],
) -> Result<()> {
    sqlx::query("insert into auth.refresh_tokens (hash, session_id) values ($1, $2)")
        .bind(token_hash)
        .bind(session_id)
        .execute(connection)
        .await?;
    Ok(())
}
