//! What conditions of policy documents guard: who of other accounts may enter a role, and requests in clear.

use serde_json::Value;

use super::condition::Restriction;
use super::statement::{Statement, read};
use super::{belongs, is_all_of, is_everybody, is_everything};
use crate::eval::Eval;
use crate::value::Val;

/// One comparison of a condition.
pub(super) struct Test {
    /// The operator, in lower case.
    operator: String,
    /// The key after its name space, in lower case.
    key: String,
    /// What it is compared with.
    values: Vec<String>,
}

/// The comparisons of a `Condition`, all of which must hold.
pub(super) fn tests(condition: Option<&Value>) -> Vec<Test> {
    let operators = condition.and_then(Value::as_object).into_iter().flatten();
    let each = |(operator, keys): (&String, &Value)| {
        let keys = keys.as_object().cloned().unwrap_or_default();
        let operator = operator.to_ascii_lowercase();
        keys.into_iter().map(move |(key, value)| {
            let key = key.to_ascii_lowercase();
            Test {
                operator: operator.clone(),
                key: key.rsplit(':').next().unwrap_or(&key).to_owned(),
                values: values(&value),
            }
        })
    };
    operators.flat_map(each).collect()
}

/// Texts, and truth values as texts: both are accepted.
fn values(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Bool(flag) => vec![flag.to_string()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(list) => list.iter().flat_map(values).collect(),
        _ => Vec::new(),
    }
}

/// The statements that let principals of other accounts than this and the trusted ones in, without a condition on who
/// they are, on an external id or on MFA. Where anybody may enter, external ids and MFA keep nobody out.
pub(in crate::functions) fn foreign_trust<'a>(
    document: Val<'a>,
    account: Val<'a>,
    trusted: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    let (Val::Str(account), Some(trusted)) = (account, trusted.as_list()) else {
        return eval.mismatch("policy.foreignTrust", "an account that is no text");
    };
    if let Some(why) = trusted.incomplete {
        return Val::Unknown(why);
    }
    let known: Vec<&str> = std::iter::once(account)
        .chain(trusted.items.iter().filter_map(|item| match item {
            Val::Str(text) => Some(text),
            _ => None,
        }))
        .collect();
    super::open(document, eval, |statement| {
        let mut outsiders = statement
            .principals
            .iter()
            .filter(|p| is_outside(p, &known));
        let asked = statement.tests.iter().any(asks_for_more);
        outsiders.any(|principal| is_everybody(principal) || !asked)
    })
}

/// Whether a principal is of an account that is not known. Services, identity providers and ids of principals that are
/// gone are no accounts.
fn is_outside(principal: &str, known: &[&str]) -> bool {
    let is_account = principal.len() == 12 && principal.chars().all(|c| c.is_ascii_digit());
    let has_account = is_account || principal.starts_with("arn:") || is_everybody(principal);
    has_account && !known.iter().any(|account| belongs(principal, account))
}

/// Whether a comparison asks for an external id, or for MFA. One with `IfExists` passes without.
fn asks_for_more(test: &Test) -> bool {
    let said = !test.values.is_empty() && !test.operator.ends_with("ifexists");
    match test.key.as_str() {
        "externalid" => {
            let equal = test.operator.ends_with("stringequals");
            let alike = test.operator.ends_with("stringlike")
                && !test.values.iter().any(|value| is_everybody(value));
            said && (equal || alike)
        }
        "multifactorauthpresent" => {
            said && test.operator == "bool" && test.values.iter().all(|value| value == "true")
        }
        "multifactorauthage" => said && test.operator.starts_with("numericlessthan"),
        _ => false,
    }
}

/// Whether a statement denies everybody everything on a resource where the request is in clear: the condition is that
/// `SecureTransport` is false, and nothing else.
pub(in crate::functions) fn refuses_plain_http<'a>(
    document: Val<'a>,
    resource: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    let Val::Str(resource) = resource else {
        return eval.mismatch("policy.refusesPlainHttp", "a resource that is no text");
    };
    let service = resource.split(':').nth(2).unwrap_or_default();
    let refuses = |statement: &Statement| {
        !statement.allow
            && !statement.negated
            && statement.restriction == Restriction::Idle
            && statement.principals.iter().any(|p| is_everybody(p))
            && statement.actions.iter().any(|a| is_all_of(a, service))
            && statement
                .resources
                .iter()
                .any(|r| is_everything(r) || r == resource)
            && matches!(statement.tests.as_slice(), [test] if is_in_clear(test))
    };
    match read(document, eval) {
        Ok(statements) => Val::Bool(statements.iter().any(refuses)),
        Err(unknown) => unknown,
    }
}

fn is_in_clear(test: &Test) -> bool {
    test.key == "securetransport"
        && matches!(test.operator.as_str(), "bool" | "boolifexists")
        && matches!(test.values.as_slice(), [value] if value == "false")
}
