//! How many images fail.

use stance_model::{CheckId, TenantId};

use crate::bulk;
use crate::db::rows;
use crate::dialect::Column::Int;
use crate::error::{During, StoreError};
use crate::exception::check_id;
use crate::list::conditions::Conditions;
use crate::store::Store;

use super::list::one_of;
use super::open::open;

/// In how many images items of a group fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GroupCount {
    /// Images in which one of the items fails and is not covered by an exception.
    pub failing: u64,
    /// Images in which none of them fails any more and one did.
    pub fixed: u64,
    /// When the first of these images was first scanned, in milliseconds since 1970; none: there are no images.
    pub first_ms: Option<i64>,
    /// When the last of them was last scanned, in milliseconds since 1970.
    pub last_ms: Option<i64>,
}

/// In how many images an item fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemCount {
    /// The item.
    pub check_id: CheckId,
    /// Images in which it fails and is not covered by an exception.
    pub failing: u64,
    /// Images in which it failed once and no longer does.
    pub fixed: u64,
}

const DOING: &str = "counting images";

/// Group, images, failing images, first and last time.
type Row = (i64, i64, i64, Option<i64>, Option<i64>);

impl Store {
    /// For each group of items, in how many images of these kinds (none given: all) some of its items fail or were
    /// fixed; in the order of the groups.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn image_group_counts(
        &self,
        tenant: &TenantId,
        kinds: &[String],
        groups: &[Vec<CheckId>],
    ) -> Result<Vec<GroupCount>, StoreError> {
        let mut counts = vec![GroupCount::default(); groups.len()];
        let pairs = groups.iter().enumerate();
        let pairs: Vec<(usize, i64)> = pairs
            .flat_map(|(group, checks)| checks.iter().map(move |check| (group, check.get())))
            .collect();
        for (group, all, failing, first_ms, last_ms) in self.count(tenant, kinds, &pairs).await? {
            let place = usize::try_from(group).ok();
            if let Some(count) = place.and_then(|at| counts.get_mut(at)) {
                *count = GroupCount {
                    failing: failing.max(0).cast_unsigned(),
                    fixed: (all - failing).max(0).cast_unsigned(),
                    first_ms,
                    last_ms,
                };
            }
        }
        Ok(counts)
    }

    /// For each item, in how many images of these kinds (none given: all) it fails or was fixed, by the items' ids;
    /// items that never failed are left out.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn image_item_counts(
        &self,
        tenant: &TenantId,
        kinds: &[String],
        check_ids: &[CheckId],
    ) -> Result<Vec<ItemCount>, StoreError> {
        let pairs = check_ids.iter().map(|check| (check.get(), check.get()));
        let pairs: Vec<(i64, i64)> = pairs.collect();
        let found = self.count(tenant, kinds, &pairs).await?;
        found
            .into_iter()
            .map(|(check, all, failing, ..)| {
                Ok(ItemCount {
                    check_id: check_id(check)?,
                    failing: failing.max(0).cast_unsigned(),
                    fixed: (all - failing).max(0).cast_unsigned(),
                })
            })
            .collect()
    }

    /// In how many images of these kinds (none given: all) one of the items fails and is not covered by an exception.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn image_counts_any(
        &self,
        tenant: &TenantId,
        kinds: &[String],
        check_ids: &[CheckId],
    ) -> Result<u64, StoreError> {
        let counts = self
            .image_group_counts(tenant, kinds, &[check_ids.to_vec()])
            .await?;
        Ok(counts.first().map_or(0, |count| count.failing))
    }

    /// When images of these kinds (none given: all) were first and last scanned, in milliseconds since 1970; none:
    /// there are no images.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn image_times(
        &self,
        tenant: &TenantId,
        kinds: &[String],
    ) -> Result<Option<(i64, i64)>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(None);
        };
        let mut which = Conditions::new(self.dialect(), tenant);
        one_of(&mut which, "i.kind", kinds)?;
        let sql = format!(
            "SELECT min(i.first_ms), max(a.last_ms) FROM image i CROSS JOIN asset a \
             WHERE i.tenant_no = $1 AND a.tenant_no = $1 AND a.asset_no = i.asset_no AND a.gone_ms IS NULL {}",
            which.sql
        );
        let query = which.bind(rows(sql)).fetch_one(&self.db().read);
        let (first, last): (Option<i64>, Option<i64>) = query.await.during(DOING)?;
        Ok(first.zip(last))
    }

    /// Counts by the first number of each (group, check).
    async fn count<G: serde::Serialize>(
        &self,
        tenant: &TenantId,
        kinds: &[String],
        pairs: &[(G, i64)],
    ) -> Result<Vec<Row>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let dialect = self.dialect();
        let mut which = Conditions::new(dialect, tenant);
        let list = which.text(bulk::whole(pairs)?);
        let list = dialect.rows(list, &[Int("group_no"), Int("check_id")]);
        one_of(&mut which, "i.kind", kinds)?;
        let past = "f.tenant_no = $1 AND f.check_id = v.check_id AND f.state = 0 AND f.state <> 1";
        let (item, also) = dialect.each("image_item", "f", past);
        let sql = format!(
            "SELECT o.group_no, count(DISTINCT o.asset_no), count(DISTINCT o.failing), min(i.first_ms), max(a.last_ms) \
             FROM (SELECT p.group_no, p.asset_no, p.asset_no AS failing FROM ({open}) AS p \
             UNION ALL SELECT v.group_no, f.asset_no, NULL FROM {list} AS v {item} WHERE TRUE {also}) AS o \
             CROSS JOIN image i CROSS JOIN asset a \
             WHERE i.tenant_no = $1 AND i.asset_no = o.asset_no AND a.tenant_no = $1 AND a.asset_no = o.asset_no \
             AND a.gone_ms IS NULL {} GROUP BY o.group_no ORDER BY o.group_no",
            which.sql,
            open = open(dialect, &list, "v.group_no,"),
        );
        let query = which.bind(rows(sql));
        query.fetch_all(&self.db().read).await.during(DOING)
    }
}
