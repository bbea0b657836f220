//! Parsing one line.

use sonic_rs::Value;
use stance_model::Coverage;
use stance_model::record::{Account, End, Header, Record};

use super::asset::AssetDoc;
use super::check::{self, Refusal};
use super::error::Problem;
use super::limits::{Limits, text};
use super::reader::RawLine;
use super::scan::{self, Kind};

/// The version of the format that we read and write.
pub(super) const FORMAT: u32 = 1;

/// A record, valid in itself.
#[derive(Debug, Clone)]
pub enum Line {
    /// The header.
    Header(Header),
    /// An account that the collection visited.
    Account(Account),
    /// How completely something was read.
    Coverage(Coverage),
    /// One asset.
    Asset(AssetDoc),
    /// The last record.
    End(End),
}

/// Parses a line, once, and checks what it holds.
///
/// # Errors
/// What is wrong with the line, its length and place in the file included.
pub fn parse_line(raw: &RawLine, limits: &Limits) -> Result<Line, Problem> {
    let parsed = match &raw.fault {
        Some(fault) => Err(fault.clone()),
        None => record(&raw.bytes, limits),
    };
    parsed.map_err(|message| Problem {
        line: raw.number,
        message,
    })
}

fn record(line: &[u8], limits: &Limits) -> Result<Line, Refusal> {
    let Some(kind) = scan::kind(line) else {
        return Err(
            "not a record: expected an object with the key `snapshot`, `account`, `coverage`, \
                    `asset` or `end`"
                .to_owned(),
        );
    };
    if line.len() > limits.line_bytes {
        return Err(format!(
            "longer than {} bytes, which is the limit",
            limits.line_bytes
        ));
    }
    if scan::is_deeper(line, limits.depth) {
        return Err(format!(
            "nested deeper than {} levels, which is the limit",
            limits.depth
        ));
    }
    match kind {
        Kind::Asset => asset(line).map(Line::Asset),
        Kind::Snapshot | Kind::Account | Kind::Coverage | Kind::End => small(line),
    }
}

/// An asset record: parsed once into a document that its checks read from.
fn asset(line: &[u8]) -> Result<AssetDoc, Refusal> {
    let root: Value = sonic_rs::from_slice(line).map_err(|e| not_json(&e.to_string()))?;
    AssetDoc::from_record(&root)
}

/// Any other record.
fn small(line: &[u8]) -> Result<Line, Refusal> {
    let record: Record = serde_json::from_slice(line).map_err(|e| not_json(&e.to_string()))?;
    match record {
        Record::Snapshot(header) => self::header(&header).map(|()| Line::Header(header)),
        Record::Account(account) => self::account(&account).map(|()| Line::Account(account)),
        Record::Coverage(coverage) => check::coverage(&coverage).map(|()| Line::Coverage(coverage)),
        Record::End(end) => Ok(Line::End(end)),
        // The first key said otherwise, and a record has one key.
        Record::Asset(_) => Err("not a record: it has more than one key".to_owned()),
    }
}

fn header(header: &Header) -> Result<(), Refusal> {
    if header.format != FORMAT {
        return Err(format!(
            "format {} is not known; this version reads format {FORMAT}",
            header.format
        ));
    }
    header.at.parse::<jiff::Timestamp>().map_err(|_| {
        format!(
            "`at` is not a time of RFC 3339: `{}`",
            check::shown(&header.at)
        )
    })?;
    check::optional("producer", &header.producer, text::NAME)?;
    Ok(())
}

fn account(account: &Account) -> Result<(), Refusal> {
    check::required("id", &account.id, text::ACCOUNT)?;
    check::optional("name", &account.name, text::NAME)?;
    Ok(())
}

/// The parser's sentence without the piece of the line that it quotes, which may be long or secret.
fn not_json(error: &str) -> String {
    let first = error.lines().next().unwrap_or_default();
    format!(
        "not a valid record: {}",
        first.replace(" at line 1 column ", " at byte ")
    )
}
