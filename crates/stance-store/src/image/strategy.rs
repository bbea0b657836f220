//! What people chose to look for in images.

use stance_model::TenantId;

use crate::bulk;
use crate::db::{command, commit, rows};
use crate::error::{During, StoreError};
use crate::inventory::broken;
use crate::store::Store;
use crate::text::{self, bound, take};

/// A choice of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageStrategy {
    /// Its number; 0 is the default one.
    pub id: i64,
    /// Its name; at most 4 KiB.
    pub name: String,
    /// What it is for, such as `default`; at most 256 bytes.
    pub source: String,
    /// The keys of the items that are looked for; none: all, also those that come later.
    pub items: Option<Vec<String>>,
    /// How many days results of images that are no longer scanned are to be kept.
    pub keep_days: i64,
}

/// Items that a strategy may name.
const ITEMS: usize = 10_000;

type Row = (i64, String, String, Option<String>, i64);

const COLUMNS: &str = "strategy_id, name, source, items, keep_days";

impl Store {
    /// The strategy with this number, if it was ever saved.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn image_strategy(
        &self,
        tenant: &TenantId,
        id: i64,
    ) -> Result<Option<ImageStrategy>, StoreError> {
        let all = self.image_strategies(tenant).await?;
        Ok(all.into_iter().find(|strategy| strategy.id == id))
    }

    /// All strategies that were saved, by number.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn image_strategies(
        &self,
        tenant: &TenantId,
    ) -> Result<Vec<ImageStrategy>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM image_strategy WHERE tenant_no = $1 ORDER BY strategy_id"
        );
        let query = rows(sql).bind(tenant).fetch_all(&self.db().read);
        let found: Vec<Row> = query.await.during("reading the strategies")?;
        found.into_iter().map(from_row).collect()
    }

    /// Saves a strategy in place of the one with its number.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for long texts or more than 10,000 items; [`StoreError::Database`].
    pub async fn save_image_strategy(
        &self,
        tenant: &TenantId,
        strategy: &ImageStrategy,
    ) -> Result<(), StoreError> {
        const DOING: &str = "saving the strategy";
        let name = take("name of the strategy, in bytes", &strategy.name, text::NAME)?;
        let source = take(
            "source of the strategy, in bytes",
            &strategy.source,
            text::SHORT,
        )?;
        let items = strategy.items.as_deref().map(items).transpose()?;
        let tenant = self.ensure_tenant(tenant).await?;
        let mut tx = self.db().begin_write(DOING).await?;
        let sql = format!(
            "INSERT INTO image_strategy (tenant_no, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (tenant_no, strategy_id) DO UPDATE SET name = excluded.name, source = excluded.source, \
             items = excluded.items, keep_days = excluded.keep_days"
        );
        let query = command(sql)
            .bind(tenant)
            .bind(strategy.id)
            .bind(name.into_owned())
            .bind(source.into_owned())
            .bind(items)
            .bind(strategy.keep_days);
        query.execute(&mut *tx).await.during(DOING)?;
        commit(tx, DOING).await
    }
}

/// The keys as a JSON list.
fn items(keys: &[String]) -> Result<String, StoreError> {
    bound("list of the items of a strategy", keys.len(), ITEMS)?;
    let keys = keys
        .iter()
        .map(|key| take("key of an item, in bytes", key, text::SHORT));
    bulk::whole(&keys.collect::<Result<Vec<_>, _>>()?)
}

fn from_row((id, name, source, items, keep_days): Row) -> Result<ImageStrategy, StoreError> {
    let items = items.map(|text| {
        serde_json::from_str(&text).map_err(|_| broken("the items of a strategy", &text))
    });
    Ok(ImageStrategy {
        id,
        name,
        source,
        items: items.transpose()?,
        keep_days,
    })
}
