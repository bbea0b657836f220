//! An asset document as it is put together from resources.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use stance_model::{Reason, ReasonKind};

use super::estate::{Estate, Link};
use super::resource::{Gap, Item, Read, Resource};

/// An asset before its account and region are settled.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) asset_type: &'static str,
    pub(super) id: String,
    pub(super) name: Option<String>,
    /// The account, where an attribute names it.
    pub(super) account: Option<String>,
    /// The region, where an attribute names it.
    pub(super) region: Option<String>,
    pub(super) zone: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) facts: Map<String, Value>,
    pub(super) unknown: BTreeMap<String, Reason>,
    /// The asset stands for the account: its id is the account's.
    pub(super) is_account: bool,
    /// Calls that cannot be judged without knowing the account, with the reason.
    pub(super) needs_account: Vec<(&'static str, &'static str)>,
}

impl Draft {
    /// An asset with the resource's `id`; what is still to be created has its address instead.
    pub(super) fn new(asset_type: &'static str, resource: &Resource) -> Self {
        let item = resource.item();
        let zone = ["zone_id", "availability_zone", "master_zone_id"];
        Self {
            asset_type,
            id: resource
                .identity("id")
                .unwrap_or_else(|| resource.address.clone()),
            name: None,
            account: None,
            region: None,
            zone: zone.iter().find_map(|name| resource.identity(name)),
            tags: tags(&item),
            facts: Map::new(),
            unknown: BTreeMap::new(),
            is_account: false,
            needs_account: Vec::new(),
        }
    }

    /// Its id is an attribute that is known before it exists, such as the name of a bucket.
    pub(super) fn id(mut self, resource: &Resource, attribute: &str) -> Self {
        self.id = resource.identity(attribute).unwrap_or(self.id);
        self
    }

    /// Its name is the first of these attributes that is set.
    pub(super) fn name(mut self, resource: &Resource, attributes: &[&str]) -> Self {
        self.name = attributes.iter().find_map(|name| resource.identity(name));
        self
    }

    pub(super) fn region(mut self, region: Option<String>) -> Self {
        self.region = region;
        self
    }

    pub(super) fn account(mut self, account: Option<String>) -> Self {
        self.account = account;
        self
    }

    /// What a call would answer, or why that is not known.
    pub(super) fn call(mut self, name: &str, answer: Read<Value>) -> Self {
        match answer {
            Ok(value) => {
                self.facts.insert(name.to_owned(), value);
            }
            Err(Gap(message)) => {
                let reason = Reason::new(ReasonKind::NotCollected, message);
                self.unknown.insert(name.to_owned(), reason);
            }
        }
        self
    }

    /// Calls whose answers Terraform has no words for.
    pub(super) fn beyond(mut self, names: &[&str]) -> Self {
        for name in names {
            self = self.call(
                name,
                Err(Gap(format!("Terraform does not say what `{name}` is"))),
            );
        }
        self
    }
}

fn tags(item: &Item<'_>) -> BTreeMap<String, String> {
    // `tags_all` of AWS holds the provider's default tags as well.
    let found = ["tags_all", "tags"]
        .iter()
        .find_map(|name| item.value(name).ok().flatten());
    let map = found.and_then(Value::as_object).into_iter().flatten();
    map.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// An object of an answer.
///
/// A field that is null is left out, as by the API. A scalar that is not known stands as an object that says why:
/// whatever reads it finds the wrong type and ends unknown, while a field left out may count as "none".
#[derive(Debug, Default)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A scalar.
    pub(super) fn put<T: Into<Value>>(mut self, key: &str, value: Read<Option<T>>) -> Self {
        match value {
            Ok(Some(value)) => {
                self.0.insert(key.to_owned(), value.into());
            }
            Ok(None) => {}
            Err(Gap(message)) => {
                self.0
                    .insert(key.to_owned(), json!({ "not_collected": message }));
            }
        }
        self
    }

    /// An object or a list; where it is not known a text stands in its place.
    pub(super) fn put_nested(mut self, key: &str, value: Read<Value>) -> Self {
        let value = value.unwrap_or_else(|Gap(message)| Value::String(message));
        self.0.insert(key.to_owned(), value);
        self
    }

    /// Something that is known.
    pub(super) fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// The object as an answer.
    pub(super) fn done(self) -> Read<Value> {
        Ok(self.value())
    }

    pub(super) fn value(self) -> Value {
        Value::Object(self.0)
    }
}

/// A part that is kept in a resource of its own: that resource; none where the whole is still to be created and the
/// file has no such part, so that there will be none. Of something that exists, a part that the file does not have may
/// have been set elsewhere.
pub(super) fn part<'e>(
    estate: &'e Estate,
    whole: &Resource,
    link: Link,
) -> Read<Option<&'e Resource>> {
    match estate.the_one(whole, link)? {
        Some(part) => Ok(Some(part)),
        None if whole.fresh => Ok(None),
        None => Err(elsewhere(whole, link.kind)),
    }
}

/// As [`part`], for parts of which there can be several.
pub(super) fn parts<'e>(
    estate: &'e Estate,
    whole: &Resource,
    link: Link,
) -> Read<Vec<&'e Resource>> {
    let found = estate.belonging(whole, link)?;
    if found.is_empty() && !whole.fresh {
        return Err(elsewhere(whole, link.kind));
    }
    Ok(found)
}

fn elsewhere(whole: &Resource, kind: &str) -> Gap {
    Gap(format!(
        "the file has no {kind} of {}; it may be set elsewhere",
        whole.address
    ))
}
