//! Guessing the passwords of an image's accounts, in turns, until the budget is used up.

use super::candidates::Candidates;
use super::cost::cost;
use super::memory::{self, Key, Progress};
use super::verify::verify;
use super::{PasswordOptions, Scheme};

/// An account with a hash.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its hash, without a lock in front.
    pub(crate) hash: &'a str,
}

/// What guessing found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guess {
    /// A candidate was it.
    Weak,
    /// All candidates were tried and none was it.
    NotWeak,
    /// Not all candidates were tried: the scheme cannot be tried or asks for too much, or the budget was used up.
    NotTried,
}

impl Guess {
    /// Its name in facts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::NotWeak => "not_weak",
            Self::NotTried => "not_tried",
        }
    }
}

/// Guesses the passwords of all accounts: the first candidate of each, the second of each and so on, so that one slow
/// hash does not keep the others from their turn.
pub(crate) fn guess(accounts: &[Account<'_>], options: &PasswordOptions) -> Vec<Guess> {
    let mut turns: Vec<Turn<'_>> = accounts.iter().map(|a| Turn::new(*a, options)).collect();
    let mut left = u64::try_from(options.budget.as_micros()).unwrap_or(u64::MAX);
    let mut on = true;
    while on {
        on = false;
        for turn in &mut turns {
            on |= turn.next(&mut left);
        }
    }
    turns.iter().map(Turn::finish).collect()
}

/// One account on its way through the candidates.
struct Turn<'a> {
    hash: &'a str,
    scheme: Scheme,
    cost: Option<u64>,
    candidates: Candidates<'a>,
    key: Key,
    progress: Progress,
}

impl<'a> Turn<'a> {
    fn new(account: Account<'a>, options: &'a PasswordOptions) -> Self {
        let scheme = Scheme::of(account.hash);
        let key = memory::key(account.name, account.hash, &options.words);
        Self {
            hash: account.hash,
            scheme,
            cost: cost(scheme, account.hash),
            candidates: Candidates::new(account.name, scheme, options),
            key,
            progress: memory::recall(&key),
        }
    }

    /// Tries the next candidate; false when there is nothing to try or nothing left to pay with.
    fn next(&mut self, left: &mut u64) -> bool {
        let Some(cost) = self
            .cost
            .filter(|cost| *cost <= *left && !self.progress.weak)
        else {
            return false;
        };
        let Some(candidate) = self.candidates.get(self.progress.tried) else {
            return false;
        };
        *left -= cost;
        self.progress.weak = verify(self.scheme, candidate, self.hash);
        self.progress.tried += 1;
        true
    }

    fn finish(&self) -> Guess {
        if self.cost.is_none() {
            return Guess::NotTried;
        }
        memory::remember(self.key, self.progress);
        match self.progress.weak {
            true => Guess::Weak,
            false if self.candidates.get(self.progress.tried).is_none() => Guess::NotWeak,
            false => Guess::NotTried,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn one(name: &str, hash: &str, millis: u64) -> Guess {
        let options = PasswordOptions {
            budget: Duration::from_millis(millis),
            ..PasswordOptions::default()
        };
        guess(&[Account { name, hash }], &options)[0]
    }

    #[test]
    fn weak_not_weak_and_not_tried_are_told_apart() {
        let weak = "$1$guess123$dX4QW38Hob..RzqzFgLA61";
        let strong = "$1$guess124$pGpnmv1LDxDhfRMZej1DM.";
        assert_eq!(one("root", weak, 2_000), Guess::Weak);
        assert_eq!(one("root", strong, 2_000), Guess::NotWeak);
        assert_eq!(one("alice", strong, 5), Guess::NotTried);
        assert_eq!(one("alice", strong, 2_000), Guess::NotWeak);
        assert_eq!(one("root", "$y$jzT$salt$hash", 2_000), Guess::NotTried);
        assert_eq!(one("root", "$gy$j9T$salt$hash", 2_000), Guess::NotTried);
    }

    #[test]
    fn a_slow_hash_does_not_keep_others_from_their_turn() {
        let slow = "$2b$11$abcdefghijklmnopqrstuuwlOJDAwLYcgKE1j8QY1pQmvZbIQUS1i";
        let accounts = [
            Account {
                name: "a",
                hash: slow,
            },
            Account {
                name: "lemon",
                hash: "$1$guess125$CPq6FKUq09lv2sDoBMEyK1",
            },
        ];
        let options = PasswordOptions {
            budget: Duration::from_millis(300),
            ..PasswordOptions::default()
        };
        assert_eq!(guess(&accounts, &options), [Guess::NotTried, Guess::Weak]);
    }
}
