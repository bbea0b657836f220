//! Reports: what was found, as a table, JSON, CSV, SARIF, OCSF, JUnit or HTML; one file each.
//!
//! Every format is a view of [`stance_model::view::Report`] in the report's language. What could not be read is
//! visible in each of them, and no text of an asset can do more than be read: control characters, formulas, markup
//! and links are neutralised where the format would give them a meaning.
//!
//! Not here: what is found and in which order (`stance-service`), and where the bytes go (the caller).

mod baseline;
mod coverage;
mod csv;
mod error;
mod fingerprint;
mod format;
mod group;
mod html;
mod json;
mod junit;
mod ocsf;
mod place;
mod prune;
mod sarif;
mod seq;
mod table;
mod text;
mod verdict;

use std::io::Write;

use stance_model::view::Report;

pub use error::ReportError;
pub use format::{Format, UnknownFormat};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether the table may use colours.
    pub colour: bool,
    /// The width of the table in columns; none: as wide as its content.
    pub width: Option<u16>,
    /// The most findings that the table lists; none: all. Other formats carry every result.
    pub limit: Option<usize>,
}

/// Writes the report to `out` in the given format.
///
/// # Errors
/// [`ReportError::BrokenPipe`] when the reader of `out` has gone, which is its right; any other error of writing.
pub fn write(
    report: &Report,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    match format {
        Format::Table => table::write(report, options, out),
        Format::Json => json::write(report, out),
        Format::Csv => csv::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Ocsf => ocsf::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Html => html::write(report, out),
    }?;
    out.flush()?;
    Ok(())
}
