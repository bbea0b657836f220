//! Order, ends and limits of a file.

use stance_collect::snapshot::{self, Completeness, Limits, Line, Reader, SnapshotError};

use crate::support::{CORPUS, Folder, broken, read, read_content, truncation};

#[test]
fn a_file_with_its_end_record_is_complete() {
    let read = read_content(CORPUS).unwrap();
    assert_eq!(read.completeness, Completeness::Complete);
    assert_eq!(read.lines.len(), 7);
    assert!(matches!(&read.lines[0], Line::Header(h) if h.format == 1));
    assert!(matches!(&read.lines[1], Line::Account(a) if a.name == "shop-prod"));
    assert!(matches!(&read.lines[6], Line::End(e) if e.assets == 2));
}

#[test]
fn empty_lines_and_carriage_returns_are_skipped() {
    let content = CORPUS.replace('\n', "\r\n\r\n  \n");
    assert_eq!(
        read_content(content).unwrap().completeness,
        Completeness::Complete
    );
}

#[test]
fn the_header_may_be_missing() {
    let content = CORPUS.split_once('\n').unwrap().1;
    assert_eq!(
        read_content(content).unwrap().completeness,
        Completeness::Complete
    );
}

#[test]
fn a_file_without_end_record_is_truncated() {
    let content = CORPUS.split_once("{\"end\"").unwrap().0;
    assert!(truncation(content).ends_with("it has no end record"));
    assert!(truncation("").ends_with("it has no end record"));
}

#[test]
fn an_end_record_with_other_counts_is_an_early_end() {
    let content = CORPUS.replace("\"assets\":2", "\"assets\":3");
    assert!(
        truncation(content)
            .contains("counts 3 assets and 2 coverage records, the file has 2 and 2")
    );
}

#[test]
fn a_file_cut_anywhere_is_never_complete_and_never_broken() {
    let whole = CORPUS.trim_end().as_bytes();
    for end in 0..whole.len() {
        let read = read_content(&whole[..end]).unwrap();
        assert!(
            matches!(read.completeness, Completeness::Truncated(_)),
            "cut at {end}"
        );
    }
}

#[test]
fn a_cut_line_is_named() {
    assert!(
        truncation(CORPUS.trim_end().trim_end_matches('}')).ends_with("it is cut off after line 6")
    );
}

#[test]
fn an_unfinished_line_with_a_line_end_is_broken() {
    let problems = broken("{\"end\":{\"assets\":0\n");
    assert_eq!(problems[0].line, 1);
}

#[test]
fn a_reader_that_was_not_read_to_the_end_is_not_complete() {
    let folder = Folder::new();
    let mut reader = Reader::open(&folder.file("a.jsonl", CORPUS), Limits::default()).unwrap();
    reader.next_batch(7).unwrap();
    assert!(matches!(reader.finish(), Completeness::Truncated(_)));
}

#[test]
fn nothing_may_follow_the_end_record() {
    let problems = broken(format!("{CORPUS}{CORPUS}"));
    assert_eq!(problems.len(), 7);
    assert_eq!(
        problems[0].to_string(),
        "line 8: nothing may follow the end record"
    );
}

#[test]
fn the_header_comes_first_and_once() {
    let (header, rest) = CORPUS.split_once('\n').unwrap();
    let problems = broken(format!("{header}\n{header}\n{rest}"));
    assert_eq!(
        problems[0].to_string(),
        "line 2: the header must be the first record"
    );
}

#[test]
fn every_broken_line_is_reported_up_to_a_hundred() {
    let content = format!("{}{CORPUS}", "nonsense\n".repeat(150));
    let Err(SnapshotError::Broken { problems, more, .. }) = read_content(content) else {
        panic!()
    };
    assert_eq!((problems.len(), more), (100, 51));
    assert_eq!(problems[99].line, 100);
}

#[test]
fn the_error_names_the_file_and_the_first_lines() {
    let folder = Folder::new();
    let path = folder.file("x.jsonl", "a\nb\nc\nd\ne\nf\n");
    let error = read(&path, Limits::default()).unwrap_err().to_string();
    assert!(
        error.contains("x.jsonl` is refused: line 1: not a record"),
        "{error}"
    );
    assert!(error.ends_with("; and 1 more"), "{error}");
}

#[test]
fn a_line_that_is_too_long_is_broken_and_the_next_is_read() {
    let folder = Folder::new();
    let long = format!(
        "{{\"asset\":{{\"id\":\"{}\"}}}}\n{CORPUS}",
        "x".repeat(5_000)
    );
    let path = folder.file("long.jsonl", long);
    let limits = Limits {
        line_bytes: 2_000,
        ..Limits::default()
    };
    let Err(SnapshotError::Broken { problems, .. }) = read(&path, limits) else {
        panic!()
    };
    assert_eq!(
        problems[0].to_string(),
        "line 1: longer than 2000 bytes, which is the limit"
    );
}

#[test]
fn too_many_lines_and_bytes_are_refused() {
    let folder = Folder::new();
    let path = folder.file("many.jsonl", CORPUS);
    let few = Limits {
        lines: 6,
        ..Limits::default()
    };
    assert!(matches!(
        read(&path, few),
        Err(SnapshotError::TooLarge {
            limit: 6,
            unit: "lines",
            ..
        })
    ));
    let small = Limits {
        total_bytes: CORPUS.len() as u64 - 1,
        ..Limits::default()
    };
    assert!(matches!(
        read(&path, small),
        Err(SnapshotError::TooLarge { .. })
    ));
    let enough = Limits {
        total_bytes: CORPUS.len() as u64,
        lines: 7,
        ..Limits::default()
    };
    assert_eq!(
        read(&path, enough).unwrap().completeness,
        Completeness::Complete
    );
}

#[test]
fn a_batch_holds_few_bytes_however_many_lines_are_asked() {
    let folder = Folder::new();
    let path = folder.file("a.jsonl", CORPUS);
    let limits = Limits {
        batch_bytes: 100,
        ..Limits::default()
    };
    let mut reader = Reader::open(&path, limits).unwrap();
    assert_eq!(reader.next_batch(1_000).unwrap().unwrap().len(), 2);
}

#[test]
fn a_folder_stands_for_its_snapshots_in_order() {
    let folder = Folder::new();
    for name in [
        "b.jsonl",
        "a.jsonl.zst",
        "notes.txt",
        ".snapshot-x.jsonl",
        "c.json",
    ] {
        folder.file(name, "");
    }
    std::fs::create_dir(folder.path().join("d.jsonl")).unwrap();
    let files = snapshot::files(folder.path()).unwrap();
    assert_eq!(
        files,
        [
            folder.path().join("a.jsonl.zst"),
            folder.path().join("b.jsonl")
        ]
    );
}

#[test]
fn a_folder_without_snapshots_and_a_missing_path_are_errors() {
    let folder = Folder::new();
    assert!(matches!(
        snapshot::files(folder.path()),
        Err(SnapshotError::NoFiles { .. })
    ));
    let error = snapshot::files(&folder.path().join("gone")).unwrap_err();
    assert!(error.to_string().starts_with("cannot open `"), "{error}");
}
