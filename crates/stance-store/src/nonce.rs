//! Nonces: a signed request is answered once.

use std::sync::atomic::Ordering;

use crate::db::command;
use crate::error::{During, StoreError};
use crate::store::Store;
use crate::text::{self, take};

/// Old nonces are deleted once in so many uses.
const PRUNE: u64 = 256;

impl Store {
    /// Uses the nonce of a key; false: it was used within the last `keep_ms` milliseconds. Of two who use it at the
    /// same time one is told so.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for more than 256 bytes; [`StoreError::Database`].
    pub async fn use_nonce(
        &self,
        key_id: &str,
        nonce: &str,
        now_ms: i64,
        keep_ms: i64,
    ) -> Result<bool, StoreError> {
        let key_id = take("id of an access key, in bytes", key_id, text::SHORT)?.into_owned();
        let nonce = take("nonce, in bytes", nonce, text::SHORT)?.into_owned();
        let sql = "INSERT INTO nonce (key_id, nonce, expires_ms) VALUES ($1, $2, $3) \
                   ON CONFLICT (key_id, nonce) DO UPDATE SET expires_ms = excluded.expires_ms \
                   WHERE nonce.expires_ms <= $4";
        let query = command(sql)
            .bind(key_id)
            .bind(nonce)
            .bind(now_ms.saturating_add(keep_ms))
            .bind(now_ms);
        let used = query
            .execute(&self.db().write)
            .await
            .during("noting the nonce")?;
        if self.nonces().fetch_add(1, Ordering::Relaxed) % PRUNE == PRUNE - 1 {
            let prune = command("DELETE FROM nonce WHERE expires_ms <= $1").bind(now_ms);
            prune
                .execute(&self.db().write)
                .await
                .during("deleting old nonces")?;
        }
        Ok(used.rows_affected() > 0)
    }
}
