//! What policy documents reach: the actions and services that they grant on everything, and whom they name.

use crate::eval::Eval;
use crate::value::Val;

use super::condition::Restriction;
use super::statement::{Statement, read};
use super::{is_everybody, is_everything};

/// Whether documents together allow an action, without any condition, on everything or on a kind of resource whose
/// relative names are given, such as `role/*`. What one of them denies wholly is not allowed. A document that cannot be
/// read may deny, so that nothing is known without it.
pub(in crate::functions) fn permits<'a>(
    documents: Val<'a>,
    action: Val<'a>,
    kinds: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    let (Val::Str(action), Some(kinds)) = (action, kinds.as_list()) else {
        return eval.mismatch("policy.permits", "an action that is no text");
    };
    if let Some(why) = kinds.incomplete {
        return Val::Unknown(why);
    }
    let kinds: Vec<&str> = kinds.items.iter().filter_map(text).collect();
    let mut statements = Vec::new();
    if let Err(unknown) = gather(documents, &mut statements, eval) {
        return unknown;
    }
    let concerns = |s: &Statement| s.actions.iter().any(|a| matches(a, action));
    let allows = |s: &Statement| {
        s.allow
            && s.restriction == Restriction::None
            && s.resources.iter().any(|r| is_of(r, &kinds))
    };
    let denies = |s: &Statement| {
        !s.allow
            && !s.negated
            && s.restriction == Restriction::None
            && s.resources.iter().any(|r| is_everything(r))
    };
    let met =
        |holds: &dyn Fn(&Statement) -> bool| statements.iter().any(|s| concerns(s) && holds(s));
    Val::Bool(met(&allows) && !met(&denies))
}

/// The services of which a document allows everything, on everything and without a condition, as `ecs:*`; `*` where it
/// is every service.
pub(in crate::functions) fn wide_services<'a>(document: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let statements = match read(document, eval) {
        Ok(statements) => statements,
        Err(unknown) => return unknown,
    };
    let mut found: Vec<&str> = statements
        .iter()
        .filter(|s| s.allow && s.restriction == Restriction::None)
        .filter(|s| s.resources.iter().any(|r| is_of(r, &[])))
        .flat_map(|s| &s.actions)
        .map(String::as_str)
        .filter(|action| is_whole_service(action))
        .collect();
    found.sort_unstable();
    found.dedup();
    eval.list(found.into_iter().map(|name| Val::Str(eval.text(name))))
}

/// Whom the allowing statements of a document name, with or without a condition.
pub(in crate::functions) fn principals<'a>(document: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    match read(document, eval) {
        Ok(statements) => {
            let allowing = statements.iter().filter(|s| s.allow);
            let named = allowing.flat_map(|s| &s.principals);
            eval.list(named.map(|name| Val::Str(eval.text(name))))
        }
        Err(unknown) => unknown,
    }
}

/// The statements of one document, or of all in lists of them.
fn gather<'a>(
    documents: Val<'a>,
    into: &mut Vec<Statement>,
    eval: &Eval<'a>,
) -> Result<(), Val<'a>> {
    let Some(list) = documents.as_list() else {
        into.extend(read(documents, eval)?);
        return Ok(());
    };
    if let Some(why) = list.incomplete {
        return Err(Val::Unknown(why));
    }
    list.items.iter().try_for_each(|item| match item {
        Val::Unknown(_) => Err(item),
        _ => gather(item, into, eval),
    })
}

fn text(value: Val<'_>) -> Option<&str> {
    match value {
        Val::Str(text) => Some(text),
        _ => None,
    }
}

/// Whether a resource takes in everything, or everything of one of the kinds, in every region.
fn is_of(resource: &str, kinds: &[&str]) -> bool {
    let mut parts = resource.splitn(5, ':');
    let (head, _, region) = (parts.next(), parts.next(), parts.next());
    let relative = parts.nth(1);
    is_everything(resource)
        || kinds.contains(&resource)
        || (matches!(head, Some("acs" | "arn" | "qcs"))
            && region.is_some_and(|region| region.is_empty() || is_everybody(region))
            && relative.is_some_and(|name| is_everybody(name) || kinds.contains(&name)))
}

fn is_whole_service(action: &str) -> bool {
    is_everything(action)
        || action
            .split_once(':')
            .is_some_and(|(_, rest)| is_everybody(rest))
}

/// Whether a pattern with `*` and `?` takes in an action; case does not count.
fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.as_bytes(), action.as_bytes());
    // The place after the last star, and where it began to match.
    let (mut p, mut a, mut star) = (0, 0, None);
    loop {
        match (pattern.get(p), action.get(a)) {
            (None, None) => return true,
            (Some(b'*'), _) => {
                star = Some((p + 1, a));
                p += 1;
            }
            (Some(x), Some(y)) if *x == b'?' || x.eq_ignore_ascii_case(y) => {
                p += 1;
                a += 1;
            }
            _ => match star {
                Some((after, at)) if at < action.len() => {
                    star = Some((after, at + 1));
                    (p, a) = (after, at + 1);
                }
                _ => return false,
            },
        }
    }
}
