//! Compressed files: whole, cut, damaged, and made to hurt.

use std::io::{self, Read as _, Write as _};

use stance_collect::snapshot::{Completeness, Limits, SnapshotError};

use crate::support::{CORPUS, Folder, broken, read, read_content, zstd};

#[test]
fn the_content_decides_and_not_the_name() {
    let folder = Folder::new();
    for (name, content) in [("a.jsonl", zstd(CORPUS)), ("b.jsonl.zst", CORPUS.into())] {
        let read = read(&folder.file(name, content), Limits::default()).unwrap();
        assert_eq!(read.completeness, Completeness::Complete, "{name}");
    }
}

#[test]
fn several_frames_and_frames_to_skip_are_one_file() {
    let (first, second) = CORPUS.split_at(300);
    let skipped = [0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9];
    let content = [&skipped[..], &zstd(first), &zstd(second)].concat();
    let read = read_content(content).unwrap();
    assert_eq!(
        (read.lines.len(), read.completeness),
        (7, Completeness::Complete)
    );
}

#[test]
fn a_cut_file_is_truncated_wherever_it_is_cut() {
    let content = zstd(CORPUS);
    for end in 4..content.len() {
        let read = read_content(&content[..end]).unwrap();
        assert!(
            matches!(read.completeness, Completeness::Truncated(_)),
            "cut at {end}"
        );
    }
}

#[test]
fn a_damaged_file_is_never_taken_for_another_whole_one() {
    let content = zstd(CORPUS);
    let whole = format!("{:?}", read_content(CORPUS).unwrap().lines);
    for at in 0..content.len() {
        let mut damaged = content.clone();
        damaged[at] ^= 0x10;
        match read_content(damaged) {
            Ok(read) if read.completeness == Completeness::Complete => {
                assert_eq!(format!("{:?}", read.lines), whole, "byte {at}");
            }
            Ok(_) | Err(SnapshotError::Io { .. } | SnapshotError::Broken { .. }) => {}
            Err(other) => panic!("byte {at}: {other}"),
        }
    }
}

#[test]
fn bytes_after_the_last_frame_are_an_error() {
    let content = [zstd(CORPUS), b"rest of something".to_vec()].concat();
    assert!(matches!(
        read_content(content),
        Err(SnapshotError::Io { action: "read", .. })
    ));
}

#[test]
fn a_window_beyond_the_limit_is_refused() {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(28).unwrap();
    for _ in 0..40 {
        encoder.write_all(CORPUS.as_bytes()).unwrap();
        encoder.flush().unwrap();
    }
    let content = encoder.finish().unwrap();
    assert!(matches!(
        read_content(content),
        Err(SnapshotError::Io { action: "read", .. })
    ));
}

#[test]
fn a_bomb_of_one_line_is_one_broken_line() {
    let content = bomb(b'x', 512 << 20);
    assert!(content.len() < 64 << 10);
    let before = peak_kib();
    assert_eq!(
        broken(content)[0].to_string(),
        "line 1: longer than 16777216 bytes, which is the limit"
    );
    assert!(
        peak_kib() - before < 48 << 10,
        "{} KiB more",
        peak_kib() - before
    );
}

#[test]
fn a_bomb_of_lines_ends_at_the_limit() {
    let folder = Folder::new();
    let path = folder.file("bomb.jsonl.zst", bomb(b'\n', 64 << 20));
    let lines = Limits {
        lines: 1_000_000,
        ..Limits::default()
    };
    assert!(matches!(
        read(&path, lines),
        Err(SnapshotError::TooLarge { unit: "lines", .. })
    ));
    let bytes = Limits {
        total_bytes: 1 << 20,
        ..Limits::default()
    };
    assert!(matches!(
        read(&path, bytes),
        Err(SnapshotError::TooLarge { .. })
    ));
}

/// So many of one byte, compressed.
fn bomb(byte: u8, size: u64) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    io::copy(&mut io::repeat(byte).take(size), &mut encoder).unwrap();
    encoder.finish().unwrap()
}

/// The most memory this process has had resident.
fn peak_kib() -> u64 {
    let status = stance_model::bounded::read_text("/proc/self/status".as_ref(), 1 << 20).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
