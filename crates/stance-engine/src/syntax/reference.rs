//! The parser against that of the `cel` crate: what ours takes, that one takes, too, and makes the same tree of it.

use std::path::{Path, PathBuf};

use cel::common::ast::{ComprehensionExpr, Expr as Other, IdedExpr, LiteralValue, operators};
use cel::parser::Parser;
use serde::Deserialize;
use stance_model::bounded;

use super::{Binary, Expr, Kind, Macro, parse};
use crate::ast::{Arithmetic, Comparison, Comprehension, Quantifier};

/// A tree as text, with `&&` and `||` over any number of operands.
fn ours(expr: &Expr) -> String {
    let call = |name: &str, parts: &[&Expr]| node(name, parts.iter().map(|part| ours(part)));
    match &expr.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(flag) => flag.to_string(),
        Kind::Int(number) => number.to_string(),
        Kind::Double(number) => format!("{number:?}"),
        Kind::Text(text) => format!("{text:?}"),
        Kind::Name(name) => name.clone(),
        Kind::Select(of, field) => node(&format!(".{field}"), [ours(of)]),
        Kind::Has(of, field) => node(&format!("has.{field}"), [ours(of)]),
        Kind::Call {
            receiver,
            name,
            args,
        } => {
            let parts: Vec<&Expr> = receiver.as_deref().into_iter().chain(args).collect();
            call(&format!("{name}/{}", receiver.is_some()), &parts)
        }
        Kind::List(parts) => node("list", parts.iter().map(ours)),
        Kind::Index(of, at) => call(operators::INDEX, &[of, at]),
        Kind::Not(a) => call(operators::LOGICAL_NOT, &[a]),
        Kind::Negate(a) => call(operators::NEGATE, &[a]),
        Kind::And(parts) => junction(operators::LOGICAL_AND, parts.iter().map(ours)),
        Kind::Or(parts) => junction(operators::LOGICAL_OR, parts.iter().map(ours)),
        Kind::Conditional(a, b, c) => call(operators::CONDITIONAL, &[a, b, c]),
        Kind::Binary(operator, a, b) => call(symbol(*operator), &[a, b]),
        Kind::Macro(of) => macro_of(of),
    }
}

fn macro_of(of: &Macro) -> String {
    let condition = of.condition.as_ref().map(ours);
    let parts = [ours(&of.range), of.variable.clone()]
        .into_iter()
        .chain(condition)
        .chain([ours(&of.body)]);
    node(word(of.what), parts)
}

fn word(what: Comprehension) -> &'static str {
    match what {
        Comprehension::Quantifier(Quantifier::All) => "all",
        Comprehension::Quantifier(Quantifier::Exists) => "exists",
        Comprehension::Quantifier(Quantifier::ExistsOne) => "exists_one",
        Comprehension::Filter => "filter",
        Comprehension::Map => "map",
    }
}

fn symbol(operator: Binary) -> &'static str {
    match operator {
        Binary::In => operators::IN,
        Binary::Compare(Comparison::Equal) => operators::EQUALS,
        Binary::Compare(Comparison::NotEqual) => operators::NOT_EQUALS,
        Binary::Compare(Comparison::Less) => operators::LESS,
        Binary::Compare(Comparison::LessEqual) => operators::LESS_EQUALS,
        Binary::Compare(Comparison::Greater) => operators::GREATER,
        Binary::Compare(Comparison::GreaterEqual) => operators::GREATER_EQUALS,
        Binary::Arithmetic(Arithmetic::Add) => operators::ADD,
        Binary::Arithmetic(Arithmetic::Subtract) => operators::SUBSTRACT,
        Binary::Arithmetic(Arithmetic::Multiply) => operators::MULTIPLY,
        Binary::Arithmetic(Arithmetic::Divide) => operators::DIVIDE,
        Binary::Arithmetic(Arithmetic::Modulo) => operators::MODULO,
    }
}

/// An operator applied to what it makes undoes it: `!!a` is `a` to one parser and not to the other.
fn node(name: &str, parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    let undone = match parts.as_slice() {
        [only] if [operators::LOGICAL_NOT, operators::NEGATE].contains(&name) => only
            .strip_prefix(&format!("({name} "))
            .and_then(|inner| inner.strip_suffix(')')),
        _ => None,
    };
    undone.map_or_else(|| format!("({name} {})", parts.join(" ")), str::to_owned)
}

/// Operands that are junctions of the same kind are taken apart: parentheses around them mean nothing.
fn junction(name: &str, parts: impl IntoIterator<Item = String>) -> String {
    let prefix = format!("({name} ");
    let flat = parts
        .into_iter()
        .map(|part| match part.strip_prefix(&prefix) {
            Some(inner) => inner.strip_suffix(')').unwrap().to_owned(),
            None => part,
        });
    node(name, flat)
}

/// The same for the other parser's tree.
fn theirs(expr: &IdedExpr) -> String {
    match &expr.expr {
        Other::Literal(LiteralValue::Null) => "null".to_owned(),
        Other::Literal(LiteralValue::Boolean(flag)) => (**flag).to_string(),
        Other::Literal(LiteralValue::Int(number)) => (**number).to_string(),
        Other::Literal(LiteralValue::Double(number)) => format!("{:?}", **number),
        Other::Literal(LiteralValue::String(text)) => format!("{:?}", text.inner()),
        Other::Ident(name) => name.clone(),
        Other::Select(select) => {
            let has = if select.test { "has" } else { "" };
            node(
                &format!("{has}.{}", select.field),
                [theirs(&select.operand)],
            )
        }
        Other::List(list) => node("list", list.elements.iter().map(theirs)),
        Other::Comprehension(of) => comprehension(of),
        Other::Call(call) => {
            let parts = call
                .target
                .as_deref()
                .into_iter()
                .chain(&call.args)
                .map(theirs);
            match call.func_name.as_str() {
                name @ (operators::LOGICAL_AND | operators::LOGICAL_OR) => junction(name, parts),
                name if name.contains('_') || name.starts_with('@') || name == operators::IN => {
                    node(name, parts)
                }
                name => node(&format!("{name}/{}", call.target.is_some()), parts),
            }
        }
        other => format!("{other:?}"),
    }
}

/// A macro, read back from what it was expanded to.
fn comprehension(of: &ComprehensionExpr) -> String {
    let Other::Call(step) = &of.loop_step.expr else {
        return format!("{of:?}");
    };
    let added = |grown: &IdedExpr| match &grown.expr {
        Other::Call(call) => match &call.args.last().unwrap().expr {
            Other::List(list) => list.elements.first().map(theirs),
            _ => None,
        },
        _ => None,
    };
    let (range, variable) = (theirs(&of.iter_range), of.iter_var.clone());
    let whole =
        |name: &str, rest: Vec<String>| node(name, [range, variable].into_iter().chain(rest));
    match (step.func_name.as_str(), step.args.as_slice()) {
        (operators::LOGICAL_OR, [_, body]) => whole("exists", vec![theirs(body)]),
        (operators::LOGICAL_AND, [_, body]) => whole("all", vec![theirs(body)]),
        (operators::ADD, _) => whole("map", vec![added(&of.loop_step).unwrap()]),
        (operators::CONDITIONAL, [condition, grown, _]) => match added(grown) {
            None => whole("exists_one", vec![theirs(condition)]),
            Some(element) if element == of.iter_var => whole("filter", vec![theirs(condition)]),
            Some(element) => whole("map", vec![theirs(condition), element]),
        },
        _ => format!("{of:?}"),
    }
}

/// `l.map(x, c, x)` expands to the same as `l.filter(x, c)`.
fn is_filter_spelled_as_map(text: &str) -> bool {
    text.contains(".map(x, x > 1, x)") || text.contains(".map(x, true, x)")
}

fn compare(text: &str) {
    let Ok(tree) = parse(text) else { return };
    let other = Parser::new().parse(text);
    let other = other.unwrap_or_else(|e| panic!("only ours takes `{text}`: {e}"));
    assert_eq!(ours(&tree), theirs(&other), "`{text}`");
}

#[derive(Deserialize)]
struct Suite {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    cel: String,
}

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn cases() -> Vec<String> {
    files(&folder("tests/cases"))
        .iter()
        .map(|file| bounded::read_text(file, 1 << 20).unwrap())
        .flat_map(|text| serde_saphyr::from_str::<Suite>(&text).unwrap().groups)
        .flat_map(|group| group.cases)
        .map(|case| case.cel)
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let below = |path: PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    };
    paths.into_iter().flat_map(below).collect()
}

#[test]
fn cases_have_the_same_trees() {
    let cases = cases();
    assert!(cases.len() > 800, "{}", cases.len());
    let comparable = cases.iter().filter(|text| !is_filter_spelled_as_map(text));
    comparable.for_each(|text| compare(text));
}

/// The expressions in a check's file: what stands under the keys that hold one.
fn expressions(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(list) => list.iter().for_each(|value| expressions(value, into)),
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                match value.as_str() {
                    Some(text) if ["pass", "when", "value"].contains(&key.as_str()) => {
                        into.push(text.to_owned());
                    }
                    _ if key != "examples" => expressions(value, into),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

#[test]
fn expressions_of_the_catalogue_have_the_same_trees() {
    let mut texts = Vec::new();
    for file in files(&folder("../../catalog/checks")) {
        let text = bounded::read_text(&file, 1 << 20).unwrap();
        let check: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
        expressions(&check, &mut texts);
    }
    assert!(texts.len() > 200, "{}", texts.len());
    texts.iter().for_each(|text| compare(text));
}

#[test]
fn pieces_of_cases_in_any_order_have_the_same_trees() {
    // Each number makes one text; a number that once failed stays in the range.
    let pieces: Vec<String> = cases().iter().flat_map(|text| tokens(text)).collect();
    let mut taken = 0;
    for seed in 0..20_000_u64 {
        let mut random = Random(seed);
        let count = 1 + random.below(9);
        let text: Vec<&str> = (0..count)
            .map(|_| pieces[random.below(pieces.len())].as_str())
            .collect();
        let text = text.join(if seed % 2 == 0 { " " } else { "" });
        taken += usize::from(parse(&text).is_ok());
        compare(&text);
    }
    assert!(taken > 1_000, "{taken}");
}

/// Words, numbers and marks of a text; strings are kept whole.
fn tokens(text: &str) -> Vec<String> {
    let tokens = super::lex::tokens(text).unwrap_or_default();
    let pieces = tokens
        .iter()
        .map(|token| text.get(token.span.clone()).unwrap().to_owned());
    pieces.collect()
}

/// The generator splitmix64: small, seeded, the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end.max(1) as u64).unwrap()
    }
}
