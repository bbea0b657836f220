//! CSV: a row a result, for spreadsheets.
//!
//! A row whose check is `coverage` tells of something that could not be read wholly; its status is NOT_CHECK.
//! Every cell is one line, and none can be taken for a formula.

use std::io::Write;

use stance_model::view::{Report, ResultView};
use stance_model::{CheckStatus, Coverage, Lang};

use crate::error::ReportError;
use crate::text::{self, plain};

const COLUMNS: [&str; 19] = [
    "check",
    "check_id",
    "risk_level",
    "status",
    "provider",
    "account",
    "account_name",
    "region",
    "asset_type",
    "asset_id",
    "asset_name",
    "title",
    "reason",
    "evidence",
    "solution",
    "first_time",
    "last_time",
    "file",
    "line",
];

/// Writes the report as CSV, in UTF-8.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS)?;
    for result in &report.results {
        csv.write_record(self::result(result, report.lang))?;
    }
    for gap in crate::coverage::gaps(report) {
        csv.write_record(coverage(gap, report.lang))?;
    }
    csv.flush()?;
    Ok(())
}

fn result(result: &ResultView, lang: Lang) -> [String; COLUMNS.len()] {
    [
        cell(&result.check),
        result.check_id.to_string(),
        result.risk_level.to_string(),
        result.status.to_string(),
        result.provider.to_string(),
        cell(&result.account),
        cell(&result.account_name),
        cell(&result.region),
        result.asset_type.to_string(),
        cell(&result.asset_id),
        cell(&result.asset_name),
        cell(result.title.get(lang)),
        cell(
            &result
                .reason
                .as_ref()
                .map(|r| r.show(lang))
                .unwrap_or_default(),
        ),
        cell(&text::evidence(&result.evidence, lang)),
        cell(result.solution.get(lang)),
        text::time(result.first_ms),
        text::time(result.last_ms),
        cell(result.file.as_deref().unwrap_or_default()),
        result.line.map(|l| l.to_string()).unwrap_or_default(),
    ]
}

fn coverage(coverage: &Coverage, lang: Lang) -> [String; COLUMNS.len()] {
    let mut row = [const { String::new() }; COLUMNS.len()];
    let reason = crate::coverage::sentence(coverage, lang);
    for (name, value) in [
        ("check", "coverage"),
        ("status", CheckStatus::NotCheck.wire()),
        ("provider", coverage.provider.key()),
        ("account", &coverage.account),
        ("region", &coverage.region),
        ("asset_type", coverage.asset_type.as_str()),
        ("reason", &reason),
    ] {
        let column = COLUMNS
            .iter()
            .position(|c| *c == name)
            .and_then(|at| row.get_mut(at));
        if let Some(column) = column {
            *column = cell(value);
        }
    }
    row
}

/// A text as a cell. Spreadsheets take some first characters, and their full-width forms, for a formula; an
/// apostrophe before it makes it text again.
fn cell(value: &str) -> String {
    const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let value = plain(value);
    if value.trim_start().starts_with(FORMULA) {
        format!("'{value}")
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in [
            "=cmd()", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1",
        ] {
            assert!(cell(formula).starts_with('\''), "{formula}");
        }
        assert_eq!(cell("a=b"), "a=b");
    }
}
