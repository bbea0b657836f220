//! Digests of what a check found in an account.
//!
//! Most scans find what the last one found. When the digest of a check's results is that of the last commit, nothing of
//! them needs to be read. INVARIANT: a digest is kept only as long as the rows are as that commit left them; whatever
//! else changes rows (closing them) forgets it. Exceptions only move flags and may leave it.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::bulk;
use crate::db::{command, rows};
use crate::dialect::Column::Int;
use crate::error::{During, StoreError};

use super::results::Taken;
use super::{DOING, Work};

/// A digest of the results, which are ascending by asset. Cryptographic: texts come from those whose clouds are
/// checked, and none must be able to make a change look like none.
pub(super) fn digest(taken: &[Taken<'_>]) -> String {
    let mut hasher = Sha256::new();
    for (slot, result) in taken {
        hasher.update(slot.no.to_le_bytes());
        hasher.update(result.status.code().to_le_bytes());
        for text in [&result.reason, &result.evidence] {
            // The length goes before the text, so that no text can run into the next; none is not empty.
            hasher.update(
                text.as_ref()
                    .map_or(u64::MAX, |t| t.len() as u64)
                    .to_le_bytes(),
            );
            hasher.update(text.as_deref().unwrap_or_default());
        }
    }
    hex::encode(hasher.finalize())
}

impl Work {
    /// The digests of the checks in the account.
    pub(super) async fn read_digests(
        &mut self,
        checks: &[(i64,)],
    ) -> Result<HashMap<i64, String>, StoreError> {
        let (mark, also) = self.dialect.each(
            "watermark",
            "w",
            "w.tenant_no = $1 AND w.check_id = v.check_id AND w.account_no = $2 AND w.digest IS NOT NULL",
        );
        let list = self.dialect.rows(3, &[Int("check_id")]);
        let sql = format!("SELECT w.check_id, w.digest FROM {list} AS v {mark} WHERE TRUE {also}");
        let query = rows(sql)
            .bind(self.tenant)
            .bind(self.account)
            .bind(bulk::whole(checks)?);
        let found: Vec<(i64, String)> = query.fetch_all(&mut *self.tx).await.during(DOING)?;
        Ok(found.into_iter().collect())
    }

    /// Forgets the digests of the checks in the account.
    pub(super) async fn forget_digests(&mut self, checks: &[(i64,)]) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE watermark SET digest = NULL WHERE tenant_no = $1 AND account_no = $2 \
             AND check_id IN (SELECT v.check_id FROM {} AS v)",
            self.dialect.rows(3, &[Int("check_id")])
        );
        let query = command(sql)
            .bind(self.tenant)
            .bind(self.account)
            .bind(bulk::whole(checks)?);
        query.execute(&mut *self.tx).await.during(DOING).map(drop)
    }
}
