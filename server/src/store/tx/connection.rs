//! The executor of every query in a transaction.
//!
//! Behind PgBouncer in transaction mode a named statement would be left on a server connection that
//! the next transaction of ours does not get: "prepared statement already exists". There, statements
//! have no name, whatever the query asks for; so no query has to think of it.

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{
    AssertSqlSafe, Describe, Either, Error, Execute, Executor, PgPool, Postgres, SqlStr,
    Transaction,
};

/// An executor, as `&mut Connection`.
#[derive(Debug)]
pub struct Connection {
    transaction: Transaction<'static, Postgres>,
    keep_statements: bool,
}

impl Connection {
    /// `begin` opens the transaction and may do more, all in one round trip.
    pub(super) async fn begin(
        pool: &PgPool,
        begin: String,
        keep_statements: bool,
    ) -> Result<Self, Error> {
        let transaction = pool.begin_with(AssertSqlSafe(begin)).await?;
        Ok(Self {
            transaction,
            keep_statements,
        })
    }

    pub(super) async fn commit(self) -> Result<(), Error> {
        self.transaction.commit().await
    }
}

impl<'c> Executor<'c> for &'c mut Connection {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let keep = self.keep_statements;
        self.transaction.fetch_many(Unnamed { query, keep })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let keep = self.keep_statements;
        self.transaction.fetch_optional(Unnamed { query, keep })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'c: 'e,
    {
        self.transaction.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'c: 'e,
    {
        self.transaction.describe(sql)
    }
}

/// A query whose statement gets no name, unless it may be kept.
struct Unnamed<E> {
    query: E,
    keep: bool,
}

impl<'q, E: Execute<'q, Postgres>> Execute<'q, Postgres> for Unnamed<E> {
    fn sql(self) -> SqlStr {
        self.query.sql()
    }

    fn statement(&self) -> Option<&PgStatement> {
        self.query.statement()
    }

    fn take_arguments(&mut self) -> Result<Option<PgArguments>, BoxDynError> {
        self.query.take_arguments()
    }

    fn persistent(&self) -> bool {
        self.keep && self.query.persistent()
    }
}
