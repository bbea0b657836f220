//! The built binary, from outside.

mod checks;
mod kill;
mod place;
mod quickstart;
mod reports;
mod scan;
