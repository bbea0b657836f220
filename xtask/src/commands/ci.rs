//! `cargo xtask ci`: everything that a change has to pass, on a machine with nothing but Rust.

use anyhow::Result;

use super::{lint, setup, test};
use crate::steps;
use crate::workspace::Workspace;

pub(crate) fn ci(workspace: &Workspace) -> Result<()> {
    let all = setup::STEPS.iter().chain(lint::STEPS).chain(test::STEPS);
    steps::run("ci", all, workspace)
}
