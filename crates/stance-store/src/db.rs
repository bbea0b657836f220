//! Connections, transactions and the one place that lets SQL text through.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use sqlx::any::AnyArguments;
use sqlx::query::{Query, QueryAs};
use sqlx::{Any, AnyPool, AssertSqlSafe, FromRow, Transaction};

use crate::dialect::Dialect;
use crate::error::{During, StoreError};

/// An open transaction; rolled back when it is dropped.
pub(crate) type Tx = Transaction<'static, Any>;

/// The connections of an open database.
#[derive(Debug)]
pub(crate) struct Db {
    pub(crate) dialect: Dialect,
    /// SQLite: one connection. PostgreSQL: the same pool as `read`.
    pub(crate) write: AnyPool,
    pub(crate) read: AnyPool,
}

impl Db {
    /// Begins a transaction that writes.
    pub(crate) async fn begin_write(&self, doing: &'static str) -> Result<Tx, StoreError> {
        self.write
            .begin_with(self.dialect.begin_write())
            .await
            .during(doing)
    }

    /// Begins a transaction whose statements all see the same state.
    pub(crate) async fn begin_read(&self, doing: &'static str) -> Result<Tx, StoreError> {
        self.read
            .begin_with(self.dialect.begin_read())
            .await
            .during(doing)
    }
}

/// Makes what a transaction did last.
pub(crate) async fn commit(tx: Tx, doing: &'static str) -> Result<(), StoreError> {
    tx.commit().await.during_commit(doing)
}

// INVARIANT: the text of a statement is made of literals of this crate and numbers of parameters only; every value is
// bound. That is what `AssertSqlSafe` asserts in the two functions below, and nowhere else.

/// A statement that answers rows, each read as `O`.
pub(crate) fn rows<O>(sql: impl Into<Cow<'static, str>>) -> QueryAs<'static, Any, O, AnyArguments>
where
    O: for<'r> FromRow<'r, sqlx::any::AnyRow>,
{
    sqlx::query_as(AssertSqlSafe(sql.into()))
}

/// The rows of one JSON text, as [`Dialect::collect`] makes it. Cheaper than rows of their own when there are many.
pub(crate) fn collected<T: DeserializeOwned>(text: Option<String>) -> Result<Vec<T>, StoreError> {
    let Some(text) = text else {
        return Ok(Vec::new());
    };
    serde_json::from_str(&text)
        .map_err(|e| StoreError::corrupt(format!("rows that do not read back ({e})")))
}

/// A statement that answers how many rows it changed.
pub(crate) type Command = Query<'static, Any, AnyArguments>;

/// Makes a [`Command`] of its text.
pub(crate) fn command(sql: impl Into<Cow<'static, str>>) -> Command {
    sqlx::query(AssertSqlSafe(sql.into()))
}
