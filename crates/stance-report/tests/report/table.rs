use stance_model::{CheckStatus, Lang};
use stance_report::{Format, Options};

use crate::scene::{HOSTILE, empty, report, written, written_with};

#[test]
fn the_table_in_english_and_chinese() {
    let options = Options {
        width: Some(110),
        ..Options::default()
    };
    insta::assert_snapshot!(
        "table_en",
        written_with(&report(Lang::En), Format::Table, &options)
    );
    insta::assert_snapshot!(
        "table_zh",
        written_with(&report(Lang::Zh), Format::Table, &options)
    );
}

#[test]
fn nothing_reaches_the_terminal_but_text() {
    let text = written(&report(Lang::En), Format::Table);
    let acted_on = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!text.contains(acted_on), "{text:?}");
    assert!(text.contains("\\u{1b}[31m"), "{text}");
    assert!(HOSTILE.contains('\u{1b}'));
}

#[test]
fn colours_are_used_only_when_asked_for() {
    let options = Options {
        colour: true,
        ..Options::default()
    };
    assert!(written_with(&report(Lang::En), Format::Table, &options).contains("\u{1b}[1m"));
    assert!(!written(&report(Lang::En), Format::Table).contains('\u{1b}'));
}

#[test]
fn the_limit_says_how_many_are_left() {
    let options = Options {
        limit: Some(1),
        ..Options::default()
    };
    let text = written_with(&report(Lang::En), Format::Table, &options);
    assert!(text.contains("rm-bp1orders") && !text.contains("rm-denied"));
    assert!(text.ends_with("and 3 more\n"), "{text}");
}

#[test]
fn passes_are_listed_only_when_there_is_nothing_else() {
    let mut report = report(Lang::En);
    assert!(!written(&report, Format::Table).contains("rm-good"));
    report.results.retain(|r| r.status == CheckStatus::Pass);
    assert!(written(&report, Format::Table).contains("rm-good"));
}

#[test]
fn a_report_of_nothing_is_a_summary() {
    assert_eq!(written(&empty(), Format::Table).lines().count(), 3);
}
