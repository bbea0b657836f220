//! `cargo xtask bench`: the benchmarks, in release.

use anyhow::{Result, bail};

use super::image_peers;
use crate::steps::say;
use crate::workspace::{Bench, Workspace};

/// Runs a benchmark in release; without a name lists them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask bench
  cargo xtask bench store --scale small
  cargo xtask bench image               on the planted image; `cargo xtask setup` makes it
  cargo xtask bench image-peers         other scanners beside this one, on the same images")]
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
        say(&format!("{}  (tests/images)", image_peers::NAME));
        return Ok(());
    };
    if name == image_peers::NAME {
        return image_peers::bench(&args.arguments, workspace);
    }
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
        .args(planted(name, &args.arguments, workspace)?)
        .run()
}

/// The benchmark of images runs on the planted one unless told otherwise.
fn planted(name: &str, arguments: &[String], workspace: &Workspace) -> Result<Vec<String>> {
    if name != "image" || arguments.iter().any(|argument| argument == "--image") {
        return Ok(Vec::new());
    }
    let maker = ["tests/images/make.py", "planted"];
    let made = workspace.python_tool("python").args(maker).read()?;
    let folder = made.lines().last().unwrap_or_default();
    Ok(vec!["--image".to_owned(), format!("{folder}/layout")])
}
