//! Expressions of a check: compiled by the engine, its words put at their place in the file.

use std::borrow::Cow;
use std::ops::Range;

use stance_engine::{Diagnostic, Part, Rule, RuleSource, Types};
use stance_model::view::EvidenceColumn;
use stance_model::{AssetType, FINDINGS, Text};

use crate::check::engine_params;
use crate::parameter::Parameter;
use crate::yaml::{Node, Span, Value, source_span};

use super::evidence::{EvidenceEntry, check_message, read_evidence};
use super::fields::Fields;
use super::scalar::word;
use super::sink::Sink;
use super::text::prose;

/// How many bytes an expression may have; the longest of the catalogue has a tenth of it.
const MAX_EXPRESSION_BYTES: usize = 16 * 1024;

/// An expression and the node it is written in.
#[derive(Debug, Clone)]
pub(crate) struct Expression<'n, 't> {
    node: &'n Node<'t>,
    /// Owned: it follows from what the node holds.
    text: Cow<'n, str>,
}

impl<'n, 't> Expression<'n, 't> {
    /// Reads an expression.
    pub(crate) fn read(node: &'n Node<'t>, sink: &mut Sink<'_>) -> Option<Self> {
        // `pass: true` is an expression too.
        if let Value::Bool(value) = node.value {
            return Some(Self {
                node,
                text: Cow::Borrowed(if value { "true" } else { "false" }),
            });
        }
        let text = word(node, sink)?;
        if text.len() > MAX_EXPRESSION_BYTES {
            sink.report(
                node.span,
                format!("the expression has more than {MAX_EXPRESSION_BYTES} bytes"),
            );
            return None;
        }
        let text = Cow::Borrowed(text);
        Some(Self { node, text })
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        self.text.clone().into_owned()
    }

    /// Whether it reads `params.<name>`.
    pub(crate) fn uses_param(&self, name: &str) -> bool {
        self.text.match_indices("params.").any(|(at, found)| {
            let rest = self.text.get(at + found.len()..).unwrap_or_default();
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            rest.get(..end) == Some(name)
        })
    }

    fn place(&self, part: Option<&Range<usize>>, sink: &Sink<'_>) -> Span {
        let written = part.filter(|_| matches!(self.text, Cow::Borrowed(_)));
        written.map_or(self.node.span, |part| {
            source_span(&sink.source().text, self.node, part)
        })
    }
}

/// The expressions that follow from the `secret` of an item.
pub(crate) struct Derived<'n, 't> {
    node: &'n Node<'t>,
    pass: String,
    findings: String,
}

impl<'n, 't> Derived<'n, 't> {
    /// Those of the item with this key. It fails when such a secret was found, wherever; it passes only when the whole
    /// image was looked at.
    pub(crate) fn of(node: &'n Node<'t>, key: &str) -> Self {
        let found = format!("facts.secrets.findings.exists(f, f.rule == '{key}')");
        let list = format!("facts.secrets.findings.filter(f, f.rule == '{key}').map(f, f.at)");
        Self {
            node,
            pass: format!("!{found} && facts.secrets.whole"),
            findings: list,
        }
    }

    fn expressions(self) -> Expressions<'n, 't> {
        let expression = |text| Expression {
            node: self.node,
            text: Cow::Owned(text),
        };
        let title = Text {
            zh: "位置".to_owned(),
            en: "Places".to_owned(),
        };
        let column = EvidenceColumn {
            name: FINDINGS.to_owned(),
            title,
        };
        Expressions {
            pass: Some(expression(self.pass)),
            not_applicable: Vec::new(),
            evidence: vec![EvidenceEntry {
                column,
                value: expression(self.findings),
            }],
        }
    }
}

/// Reports an item whose first evidence is no list of places.
pub(crate) fn check_places(fields: &Fields<'_, '_>, rule: &ReadRule, sink: &mut Sink<'_>) {
    let is_named = rule.evidence.first().is_some_and(|e| e.name == FINDINGS);
    if is_named && rule.rule.lists_places(0) {
        return;
    }
    let node = fields.node("evidence");
    let node = node.or_else(|| fields.node("secret"));
    let at = node.map_or(fields.span(), |node| match &node.value {
        Value::List(items) => items.first().map_or(node.span, |item| item.span),
        _ => node.span,
    });
    let message = "the first evidence of an item is `Findings`, a list of places";
    let help =
        "such as facts.sshd.options.filter(o, …).map(o, o.at); a place has `path` and `visible`"
            .to_owned();
    sink.report_with(at, message, help);
}

/// What a check file says of its rule, compiled.
pub(crate) struct ReadRule {
    pub(crate) message: Option<Text>,
    pub(crate) evidence: Vec<EvidenceColumn>,
    pub(crate) source: RuleSource,
    pub(crate) rule: Rule,
}

/// The expressions of a check.
struct Expressions<'n, 't> {
    pass: Option<Expression<'n, 't>>,
    not_applicable: Vec<(Expression<'n, 't>, Text)>,
    evidence: Vec<EvidenceEntry<'n, 't>>,
}

/// Reads the expressions of a check and what names them, and compiles them.
pub(crate) fn read_rule(
    fields: &Fields<'_, '_>,
    derived: Option<Derived<'_, '_>>,
    asset_type: Option<&AssetType>,
    parameters: &[Parameter],
    types: &Types,
    sink: &mut Sink<'_>,
) -> Option<ReadRule> {
    let before = sink.count();
    let expressions = match derived {
        Some(derived) => {
            for field in ["pass", "not_applicable", "evidence", "parameters"] {
                if let Some(node) = fields.node(field) {
                    sink.report(node.span, format!("`{field}` follows from `secret`"));
                }
            }
            derived.expressions()
        }
        None => Expressions::read(fields, sink),
    };
    let complete = sink.count() == before;
    let message = fields.optional("message", sink, |node, sink| {
        let text = prose(node, sink)?;
        let names: Vec<&str> = expressions
            .evidence
            .iter()
            .map(|entry| entry.column.name.as_str())
            .collect();
        check_message(node, &text, &names, sink);
        Some(text)
    });
    // Compiled only when whole, so that the engine's numbers of the parts are those of the file.
    if !complete {
        return None;
    }
    expressions.check_params(fields, parameters, sink);
    let source = expressions.source(asset_type?.clone(), parameters)?;
    let rule = expressions.compile(&source, types, sink)?;
    let evidence = expressions
        .evidence
        .into_iter()
        .map(|entry| entry.column)
        .collect();
    Some(ReadRule {
        message,
        evidence,
        source,
        rule,
    })
}

impl<'n, 't> Expressions<'n, 't> {
    fn read(fields: &Fields<'n, 't>, sink: &mut Sink<'_>) -> Self {
        let pass = fields.required("pass", sink, Expression::read);
        let not_applicable = fields.list("not_applicable", sink, |node, sink| {
            let fields = Fields::open(node, "a not_applicable rule", &["when", "reason"], sink)?;
            let when = fields.required("when", sink, Expression::read);
            let reason = fields.required("reason", sink, prose);
            Some((when?, reason?))
        });
        let evidence = fields
            .optional("evidence", sink, read_evidence)
            .unwrap_or_default();
        Self {
            pass,
            not_applicable,
            evidence,
        }
    }

    fn all(&self) -> impl Iterator<Item = &Expression<'n, 't>> {
        let when = self.not_applicable.iter().map(|(when, _)| when);
        self.pass
            .iter()
            .chain(when)
            .chain(self.evidence.iter().map(|entry| &entry.value))
    }

    fn get(&self, part: &Part) -> Option<&Expression<'n, 't>> {
        match part {
            Part::Pass => self.pass.as_ref(),
            Part::NotApplicable(index) => self.not_applicable.get(*index).map(|(when, _)| when),
            Part::Evidence(index) => self.evidence.get(*index).map(|entry| &entry.value),
        }
    }

    /// A parameter that nothing reads would promise a choice that is none.
    fn check_params(&self, fields: &Fields<'_, '_>, parameters: &[Parameter], sink: &mut Sink<'_>) {
        for parameter in parameters {
            if !self
                .all()
                .any(|expression| expression.uses_param(&parameter.name))
            {
                let at = fields
                    .node("parameters")
                    .map_or(fields.span(), |node| node.key_span(&parameter.name));
                sink.report(
                    at,
                    format!("no expression reads the parameter `{}`", parameter.name),
                );
            }
        }
    }

    fn source(&self, asset_type: AssetType, parameters: &[Parameter]) -> Option<RuleSource> {
        Some(RuleSource {
            asset_type,
            not_applicable: self
                .not_applicable
                .iter()
                .map(|(when, reason)| (when.text(), reason.clone()))
                .collect(),
            pass: self.pass.as_ref()?.text(),
            evidence: self
                .evidence
                .iter()
                .map(|entry| (entry.column.name.clone(), entry.value.text()))
                .collect(),
            params: engine_params(parameters).ok()?,
        })
    }

    fn compile(&self, source: &RuleSource, types: &Types, sink: &mut Sink<'_>) -> Option<Rule> {
        match Rule::compile(source, types) {
            Ok(rule) => Some(rule),
            Err(found) => {
                found
                    .into_iter()
                    .for_each(|diagnostic| self.report(diagnostic, sink));
                None
            }
        }
    }

    fn report(&self, found: Diagnostic, sink: &mut Sink<'_>) {
        let expression = self.get(&found.part);
        let span = expression.map_or(Span::default(), |e| e.place(found.span.as_ref(), sink));
        sink.report_with(span, found.message, found.help);
    }
}
