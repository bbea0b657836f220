//! What is tried: the account's name in its usual variations, then words.

use std::sync::OnceLock;

use super::{PasswordOptions, Scheme};

/// Passwords that are in common use, the most common first; compiled by hand.
const WORDS: &str = include_str!("words.txt");

/// How many built-in words are tried on a hash that costs tens of milliseconds a guess.
const SLOW_WORDS: usize = 30;

/// The candidates of one account, in order.
pub(super) struct Candidates<'o> {
    variants: Vec<String>,
    own: &'o [String],
    words: &'static [&'static str],
}

impl<'o> Candidates<'o> {
    /// What to try on an account.
    pub(super) fn new(name: &str, scheme: Scheme, options: &'o PasswordOptions) -> Self {
        let words = built_in();
        let words = match scheme {
            Scheme::Bcrypt | Scheme::Yescrypt => words.get(..SLOW_WORDS).unwrap_or(words),
            _ => words,
        };
        Self {
            variants: variants(name),
            own: &options.words,
            words,
        }
    }

    /// The candidate at a place; none after the last.
    pub(super) fn get(&self, at: usize) -> Option<&str> {
        let variant = self.variants.get(at);
        if let Some(variant) = variant {
            return Some(variant);
        }
        let at = at - self.variants.len();
        match self.own.get(at) {
            Some(own) => Some(own),
            None => self.words.get(at - self.own.len()).copied(),
        }
    }
}

fn built_in() -> &'static [&'static str] {
    static LIST: OnceLock<Vec<&'static str>> = OnceLock::new();
    LIST.get_or_init(|| {
        let lines = WORDS.lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty() && !line.starts_with("# "))
            .collect()
    })
}

/// The empty password, and the name as people vary it.
fn variants(name: &str) -> Vec<String> {
    let name: String = name.chars().take(64).collect();
    let capital = capitalised(&name);
    vec![
        String::new(),
        name.clone(),
        format!("{name}123"),
        format!("{name}1"),
        format!("{name}123456"),
        format!("{name}@123"),
        format!("{capital}@123"),
        capital,
        name.chars().rev().collect(),
        format!("{name}{name}"),
    ]
}

fn capitalised(name: &str) -> String {
    let mut rest = name.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_then_own_words_then_the_list() {
        let options = PasswordOptions {
            words: vec!["acme2026".to_owned()],
            ..PasswordOptions::default()
        };
        let all = Candidates::new("deploy", Scheme::Sha512, &options);
        let list: Vec<_> = (0..).map_while(|at| all.get(at)).collect();
        assert_eq!(list[..3], ["", "deploy", "deploy123"]);
        assert_eq!(list[10], "acme2026");
        assert!(list.len() > 190, "{}", list.len());
        let slow = Candidates::new("deploy", Scheme::Yescrypt, &options);
        assert_eq!((0..).map_while(|at| slow.get(at)).count(), 11 + SLOW_WORDS);
    }

    #[test]
    fn no_word_is_there_twice() {
        let mut words = built_in().to_vec();
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all);
    }
}
