//! Functions over policy documents of the Alibaba and AWS kind: `{"Statement": [{Effect, Action, Principal, Resource,
//! Condition}]}`, as JSON text or object.

use serde_json::Value;

use crate::eval::Eval;
use crate::net::ip;
use crate::value::Val;

/// The longest policy document, in bytes, and the most statements in one.
const DOCUMENT_BYTES: usize = 256 * 1024;

/// Statements that allow any principal without a condition that restricts who it is.
pub(super) fn open_statements<'a>(document: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    named(document, eval, |statement| {
        is_allow(statement)
            && texts(statement, "Principal").iter().any(|p| p == "*")
            && !is_restricted(statement)
    })
}

/// Statements that grant everything of a service to a principal outside the account. Granting it to everybody counts,
/// unless a condition restricts it.
pub(super) fn foreign_grants<'a>(
    document: Val<'a>,
    account: Val<'a>,
    service: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    let (Val::Str(account), Val::Str(service)) = (account, service) else {
        return eval.mismatch(
            "policy.foreignGrants",
            "an account or service that is no text",
        );
    };
    let everything = format!("{service}:*");
    named(document, eval, |statement| {
        let wide = texts(statement, "Action")
            .iter()
            .any(|a| a == "*" || a.eq_ignore_ascii_case(&everything));
        let foreign = texts(statement, "Principal")
            .iter()
            .any(|p| !belongs(p, account));
        is_allow(statement) && wide && foreign && !is_restricted(statement)
    })
}

/// Whether a statement allows exactly that breadth without any condition.
fn allows_breadth(document: &Value, action: &str, resource: &str) -> bool {
    let wide = |statement: &Value, key: &str, wanted: &str| {
        texts(statement, key)
            .iter()
            .any(|text| text == "*" || text.eq_ignore_ascii_case(wanted))
    };
    statements(document).iter().any(|statement| {
        is_allow(statement)
            && wide(statement, "Action", action)
            && wide(statement, "Resource", resource)
            && statement
                .get("Condition")
                .is_none_or(|c| c.as_object().is_none_or(serde_json::Map::is_empty))
    })
}

pub(super) fn allows<'a>(
    document: Val<'a>,
    action: Val<'a>,
    resource: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    let (Val::Str(action), Val::Str(resource)) = (action, resource) else {
        return eval.mismatch("policy.allows", "an action or resource that is no text");
    };
    match parse(document, eval) {
        Ok(document) => Val::Bool(allows_breadth(&document, action, resource)),
        Err(unknown) => unknown,
    }
}

/// The statements for which `holds`, each by its Sid or its number with what it grants to whom.
fn named<'a>(document: Val<'a>, eval: &Eval<'a>, holds: impl Fn(&Value) -> bool) -> Val<'a> {
    let document = match parse(document, eval) {
        Ok(document) => document,
        Err(unknown) => return unknown,
    };
    let found: Vec<Val<'a>> = statements(&document)
        .iter()
        .enumerate()
        .filter(|(_, statement)| holds(statement))
        .map(|(number, statement)| Val::Str(eval.text(&describe(number, statement))))
        .collect();
    eval.list(found)
}

fn describe(number: usize, statement: &Value) -> String {
    let id = statement
        .get("Sid")
        .and_then(Value::as_str)
        .map_or_else(|| format!("Statement[{number}]"), str::to_owned);
    let list = |key: &str| texts(statement, key).join(" ");
    format!("{id} ({} to {})", list("Action"), list("Principal"))
}

fn parse<'a>(document: Val<'a>, eval: &Eval<'a>) -> Result<Value, Val<'a>> {
    let text = match document {
        Val::Str(text) => text.to_owned(),
        Val::Object(json) => sonic_rs::to_string(json).unwrap_or_default(),
        other => return Err(eval.mismatch("a policy function", other.type_name())),
    };
    eval.spend(text.len() as u64 / 16);
    if text.len() > DOCUMENT_BYTES {
        return Err(eval.mismatch("a policy function", "a document that is too long"));
    }
    let parsed: Result<Value, _> = serde_json::from_str(&text);
    match parsed {
        Ok(value) if value.get("Statement").is_some() => Ok(value),
        _ => Err(eval.mismatch("a policy function", "a text that is no policy document")),
    }
}

fn statements(document: &Value) -> &[Value] {
    match document.get("Statement") {
        Some(Value::Array(statements)) => statements,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

fn is_allow(statement: &Value) -> bool {
    statement.get("Effect").and_then(Value::as_str) == Some("Allow")
}

/// The texts under a key: one, a list, or those of a map (`{"AWS": [...]}`, `{"RAM": [...]}`).
fn texts(statement: &Value, key: &str) -> Vec<String> {
    fn collect(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::String(text) => into.push(text.clone()),
            Value::Array(list) => list.iter().for_each(|v| collect(v, into)),
            Value::Object(map) => map.values().for_each(|v| collect(v, into)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Some(value) = statement.get(key) {
        collect(value, &mut found);
    }
    found
}

/// Whether a principal lies in the account: its id, or an ARN that names it.
fn belongs(principal: &str, account: &str) -> bool {
    principal == account || principal.split([':', '/']).any(|part| part == account)
}

/// Whether a condition keeps strangers out: a source address that is not any, a VPC, an organisation or an account.
/// A condition on transport or time keeps nobody out.
fn is_restricted(statement: &Value) -> bool {
    let Some(conditions) = statement.get("Condition").and_then(Value::as_object) else {
        return false;
    };
    conditions.iter().any(|(operator, keys)| {
        let operator = operator.to_ascii_lowercase();
        let positive = !operator.contains("not") && operator != "null" && operator != "bool";
        positive
            && keys
                .as_object()
                .into_iter()
                .flatten()
                .any(|(key, _)| restricts(key, keys))
    })
}

fn restricts(key: &str, keys: &Value) -> bool {
    let values = texts(keys, key);
    let lower = key.to_ascii_lowercase();
    if lower.ends_with(":sourceip") || lower.ends_with(":vpcsourceip") {
        let sets = values.iter().filter_map(|value| ip::parse(value));
        let all = sets.fold(ip::IpSet::default(), |all, set| all.union(&set));
        return !values.is_empty() && !all.covers_public();
    }
    let names = [
        "sourcevpc",
        "sourcevpce",
        "principalorgid",
        "principalaccount",
        "sourceaccount",
        "sourcearn",
        "rdid",
        "principalrdid",
        "vpcid",
    ];
    names
        .iter()
        .any(|name| lower.ends_with(&format!(":{name}")))
        && !values.iter().any(|value| value == "*")
}
