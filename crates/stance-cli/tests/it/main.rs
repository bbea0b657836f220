//! The built binary, from outside.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read what a binary of their own wrote"
)]

#[cfg(test)]
mod checks;
#[cfg(test)]
mod collect;
#[cfg(test)]
mod export;
#[cfg(test)]
mod hcl;
#[cfg(test)]
mod image;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod place;
#[cfg(test)]
mod quickstart;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod scan;
#[cfg(test)]
mod terraform;
