//! What the engine finds in an expression is shown at its line and column, however the expression is written.

use crate::folder::{CHECK, Folder};

/// Writes the predicate of the small catalogue's check in another way, with a field that there is not, and looks
/// where the problem is put.
fn place(pass: &str) -> (usize, usize) {
    let folder = Folder::new();
    let text = folder.text(CHECK);
    let start = text.find("pass: >-").unwrap();
    let end = text.find("message:").unwrap();
    let rest = text.get(end..).unwrap();
    folder.write(
        CHECK,
        &format!("{}{pass}\n{rest}", text.get(..start).unwrap()),
    );
    let report = folder.lint();
    let found = report
        .problems
        .iter()
        .find(|problem| problem.message.contains("Engin"))
        .unwrap_or_else(|| panic!("{report}"));
    (found.line, found.column)
}

#[test]
fn plain_and_quoted() {
    let plain = place("pass: facts.list.Engine == params.open[0] || facts.list.Engin == 'x'");
    assert_eq!(plain.0, 25);
    let quoted = place("pass: 'facts.list.Engine == params.open[0] || facts.list.Engin == ''x'''");
    assert_eq!(quoted, (25, plain.1 + 1));
    let double = place("pass: \"facts.list.Engine == params.open[0] || facts.list.Engin == 'x'\"");
    assert_eq!(double, (25, plain.1 + 1));
}

#[test]
fn blocks() {
    for header in [">-", "|", ">", "|-", "| # why"] {
        let text = format!(
            "pass: {header}\n  facts.list.Engine == params.open[0]\n\n    || facts.list.Engine == 'y'\n    || facts.list.Engin == 'x'"
        );
        let found = place(&text);
        assert_eq!(found.0, 29, "{header}");
        assert!((8..=27).contains(&found.1), "{header} {found:?}");
    }
}

#[test]
fn other_parts() {
    let folder = Folder::new();
    folder.edit(
        CHECK,
        "when: facts.list.DBInstanceType",
        "when: facts.list.DBInstanceTyp",
    );
    folder.edit(CHECK, "a.DBInstanceIPArrayName)", "a.DBInstanceIPArrayNam)");
    let report = folder.lint();
    let lines: Vec<usize> = report.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [23, 32], "{report}");
}
