//! The exceptions that are live while an account is stored.

use std::collections::{HashMap, HashSet};

use crate::bulk;
use crate::db::rows;
use crate::dialect::Column::Int;
use crate::error::{During, StoreError};

use super::{DOING, Work};

/// Live exceptions by check, oldest first.
#[derive(Debug, Default)]
pub(super) struct Exceptions {
    by_check: HashMap<i64, Vec<Live>>,
}

#[derive(Debug)]
struct Live {
    id: i64,
    /// None: the whole check.
    assets: Option<HashSet<String>>,
}

impl Exceptions {
    /// The oldest exception that covers the check for the asset with the provider's id `asset`.
    pub(super) fn covering(&self, check: i64, asset: &str) -> Option<i64> {
        let live = self.by_check.get(&check)?;
        live.iter()
            .find(|e| e.assets.as_ref().is_none_or(|a| a.contains(asset)))
            .map(|e| e.id)
    }
}

impl Work {
    /// Reads the live exceptions of the checks. The tenant is held, so they stay as they are until the commit.
    pub(super) async fn read_exceptions(
        &mut self,
        checks: &[(i64,)],
    ) -> Result<Exceptions, StoreError> {
        let sql = format!(
            "SELECT exception_id, check_id, asset_ids FROM exception \
             WHERE tenant_no = $1 AND ended_ms IS NULL AND (expires_ms IS NULL OR expires_ms > $2) \
             AND check_id IN (SELECT v.check_id FROM {} AS v) ORDER BY exception_id",
            self.dialect.rows(3, &[Int("check_id")])
        );
        let query = rows(sql)
            .bind(self.tenant)
            .bind(self.now)
            .bind(bulk::whole(checks)?);
        let found: Vec<(i64, i64, String)> = query.fetch_all(&mut *self.tx).await.during(DOING)?;
        let mut all = Exceptions::default();
        for (id, check, assets) in found {
            let assets: HashSet<String> = serde_json::from_str(&assets).map_err(|_| {
                StoreError::corrupt(format!("`{assets}` as the assets of an exception"))
            })?;
            let assets = Some(assets).filter(|a| !a.is_empty());
            all.by_check
                .entry(check)
                .or_default()
                .push(Live { id, assets });
        }
        Ok(all)
    }
}
