//! Reading and writing assets.

use std::collections::HashMap;

use crate::bulk;
use crate::db::{command, rows};
use crate::dialect::Column::{Int, Text};
use crate::error::{During, StoreError};
use crate::scope;

use super::assets::{Known, Slot, Taken, key, key_of};
use super::{DOING, Work};

/// Number, type, region, id, name, file, line, checks, whether it is gone.
type KnownRow = (
    i64,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<i64>,
    String,
    i32,
);

impl Work {
    /// The assets of the account that are not gone, by [`key`], with type and region.
    pub(super) async fn read_live(
        &mut self,
    ) -> Result<HashMap<String, (String, String, Known)>, StoreError> {
        let sql = "SELECT asset_no, asset_type, region, id, name, file, line, checks, 0 FROM asset \
                   WHERE tenant_no = $1 AND account_no = $2 AND gone_ms IS NULL";
        let query = rows(sql).bind(self.tenant).bind(self.account);
        let found: Vec<KnownRow> = query.fetch_all(&mut *self.tx).await.during(DOING)?;
        Ok(found.into_iter().map(known).collect())
    }

    /// Finds assets of the batch that are not known so far, such as those that had been gone.
    pub(super) async fn find_others(&mut self, taken: &mut [Taken<'_>]) -> Result<(), StoreError> {
        let missing: Vec<_> = taken
            .iter()
            .filter(|t| t.known.is_none())
            .map(|t| (t.asset.group.1, &t.asset.group.0, &t.asset.id))
            .collect();
        let same = "a.tenant_no = $1 AND a.account_no = $2 AND a.asset_type = v.asset_type AND a.region = v.region \
                   AND a.id = v.id";
        let (asset, also) = self.dialect.each("asset", "a", same);
        let sql = format!(
            "SELECT a.asset_no, a.asset_type, a.region, a.id, a.name, a.file, a.line, a.checks, \
             CASE WHEN a.gone_ms IS NULL THEN 0 ELSE 1 END \
             FROM {} AS v {asset} WHERE TRUE {also}",
            self.dialect
                .rows(3, &[Text("asset_type"), Text("region"), Text("id")])
        );
        let mut returned = HashMap::new();
        for chunk in bulk::chunks(&missing) {
            let query = rows(sql.clone())
                .bind(self.tenant)
                .bind(self.account)
                .bind(chunk?);
            let found: Vec<KnownRow> = query.fetch_all(&mut *self.tx).await.during(DOING)?;
            returned.extend(found.into_iter().map(known));
        }
        for one in taken.iter_mut().filter(|t| t.known.is_none()) {
            one.known = returned.remove(&key(one.asset)).map(|(_, _, known)| known);
        }
        Ok(())
    }

    /// Inserts the assets that were never seen; answers their numbers by [`key`].
    pub(super) async fn insert_new(
        &mut self,
        taken: &[Taken<'_>],
    ) -> Result<HashMap<String, i64>, StoreError> {
        let new: Vec<_> = taken
            .iter()
            .filter(|t| t.known.is_none())
            .map(
                |Taken {
                     asset: a, checks, ..
                 }| {
                    (
                        a.group.1,
                        &a.group.0,
                        &a.id,
                        &a.name,
                        &a.file,
                        a.line,
                        scope::encode(checks),
                    )
                },
            )
            .collect();
        let columns = [
            Text("asset_type"),
            Text("region"),
            Text("id"),
            Text("name"),
            Text("file"),
            Int("line"),
            Text("checks"),
        ];
        let sql = format!(
            "INSERT INTO asset (tenant_no, account_no, last_ms, asset_type, region, id, name, file, line, checks) \
             SELECT $1, $2, $3, v.asset_type, v.region, v.id, v.name, v.file, v.line, v.checks FROM {} AS v \
             RETURNING asset_no, asset_type, region, id",
            self.dialect.rows(4, &columns)
        );
        let mut numbers = HashMap::new();
        for chunk in bulk::chunks(&new) {
            let query = rows(sql.clone())
                .bind(self.tenant)
                .bind(self.account)
                .bind(self.now)
                .bind(chunk?);
            let found: Vec<(i64, String, String, String)> =
                query.fetch_all(&mut *self.tx).await.during(DOING)?;
            for (no, asset_type, region, id) in found {
                numbers.insert(key_of(&asset_type, &region, &id), no);
            }
        }
        Ok(numbers)
    }

    /// Updates the assets of which something other than the time has changed.
    pub(super) async fn update_changed(&mut self, taken: &[Taken<'_>]) -> Result<(), StoreError> {
        let changed: Vec<_> = taken
            .iter()
            .map(Taken::change)
            .collect::<Result<Vec<_>, _>>()?;
        let changed: Vec<_> = changed.into_iter().flatten().collect();
        let sql = format!(
            "UPDATE asset {} SET name = v.name, file = v.file, line = v.line, checks = v.checks, gone_ms = NULL \
             FROM {} AS v WHERE asset.tenant_no = $1 AND asset.asset_no = v.asset_no",
            self.dialect.by_number(),
            self.dialect.rows(
                2,
                &[
                    Int("asset_no"),
                    Text("name"),
                    Text("file"),
                    Int("line"),
                    Text("checks")
                ]
            )
        );
        for chunk in bulk::chunks(&changed) {
            let query = command(sql.clone()).bind(self.tenant).bind(chunk?);
            query.execute(&mut *self.tx).await.during(DOING)?;
        }
        Ok(())
    }

    /// Notes that the assets were seen now.
    pub(super) async fn touch(&mut self, slots: &[Slot<'_>]) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE asset {} SET last_ms = $2 WHERE tenant_no = $1 AND last_ms < $2 \
             AND asset_no IN (SELECT v.asset_no FROM {} AS v)",
            self.dialect.by_number(),
            self.dialect.rows(3, &[Int("asset_no")])
        );
        let numbers: Vec<_> = slots.iter().map(|s| (s.no,)).collect();
        for chunk in bulk::chunks(&numbers) {
            let query = command(sql.clone())
                .bind(self.tenant)
                .bind(self.now)
                .bind(chunk?);
            query.execute(&mut *self.tx).await.during(DOING)?;
        }
        Ok(())
    }

    pub(super) async fn count_assets(&mut self, gone: u64) -> Result<(), StoreError> {
        let by = self.stats.assets_new.cast_signed() - gone.cast_signed();
        let sql =
            "UPDATE account SET assets = assets + $3 WHERE tenant_no = $1 AND account_no = $2";
        let query = command(sql).bind(self.tenant).bind(self.account).bind(by);
        query.execute(&mut *self.tx).await.during(DOING).map(drop)
    }
}

fn known(row: KnownRow) -> (String, (String, String, Known)) {
    let (no, asset_type, region, id, name, file, line, checks, gone) = row;
    let known = Known {
        no,
        name,
        file,
        line,
        checks,
        gone: gone == 1,
    };
    (
        key_of(&asset_type, &region, &id),
        (asset_type, region, known),
    )
}
