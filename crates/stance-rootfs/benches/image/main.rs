//! What scanning an image costs beside decompressing it: `cargo bench -p stance-rootfs --bench image -- [--image FOLDER]
//! [--runs N]`.
//!
//! Goes over the layers of one image several times: only decompressing them and holding their digests against the
//! manifest, which nobody can do without; scanning with all readers and all rules; scanning where the cache knows the
//! layers. Each is a process of its own, so that peak memory is its own too. Figures to keep are ratios of processor
//! seconds within one run; the seconds show the machine. Guessing passwords is left out.
//!
//! The image is an OCI layout; without one, some layers are made up.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "figures are what this program is for"
)]

mod args;
mod figures;
mod generated;
// Both benchmarks measure a process of their own in the same way.
#[path = "../../../stance-service/benches/scan/machine.rs"]
mod machine;
mod phase;
mod rules;

use std::process::ExitCode;

use args::Args;
use phase::Phase;

type Done = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    let done = Args::read(&args).and_then(|args| match args.phase {
        Some(phase) => child(phase, &args),
        None => parent(args),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}

/// One phase, in a process of its own; prints one line for the parent.
fn child(phase: Phase, args: &Args) -> Done {
    println!("{}", phase.run(&args.image)?);
    Ok(())
}

fn parent(mut args: Args) -> Done {
    let folder = tempfile::tempdir()?;
    if args.image.as_os_str().is_empty() {
        args.image = folder.path().join("image");
        generated::write(&args.image)?;
    }
    let measured = figures::measure(&args)?;
    println!("{}", figures::table(&args.image, &measured));
    Ok(())
}
