//! An asset document as rules read it.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};

/// An asset document with its parts at hand. Made once for all the rules that judge the asset.
#[derive(Debug)]
pub struct Document<'a> {
    json: &'a Value,
    facts: Vec<(&'a str, &'a Value)>,
    unknown: Vec<(&'a str, &'a Value)>,
    account: &'a str,
    region: &'a str,
}

impl<'a> Document<'a> {
    /// The parts of an asset document, the value of an `asset` record. What is missing of it makes unknown whatever
    /// reads it.
    #[must_use]
    pub fn of(json: &'a Value) -> Self {
        let mut document = Self {
            json,
            facts: Vec::new(),
            unknown: Vec::new(),
            account: "",
            region: "",
        };
        for (key, value) in json
            .as_object()
            .into_iter()
            .flat_map(|object| object.iter())
        {
            match key {
                "facts" => document.facts = entries(value),
                "unknown" => document.unknown = entries(value),
                "account" => document.account = value.as_str().unwrap_or_default(),
                "region" => document.region = value.as_str().unwrap_or_default(),
                _ => {}
            }
        }
        document
    }

    pub(crate) fn json(&self) -> &'a Value {
        self.json
    }

    pub(crate) fn account(&self) -> &'a str {
        self.account
    }

    pub(crate) fn region(&self) -> &'a str {
        self.region
    }

    /// How many calls it has.
    pub(crate) fn len(&self) -> usize {
        self.facts.len() + self.unknown.len()
    }

    /// What a call answered.
    pub(crate) fn answer(&self, call: &str) -> Option<&'a Value> {
        find(&self.facts, call)
    }

    /// Why a call could not be read.
    pub(crate) fn unknown(&self, call: &str) -> Option<&'a Value> {
        find(&self.unknown, call)
    }
}

fn entries(value: &Value) -> Vec<(&str, &Value)> {
    value
        .as_object()
        .map(|object| object.iter().collect())
        .unwrap_or_default()
}

fn find<'a>(entries: &[(&'a str, &'a Value)], key: &str) -> Option<&'a Value> {
    entries
        .iter()
        .find(|(name, _)| *name == key)
        .map(|(_, value)| *value)
}
