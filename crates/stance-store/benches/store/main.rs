//! How fast the store is: `cargo bench -p stance-store --bench store -- [--scale full|small] [--db URL]`.
//!
//! Two tenants × 5 accounts × assets × checks are stored, stored again with one result in a hundred changed, and asked.
//! Full scale is 10 million results. Without `--db` a SQLite file in the folder for temporary files is used and
//! deleted. Figures to keep are ratios and processor seconds; wall times show the machine.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "figures are what this program is for"
)]

mod estate;
mod machine;
mod queries;
mod scan;

use std::process::ExitCode;

use stance_store::Store;

use estate::Scale;

#[tokio::main]
async fn main() -> ExitCode {
    match run(&std::env::args().collect::<Vec<_>>()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let value = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .and_then(|at| args.get(at + 1))
            .map(String::as_str)
    };
    let scale = Scale::named(value("--scale").unwrap_or("full"))?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("bench.db");
    let url = value("--db").map_or_else(|| format!("sqlite://{}", file.display()), str::to_owned);
    let store = Store::open(&url).await?;
    refuse_filled(&store).await?;
    println!("{} results: {scale}\n", scale.results());

    let generated = machine::Meter::start();
    scan::generate_only(scale);
    let generated = generated.stop();
    println!("generating alone      {generated}");
    let first = scan::run(&store, scale, 1).await?;
    println!("first scan            {first}");
    let again = scan::run(&store, scale, 2).await?;
    println!("re-scan, 1 % changed  {again}");
    let same = scan::run(&store, scale, 2).await?;
    println!("re-scan, no change    {same}");
    scan::compare(
        &generated,
        &first,
        &[("1 % changed", &again), ("no change", &same)],
    );
    println!(
        "peak memory {} MiB, file {} MiB",
        machine::peak_memory_mib(),
        machine::size_mib(folder.path())
    );

    queries::run(&store, &url, scale).await?;
    let check = machine::Meter::start();
    let problems = store.verify().await?;
    println!("\nverify: {} problems, {}", problems.len(), check.stop());
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("\n").into())
    }
}

/// A database that holds something is not what the figures are about.
async fn refuse_filled(store: &Store) -> Result<(), Box<dyn std::error::Error>> {
    for tenant in estate::tenants() {
        if store.asset_count(&tenant).await? > 0 {
            return Err("the database of `--db` must be empty".into());
        }
    }
    Ok(())
}
