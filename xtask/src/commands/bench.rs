//! `cargo xtask bench`: the benchmarks, in release.

use anyhow::{Result, bail};

use crate::steps::say;
use crate::workspace::{Bench, Workspace};

/// Runs a benchmark in release; without a name lists them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask bench
  cargo xtask bench store --scale small")]
pub(crate) struct Args {
    /// Which one.
    name: Option<String>,
    /// What is passed on to it.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARG"
    )]
    arguments: Vec<String>,
}

pub(crate) fn bench(args: &Args, workspace: &Workspace) -> Result<()> {
    let benches = workspace.benches()?;
    let Some(name) = &args.name else {
        for Bench { package, name } in &benches {
            say(&format!("{name}  ({package})"));
        }
        return Ok(());
    };
    let Some(bench) = benches.iter().find(|bench| bench.name == *name) else {
        let known: Vec<&str> = benches.iter().map(|bench| bench.name.as_str()).collect();
        bail!(
            "there is no benchmark `{name}`; there is {}",
            known.join(", ")
        );
    };
    let target = [
        "--locked",
        "--package",
        &bench.package,
        "--bench",
        &bench.name,
        "--",
    ];
    workspace
        .cargo("bench")
        .args(target)
        .args(&args.arguments)
        .run()
}
