//! What can go wrong in the store, in words that a person can act on.

use sqlx::Error as Sql;

/// An error of the store. No text in it holds a password.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be opened, or must not be.
    #[error("cannot use the database `{url}`: {why}")]
    Unusable {
        /// Where it is, without its password.
        url: String,
        /// Why not, and what to do.
        why: String,
    },
    /// The database refused or failed; nothing was stored.
    #[error("the database failed while {doing}: {why}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database says.
        why: String,
        /// Whether the same may well succeed a little later: it was busy, restarting, or out of reach.
        transient: bool,
    },
    /// The connection broke during the commit.
    #[error(
        "the connection broke while {doing}, as the change was being committed: whether it was stored is not known; \
         doing it again is safe"
    )]
    Uncertain {
        /// What was being done.
        doing: &'static str,
    },
    /// The lease is no longer held: the task has ended, or was ended because its lease ran out.
    #[error(
        "the lease of task {task_id} is lost: the task has ended, or its lease ran out; start a new task"
    )]
    LeaseLost {
        /// The task.
        task_id: i64,
    },
    /// A text or list is larger than the store takes.
    #[error("{what} is too large: {given}, and at most {limit} are allowed")]
    TooLarge {
        /// What it is, with its unit.
        what: &'static str,
        /// How large it is.
        given: usize,
        /// How large it may be.
        limit: usize,
    },
    /// What was asked contradicts itself or what is stored.
    #[error("{what}: {why}")]
    Invalid {
        /// What was asked.
        what: String,
        /// Why it cannot be.
        why: &'static str,
    },
    /// Something stored cannot be understood.
    #[error("the database holds {what}, which this version cannot read; run `stance db check`")]
    Corrupt {
        /// What was found.
        what: String,
    },
}

impl StoreError {
    /// Whether the same may well succeed a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Database {
                transient: true,
                ..
            } | Self::Uncertain { .. }
        )
    }

    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }
}

/// Says what was being done when a statement failed.
pub(crate) trait During<T> {
    /// The error with what was being done.
    fn during(self, doing: &'static str) -> Result<T, StoreError>;
    /// The error of a commit, whose outcome is unknown when the connection broke.
    fn during_commit(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> During<T> for Result<T, Sql> {
    fn during(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|e| StoreError::Database {
            doing,
            transient: is_transient(&e),
            why: words(&e),
        })
    }

    fn during_commit(self, doing: &'static str) -> Result<T, StoreError> {
        match self {
            Err(e) if has_lost_connection(&e) => Err(StoreError::Uncertain { doing }),
            other => other.during(doing),
        }
    }
}

/// What the database says, without the driver's frame around it.
pub(crate) fn words(error: &Sql) -> String {
    match error {
        Sql::Database(e) => match e.code() {
            Some(code) => format!("{} (code {code})", e.message()),
            None => e.message().to_owned(),
        },
        Sql::Configuration(e) | Sql::Tls(e) => e.to_string(),
        Sql::Io(e) => e.to_string(),
        Sql::PoolTimedOut => "no connection became free in time".to_owned(),
        other => other.to_string(),
    }
}

fn has_lost_connection(error: &Sql) -> bool {
    match error {
        Sql::Io(_) | Sql::Protocol(_) | Sql::WorkerCrashed => true,
        // Class 57P: the server is shutting this session down. Class 08: connection exceptions.
        Sql::Database(e) => e
            .code()
            .is_some_and(|c| c.starts_with("57P") || c.starts_with("08")),
        _ => false,
    }
}

/// Busy (SQLite 5, 6 and their extended codes), serialisation, deadlock, lock time-out, no connection free, going down.
fn is_transient(error: &Sql) -> bool {
    let code = match error {
        Sql::PoolTimedOut => return true,
        Sql::Database(e) => e.code().unwrap_or_default().into_owned(),
        _ => return has_lost_connection(error),
    };
    let busy = code
        .parse::<u32>()
        .is_ok_and(|c| code.len() < 5 && matches!(c & 0xff, 5 | 6));
    busy || matches!(code.as_str(), "40001" | "40P01" | "55P03" | "53300")
        || has_lost_connection(error)
}
