//! Tasks: one run each. How they are leased and ended is in `lease`.

use std::fmt;

use stance_model::CheckId;

use crate::error::StoreError;
use crate::scope;

/// What a task is to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewTask {
    /// What kind of run, such as `scan`.
    pub kind: String,
    /// What is looked at, in words, such as the path of a snapshot.
    pub source: String,
    /// The checks that it will run.
    pub checks: Vec<CheckId>,
    /// How long the lease holds without being renewed, in milliseconds.
    pub lease_ms: i64,
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskState {
    /// It is under way.
    Running,
    /// It ended, and everything was looked at.
    Done,
    /// It ended, and something could not be looked at.
    Partial,
    /// It ended early.
    Failed,
    /// Someone ended it.
    Cancelled,
}

impl TaskState {
    const ALL: [Self; 5] = [
        Self::Running,
        Self::Done,
        Self::Partial,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The word: `running`, `done`, `partial`, `failed`, `cancelled`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// A task as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its number.
    pub id: i64,
    /// What kind of run.
    pub kind: String,
    /// What is looked at.
    pub source: String,
    /// The checks that it runs, ascending.
    pub checks: Vec<CheckId>,
    /// Where it stands.
    pub state: TaskState,
    /// What went wrong, or other words on its end.
    pub message: String,
    /// How much is done, of `total`.
    pub done: i64,
    /// How much there is to do; 0 when that is not known.
    pub total: i64,
    /// When it began, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: Option<i64>,
    /// Until when its lease holds, in milliseconds since 1970.
    pub lease_until_ms: i64,
}

/// What [`Row`] is read from.
pub(crate) const COLUMNS: &str = "task_id, kind, source, checks, state, message, done, total, created_ms, ended_ms, \
     lease_until_ms";

/// Columns of a task, in the order of [`COLUMNS`].
pub(crate) type Row = (
    i64,
    String,
    String,
    String,
    String,
    String,
    i64,
    i64,
    i64,
    Option<i64>,
    i64,
);

impl TryFrom<Row> for Task {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let (
            id,
            kind,
            source,
            checks,
            state,
            message,
            done,
            total,
            created_ms,
            ended_ms,
            lease_until_ms,
        ) = row;
        let checks = scope::decode(&checks)?
            .into_iter()
            .filter_map(|id| CheckId::new(id).ok())
            .collect();
        let state = TaskState::ALL
            .into_iter()
            .find(|s| s.key() == state)
            .ok_or_else(|| StoreError::corrupt(format!("`{state}` as the state of a task")))?;
        Ok(Self {
            id,
            kind,
            source,
            checks,
            state,
            message,
            done,
            total,
            created_ms,
            ended_ms,
            lease_until_ms,
        })
    }
}

/// The ids, ascending and each once.
pub(crate) fn ids(checks: &[CheckId]) -> Vec<i64> {
    let mut ids: Vec<i64> = checks.iter().map(|c| c.get()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
