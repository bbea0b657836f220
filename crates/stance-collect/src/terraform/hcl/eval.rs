//! Expressions → values. What cannot be resolved is a marker, which whatever is made of it carries on.

use hcl_edit::expr::{
    BinaryOp, BinaryOperator, Conditional, Expression, ForExpr, Object, ObjectKey, UnaryOp,
    UnaryOperator,
};
use serde_json::{Map, Number, Value};

use super::MAX_VALUE;
use super::scope::{Names, Scope, unresolved};
use super::{call, refer, template};
use crate::terraform::hidden::hidden;

/// The value of an expression.
pub(super) fn eval(expression: &Expression, scope: Scope<'_>) -> Value {
    let Some(scope) = scope.deeper() else {
        return unresolved();
    };
    match expression {
        Expression::Null(_) => Value::Null,
        Expression::Bool(flag) => Value::Bool(*flag.value()),
        Expression::Number(given) => number(given.value()),
        Expression::String(text) => Value::String(text.value().clone()),
        Expression::Array(items) => items.iter().map(|item| eval(item, scope)).collect(),
        Expression::Object(members) => object(members, scope),
        Expression::StringTemplate(text) => template::string(text, scope),
        Expression::HeredocTemplate(text) => template::heredoc(text, scope),
        Expression::Parenthesis(inner) => eval(inner.inner(), scope),
        Expression::Variable(name) => scope
            .bound(name.as_str())
            .cloned()
            .unwrap_or_else(unresolved),
        Expression::Conditional(condition) => conditional(condition, scope),
        Expression::FuncCall(function) => call::eval(function, scope),
        Expression::Traversal(traversal) => refer::eval(traversal, scope),
        Expression::UnaryOp(operation) => unary(operation, scope),
        Expression::BinaryOp(operation) => binary(operation, scope),
        Expression::ForExpr(comprehension) => comprehend(comprehension, scope),
    }
}

/// A number of HCL as one of JSON.
pub(super) fn number(given: &hcl_edit::Number) -> Value {
    match (given.as_i64(), given.as_f64()) {
        (Some(whole), _) => Value::from(whole),
        (None, Some(broken)) => float(broken),
        _ => unresolved(),
    }
}

/// A number, whole where it is.
pub(super) fn float(value: f64) -> Value {
    // Beyond 2⁵³ a float does not hold every whole number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 2⁵³")]
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or_else(unresolved, Value::Number)
}

fn object(members: &Object, scope: Scope<'_>) -> Value {
    let mut map = Map::new();
    for (key, value) in members {
        let key = match key {
            ObjectKey::Ident(name) => Some(name.as_str().to_owned()),
            ObjectKey::Expression(key) => text(&eval(key, scope)),
        };
        let Some(key) = key else {
            return unresolved();
        };
        map.insert(key, eval(value.expr(), scope));
    }
    Value::Object(map)
}

/// The value as text, as a template shows it.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A truth value, also one written as text.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A number, also one written as text.
pub(super) fn amount(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Of a condition that is not known, the value that both ways agree on.
fn conditional(condition: &Conditional, scope: Scope<'_>) -> Value {
    match truth(&eval(&condition.cond_expr, scope)) {
        Some(true) => eval(&condition.true_expr, scope),
        Some(false) => eval(&condition.false_expr, scope),
        None => {
            let (one, other) = (
                eval(&condition.true_expr, scope),
                eval(&condition.false_expr, scope),
            );
            if one == other && hidden(&one).is_none() {
                one
            } else {
                unresolved()
            }
        }
    }
}

fn unary(operation: &UnaryOp, scope: Scope<'_>) -> Value {
    let value = eval(&operation.expr, scope);
    let result = match *operation.operator.value() {
        UnaryOperator::Not => truth(&value).map(|flag| Value::Bool(!flag)),
        UnaryOperator::Neg => amount(&value).map(|number| float(-number)),
    };
    result.unwrap_or_else(unresolved)
}

fn binary(operation: &BinaryOp, scope: Scope<'_>) -> Value {
    let left = eval(&operation.lhs_expr, scope);
    let right = eval(&operation.rhs_expr, scope);
    let operator = *operation.operator.value();
    let result = match operator {
        BinaryOperator::And | BinaryOperator::Or => {
            logic(operator == BinaryOperator::Or, &left, &right)
        }
        BinaryOperator::Eq | BinaryOperator::NotEq => {
            equal(&left, &right).map(|same| same == (operator == BinaryOperator::Eq))
        }
        BinaryOperator::Less => compare(&left, &right, |a, b| a < b),
        BinaryOperator::LessEq => compare(&left, &right, |a, b| a <= b),
        BinaryOperator::Greater => compare(&left, &right, |a, b| a > b),
        BinaryOperator::GreaterEq => compare(&left, &right, |a, b| a >= b),
        _ => return arithmetic(operator, &left, &right),
    };
    result.map_or_else(unresolved, Value::Bool)
}

/// One side may decide, whatever the other is.
fn logic(deciding: bool, left: &Value, right: &Value) -> Option<bool> {
    match (truth(left), truth(right)) {
        (Some(flag), _) | (_, Some(flag)) if flag == deciding => Some(deciding),
        (Some(_), Some(_)) => Some(!deciding),
        _ => None,
    }
}

fn equal(left: &Value, right: &Value) -> Option<bool> {
    let known = hidden(left).is_none() && hidden(right).is_none();
    known.then(|| match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => left == right,
    })
}

fn compare(left: &Value, right: &Value, holds: fn(f64, f64) -> bool) -> Option<bool> {
    Some(holds(amount(left)?, amount(right)?))
}

fn arithmetic(operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    let (Some(a), Some(b)) = (amount(left), amount(right)) else {
        return unresolved();
    };
    match operator {
        BinaryOperator::Plus => float(a + b),
        BinaryOperator::Minus => float(a - b),
        BinaryOperator::Mul => float(a * b),
        BinaryOperator::Div => float(a / b),
        BinaryOperator::Mod => float(a % b),
        _ => unresolved(),
    }
}

/// The elements of a list or a map with their keys; none when it is neither or not known.
pub(super) fn elements(value: &Value) -> Option<Vec<(Value, &Value)>> {
    match value {
        Value::Array(items) => Some((0_u64..).map(Value::from).zip(items).collect()),
        Value::Object(map) if crate::terraform::hidden::marker(map).is_none() => {
            let pairs = map
                .iter()
                .map(|(key, value)| (Value::String(key.clone()), value));
            Some(pairs.collect())
        }
        _ => None,
    }
}

/// `[for k, v in c : e if p]` and `{for k, v in c : a => b}`.
fn comprehend(comprehension: &ForExpr, scope: Scope<'_>) -> Value {
    let collection = eval(&comprehension.intro.collection_expr, scope);
    let Some(elements) = elements(&collection) else {
        return unresolved();
    };
    let mut built = Built::new(comprehension);
    for (key, value) in elements {
        if built.size() > MAX_VALUE || !built.take(comprehension, key, value, scope) {
            return unresolved();
        }
    }
    built.done()
}

/// What a `for` has made so far.
enum Built {
    List(Vec<Value>),
    Map(Map<String, Value>),
}

impl Built {
    fn new(comprehension: &ForExpr) -> Self {
        match comprehension.key_expr {
            Some(_) => Self::Map(Map::new()),
            None => Self::List(Vec::new()),
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::List(items) => items.len(),
            Self::Map(map) => map.len(),
        }
    }

    /// Takes one element in; false when it cannot be told what becomes of it.
    fn take(&mut self, f: &ForExpr, key: Value, value: &Value, scope: Scope<'_>) -> bool {
        let key_name = f.intro.key_var.as_ref().map_or("", |name| name.as_str());
        let keys = Names {
            name: key_name,
            value: key,
            outer: scope.names,
        };
        let names = Names {
            name: f.intro.value_var.as_str(),
            value: value.clone(),
            outer: Some(&keys),
        };
        let scope = scope.with(&names);
        let wanted = f.cond.as_ref().map(|cond| truth(&eval(&cond.expr, scope)));
        match wanted {
            Some(None) => return false,
            Some(Some(false)) => return true,
            _ => {}
        }
        let value = eval(&f.value_expr, scope);
        match (self, &f.key_expr) {
            (Self::Map(map), Some(key)) => match text(&eval(key, scope)) {
                Some(key) if f.grouping => group(map, key, value),
                Some(key) => drop(map.insert(key, value)),
                None => return false,
            },
            (Self::List(items), _) => items.push(value),
            (Self::Map(_), None) => return false,
        }
        true
    }

    fn done(self) -> Value {
        match self {
            Self::List(items) => Value::Array(items),
            Self::Map(map) => Value::Object(map),
        }
    }
}

fn group(map: &mut Map<String, Value>, key: String, value: Value) {
    let group = map.entry(key).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(items) = group {
        items.push(value);
    }
}
