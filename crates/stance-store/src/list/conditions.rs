//! What selects assets and results, with its parameters.

use sqlx::Any;
use sqlx::any::AnyArguments;
use sqlx::query::QueryAs;

use crate::bulk;
use crate::dialect::Column::{Int, Text};
use crate::dialect::Dialect;
use crate::error::StoreError;

use super::ResultFilter;

/// Conditions with their parameters; `$1` is the tenant.
pub(crate) struct Conditions {
    pub(crate) dialect: Dialect,
    /// Conditions, each after an `AND`.
    pub(crate) sql: String,
    values: Vec<Value>,
}

enum Value {
    Number(i64),
    Text(String),
}

impl Conditions {
    pub(crate) fn new(dialect: Dialect, tenant: i64) -> Self {
        Self {
            dialect,
            sql: String::new(),
            values: vec![Value::Number(tenant)],
        }
    }

    /// Adds a parameter; answers its number.
    pub(crate) fn number(&mut self, value: i64) -> usize {
        self.values.push(Value::Number(value));
        self.values.len()
    }

    /// Adds a parameter; answers its number.
    pub(crate) fn text(&mut self, value: String) -> usize {
        self.values.push(Value::Text(value));
        self.values.len()
    }

    /// The checks of the filter.
    pub(super) fn checks(&mut self, table: &str, filter: &ResultFilter) -> Result<(), StoreError> {
        if !filter.check_ids.is_empty() {
            let ids: Vec<_> = crate::task::ids(&filter.check_ids)
                .into_iter()
                .map(|id| (id,))
                .collect();
            let list = self.text(bulk::whole(&ids)?);
            let list = self.dialect.rows(list, &[Int("check_id")]);
            self.sql += &format!(" AND {table}.check_id IN (SELECT v.check_id FROM {list} AS v)");
        }
        Ok(())
    }

    /// Account and region.
    pub(super) fn places(&mut self, region: &str, table: &str, filter: &ResultFilter) {
        if let Some((provider, account)) = &filter.account {
            let (provider, account) = (
                self.text(provider.key().to_owned()),
                self.text(account.clone()),
            );
            self.sql += &format!(
                " AND {table}.account_no = (SELECT c.account_no FROM account c \
                 WHERE c.tenant_no = $1 AND c.provider = ${provider} AND c.account = ${account})"
            );
        }
        if let Some(given) = &filter.region {
            let given = self.text(given.clone());
            self.sql += &format!(" AND {region} = ${given}");
        }
        self.contains(region, filter.region_contains.as_deref());
    }

    /// What else is asked of an asset `a`.
    pub(super) fn assets(&mut self, filter: &ResultFilter) -> Result<(), StoreError> {
        self.contains("a.id", filter.id_contains.as_deref());
        self.contains("a.name", filter.name_contains.as_deref());
        if !filter.asset_ids.is_empty() {
            let ids: Vec<_> = filter.asset_ids.iter().map(|id| (id,)).collect();
            let list = self.text(bulk::whole(&ids)?);
            let list = self.dialect.rows(list, &[Text("id")]);
            self.sql += &format!(" AND a.id IN (SELECT v.id FROM {list} AS v)");
        }
        Ok(())
    }

    fn contains(&mut self, column: &str, part: Option<&str>) {
        if let Some(part) = part {
            let part = self.text(part.to_owned());
            self.sql += &format!(" AND {}", self.dialect.contains(column, part));
        }
    }

    /// Binds the parameters.
    pub(crate) fn bind<O>(
        self,
        mut query: QueryAs<'static, Any, O, AnyArguments>,
    ) -> QueryAs<'static, Any, O, AnyArguments> {
        for value in self.values {
            query = match value {
                Value::Number(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
            };
        }
        query
    }
}
