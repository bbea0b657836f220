//! SPDX licence expressions: `MIT OR Apache-2.0`, `(MIT OR Apache-2.0) AND Unicode-3.0`, the old `MIT/Apache-2.0`.

/// How deep parentheses may nest.
const DEPTH: usize = 8;

/// A licence expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// One licence; an exception only ever adds rights, so it is not looked at.
    Licence(String),
    /// All of them hold.
    All(Vec<Expression>),
    /// One may be chosen.
    Any(Vec<Expression>),
}

impl Expression {
    /// Reads an expression; none when it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let spaced = text
            .replace('(', " ( ")
            .replace(')', " ) ")
            .replace('/', " OR ");
        let mut words = Words {
            words: spaced.split_whitespace().peekable(),
        };
        let expression = words.any(DEPTH)?;
        words.words.next().is_none().then_some(expression)
    }

    /// Whether the expression holds when these licences are allowed.
    pub(super) fn holds(&self, allowed: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Licence(id) => allowed(id),
            Self::All(parts) => parts.iter().all(|part| part.holds(allowed)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(allowed)),
        }
    }
}

/// The words of an expression not yet read. `AND` binds closer than `OR`.
struct Words<'w> {
    words: std::iter::Peekable<std::str::SplitWhitespace<'w>>,
}

impl Words<'_> {
    fn any(&mut self, depth: usize) -> Option<Expression> {
        let mut parts = vec![self.all(depth)?];
        while self.words.next_if_eq(&"OR").is_some() {
            parts.push(self.all(depth)?);
        }
        Some(Expression::Any(parts))
    }

    fn all(&mut self, depth: usize) -> Option<Expression> {
        let mut parts = vec![self.one(depth)?];
        while self.words.next_if_eq(&"AND").is_some() {
            parts.push(self.one(depth)?);
        }
        Some(Expression::All(parts))
    }

    fn one(&mut self, depth: usize) -> Option<Expression> {
        match self.words.next()? {
            "(" => {
                let inner = self.any(depth.checked_sub(1)?)?;
                self.words.next_if_eq(&")").map(|_| inner)
            }
            ")" | "AND" | "OR" | "WITH" => None,
            id => {
                let licence = Expression::Licence(id.to_owned());
                if self.words.next_if_eq(&"WITH").is_some() {
                    self.words.next()?;
                }
                Some(licence)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> Option<bool> {
        let allowed = |id: &str| ["MIT", "Apache-2.0", "Unicode-3.0"].contains(&id);
        Expression::parse(text).map(|expression| expression.holds(&allowed))
    }

    #[test]
    fn a_choice_holds_when_one_of_it_is_allowed() {
        for text in [
            "MIT",
            "MIT OR LGPL-2.1-or-later",
            "Unlicense/MIT",
            "Apache-2.0 / MIT",
        ] {
            assert_eq!(holds(text), Some(true), "{text}");
        }
        assert_eq!(holds("GPL-3.0-only OR LGPL-2.1-or-later"), Some(false));
    }

    #[test]
    fn a_conjunction_holds_when_all_of_it_is_allowed() {
        assert_eq!(holds("(MIT OR GPL-2.0-only) AND Unicode-3.0"), Some(true));
        assert_eq!(holds("MIT AND BSD-3-Clause"), Some(false));
        assert_eq!(holds("BSD-3-Clause OR MIT AND Unicode-3.0"), Some(true));
        assert_eq!(holds("Apache-2.0 WITH LLVM-exception"), Some(true));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        let nested = format!("{}MIT{}", "(".repeat(99), ")".repeat(99));
        for text in [
            "",
            "MIT OR",
            "(MIT",
            "MIT Apache-2.0",
            "AND",
            "MIT WITH",
            &nested,
        ] {
            assert_eq!(holds(text), None, "{text}");
        }
    }
}
