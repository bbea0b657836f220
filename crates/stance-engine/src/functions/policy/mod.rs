//! Functions over policy documents of the Alibaba and AWS kind: `{"Statement": [{Effect, Action, Principal, Resource,
//! Condition}]}`, as JSON text or object.

mod condition;
mod guard;
mod reach;
mod statement;

use crate::eval::Eval;
use crate::value::Val;

use condition::Restriction;
pub(super) use guard::{foreign_trust, refuses_plain_http};
pub(super) use reach::{permits, principals, wide_services};
use statement::{Statement, read};

/// Statements that allow any principal without a condition that restricts who it is.
pub(super) fn open_statements<'a>(document: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    open(document, eval, |statement| {
        statement
            .principals
            .iter()
            .any(|principal| is_everybody(principal))
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
    open(document, eval, |statement| {
        statement
            .actions
            .iter()
            .any(|action| is_all_of(action, service))
            && statement
                .principals
                .iter()
                .any(|principal| !belongs(principal, account))
    })
}

/// Whether a statement allows that breadth without any condition: every action where `*` is asked for, and so on.
pub(super) fn allows<'a>(
    document: Val<'a>,
    action: Val<'a>,
    resource: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    let (Val::Str(action), Val::Str(resource)) = (action, resource) else {
        return eval.mismatch("policy.allows", "an action or resource that is no text");
    };
    let covers = |statement: &Statement| {
        statement.allow
            && statement.restriction == Restriction::None
            && statement
                .actions
                .iter()
                .any(|a| is_everything(a) || a.eq_ignore_ascii_case(action))
            && statement
                .resources
                .iter()
                .any(|r| is_everything(r) || r == resource)
    };
    match read(document, eval) {
        Ok(statements) => Val::Bool(statements.iter().any(covers)),
        Err(unknown) => unknown,
    }
}

/// The allowing statements for which `holds` and that no condition restricts. Where a condition cannot be read, it is
/// not known.
fn open<'a>(document: Val<'a>, eval: &Eval<'a>, holds: impl Fn(&Statement) -> bool) -> Val<'a> {
    let statements = match read(document, eval) {
        Ok(statements) => statements,
        Err(unknown) => return unknown,
    };
    let met: Vec<&Statement> = statements.iter().filter(|s| s.allow && holds(s)).collect();
    let unrestricted =
        |s: &&&Statement| matches!(s.restriction, Restriction::None | Restriction::Idle);
    let found: Vec<Val<'a>> = met
        .iter()
        .filter(unrestricted)
        .map(|statement| Val::Str(eval.text(&statement.describe())))
        .collect();
    if found.is_empty() && met.iter().any(|s| s.restriction == Restriction::Unclear) {
        return eval.mismatch("a policy condition", "values that cannot be read");
    }
    eval.list(found)
}

/// Whether a pattern of an action or resource matches everything: nothing but stars, between colons if any, after the
/// prefix that resources have.
fn is_everything(pattern: &str) -> bool {
    let mut parts = pattern.split(':').peekable();
    if parts
        .peek()
        .is_some_and(|first| ["acs", "arn", "qcs"].contains(first))
    {
        parts.next();
    }
    let mut some = false;
    let stars = parts.all(|part| {
        some = true;
        is_everybody(part)
    });
    some && stars
}

/// Nothing but stars.
fn is_everybody(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '*')
}

/// Whether an action pattern takes in everything of a service.
fn is_all_of(pattern: &str, service: &str) -> bool {
    let of_service = pattern
        .split_once(':')
        .is_some_and(|(name, rest)| name.eq_ignore_ascii_case(service) && is_everybody(rest));
    is_everything(pattern) || of_service
}

/// Whether a principal lies in the account: its id, or an ARN that names it.
fn belongs(principal: &str, account: &str) -> bool {
    principal == account || principal.split([':', '/']).any(|part| part == account)
}
