//! Prints every problem of a catalogue: `cargo run -p stance-catalog --example lint -- catalog`.
#![allow(clippy::print_stdout, reason = "it prints")]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let dir = std::env::args_os()
        .nth(1)
        .unwrap_or_else(|| "catalog".into());
    let report = stance_catalog::lint(Path::new(&dir));
    println!("{report}");
    if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
