use stance_model::Lang;
use stance_report::Format;

use crate::scene::{empty, report, written};

#[test]
fn the_suites() {
    insta::assert_snapshot!("junit_en", written(&report(Lang::En), Format::Junit));
}

#[test]
fn what_could_not_be_checked_is_an_error_and_what_does_not_apply_is_skipped() {
    let xml = written(&report(Lang::En), Format::Junit);
    assert!(
        xml.contains(
            "<testsuites name=\"stance\" tests=\"9\" skipped=\"3\" failures=\"2\" errors=\"3\""
        ),
        "{xml}"
    );
    assert_eq!(
        xml.matches("<skipped").count(),
        3,
        "an exception, an inapplicable check, an absent product"
    );
}

#[test]
fn markup_stays_text() {
    let xml = written(&report(Lang::En), Format::Junit);
    assert!(
        !xml.contains("<script>") && !xml.contains('\u{1b}') && !xml.contains("]]>"),
        "{xml}"
    );
}

#[test]
fn a_report_of_nothing_has_no_suite() {
    assert!(!written(&empty(), Format::Junit).contains("<testsuite "));
}
