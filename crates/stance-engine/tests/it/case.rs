//! One case: an expression and what must come of it.

use serde::Deserialize;
use serde_json::Value;
use stance_engine::{Diagnostic, Document, Rule};
use stance_model::{Evidence, Outcome, Reason};

use crate::scene::Built;

/// A case as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// The expression.
    pub(crate) cel: String,
    /// The value: a bool as the outcome, anything else as evidence shows it (a list: each of its elements).
    is: Option<Value>,
    /// The kind of the reason for which it is unknown.
    unknown: Option<String>,
    /// What that reason is about; only for conditions.
    about: Option<String>,
    /// The first message of the compiler.
    error: Option<String>,
    /// The text that this message points at.
    at: Option<String>,
    /// Its help.
    help: Option<String>,
    /// The facts that decided it, `path = value`.
    because: Option<Vec<String>>,
}

type Checked = Result<(), String>;

impl Case {
    /// Runs the case.
    pub(crate) fn check(&self, scene: &Built) -> Checked {
        match (&self.error, scene.compile(&self.cel, "''")) {
            (Some(error), Err(found)) => self.check_error(error, &found),
            (Some(error), Ok(_)) => Err(format!("compiles; wanted the error: {error}")),
            (None, Ok(_)) if self.is.as_ref().is_some_and(|is| !is.is_boolean()) => {
                self.check_value(scene)
            }
            (None, Ok(rule)) => self.check_condition(&rule, scene),
            (None, Err(found)) if is_no_condition(&found) => self.check_value(scene),
            (None, Err(found)) => Err(format!("does not compile: {}", messages(&found))),
        }
    }

    fn check_error(&self, error: &str, found: &[Diagnostic]) -> Checked {
        let first = found.first().ok_or("fails without a message")?;
        same("error", &first.message, error)?;
        if let Some(at) = &self.at {
            let span = first.span.clone().ok_or("the error has no place")?;
            same(
                "place",
                self.cel.get(span).unwrap_or("outside the text"),
                at,
            )?;
        }
        match &self.help {
            Some(help) => same("help", first.help.as_deref().unwrap_or_default(), help),
            None => Ok(()),
        }
    }

    fn check_condition(&self, rule: &Rule, scene: &Built) -> Checked {
        let (outcome, evidence) = judged(rule, scene)?;
        match &outcome {
            Outcome::Unknown(reason) => self.check_reason(reason)?,
            Outcome::Pass | Outcome::Fail => {
                let wanted = self
                    .is
                    .as_ref()
                    .ok_or(format!("is {outcome:?}, not unknown"))?;
                same(
                    "value",
                    &(outcome == Outcome::Pass).to_string(),
                    &shown(wanted),
                )?;
            }
            Outcome::NotApplicable(_) => return Err("is not applicable".to_owned()),
        }
        match &self.because {
            Some(because) => same("facts", &facts(&evidence), &because.join("\n")),
            None => Ok(()),
        }
    }

    fn check_reason(&self, reason: &Reason) -> Checked {
        let wanted = self
            .unknown
            .as_ref()
            .ok_or(format!("is unknown: {reason}"))?;
        same("reason", reason.kind.wire(), wanted)?;
        match &self.about {
            Some(about) => same(
                "about",
                reason.message.as_deref().unwrap_or_default(),
                about,
            ),
            None => Ok(()),
        }
    }

    fn check_value(&self, scene: &Built) -> Checked {
        let rule = scene
            .compile("true", &self.cel)
            .map_err(|found| messages(&found))?;
        let (_, evidence) = judged(&rule, scene)?;
        let got = evidence
            .items
            .first()
            .map(|item| item.value.as_str())
            .unwrap_or_default();
        match (&self.is, &self.unknown) {
            (Some(wanted), _) => same("value", got, &shown(wanted)),
            (None, Some(kind)) => same("value", got, &format!("? {kind}")),
            (None, None) => Err(format!("wants nothing; the value is {got}")),
        }
    }
}

/// The outcome and the evidence; each is asked for twice and must be the same.
fn judged(rule: &Rule, scene: &Built) -> Result<(Outcome, Evidence), String> {
    let related = scene.index(rule);
    let context = scene.context(&related);
    let asset = Document::of(scene.asset());
    let once = || {
        (
            rule.evaluate(&asset, &context),
            rule.explain(&asset, &context),
        )
    };
    let first = once();
    if first == once() {
        Ok(first)
    } else {
        Err("two runs differ".to_owned())
    }
}

fn is_no_condition(found: &[Diagnostic]) -> bool {
    matches!(found, [only] if only.message.starts_with("must be bool, but is "))
}

fn messages(found: &[Diagnostic]) -> String {
    found
        .iter()
        .map(|d| d.message.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}

fn facts(evidence: &Evidence) -> String {
    let lines = evidence
        .facts
        .iter()
        .map(|fact| format!("{} = {}", fact.path, fact.value));
    lines.collect::<Vec<_>>().join("\n")
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn same(what: &str, got: &str, wanted: &str) -> Checked {
    if got == wanted {
        Ok(())
    } else {
        Err(format!("{what}: `{got}`, wanted `{wanted}`"))
    }
}
