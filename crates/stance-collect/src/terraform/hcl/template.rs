//! Templates: texts with parts that are worked out.

use hcl_edit::expr::Expression;
use hcl_edit::template::{Directive, Element, HeredocTemplate, StringTemplate, Template};
use serde_json::Value;

use super::MAX_VALUE;
use super::eval::{elements, eval, text, truth};
use super::scope::{Names, Scope, unresolved};

/// `"…"`. One that is a single `${…}` has the value itself.
pub(super) fn string(template: &StringTemplate, scope: Scope<'_>) -> Value {
    let mut parts = template.iter();
    if let (Some(Element::Interpolation(only)), None) = (parts.next(), parts.next()) {
        return eval(&only.expr, scope);
    }
    let mut built = String::new();
    let known = template
        .iter()
        .all(|element| put(element, scope, &mut built));
    finish(known, built)
}

/// `<<EOT`.
pub(super) fn heredoc(template: &HeredocTemplate, scope: Scope<'_>) -> Value {
    let mut built = String::new();
    let known = put_all(&template.template, scope, &mut built);
    finish(known, built)
}

fn finish(known: bool, built: String) -> Value {
    if known {
        Value::String(built)
    } else {
        unresolved()
    }
}

fn put_all(template: &Template, scope: Scope<'_>, built: &mut String) -> bool {
    template.iter().all(|element| put(element, scope, built))
}

/// Adds an element; false when it is not known.
fn put(element: &Element, scope: Scope<'_>, built: &mut String) -> bool {
    if built.len() > MAX_VALUE {
        return false;
    }
    match element {
        Element::Literal(literal) => built.push_str(literal),
        Element::Interpolation(inner) => match text(&eval(&inner.expr, scope)) {
            Some(text) => built.push_str(&text),
            None => return false,
        },
        Element::Directive(directive) => return direct(directive, scope, built),
    }
    true
}

fn direct(directive: &Directive, scope: Scope<'_>, built: &mut String) -> bool {
    let Some(scope) = scope.deeper() else {
        return false;
    };
    match directive {
        Directive::If(choice) => match truth(&eval(&choice.if_expr.cond_expr, scope)) {
            Some(true) => put_all(&choice.if_expr.template, scope, built),
            Some(false) => choice
                .else_expr
                .as_ref()
                .is_none_or(|other| put_all(&other.template, scope, built)),
            None => false,
        },
        Directive::For(repeat) => {
            let head = &repeat.for_expr;
            let key = head.key_var.as_ref().map_or("", |name| name.as_str());
            let each = Each {
                key,
                value: head.value_var.as_str(),
                collection: &head.collection_expr,
                template: &head.template,
            };
            each.put(scope, built)
        }
    }
}

/// A `%{ for }`.
struct Each<'t> {
    key: &'t str,
    value: &'t str,
    collection: &'t Expression,
    template: &'t Template,
}

impl Each<'_> {
    fn put(&self, scope: Scope<'_>, built: &mut String) -> bool {
        let collection = eval(self.collection, scope);
        let Some(elements) = elements(&collection) else {
            return false;
        };
        elements.into_iter().all(|(key, value)| {
            let keys = Names {
                name: self.key,
                value: key,
                outer: scope.names,
            };
            let names = Names {
                name: self.value,
                value: value.clone(),
                outer: Some(&keys),
            };
            put_all(self.template, scope.with(&names), built)
        })
    }
}
