//! The checks as rules.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stance_model::view::{CheckView, Report};
use stance_model::{Lang, RiskLevel, Text};

use crate::prune::pruned;
use crate::text::web_address;

/// The most tags of a rule that code scanning takes.
const TAGS: usize = 20;

/// The checks of a report with their places in the list of rules.
pub(super) struct Rules<'a> {
    checks: &'a [CheckView],
    places: BTreeMap<&'a str, usize>,
}

impl<'a> Rules<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let places = report
            .checks
            .iter()
            .enumerate()
            .map(|(at, check)| (check.key.as_str(), at))
            .collect();
        Self {
            checks: &report.checks,
            places,
        }
    }

    /// The place of a check; none when the report does not describe it.
    pub(super) fn index(&self, check: &str) -> Option<usize> {
        self.places.get(check).copied()
    }

    pub(super) fn describe(&self, lang: Lang) -> Vec<Value> {
        self.checks
            .iter()
            .map(|check| pruned(rule(check, lang)))
            .collect()
    }
}

fn rule(check: &CheckView, lang: Lang) -> Value {
    let title = check.title.get(lang);
    let description = check.description.get(lang);
    json!({
        "id": check.key,
        "name": name(&check.key),
        "shortDescription": { "text": title },
        "fullDescription": { "text": if description.is_empty() { title } else { description } },
        "help": help(check, lang),
        "helpUri": web_address(check.help.get(lang)),
        "defaultConfiguration": { "level": level(check.risk_level) },
        "properties": {
            "tags": tags(check, lang),
            "precision": "very-high",
            "problem.severity": level(check.risk_level).replace("note", "recommendation"),
            "security-severity": severity(check.risk_level),
            "check_id": check.id,
            "asset_type": check.asset_type,
        },
    })
}

/// The key as one word, `AliRdsWhitelistOpen`.
fn name(key: &str) -> String {
    key.split(['.', '_', '-']).flat_map(capitalised).collect()
}

fn capitalised(word: &str) -> impl Iterator<Item = char> {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
}

fn help(check: &CheckView, lang: Lang) -> Value {
    let headings = Text::pick(lang, ["风险", "处理建议"], ["Risk", "Solution"]);
    let texts = [check.risk.get(lang), check.solution.get(lang)];
    let parts = || {
        headings
            .iter()
            .zip(texts)
            .filter(|(_, text)| !text.is_empty())
    };
    let text: Vec<String> = parts()
        .map(|(heading, text)| format!("{heading}: {text}"))
        .collect();
    let mut markdown: Vec<String> = parts()
        .map(|(heading, text)| format!("## {heading}\n\n{text}"))
        .collect();
    markdown.extend(web_address(check.help.get(lang)).map(|address| format!("<{address}>")));
    if text.is_empty() {
        return json!({ "text": check.title.get(lang) });
    }
    json!({ "text": text.join("\n\n"), "markdown": markdown.join("\n\n") })
}

fn tags(check: &CheckView, lang: Lang) -> Vec<String> {
    let service = check
        .asset_type
        .as_str()
        .split('/')
        .nth(1)
        .unwrap_or_default();
    let mut tags = vec![
        "security".to_owned(),
        "misconfiguration".to_owned(),
        check.provider.to_string(),
        service.to_owned(),
    ];
    for policy in &check.policies {
        let tag = policy.standard.get(lang).to_owned();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.truncate(TAGS);
    tags
}

/// The level of a failure.
pub(super) fn level(risk: RiskLevel) -> &'static str {
    match risk {
        RiskLevel::High => "error",
        RiskLevel::Medium => "warning",
        RiskLevel::Low => "note",
    }
}

/// What code scanning shows as high, medium and low.
fn severity(risk: RiskLevel) -> &'static str {
    match risk {
        RiskLevel::High => "8.0",
        RiskLevel::Medium => "5.5",
        RiskLevel::Low => "3.0",
    }
}
