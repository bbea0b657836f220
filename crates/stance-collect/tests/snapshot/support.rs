//! The scene: a folder, files in it, and the driver that every user of the reader is.

use std::path::{Path, PathBuf};

use stance_collect::snapshot::{
    self, Completeness, Limits, Line, Problem, Problems, RawLine, Reader, SnapshotError,
};

/// One record of each kind, in order, valid and complete.
pub(crate) const CORPUS: &str = include_str!("corpus/records.jsonl");

/// An asset record whose `asset` object is the given one.
pub(crate) fn parse(line: &str) -> Result<Line, String> {
    snapshot::parse_line(
        &RawLine::new(7, line.as_bytes().to_vec()),
        &Limits::default(),
    )
    .map_err(|problem| {
        assert_eq!(problem.line, 7);
        problem.message
    })
}

/// What is wrong with a line.
pub(crate) fn refusal(line: &str) -> String {
    parse(line)
        .map(|line| panic!("accepted as {line:?}"))
        .unwrap_or_else(|message| message)
}

/// A folder that goes with the test.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// All of a file.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) lines: Vec<Line>,
    pub(crate) completeness: Completeness,
}

/// Reads a file as the service does, three lines a batch.
pub(crate) fn read(path: &Path, limits: Limits) -> Result<Read, SnapshotError> {
    let mut reader = Reader::open(path, limits)?;
    let (mut lines, mut problems) = (Vec::new(), Problems::default());
    while let Some(batch) = reader.next_batch(3)? {
        assert!((1..=3).contains(&batch.len()));
        for raw in batch {
            match snapshot::parse_line(&raw, &limits) {
                Ok(line) => lines.push(line),
                Err(problem) => problems.push(problem),
            }
        }
    }
    let completeness = reader.finish();
    problems.into_result(path)?;
    Ok(Read {
        lines,
        completeness,
    })
}

/// Reads a file of the given content.
pub(crate) fn read_content(content: impl AsRef<[u8]>) -> Result<Read, SnapshotError> {
    let folder = Folder::new();
    read(&folder.file("estate.jsonl", content), Limits::default())
}

/// The broken lines of a file of the given content.
pub(crate) fn broken(content: impl AsRef<[u8]>) -> Vec<Problem> {
    match read_content(content) {
        Err(SnapshotError::Broken { problems, .. }) => problems,
        other => panic!("not refused: {other:?}"),
    }
}

/// Why a file of the given content is not complete.
pub(crate) fn truncation(content: impl AsRef<[u8]>) -> String {
    match read_content(content).unwrap().completeness {
        Completeness::Truncated(reason) => reason.message.unwrap(),
        Completeness::Complete => panic!("complete"),
    }
}

pub(crate) fn zstd(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    std::io::Write::write_all(&mut encoder, content.as_ref()).unwrap();
    encoder.finish().unwrap()
}
