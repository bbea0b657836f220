//! The project's own tasks: setup, test, lint, benches.

fn main() {}
