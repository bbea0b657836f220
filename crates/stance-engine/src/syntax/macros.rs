//! Calls that are macros.

use std::ops::Range;

use super::{Expr, Kind, Macro, Parsed, fail};
use crate::ast::{Comprehension, Quantifier};

/// The macro `has`.
pub(super) fn has(args: Vec<Expr>, span: Range<usize>) -> Parsed<Kind> {
    let mut args = args.into_iter();
    match (args.next(), args.next()) {
        (
            Some(Expr {
                kind: Kind::Select(of, field),
                ..
            }),
            None,
        ) => Ok(Kind::Has(of, field)),
        _ => fail(span, "`has` takes a field: has(x.field)"),
    }
}

/// A call with a receiver: a macro, if it is named and given what one is.
pub(super) fn method(receiver: Expr, name: String, args: Vec<Expr>) -> Parsed<Kind> {
    let what = match (name.as_str(), args.len()) {
        ("all", 2) => Comprehension::Quantifier(Quantifier::All),
        ("exists", 2) => Comprehension::Quantifier(Quantifier::Exists),
        ("exists_one", 2) => Comprehension::Quantifier(Quantifier::ExistsOne),
        ("filter", 2) => Comprehension::Filter,
        ("map", 2 | 3) => Comprehension::Map,
        _ => {
            return Ok(Kind::Call {
                receiver: Some(receiver.into()),
                name,
                args,
            });
        }
    };
    let mut args = args.into_iter();
    let (Some(variable), second, third) = (args.next(), args.next(), args.next()) else {
        return fail(receiver.span, "a macro takes a variable and a condition");
    };
    let Kind::Name(variable) = variable.kind else {
        return fail(variable.span, "must be the name of a variable");
    };
    let (condition, body) = match (second, third) {
        (condition, Some(body)) => (condition, body),
        (Some(body), None) => (None, body),
        (None, None) => return fail(receiver.span, "a macro takes a variable and a condition"),
    };
    Ok(Kind::Macro(Box::new(Macro {
        what,
        range: receiver,
        variable,
        condition,
        body,
    })))
}
