//! What is asked of the program.

use std::path::PathBuf;

use crate::phase::Phase;

/// The arguments.
#[derive(Debug, Clone)]
pub(crate) struct Args {
    /// How many assets the snapshot has.
    pub(crate) assets: usize,
    /// How many checks judge them.
    pub(crate) checks: usize,
    /// Where the snapshot stays afterwards.
    pub(crate) keep: Option<PathBuf>,
    /// The phase of a child, with its file and threads.
    pub(crate) phase: Option<Phase>,
    pub(crate) file: PathBuf,
    pub(crate) threads: usize,
}

impl Args {
    pub(crate) fn read(args: &[String]) -> Result<Self, Box<dyn std::error::Error>> {
        let value = |name: &str| {
            args.iter()
                .position(|a| a == name)
                .and_then(|at| args.get(at + 1))
                .map(String::as_str)
        };
        Ok(Self {
            assets: value("--assets").unwrap_or("200000").parse()?,
            checks: value("--checks").unwrap_or("40").parse()?,
            keep: value("--keep").map(PathBuf::from),
            phase: value("--phase").map(Phase::named).transpose()?,
            file: value("--file").unwrap_or_default().into(),
            threads: value("--threads").unwrap_or("1").parse()?,
        })
    }
}
