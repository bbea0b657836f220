//! `secret` of an item: how it finds secrets. The predicate and the evidence follow from it.

use regex::bytes::RegexBuilder;
use stance_model::CheckId;
use stance_model::secret::{SecretForm, SecretRule};

use crate::yaml::Node;

use super::fields::{Fields, list};
use super::scalar::{int, number, string, truth, word};
use super::sink::Sink;

/// The shortest literal, bytes: a shorter one stands nearly everywhere.
const LITERAL_BYTES: usize = 3;
/// The most bytes of a regular expression, compiled.
const REGEX_BYTES: usize = 4 << 20;
/// How far `near` may look, bytes.
const NEAR_BYTES: i64 = 4_096;
/// How far `near` looks where it does not say.
const NEAR_DEFAULT: usize = 200;

const FORM_FIELDS: [&str; 9] = [
    "text",
    "literals",
    "ignore_case",
    "then",
    "only",
    "pattern",
    "entropy",
    "near",
    "near_bytes",
];

/// The rule of an item. Regular expressions are compiled when `strict`: it takes longer than all the rest.
pub(crate) fn read_secret(
    node: &Node<'_>,
    (check_id, key): (CheckId, &str),
    strict: bool,
    sink: &mut Sink<'_>,
) -> Option<SecretRule> {
    let fields = Fields::open(node, "a secret", &["forms", "allow", "skip"], sink)?;
    let forms = fields.required("forms", sink, |node, sink| {
        let forms = list(node, sink, |node, sink| read_form(node, strict, sink))?;
        if forms.is_empty() {
            sink.report(node.span, "a secret has at least one form");
        }
        Some(forms)
    });
    let allow = fields.list("allow", sink, |node, sink| pattern(node, strict, sink));
    let skip = fields.list("skip", sink, glob);
    Some(SecretRule {
        check_id,
        key: key.to_owned(),
        forms: forms?,
        allow,
        skip,
    })
}

fn read_form(node: &Node<'_>, strict: bool, sink: &mut Sink<'_>) -> Option<SecretForm> {
    let fields = Fields::open(node, "a form of a secret", &FORM_FIELDS, sink)?;
    let literals = fields.required("literals", sink, |node, sink| {
        let literals = list(node, sink, literal)?;
        if literals.is_empty() {
            sink.report(node.span, "a form has at least one literal");
        }
        Some(literals)
    });
    let ignore_case = fields.optional("ignore_case", sink, truth);
    let text_only = fields.optional("text", sink, truth);
    let text = fields.required("pattern", sink, |node, sink| pattern(node, strict, sink));
    let then = fields.optional("then", sink, string);
    let only = fields.list("only", sink, glob);
    let entropy = fields.optional("entropy", sink, entropy);
    let near = fields.optional("near", sink, |node, sink| pattern(node, strict, sink));
    let near_bytes = fields.optional("near_bytes", sink, near_bytes);
    if let (Some(node), None) = (fields.node("near_bytes"), &near) {
        sink.report(
            node.span,
            "`near_bytes` says how far `near` looks, and there is none",
        );
    }
    Some(SecretForm {
        literals: literals?,
        ignore_case: ignore_case.unwrap_or(false),
        text: text_only.unwrap_or(false),
        then: then.unwrap_or_default(),
        only,
        pattern: text?,
        entropy: entropy.unwrap_or(0.0),
        near: near.unwrap_or_default(),
        near_bytes: near_bytes.unwrap_or(NEAR_DEFAULT),
    })
}

fn literal(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let literal = string(node, sink)?;
    if literal.len() < LITERAL_BYTES {
        let message = format!("`{literal}` has fewer than {LITERAL_BYTES} bytes");
        let help =
            "a short literal stands nearly everywhere, so that the search is slow".to_owned();
        sink.report_with(node.span, message, help);
    }
    Some(literal)
}

fn entropy(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<f64> {
    let entropy = number(node, sink)?;
    if !(0.0..=8.0).contains(&entropy) {
        sink.report(node.span, "entropy is 0 to 8 bits per character");
    }
    Some(entropy)
}

fn near_bytes(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<usize> {
    let bytes = int(node, sink)?;
    if !(1..=NEAR_BYTES).contains(&bytes) {
        sink.report(node.span, format!("`near_bytes` is 1 to {NEAR_BYTES}"));
    }
    usize::try_from(bytes).ok()
}

fn pattern(node: &Node<'_>, strict: bool, sink: &mut Sink<'_>) -> Option<String> {
    let text = string(node, sink)?;
    if strict && let Err(error) = RegexBuilder::new(&text).size_limit(REGEX_BYTES).build() {
        let words = error.to_string();
        let last = words.lines().last().unwrap_or_default();
        let why = last.trim_start_matches("error: ").to_owned();
        sink.report(node.span, format!("this is no regular expression: {why}"));
    }
    Some(text)
}

/// A shell pattern of paths.
fn glob(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let glob = word(node, sink)?;
    if glob.starts_with('/') {
        let help = format!("write {}", glob.trim_start_matches('/'));
        sink.report_with(node.span, "paths are without a leading slash", help);
    }
    Some(glob.to_owned())
}
