//! What is asked of the program.

use std::path::PathBuf;

use crate::phase::Phase;

/// The arguments.
#[derive(Debug, Clone)]
pub(crate) struct Args {
    /// The layout folder; empty: one is made.
    pub(crate) image: PathBuf,
    /// How often each phase runs; the median counts.
    pub(crate) runs: usize,
    /// The phase of a child.
    pub(crate) phase: Option<Phase>,
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
            image: value("--image").unwrap_or_default().into(),
            runs: value("--runs").unwrap_or("5").parse()?,
            phase: value("--phase").map(Phase::named).transpose()?,
        })
    }
}
