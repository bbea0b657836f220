//! How much judging costs beside parsing: `cargo bench -p stance-service --bench scan -- [--assets N] [--checks N]
//! [--keep FILE]`.
//!
//! Makes a snapshot of assets in the shapes of the example estate and goes over it several times: only reading, only
//! parsing, parsing as the snapshot reader does, judging, judging with evidence. Each is a process of its own, so that
//! peak memory is its own too. Figures to keep are ratios of processor seconds; the seconds show the machine.
//!
//! Judged are the checks that look at nothing but their asset: others need the whole estate in memory.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "figures are what this program is for"
)]

mod args;
mod estate;
mod machine;
mod phase;
mod report;

use std::process::ExitCode;

use args::Args;
use phase::Phase;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    let done = Args::read(&args).and_then(|args| match args.phase {
        Some(phase) => child(phase, &args),
        None => parent(&args),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}

type Done = Result<(), Box<dyn std::error::Error>>;

/// One phase, in a process of its own; prints one line for the parent.
fn child(phase: Phase, args: &Args) -> Done {
    println!("{}", phase.run(args)?);
    Ok(())
}

fn parent(args: &Args) -> Done {
    let folder = tempfile::tempdir()?;
    let file = args
        .keep
        .clone()
        .unwrap_or_else(|| folder.path().join("scan.jsonl"));
    let made = estate::write(&file, args.assets)?;
    println!("{made}\n");
    let one_core = report::measure(args, &file, Phase::EACH, 1)?;
    println!("one core\n{}", report::table(&one_core));
    let all = report::measure(
        args,
        &file,
        &[Phase::Parse, Phase::Judge, Phase::Explain],
        0,
    )?;
    println!("all cores\n{}", report::table(&all));
    println!("200 checks an asset, a quarter of the assets, one core");
    let grid = report::measure(args, &file, &[Phase::Grid], 1)?;
    println!("{}", report::table(&grid));
    println!(
        "the slowest checks, one evaluation\n{}\n",
        phase::slowest(&Args {
            file: file.clone(),
            ..args.clone()
        })?
    );
    println!("loading the catalogue, five processes");
    println!("{}", report::loading(args, &file)?);
    Ok(())
}
