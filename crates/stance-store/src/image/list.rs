//! Lists of images.

use stance_model::query::{Page, PageRequest};
use stance_model::{CheckId, TenantId};

use crate::bulk;
use crate::db::rows;
use crate::dialect::Column::{Int, Text};
use crate::dialect::Dialect;
use crate::error::{During, StoreError};
use crate::list::conditions::Conditions;
use crate::store::Store;
use crate::text::clean;

use super::StoredImage;
use super::open::open;

/// Which images. An empty list or `None` filters nothing; several filters hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageFilter {
    /// Only these, by the id of their asset.
    pub uuids: Vec<String>,
    /// Only these, by the digest of their manifest.
    pub digests: Vec<String>,
    /// Only these kinds: `image`, `container`, `rootfs`.
    pub kinds: Vec<String>,
    /// Only those whose name, repository or tag contains this text, whatever the case of ASCII letters.
    pub text: Option<String>,
    /// Only those of this registry.
    pub registry: Option<String>,
    /// Only those of this namespace of repositories.
    pub repo_namespace: Option<String>,
    /// Only those of repositories with this name.
    pub repo_name: Option<String>,
    /// Only this container.
    pub container_id: Option<String>,
    /// Only those in which one of these items fails and is not covered by an exception.
    pub failing: Vec<CheckId>,
}

const DOING: &str = "listing images";

/// An image `i` with its asset `a` and account `c`; `$1` is the tenant.
const TABLES: &str = "FROM image i \
     CROSS JOIN asset a CROSS JOIN account c WHERE i.tenant_no = $1 AND a.tenant_no = $1 AND a.asset_no = i.asset_no \
     AND c.tenant_no = $1 AND c.account_no = a.account_no AND a.gone_ms IS NULL";

/// The columns of [`StoredImage`] by the names of its fields: more than a tuple takes.
const COLUMNS: [(&str, &str); 21] = [
    ("asset_no", "i.asset_no"),
    ("uuid", "i.uuid"),
    ("account", "c.account"),
    ("name", "a.name"),
    ("kind", "i.kind"),
    ("registry", "i.registry"),
    ("repo_namespace", "i.repo_namespace"),
    ("repo_name", "i.repo_name"),
    ("tag", "i.tag"),
    ("digest", "i.digest"),
    ("image_id", "i.image_id"),
    ("size", "i.size"),
    ("created_ms", "i.created_ms"),
    ("os", "i.os"),
    ("architecture", "i.architecture"),
    ("container_id", "i.container_id"),
    ("container_name", "i.container_name"),
    ("layers", "i.layers"),
    ("first_ms", "i.first_ms"),
    ("last_ms", "a.last_ms"),
    ("task_id", "i.task_id"),
];

impl Store {
    /// A page of the images that `filter` selects, by the beginning of their names (255 bytes), then by the id of
    /// their asset. Beyond the last page there is nothing; the total is always that of the whole list.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn images(
        &self,
        tenant: &TenantId,
        filter: &ImageFilter,
        page: PageRequest,
    ) -> Result<Page<StoredImage>, StoreError> {
        let (items, total) = (Vec::new(), 0);
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Page { items, total });
        };
        let mut tx = self.db().begin_read(DOING).await?;
        let dialect = self.dialect();
        let which = selected(dialect, tenant, filter)?;
        let sql = format!("SELECT count(*) {TABLES} {}", which.sql);
        let (total,): (i64,) = which
            .bind(rows(sql))
            .fetch_one(&mut *tx)
            .await
            .during(DOING)?;
        let mut which = selected(dialect, tenant, filter)?;
        let limit = which.number(i64::from(page.size));
        let offset = which.number(page.offset().min(i64::MAX.cast_unsigned()).cast_signed());
        let sql = format!(
            "SELECT {} {TABLES} {} \
             ORDER BY i.sort_name, i.uuid, i.asset_no LIMIT ${limit} OFFSET ${offset}",
            dialect.object(&COLUMNS),
            which.sql
        );
        let found: Vec<(String,)> = which
            .bind(rows(sql))
            .fetch_all(&mut *tx)
            .await
            .during(DOING)?;
        tx.rollback().await.during(DOING)?;
        let items = found.into_iter().map(from_row).collect::<Result<_, _>>()?;
        Ok(Page {
            items,
            total: total.max(0).cast_unsigned(),
        })
    }
}

fn selected(dialect: Dialect, tenant: i64, filter: &ImageFilter) -> Result<Conditions, StoreError> {
    let mut which = Conditions::new(dialect, tenant);
    one_of(&mut which, "i.uuid", &filter.uuids)?;
    one_of(&mut which, "i.digest", &filter.digests)?;
    one_of(&mut which, "i.kind", &filter.kinds)?;
    for (column, wanted) in [
        ("i.registry", &filter.registry),
        ("i.repo_namespace", &filter.repo_namespace),
        ("i.repo_name", &filter.repo_name),
        ("i.container_id", &filter.container_id),
    ] {
        if let Some(wanted) = wanted {
            let wanted = which.text(clean(wanted).into_owned());
            which.sql += &format!(" AND {column} = ${wanted}");
        }
    }
    if let Some(part) = filter.text.as_deref().filter(|t| !t.is_empty()) {
        let part = which.text(clean(part).to_ascii_lowercase());
        let columns = ["a.name", "i.repo_namespace", "i.repo_name", "i.tag"];
        let any = columns.map(|column| dialect.contains(column, part));
        which.sql += &format!(" AND ({})", any.join(" OR "));
    }
    if !filter.failing.is_empty() {
        let checks: Vec<_> = filter.failing.iter().map(|check| (check.get(),)).collect();
        let checks = which.text(bulk::whole(&checks)?);
        let open = open(dialect, &dialect.rows(checks, &[Int("check_id")]), "");
        which.sql += &format!(" AND i.asset_no IN (SELECT o.asset_no FROM ({open}) AS o)");
    }
    Ok(which)
}

/// Adds that the column is one of the texts, when there are any.
pub(super) fn one_of(
    which: &mut Conditions,
    column: &str,
    texts: &[String],
) -> Result<(), StoreError> {
    if !texts.is_empty() {
        let texts: Vec<_> = texts.iter().map(|text| (clean(text),)).collect();
        let list = which.text(bulk::whole(&texts)?);
        let list = which.dialect.rows(list, &[Text("t")]);
        which.sql += &format!(" AND {column} IN (SELECT v.t FROM {list} AS v)");
    }
    Ok(())
}

fn from_row((row,): (String,)) -> Result<StoredImage, StoreError> {
    serde_json::from_str(&row)
        .map_err(|e| StoreError::corrupt(format!("an image that does not read back ({e})")))
}
