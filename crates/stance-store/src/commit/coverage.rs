//! Coverage: which parts of the batch are news, and what is kept of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::bulk;
use crate::db::{command, rows};
use crate::dialect::Column::{Int, Text};
use crate::error::{During, StoreError};

use super::intake::{Group, Intake, Seen};
use super::{DOING, Work};

/// The groups (region, asset type) of a batch, against what is stored.
pub(super) struct Groups<'a> {
    seen: &'a BTreeMap<Group<'a>, Seen>,
    /// The task that last looked at each group of the account, where it is newer than this one.
    newer: HashMap<(String, String), i64>,
}

impl Groups<'_> {
    /// Whether a newer task has looked at the group.
    pub(super) fn is_stale(&self, region: &str, asset_type: &str) -> bool {
        !self.newer.is_empty()
            && self
                .newer
                .contains_key(&(region.to_owned(), asset_type.to_owned()))
    }

    /// Whether assets of the group that are not in the batch are gone.
    pub(super) fn is_complete(&self, region: &str, asset_type: &str) -> bool {
        let seen = self.seen.get(&(Cow::Borrowed(region), asset_type));
        seen.is_some_and(|s| s.complete) && !self.is_stale(region, asset_type)
    }
}

impl Work {
    /// Reads which groups of the account a newer task has looked at.
    pub(super) async fn read_groups<'a>(
        &mut self,
        intake: &'a Intake<'a>,
    ) -> Result<Groups<'a>, StoreError> {
        let sql = "SELECT region, asset_type, task_id FROM coverage \
                   WHERE tenant_no = $1 AND account_no = $2 AND task_id > $3";
        let query = rows(sql)
            .bind(self.tenant)
            .bind(self.account)
            .bind(self.task);
        let newer: Vec<(String, String, i64)> =
            query.fetch_all(&mut *self.tx).await.during(DOING)?;
        let newer = newer
            .into_iter()
            .map(|(region, asset_type, task)| ((region, asset_type), task))
            .collect();
        Ok(Groups {
            seen: &intake.coverage,
            newer,
        })
    }

    /// Keeps the coverage of the batch, but for groups at which a newer task has looked.
    pub(super) async fn write_coverage(&mut self, groups: &Groups<'_>) -> Result<(), StoreError> {
        let news: Vec<_> = groups
            .seen
            .iter()
            .filter(|((region, asset_type), _)| !groups.is_stale(region, asset_type))
            .map(|((region, asset_type), seen)| (region, asset_type, seen.status, &seen.reason))
            .collect();
        let sql = format!(
            "INSERT INTO coverage (tenant_no, account_no, region, asset_type, status, reason, task_id, at_ms) \
             SELECT $1, $2, v.region, v.asset_type, v.status, v.reason, $3, $4 FROM {} AS v WHERE TRUE \
             ON CONFLICT (tenant_no, account_no, region, asset_type) DO UPDATE \
             SET status = excluded.status, reason = excluded.reason, task_id = excluded.task_id, \
             at_ms = excluded.at_ms",
            self.dialect.rows(
                5,
                &[
                    Text("region"),
                    Text("asset_type"),
                    Text("status"),
                    Text("reason")
                ]
            )
        );
        for chunk in bulk::chunks(&news) {
            let query = command(sql.clone())
                .bind(self.tenant)
                .bind(self.account)
                .bind(self.task)
                .bind(self.now);
            query
                .bind(chunk?)
                .execute(&mut *self.tx)
                .await
                .during(DOING)?;
        }
        Ok(())
    }

    /// Notes that the checks looked at the account, each with the digest of what it found. The time of a newer task
    /// stays.
    pub(super) async fn write_watermarks(
        &mut self,
        looked: &[(i64, String)],
    ) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO watermark (tenant_no, check_id, account_no, task_id, at_ms, digest) \
             SELECT $1, v.check_id, $2, $3, $4, v.digest FROM {} AS v WHERE TRUE \
             ON CONFLICT (tenant_no, check_id, account_no) DO UPDATE SET digest = excluded.digest, \
             at_ms = CASE WHEN watermark.task_id <= $3 THEN $4 ELSE watermark.at_ms END, \
             task_id = CASE WHEN watermark.task_id <= $3 THEN $3 ELSE watermark.task_id END",
            self.dialect.rows(5, &[Int("check_id"), Text("digest")])
        );
        for chunk in bulk::chunks(looked) {
            let query = command(sql.clone())
                .bind(self.tenant)
                .bind(self.account)
                .bind(self.task)
                .bind(self.now);
            query
                .bind(chunk?)
                .execute(&mut *self.tx)
                .await
                .during(DOING)?;
        }
        Ok(())
    }
}
