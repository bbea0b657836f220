//! The project's own tasks: setup, test, lint, benches.

mod estate;

fn main() -> anyhow::Result<()> {
    let root = std::env::current_dir()?;
    estate::run(&root, std::env::args().any(|a| a == "--check"))
}
