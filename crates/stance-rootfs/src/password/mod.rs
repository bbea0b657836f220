//! Weak passwords: the scheme of a hash, and guessing within a budget.
//!
//! A guess says only weak or not; neither a password nor a hash is kept, logged or shown.

mod candidates;
mod cost;
mod des;
mod guess;
mod md5;
mod memory;
mod scheme;
mod verify;

use std::time::Duration;

pub(crate) use guess::{Account, Guess, guess};
pub(crate) use scheme::Scheme;

/// How passwords are guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordOptions {
    /// The most processor time that one image may take. It is counted by what a guess is known to cost, not measured, so
    /// that the same image gives the same result on a busy machine.
    pub budget: Duration,
    /// Words of the user's, tried before the built-in ones.
    pub words: Vec<String>,
}

impl Default for PasswordOptions {
    fn default() -> Self {
        Self {
            budget: Duration::from_secs(2),
            words: Vec::new(),
        }
    }
}
