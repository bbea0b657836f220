//! An asset document as rules read it.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};

use crate::value::Val;

/// An asset document with its parts at hand. Made once for all the rules that judge the asset.
#[derive(Debug)]
pub struct Document<'a> {
    json: &'a Value,
    /// What each call answered.
    answers: Vec<(&'a str, Val<'a>)>,
    /// Why calls could not be read.
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
            answers: Vec::new(),
            unknown: Vec::new(),
            account: "",
            region: "",
        };
        let Some(object) = json.as_object() else {
            return document;
        };
        for (key, value) in object.iter() {
            match key {
                "facts" => document.answers = entries(value, Val::of),
                "unknown" => document.unknown = entries(value, |reason| reason),
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
        self.answers.len() + self.unknown.len()
    }

    /// What a call answered.
    pub(crate) fn answer(&self, call: &str) -> Option<Val<'a>> {
        find(&self.answers, call)
    }

    /// Why a call could not be read.
    pub(crate) fn unknown(&self, call: &str) -> Option<&'a Value> {
        find(&self.unknown, call)
    }
}

fn entries<'a, T>(value: &'a Value, of: impl Fn(&'a Value) -> T) -> Vec<(&'a str, T)> {
    match value.as_object() {
        Some(object) => object.iter().map(|(key, value)| (key, of(value))).collect(),
        None => Vec::new(),
    }
}

fn find<T: Copy>(entries: &[(&str, T)], key: &str) -> Option<T> {
    let found = entries.iter().find(|(name, _)| is_same(name, key));
    found.map(|(_, value)| *value)
}

/// Whether two names are the same. Those of one length mostly differ in their last letter; looking at it first saves
/// comparing them.
#[inline]
pub(crate) fn is_same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.as_bytes().last() == b.as_bytes().last() && a == b
}
