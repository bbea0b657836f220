use stance_model::Lang;
use stance_report::Format;

use crate::scene::{report, written};

#[test]
fn the_rows() {
    insta::assert_snapshot!("csv_zh", written(&report(Lang::Zh), Format::Csv));
}

#[test]
fn every_row_has_every_column_and_no_cell_is_a_formula() {
    let text = written(&report(Lang::En), Format::Csv);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().len();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 6 + 2, "six results and two gaps");
    for row in rows {
        assert_eq!(row.len(), columns);
        assert!(
            !row.iter()
                .any(|cell| cell.starts_with(['=', '+', '-', '@'])),
            "{row:?}"
        );
    }
}

#[test]
fn a_row_is_a_line() {
    assert_eq!(
        written(&report(Lang::En), Format::Csv).lines().count(),
        1 + 6 + 2
    );
}
