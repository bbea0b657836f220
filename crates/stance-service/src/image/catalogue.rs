//! The catalogue of baselines: `DescribeAllImageBaseline`, and choosing among them.

use std::sync::Arc;

use stance_catalog::{BaselineClass, BaselineName, Check};
use stance_model::view::BaselineView;

use super::view::{ClassView, Criteria, CriteriaType, NameView};
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

/// A baseline with its class.
#[derive(Clone, Copy)]
pub(super) struct Named<'c> {
    pub(super) class: &'c BaselineClass,
    pub(super) name: &'c BaselineName,
}

impl Named<'_> {
    pub(super) fn view(&self) -> BaselineView {
        BaselineView {
            class: self.class.key.clone(),
            name: self.name.key.clone(),
            class_title: self.class.title.clone(),
            name_title: self.name.title.clone(),
        }
    }

    /// Whether a search condition finds it.
    pub(super) fn is_found_by(&self, criteria: &Criteria) -> bool {
        let text = criteria.text.to_lowercase();
        let lang = criteria.lang;
        let has = |hay: &str| hay.to_lowercase().contains(&text);
        let name = || has(&self.name.key) || has(self.name.title.get(lang));
        let class = || has(&self.class.key) || has(self.class.title.get(lang));
        match criteria.by {
            Some(CriteriaType::Name) => name(),
            Some(CriteriaType::Class) => class(),
            None => name() || class(),
        }
    }
}

impl Service {
    /// All classes of baselines, their baselines and the items of these.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`].
    pub fn describe_all_image_baseline(
        &self,
        caller: &Caller,
    ) -> Result<Vec<ClassView>, ServiceError> {
        caller.authorise("yundun-sas:DescribeAllImageBaseline")?;
        let name = |name: &BaselineName| NameView {
            key: name.key.clone(),
            title: name.title.clone(),
            items: name
                .items
                .iter()
                .map(|item| (item.key.clone(), item.title.clone()))
                .collect(),
        };
        let class = |class: &BaselineClass| ClassView {
            key: class.key.clone(),
            title: class.title.clone(),
            names: class.names.iter().map(name).collect(),
        };
        Ok(self.catalog.baselines().iter().map(class).collect())
    }

    /// All baselines, in the order of the catalogue.
    pub(super) fn baselines(&self) -> impl Iterator<Item = Named<'_>> {
        self.catalog
            .baselines()
            .iter()
            .flat_map(|class| class.names.iter().map(move |name| Named { class, name }))
    }

    /// The baselines that a search condition finds; none given: all.
    pub(super) fn baselines_by(&self, criteria: Option<&Criteria>) -> Vec<Named<'_>> {
        self.baselines()
            .filter(|named| criteria.is_none_or(|criteria| named.is_found_by(criteria)))
            .collect()
    }

    /// All items, in the order of the catalogue.
    pub(super) fn items(&self) -> impl Iterator<Item = &Arc<Check>> {
        self.baselines().flat_map(|named| &named.name.items)
    }

    /// The item of a key.
    pub(super) fn item(&self, key: &str) -> Option<&Arc<Check>> {
        self.catalog
            .by_key(key)
            .filter(|check| check.baseline.is_some())
    }

    /// The items that keys from outside name. The key of a baseline or a class stands for all its items, since the
    /// vendor's own examples give such keys.
    ///
    /// # Errors
    /// [`ServiceError::UnknownCheck`] for the first key that names nothing.
    pub(super) fn items_named(&self, keys: &[String]) -> Result<Vec<&Arc<Check>>, ServiceError> {
        let mut items = Vec::new();
        for key in keys {
            if let Some(item) = self.item(key) {
                items.push(item);
                continue;
            }
            let before = items.len();
            let of = |named: &Named<'_>| named.name.key == *key || named.class.key == *key;
            items.extend(
                self.baselines()
                    .filter(of)
                    .flat_map(|named| &named.name.items),
            );
            if items.len() == before {
                return Err(ServiceError::UnknownCheck { given: key.clone() });
            }
        }
        items.sort_by_key(|item| item.id);
        items.dedup_by_key(|item| item.id);
        Ok(items)
    }
}
