//! The names of the formats.

use std::fmt;
use std::str::FromStr;

/// A format of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A summary and the findings, for a terminal.
    Table,
    /// Everything, for programs.
    Json,
    /// A row a result, for spreadsheets.
    Csv,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// OCSF Compliance Findings, for security lakes.
    Ocsf,
    /// JUnit XML, for build servers.
    Junit,
    /// One page to read, send and print.
    Html,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Table,
        Self::Json,
        Self::Csv,
        Self::Sarif,
        Self::Ocsf,
        Self::Junit,
        Self::Html,
    ];

    /// The name on the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Sarif => "sarif",
            Self::Ocsf => "ocsf",
            Self::Junit => "junit",
            Self::Html => "html",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;
    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.key() == text)
            .ok_or_else(|| UnknownFormat {
                given: text.to_owned(),
            })
    }
}

/// A text that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no report format; there are {}", Format::ALL.map(Format::key).join(", "))]
pub struct UnknownFormat {
    /// What was given.
    pub given: String,
}
