//! Rebuilds the crate when a file of the catalogue changes: the macro that embeds it does not say so itself.

fn main() {
    println!("cargo::rerun-if-changed=../../catalog");
}
