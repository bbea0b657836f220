//! A rule while it is read: each part is as documented, absent, or neither, and what is neither is never taken for an
//! answer.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};
use stance_model::ReasonKind;

use crate::eval::Eval;
use crate::net::access::{OpenEnded, Protocols, Rule};
use crate::net::ip::{self, IpSet};
use crate::net::ports::PortSet;
use crate::value::Why;

/// A rule being read, and what could not be read of it.
pub(super) struct Draft<'e, 'a> {
    json: &'a Value,
    eval: &'e Eval<'a>,
    pub(super) sources: Vec<IpSet>,
    pub(super) labels: Vec<String>,
    open_ended: OpenEnded,
    pub(super) missing: Option<Why<'a>>,
}

/// What was read of one element of a rule list.
pub(super) enum Reading<'a> {
    /// It says nothing about incoming traffic.
    Nothing,
    /// A rule, and what is not known of it.
    Rule(Rule, Option<Why<'a>>),
    /// Nothing is known of it.
    Unknown(Why<'a>),
}

impl<'e, 'a> Draft<'e, 'a> {
    pub(super) fn new(json: &'a Value, eval: &'e Eval<'a>) -> Self {
        Self {
            json,
            eval,
            sources: Vec::new(),
            labels: Vec::new(),
            open_ended: OpenEnded::default(),
            missing: None,
        }
    }

    /// The text of a field; `None` where it is absent, null or empty. Another type is no answer.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>, Why<'a>> {
        text(self.json, key, self.eval)
    }

    /// The text of a field that must be there.
    pub(super) fn required(&self, key: &str) -> Result<&'a str, Why<'a>> {
        self.text(key)?.ok_or_else(|| self.absent(key))
    }

    /// The number of a field, which may be written as text.
    pub(super) fn number(&self, key: &str) -> Result<Option<i64>, Why<'a>> {
        let Some(value) = self.json.get(key).filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let number = value
            .as_i64()
            .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
        number.map(Some).ok_or_else(|| self.odd(key))
    }

    /// The texts of a list field; none where it is absent or null.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<&'a str>, Why<'a>> {
        let Some(value) = self.json.get(key).filter(|value| !value.is_null()) else {
            return Ok(Vec::new());
        };
        let list = value.as_array().ok_or_else(|| self.odd(key))?;
        list.iter()
            .map(|item| item.as_str().ok_or_else(|| self.odd(key)))
            .collect()
    }

    /// Whether a list field has items.
    pub(super) fn has_items(&self, key: &str) -> bool {
        let list = self.json.get(key).and_then(|value| value.as_array());
        list.is_some_and(|list| !list.is_empty())
    }

    /// Adds a block as a source.
    pub(super) fn block(&mut self, block: &str) {
        self.labels.push(block.to_owned());
        match ip::parse(block) {
            Some(set) => self.sources.push(set),
            None => self.unknown_sources(
                self.eval
                    .why_mismatch("an access rule", "a source that is no address block"),
            ),
        }
    }

    /// Adds the block of a field, where there is one.
    pub(super) fn block_of(&mut self, key: &str) {
        match self.text(key) {
            Ok(Some(block)) => self.block(block),
            Ok(None) => {}
            Err(why) => self.unknown_sources(why),
        }
    }

    /// Notes that it may admit or deny more sources than it says.
    pub(super) fn unknown_sources(&mut self, why: Why<'a>) {
        self.open_ended.sources = true;
        self.missing = self.missing.or(Some(why));
    }

    /// Notes that nothing names a source, where something must.
    pub(super) fn needs_source(&mut self) {
        if self.sources.is_empty() && self.labels.is_empty() && !self.open_ended.sources {
            self.unknown_sources(self.absent("source"));
        }
    }

    /// The rule with the parts that every cloud has.
    pub(super) fn finish(mut self, parts: Parts<'a>) -> Reading<'a> {
        let mut open_ended = self.open_ended;
        let mut keep = |why: Why<'a>| self.missing = self.missing.or(Some(why));
        let protocols = parts.protocols.unwrap_or_else(|why| {
            open_ended.protocols = true;
            keep(why);
            Protocols::default()
        });
        let ports = parts.ports.unwrap_or_else(|why| {
            open_ended.ports = true;
            keep(why);
            PortSet::default()
        });
        let order = parts.order.unwrap_or_else(|why| {
            open_ended.order = true;
            keep(why);
            0
        });
        let rule = Rule {
            allow: parts.allow,
            order,
            protocols,
            ports,
            sources: IpSet::of_all(&self.sources),
            open_ended,
            lane: parts.lane,
            label: format!("{}{}", self.labels.join(" "), parts.name),
        };
        Reading::Rule(rule, self.missing)
    }

    /// The protocols of a field.
    pub(super) fn protocols(&self, key: &str) -> Result<Protocols, Why<'a>> {
        Protocols::parse(self.required(key)?).ok_or_else(|| self.odd(key))
    }

    /// The ports that a text names.
    pub(super) fn ports(&self, key: &str, text: &str) -> Result<PortSet, Why<'a>> {
        PortSet::parse(text)
            .filter(|ports| !ports.0.is_empty())
            .ok_or_else(|| self.odd(key))
    }

    /// The reason that a field is not there.
    pub(super) fn absent(&self, key: &str) -> Why<'a> {
        self.eval.why(ReasonKind::MissingFact, key)
    }

    /// The reason that a field is not as documented.
    pub(super) fn odd(&self, key: &str) -> Why<'a> {
        odd(key, self.eval)
    }
}

/// The parts of a rule that every cloud has.
pub(super) struct Parts<'a> {
    pub(super) allow: bool,
    pub(super) order: Result<i64, Why<'a>>,
    pub(super) protocols: Result<Protocols, Why<'a>>,
    pub(super) ports: Result<PortSet, Why<'a>>,
    pub(super) lane: Option<String>,
    /// What follows the sources in its label.
    pub(super) name: String,
}

/// The text of a field; `None` where it is absent, null or empty. Another type is no answer.
pub(super) fn text<'a>(
    json: &'a Value,
    key: &str,
    eval: &Eval<'a>,
) -> Result<Option<&'a str>, Why<'a>> {
    match json.get(key).filter(|value| !value.is_null()) {
        None => Ok(None),
        Some(value) => match value.as_str() {
            Some("") => Ok(None),
            Some(text) => Ok(Some(text)),
            None => Err(odd(key, eval)),
        },
    }
}

fn odd<'a>(key: &str, eval: &Eval<'a>) -> Why<'a> {
    eval.why_mismatch(key, "a value that is not as documented")
}
