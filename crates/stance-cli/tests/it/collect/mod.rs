//! Collecting through the built binary, from a replay of a provider.

mod azure;
mod clouds;
mod faults;
mod many;
mod members;
mod record;
mod scene;
