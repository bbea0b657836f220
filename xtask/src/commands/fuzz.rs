//! `cargo xtask fuzz`: runs the fuzz targets of `fuzz/` with the toolchain that builds everything else.

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::steps::say;
use crate::workspace::Workspace;

/// What makes a build tell libFuzzer where it has been. All of it is stable; memory is not watched, since no code here is
/// unsafe.
const FLAGS: &str = "--cfg fuzzing -Cdebug-assertions -Coverflow-checks -Ccodegen-units=1 \
    -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Where the builds lie, apart from others: their flags differ.
const TARGET_DIR: &str = "target/fuzz";

/// Runs fuzz targets, all when none is named; see fuzz/README.md.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask fuzz --runs 1000000
  cargo xtask fuzz sshd --seconds 60")]
pub(crate) struct Args {
    /// Which target.
    target: Option<String>,
    /// How many inputs each is given.
    #[arg(long, default_value_t = 100_000)]
    runs: u64,
    /// How long each may take at most, seconds.
    #[arg(long)]
    seconds: Option<u64>,
}

pub(crate) fn fuzz(args: &Args, workspace: &Workspace) -> Result<()> {
    let all = targets(workspace)?;
    let chosen: Vec<&String> = all
        .iter()
        .filter(|name| args.target.as_ref().is_none_or(|wanted| wanted == *name))
        .collect();
    if chosen.is_empty() {
        bail!("there is no such target; there is {}", all.join(", "));
    }
    let triple = host(workspace)?;
    build(workspace, &triple)?;
    for name in chosen {
        say(&format!("fuzzing {name}"));
        run(workspace, &triple, name, args)?;
    }
    Ok(())
}

/// The names of the targets, one for each file.
fn targets(workspace: &Workspace) -> Result<Vec<String>> {
    let folder = workspace.path("fuzz/fuzz_targets");
    let entries =
        fs::read_dir(&folder).with_context(|| format!("reading `{}`", folder.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| Some(entry.path().file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// The platform, which has to be named for the flags not to apply to build scripts.
fn host(workspace: &Workspace) -> Result<String> {
    let said = workspace.tool("rustc").arg("-vV").read()?;
    let line = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(line.context("`rustc -vV` names no host")?.to_owned())
}

fn build(workspace: &Workspace, triple: &str) -> Result<()> {
    let flags = [
        "--locked",
        "--release",
        "--manifest-path",
        "fuzz/Cargo.toml",
    ];
    workspace
        .cargo("build")
        .args(flags)
        .args(["--target", triple])
        .env("CARGO_TARGET_DIR", workspace.path(TARGET_DIR))
        .env("RUSTFLAGS", FLAGS)
        .run()
}

fn run(workspace: &Workspace, triple: &str, name: &str, args: &Args) -> Result<()> {
    let corpus = workspace.path(TARGET_DIR).join("corpus").join(name);
    fs::create_dir_all(&corpus).with_context(|| format!("making `{}`", corpus.display()))?;
    let program = workspace
        .path(TARGET_DIR)
        .join(triple)
        .join("release")
        .join(name);
    let artifacts = workspace.path(TARGET_DIR).join(format!("{name}-"));
    let mut tool = workspace
        .tool(program)
        .arg(&corpus)
        .arg(workspace.path("fuzz/seeds").join(name))
        .arg(format!("-artifact_prefix={}", artifacts.display()))
        .arg(format!("-runs={}", args.runs))
        .args([
            "-timeout=10",
            "-rss_limit_mb=1024",
            "-max_len=16384",
            "-print_final_stats=1",
            "-verbosity=0",
        ]);
    if let Some(seconds) = args.seconds {
        tool = tool.arg(format!("-max_total_time={seconds}"));
    }
    tool.run()
}
