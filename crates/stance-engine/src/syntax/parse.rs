//! Grammar: recursive descent, bounded in depth.

use std::ops::Range;

use super::lex::{Spanned, Token, tokens};
use super::{Binary, Expr, Kind, Parsed, fail, macros};
use crate::ast::{Arithmetic, Comparison};
use crate::budget::DEPTH;

/// Words that name nothing, so that the language can grow as CEL does.
const RESERVED: [&str; 18] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "package",
    "return",
    "var",
    "void",
    "while",
];

/// The tree of a text.
pub(crate) fn parse(text: &str) -> Parsed<Expr> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        level: 0,
    };
    let expr = parser.expr()?;
    match parser.peek() {
        Token::End => Ok(expr),
        _ => parser.unexpected("an operator or the end"),
    }
}

struct Parser {
    tokens: Vec<Spanned>,
    at: usize,
    level: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |t| &t.token)
    }

    /// The place of the next token.
    fn here(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(0..0, |t| t.span.clone())
    }

    /// Where the last token ended.
    fn end(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |t| t.span.end)
    }

    /// Takes the next token if it is that mark.
    fn mark(&mut self, mark: &str) -> bool {
        let found = matches!(self.peek(), Token::Mark(next) if *next == mark);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, mark: &str) -> Parsed<()> {
        if self.mark(mark) {
            return Ok(());
        }
        self.unexpected(&format!("`{mark}`"))
    }

    fn unexpected<T>(&self, wanted: &str) -> Parsed<T> {
        let found = match self.peek() {
            Token::End => "the end".to_owned(),
            Token::Name(name) => format!("`{name}`"),
            Token::Mark(mark) => format!("`{mark}`"),
            Token::Text(_) => "a string".to_owned(),
            Token::Int(_) | Token::Double(_) => "a number".to_owned(),
        };
        fail(self.here(), format!("expected {wanted}, found {found}"))
    }

    /// A part that begins at `start` and ends at the last token.
    fn make(&self, start: usize, kind: Kind) -> Parsed<Expr> {
        let span = start..self.end();
        let depth = 1 + kind
            .parts()
            .into_iter()
            .map(|part| part.depth)
            .max()
            .unwrap_or_default();
        if depth > DEPTH {
            return fail(span, format!("nests deeper than {DEPTH} levels"));
        }
        Ok(Expr { kind, span, depth })
    }

    fn expr(&mut self) -> Parsed<Expr> {
        self.level += 1;
        if self.level > DEPTH {
            return fail(self.here(), format!("nests deeper than {DEPTH} levels"));
        }
        let start = self.here().start;
        let test = self.or()?;
        let expr = if self.mark("?") {
            let yes = self.or()?;
            self.expect(":")?;
            let no = self.expr()?;
            self.make(start, Kind::Conditional(test.into(), yes.into(), no.into()))
        } else {
            Ok(test)
        };
        self.level -= 1;
        expr
    }

    fn or(&mut self) -> Parsed<Expr> {
        self.junction("||", Self::and, Kind::Or)
    }

    fn and(&mut self) -> Parsed<Expr> {
        self.junction("&&", |parser| parser.binary(0), Kind::And)
    }

    /// One operand, or several with the mark between them.
    fn junction(
        &mut self,
        mark: &str,
        operand: impl Fn(&mut Self) -> Parsed<Expr>,
        kind: fn(Vec<Expr>) -> Kind,
    ) -> Parsed<Expr> {
        let start = self.here().start;
        let first = operand(self)?;
        if !matches!(self.peek(), Token::Mark(next) if *next == mark) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.mark(mark) {
            operands.push(operand(self)?);
        }
        self.make(start, kind(operands))
    }

    /// Operators that bind at least as tightly as `tightness`, from the left.
    fn binary(&mut self, tightness: u8) -> Parsed<Expr> {
        let start = self.here().start;
        let mut left = self.unary()?;
        while let Some((operator, own)) = binary(self.peek()).filter(|(_, own)| *own >= tightness) {
            self.at += 1;
            let right = self.binary(own + 1)?;
            left = self.make(start, Kind::Binary(operator, left.into(), right.into()))?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let start = self.here().start;
        if self.mark("!") {
            return self.prefixed(start, Kind::Not);
        }
        if !self.mark("-") {
            return self.member();
        }
        // A number takes its sign first, so that the least int can be written.
        let number = match *self.peek() {
            Token::Int(number) => {
                let (at, value) = (self.here(), 0_i64.checked_sub_unsigned(number));
                match value {
                    Some(value) => Kind::Int(value),
                    None => return fail(start..at.end, "is no int of 64 bits"),
                }
            }
            Token::Double(number) => Kind::Double(-number),
            _ => return self.prefixed(start, Kind::Negate),
        };
        self.at += 1;
        let number = self.make(start, number)?;
        self.postfix(number)
    }

    fn prefixed(&mut self, start: usize, kind: fn(Box<Expr>) -> Kind) -> Parsed<Expr> {
        self.level += 1;
        if self.level > DEPTH {
            return fail(self.here(), format!("nests deeper than {DEPTH} levels"));
        }
        let operand = self.unary()?;
        self.level -= 1;
        self.make(start, kind(operand.into()))
    }

    fn member(&mut self) -> Parsed<Expr> {
        let primary = self.primary()?;
        self.postfix(primary)
    }

    /// Fields, calls and indexes after a part.
    fn postfix(&mut self, mut of: Expr) -> Parsed<Expr> {
        let start = of.span.start;
        loop {
            if self.mark(".") {
                let name = self.field()?;
                of = if self.mark("(") {
                    let args = self.list(")")?;
                    let kind = macros::method(of, name, args)?;
                    self.make(start, kind)?
                } else {
                    self.make(start, Kind::Select(of.into(), name))?
                };
            } else if self.mark("[") {
                let index = self.expr()?;
                self.expect("]")?;
                of = self.make(start, Kind::Index(of.into(), index.into()))?;
            } else if matches!(self.peek(), Token::Mark("{")) {
                return fail(self.here(), "object literals are not part of the language");
            } else {
                return Ok(of);
            }
        }
    }

    fn field(&mut self) -> Parsed<String> {
        match self.peek() {
            Token::Name(name) if !matches!(name.as_str(), "true" | "false" | "null" | "in") => {
                let name = name.clone();
                self.at += 1;
                Ok(name)
            }
            _ => self.unexpected("the name of a field"),
        }
    }

    /// Parts with commas between them, up to the closing mark, which is taken too.
    fn list(&mut self, closing: &str) -> Parsed<Vec<Expr>> {
        let mut parts = Vec::new();
        while !self.mark(closing) {
            if !parts.is_empty() {
                self.expect(",")?;
                // CEL allows a comma before `]`, but not before `)`.
                if closing == "]" && self.mark(closing) {
                    break;
                }
            }
            parts.push(self.expr()?);
        }
        Ok(parts)
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let at = self.here();
        let token = self.peek().clone();
        self.at += 1;
        let kind = match token {
            Token::Text(text) => Kind::Text(text),
            Token::Double(number) => Kind::Double(number),
            Token::Int(number) => match i64::try_from(number) {
                Ok(number) => Kind::Int(number),
                Err(_) => return fail(at, "is no int of 64 bits"),
            },
            Token::Name(name) => return self.named(at.start, name),
            Token::Mark("(") => {
                let inner = self.expr()?;
                self.expect(")")?;
                return Ok(Expr {
                    span: at.start..self.end(),
                    ..inner
                });
            }
            Token::Mark("[") => Kind::List(self.list("]")?),
            Token::Mark("{") => return fail(at, "object literals are not part of the language"),
            Token::Mark(_) | Token::End => {
                self.at -= 1;
                return self.unexpected("a value");
            }
        };
        self.make(at.start, kind)
    }

    /// A constant, a name or a call.
    fn named(&mut self, start: usize, name: String) -> Parsed<Expr> {
        let kind = match name.as_str() {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            word if RESERVED.contains(&word) => {
                return fail(start..self.end(), format!("`{word}` is a reserved word"));
            }
            _ if self.mark("(") => {
                let args = self.list(")")?;
                if name == "has" {
                    macros::has(args, start..self.end())?
                } else {
                    Kind::Call {
                        receiver: None,
                        name,
                        args,
                    }
                }
            }
            _ => Kind::Name(name),
        };
        self.make(start, kind)
    }
}

/// The operator that a token is, and how tightly it binds.
fn binary(token: &Token) -> Option<(Binary, u8)> {
    use {Arithmetic as A, Comparison as C};
    let mark = match token {
        Token::Name(name) if name == "in" => return Some((Binary::In, 0)),
        Token::Mark(mark) => *mark,
        _ => return None,
    };
    Some(match mark {
        "==" => (Binary::Compare(C::Equal), 0),
        "!=" => (Binary::Compare(C::NotEqual), 0),
        "<" => (Binary::Compare(C::Less), 0),
        "<=" => (Binary::Compare(C::LessEqual), 0),
        ">" => (Binary::Compare(C::Greater), 0),
        ">=" => (Binary::Compare(C::GreaterEqual), 0),
        "+" => (Binary::Arithmetic(A::Add), 1),
        "-" => (Binary::Arithmetic(A::Subtract), 1),
        "*" => (Binary::Arithmetic(A::Multiply), 2),
        "/" => (Binary::Arithmetic(A::Divide), 2),
        "%" => (Binary::Arithmetic(A::Modulo), 2),
        _ => return None,
    })
}
