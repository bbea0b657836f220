//! JUnit XML: a suite a check, a case an asset, for build servers.
//!
//! A failure is a `failure`; what could not be checked is an `error`, since a build must not take it for a pass;
//! what does not apply or is excepted is `skipped`, with its reason. What could not be read is a suite of its own.

use std::io::Write;

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};
use stance_model::view::{Report, ResultView};
use stance_model::{Coverage, Lang};

use crate::error::ReportError;
use crate::group::{Group, by_check};
use crate::text::{self, plain};
use crate::verdict::Verdict;
use crate::{coverage, json};

/// Writes the report as JUnit XML.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut document = Document::new("stance");
    if let Some(suite) = gaps(report) {
        document.add_test_suite(suite);
    }
    document.add_test_suites(
        by_check(&report.results)
            .iter()
            .map(|group| suite(group, report.lang)),
    );
    let xml = document
        .to_string()
        .map_err(|e| ReportError::Write(std::io::Error::other(e)))?;
    out.write_all(xml.as_bytes())?;
    Ok(())
}

fn suite(group: &Group<'_>, lang: Lang) -> TestSuite {
    let check = group.first;
    let mut suite = TestSuite::new(plain(&check.check));
    suite.add_property(("title", plain(check.title.get(lang)).as_str()));
    suite.add_property(("check_id", check.check_id.to_string().as_str()));
    suite.add_property(("risk_level", check.risk_level.key()));
    suite.add_test_cases(group.results.iter().map(|result| case(result, lang)));
    suite
}

fn case(result: &ResultView, lang: Lang) -> TestCase {
    let name = format!("{}/{}/{}", result.account, result.region, result.asset_id);
    let mut case = TestCase::new(plain(&name), status(result, lang));
    case.set_classname(result.asset_type.as_str().replace('/', "."));
    if let Some(file) = &result.file {
        case.extra.insert("file".into(), plain(file).into());
    }
    if let Some(line) = result.line {
        case.extra.insert("line".into(), line.to_string().into());
    }
    case
}

fn status(result: &ResultView, lang: Lang) -> TestCaseStatus {
    let verdict = Verdict::of(result);
    let (mut status, kind) = match verdict {
        Verdict::Pass => return TestCaseStatus::success(),
        Verdict::Fail => (
            TestCaseStatus::non_success(NonSuccessKind::Failure),
            result.risk_level.key(),
        ),
        Verdict::Unknown => (
            TestCaseStatus::non_success(NonSuccessKind::Error),
            kind(result),
        ),
        Verdict::Excepted | Verdict::NotApplicable => (TestCaseStatus::skipped(), verdict.key()),
    };
    status
        .set_type(kind)
        .set_message(plain(&text::sentence(result, lang)));
    if verdict == Verdict::Fail {
        status.set_description(plain(result.solution.get(lang)));
    }
    status
}

/// The kind of reason for which a result is unknown.
fn kind(result: &ResultView) -> &'static str {
    result.reason.as_ref().map_or("unknown", json::reason_kind)
}

/// The suite of what could not be read.
fn gaps(report: &Report) -> Option<TestSuite> {
    let mut suite = TestSuite::new("coverage");
    for gap in coverage::gaps(report) {
        suite.add_test_case(gap_case(
            gap,
            TestCaseStatus::non_success(NonSuccessKind::Error),
            report.lang,
        ));
    }
    for absence in coverage::absences(report) {
        suite.add_test_case(gap_case(absence, TestCaseStatus::skipped(), report.lang));
    }
    (!suite.test_cases.is_empty()).then_some(suite)
}

fn gap_case(record: &Coverage, mut status: TestCaseStatus, lang: Lang) -> TestCase {
    status
        .set_type(record.status.key())
        .set_message(coverage::sentence(record, lang));
    let mut case = TestCase::new(
        plain(&format!("{}/{}", record.account, record.region)),
        status,
    );
    case.set_classname(record.asset_type.as_str().replace('/', "."));
    case
}
