//! What a use case can end with besides its answer.

use stance_collect::snapshot::SnapshotError;
use stance_store::StoreError;

use crate::secret::SecretError;

/// Why a use case has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The caller's policy does not allow it.
    #[error("`{action}` is not allowed by the policy of the caller")]
    NoPermission {
        /// The action that was asked for.
        action: &'static str,
    },
    /// An account that is not among the tenant's.
    #[error(
        "account `{account}` is not known here; `stance results` lists the accounts that were scanned"
    )]
    ForeignAccount {
        /// The account.
        account: String,
    },
    /// There is no such check.
    #[error("there is no check `{given}`; `stance check list` names them all")]
    UnknownCheck {
        /// The id or key that was given.
        given: String,
    },
    /// A value that cannot be.
    #[error("{what}: {why}")]
    Invalid {
        /// What it was given for.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A snapshot that cannot be taken in. Nothing of it was kept.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored secret cannot be read with this server's key.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Work in the background ended without a word.
    #[error("the work was cut off: {0}")]
    CutOff(String),
}
