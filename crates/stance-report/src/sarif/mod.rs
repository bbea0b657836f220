//! SARIF 2.1.0, for code scanning and editors.
//!
//! Results are what asks for attention: failures (`fail`), what could not be checked (`open`), what is excepted
//! (`fail`, suppressed) and what does not apply (`notApplicable`). Passes are left out, since viewers show every
//! result as a problem; their number is in the run's properties. An asset that a file declares has a physical
//! location there, every asset a logical one. What could not be read is a notification of the invocation.
//!
//! Code scanning takes 25,000 results a run; more make further runs, each with its own identity.

mod result;
mod rules;

use std::io::Write;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use stance_model::view::{Report, ResultView};
use stance_model::{Coverage, CoverageStatus, Lang, Text};

use crate::coverage;
use crate::error::ReportError;
use crate::prune::pruned;
use crate::seq::Seq;
use crate::text::plain;
use crate::verdict::Verdict;
use rules::Rules;

/// The most results of a run.
const RESULTS: usize = 25_000;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: R,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<R> {
    tool: Value,
    automation_details: Value,
    invocations: [Value; 1],
    language: &'static str,
    column_kind: &'static str,
    properties: Value,
    results: R,
}

/// The results of a run, written when the log is.
struct Part<'a> {
    number: usize,
    results: &'a [&'a ResultView],
    report: &'a Report,
    rules: &'a Rules<'a>,
}

/// Writes the report as SARIF.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let rules = &Rules::of(report);
    let results: Vec<&ResultView> = report
        .results
        .iter()
        .filter(|r| Verdict::of(r) != Verdict::Pass)
        .collect();
    let part = |(number, results)| Part {
        number,
        results,
        report,
        rules,
    };
    let mut runs: Vec<Part<'_>> = results.chunks(RESULTS).enumerate().map(part).collect();
    if runs.is_empty() {
        runs.push(part((0, &[])));
    }
    serde_json::to_writer(
        &mut *out,
        &Log {
            schema: SCHEMA,
            version: "2.1.0",
            runs,
        },
    )?;
    out.write_all(b"\n")?;
    Ok(())
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lang = self.report.lang;
        let run = Run {
            tool: json!({ "driver": driver(self.rules, lang) }),
            automation_details: json!({ "id": identity(self.number) }),
            invocations: [invocation(self.report)],
            language: Text::pick(lang, "zh-CN", "en-US"),
            column_kind: "unicodeCodePoints",
            properties: json!({ "source": self.report.source, "summary": self.report.summary }),
            results: Seq {
                items: self.results,
                map: |r: &&ResultView| result::result(r, self.rules, lang),
            },
        };
        run.serialize(serializer)
    }
}

/// The identity of a run among those of its file: code scanning takes one of each.
fn identity(number: usize) -> String {
    if number == 0 {
        "stance/".to_owned()
    } else {
        format!("stance-{}/", number + 1)
    }
}

fn driver(rules: &Rules<'_>, lang: Lang) -> Value {
    json!({
        "name": "Stance",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.describe(lang),
        "notifications": [{
            "id": "coverage",
            "shortDescription": {
                "text": Text::pick(lang, "资产未能完整读取", "Assets could not be read completely"),
            },
        }],
    })
}

fn invocation(report: &Report) -> Value {
    let gaps = coverage::gaps(report).chain(coverage::absences(report));
    let mut invocation = json!({
        // The run itself succeeded; what it could not read is told below.
        "executionSuccessful": true,
        "toolConfigurationNotifications": gaps.map(|c| notification(c, report.lang)).collect::<Vec<_>>(),
    });
    if let (Ok(at), Some(invocation)) = (
        report.at.parse::<jiff::Timestamp>(),
        invocation.as_object_mut(),
    ) {
        invocation.insert("endTimeUtc".to_owned(), json!(at.to_string()));
    }
    pruned(invocation)
}

fn notification(record: &Coverage, lang: Lang) -> Value {
    let level = match record.status {
        CoverageStatus::Failed => "error",
        CoverageStatus::Partial => "warning",
        CoverageStatus::NotActivated | CoverageStatus::NotOffered | CoverageStatus::Ok => "note",
    };
    json!({
        "descriptor": { "id": "coverage", "index": 0 },
        "level": level,
        "message": message(&coverage::sentence(record, lang)),
    })
}

/// A message in which nothing is a link: viewers make one of `[words](address)`.
fn message(text: &str) -> Value {
    json!({ "text": plain(text).replace("](", "] (") })
}
