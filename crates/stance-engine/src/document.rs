//! An asset document as rules read it.

use std::ops::Range;

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};

use crate::value::Val;

/// An asset document with its parts at hand. Made once for all the rules that judge the asset.
#[derive(Debug)]
pub struct Document<'a> {
    json: &'a Value,
    answers: Vec<Answer<'a>>,
    /// The fields of the answers that are objects, one answer after the other. Finding a field there is several times
    /// faster than in the JSON object.
    fields: Vec<(&'a str, &'a Value)>,
    /// Why calls could not be read.
    unknown: Vec<(&'a str, &'a Value)>,
    account: &'a str,
    region: &'a str,
}

/// What a call answered.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    call: &'a str,
    value: Val<'a>,
    fields: Range<usize>,
}

impl<'a> Document<'a> {
    /// The parts of an asset document, the value of an `asset` record. What is missing of it makes unknown whatever
    /// reads it.
    #[must_use]
    pub fn of(json: &'a Value) -> Self {
        let mut document = Self {
            json,
            answers: Vec::new(),
            fields: Vec::new(),
            unknown: Vec::new(),
            account: "",
            region: "",
        };
        let Some(object) = json.as_object() else {
            return document;
        };
        for (key, value) in object.iter() {
            match key {
                "facts" => document.answers(value),
                "unknown" => {
                    let calls = value.as_object().map(|calls| calls.iter().collect());
                    document.unknown = calls.unwrap_or_default();
                }
                "account" => document.account = value.as_str().unwrap_or_default(),
                "region" => document.region = value.as_str().unwrap_or_default(),
                _ => {}
            }
        }
        document
    }

    fn answers(&mut self, facts: &'a Value) {
        let Some(calls) = facts.as_object() else {
            return;
        };
        for (call, json) in calls.iter() {
            let start = self.fields.len();
            if let Some(fields) = json.as_object() {
                self.fields.extend(fields.iter());
            }
            self.answers.push(Answer {
                call,
                value: Val::of(json),
                fields: start..self.fields.len(),
            });
        }
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
    pub(crate) fn answer(&self, call: &str) -> Option<&Answer<'a>> {
        self.answers
            .iter()
            .find(|answer| is_same(answer.call, call))
    }

    /// A field of an answer, and how many there are.
    pub(crate) fn field(&self, answer: &Answer<'a>, name: &str) -> (Option<&'a Value>, usize) {
        let fields = self.fields.get(answer.fields.clone()).unwrap_or_default();
        (find(fields, name), fields.len())
    }

    /// Why a call could not be read.
    pub(crate) fn unknown(&self, call: &str) -> Option<&'a Value> {
        find(&self.unknown, call)
    }
}

impl<'a> Answer<'a> {
    pub(crate) fn value(&self) -> Val<'a> {
        self.value
    }
}

fn find<'a>(entries: &[(&'a str, &'a Value)], name: &str) -> Option<&'a Value> {
    let found = entries.iter().find(|(key, _)| is_same(key, name));
    found.map(|(_, value)| *value)
}

/// Whether two names are the same. Those of one length mostly differ in their last letter; looking at it first saves
/// comparing them.
#[inline]
pub(crate) fn is_same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.as_bytes().last() == b.as_bytes().last() && a == b
}
