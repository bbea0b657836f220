//! Tokens.

use std::ops::Range;

use super::{Parsed, fail, quoted};

/// A token with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spanned {
    pub(super) token: Token,
    pub(super) span: Range<usize>,
}

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    /// Without its sign.
    Int(u64),
    Double(f64),
    /// An operator, a bracket, `.`, `,`, `?`, `:`.
    Mark(&'static str),
    End,
}

/// Every mark; one that begins with another stands before it.
const MARKS: [&str; 26] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")",
    "[", "]", "{", "}", ".", ",", "=", "`",
];

/// The tokens of a text, the last of which is the end.
pub(super) fn tokens(text: &str) -> Parsed<Vec<Spanned>> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank();
        let start = lexer.at;
        let token = lexer.token()?;
        let end = token == Token::End;
        tokens.push(Spanned {
            token,
            span: start..lexer.at,
        });
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes the characters for which `fits` holds.
    fn take(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn skip_blank(&mut self) {
        loop {
            self.take(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}'));
            if !self.rest().starts_with("//") {
                return;
            }
            self.take(|c| c != '\n');
        }
    }

    fn token(&mut self) -> Parsed<Token> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(Token::End);
        };
        if let Some(opening) = quoted::opening(rest) {
            return self.quoted(&opening);
        }
        let second = rest.chars().nth(1);
        if first.is_ascii_digit() || (first == '.' && second.is_some_and(|c| c.is_ascii_digit())) {
            return self.number();
        }
        if first.is_ascii_alphabetic() || first == '_' {
            let name = self.take(|c| c.is_ascii_alphanumeric() || c == '_');
            return Ok(Token::Name(name.to_owned()));
        }
        match MARKS.into_iter().find(|mark| rest.starts_with(mark)) {
            Some("=") => fail(self.at..self.at + 1, "`=` compares nothing; write `==`"),
            Some("`") => fail(
                self.at..self.at + 1,
                "quoted names are not part of the language",
            ),
            Some(mark) => {
                self.at += mark.len();
                Ok(Token::Mark(mark))
            }
            None => fail(
                self.at..self.at + first.len_utf8(),
                format!("`{}` means nothing here", first.escape_debug()),
            ),
        }
    }

    fn quoted(&mut self, opening: &quoted::Opening) -> Parsed<Token> {
        let start = self.at;
        if opening.bytes {
            return fail(
                start..start + opening.length,
                "unsigned and bytes literals are not part of the language",
            );
        }
        let (text, length) = quoted::read(self.rest(), opening).map_err(|mut error| {
            error.span = error.span.start + start..error.span.end + start;
            error
        })?;
        self.at += length;
        Ok(Token::Text(text))
    }

    fn number(&mut self) -> Parsed<Token> {
        let start = self.at;
        let token = if self.rest().starts_with("0x") || self.rest().starts_with("0X") {
            self.at += 2;
            let digits = self.take(|c| c.is_ascii_hexdigit());
            u64::from_str_radix(digits, 16).ok().map(Token::Int)
        } else {
            self.decimal(start)
        };
        if self.rest().starts_with(['u', 'U']) {
            return fail(
                start..self.at + 1,
                "unsigned and bytes literals are not part of the language",
            );
        }
        let tail = self.take(|c| c.is_ascii_alphanumeric() || c == '_');
        match token {
            Some(token) if tail.is_empty() => Ok(token),
            _ => fail(start..self.at, "is no number"),
        }
    }

    /// Digits, perhaps with a fraction and an exponent, which make a double.
    fn decimal(&mut self, start: usize) -> Option<Token> {
        let digits = self.take(|c| c.is_ascii_digit());
        let whole: Option<u64> = digits.parse().ok();
        let fraction = self.rest().strip_prefix('.').is_some_and(starts_with_digit);
        if fraction {
            self.at += 1;
            self.take(|c| c.is_ascii_digit());
        }
        let exponent = self.rest().strip_prefix(['e', 'E']);
        let digits = exponent.map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
        if let (Some(exponent), Some(digits)) = (exponent, digits)
            && starts_with_digit(digits)
        {
            self.at += 1 + exponent.len() - digits.len();
            self.take(|c| c.is_ascii_digit());
        } else if !fraction {
            return whole.map(Token::Int);
        }
        let number: f64 = self.text.get(start..self.at)?.parse().ok()?;
        number.is_finite().then_some(Token::Double(number))
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}
