//! Statements of a policy document, read strictly: what is not as documented makes the document unreadable.

use serde_json::Value;

use super::condition::{Restriction, restriction};
use super::guard::{Test, tests};
use crate::eval::Eval;
use crate::value::Val;

/// The longest policy document, in bytes.
const DOCUMENT_BYTES: usize = 256 * 1024;

/// One statement.
pub(super) struct Statement {
    /// Its Sid, or its number.
    name: String,
    pub(super) allow: bool,
    pub(super) actions: Vec<String>,
    pub(super) principals: Vec<String>,
    pub(super) resources: Vec<String>,
    pub(super) restriction: Restriction,
    /// The comparisons of its condition.
    pub(super) tests: Vec<Test>,
    /// It names what it does not mean, and is read as everything.
    pub(super) negated: bool,
}

impl Statement {
    /// What people call it, with what it grants to whom.
    pub(super) fn describe(&self) -> String {
        let (actions, principals) = (self.actions.join(" "), self.principals.join(" "));
        format!("{} ({actions} to {principals})", self.name)
    }
}

/// The statements of a document.
pub(super) fn read<'a>(document: Val<'a>, eval: &Eval<'a>) -> Result<Vec<Statement>, Val<'a>> {
    let text = match document {
        Val::Str(text) => text.to_owned(),
        Val::Object(json) => sonic_rs::to_string(json).unwrap_or_default(),
        other => return Err(eval.mismatch("a policy document", other.type_name())),
    };
    eval.spend(text.len() as u64 / 16);
    if text.len() > DOCUMENT_BYTES || eval.is_spent() {
        return Err(eval.mismatch("a policy document", "a text that is too long"));
    }
    let odd = || eval.mismatch("a policy document", "a text that is not as documented");
    let document: Value = serde_json::from_str(&text).map_err(|_| odd())?;
    let statements = match document.get("Statement") {
        Some(Value::Array(statements)) => statements.as_slice(),
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => return Err(odd()),
    };
    let read: Option<Vec<Statement>> = statements.iter().enumerate().map(statement).collect();
    read.ok_or_else(odd)
}

fn statement((number, json): (usize, &Value)) -> Option<Statement> {
    let fields = json.as_object()?;
    let allow = match fields.get("Effect")?.as_str()? {
        "Allow" => true,
        "Deny" => false,
        _ => return None,
    };
    let sid = fields.get("Sid").and_then(Value::as_str);
    let actions = named(json, "Action")?;
    Some(Statement {
        name: sid.map_or_else(|| format!("Statement[{number}]"), str::to_owned),
        allow,
        // A statement without an action says nothing that can be read.
        actions: Some(actions).filter(|actions| !actions.is_empty())?,
        principals: named(json, "Principal")?,
        resources: named(json, "Resource")?,
        restriction: restriction(fields.get("Condition"))?,
        tests: tests(fields.get("Condition")),
        negated: ["NotAction", "NotPrincipal", "NotResource"]
            .iter()
            .any(|name| fields.contains_key(*name)),
    })
}

/// What a statement names under a key; nothing where the key is absent. One that names what it does *not* mean
/// (`NotPrincipal`, `NotAction`, `NotResource`) means nearly everything, and is read as everything.
fn named(statement: &Value, key: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    if let Some(value) = statement.get(key) {
        texts(value, &mut found)?;
    }
    if statement.get(format!("Not{key}")).is_some() {
        found.push("*".to_owned());
    }
    Some(found)
}

/// The texts of one, of a list, or of a map (`{"AWS": [...]}`, `{"RAM": [...]}`).
pub(super) fn texts(value: &Value, into: &mut Vec<String>) -> Option<()> {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(list) => list.iter().try_for_each(|v| texts(v, into))?,
        Value::Object(map) => map.values().try_for_each(|v| texts(v, into))?,
        _ => return None,
    }
    Some(())
}
