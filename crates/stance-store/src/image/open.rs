//! Which items fail now, as SQL.

use crate::dialect::Dialect;

/// A query of the items that fail and that no exception covers: `columns` (each with its comma), the check and the
/// asset. Failures are read from an index of just these. What could not be read since it failed still fails; results
/// of such are not failures, so exceptions are asked for each.
///
/// `list` is a table expression with the column `check_id`, called `v`; `$1` is the tenant.
pub(super) fn open(dialect: Dialect, list: &str, columns: &str) -> String {
    // `status <> 0` says again what `status = 1` says: SQLite uses the partial index only when told so.
    let fails = "r.tenant_no = $1 AND r.check_id = v.check_id AND r.status = 1 AND r.status <> 0 \
         AND r.exception_id IS NULL";
    let (result, also_result) = dialect.each("result", "r", fails);
    let unread = "f.tenant_no = $1 AND f.check_id = v.check_id AND f.state = 2 AND f.state <> 1";
    let (item, also_item) = dialect.each("image_item", "f", unread);
    format!(
        "SELECT {columns} r.check_id, r.asset_no FROM {list} AS v {result} WHERE TRUE {also_result} \
         UNION ALL SELECT {columns} f.check_id, f.asset_no FROM {list} AS v {item} CROSS JOIN asset b \
         WHERE b.tenant_no = $1 AND b.asset_no = f.asset_no {also_item} AND NOT EXISTS ({})",
        covering(dialect, "1", "f.check_id", "b.id")
    )
}

/// A query of the live exceptions that cover a check for the asset with this id of the provider.
pub(super) fn covering(dialect: Dialect, columns: &str, check: &str, id: &str) -> String {
    format!(
        "SELECT {columns} FROM exception x WHERE x.tenant_no = $1 AND x.check_id = {check} AND x.ended_ms IS NULL \
         AND (x.asset_ids = '[]' OR {})",
        dialect.lists("x.asset_ids", id)
    )
}
