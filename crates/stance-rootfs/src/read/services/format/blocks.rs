//! Files of `name arguments;` and `name arguments { … }`: nginx.

/// How deeply blocks may nest.
const MAX_DEPTH: usize = 32;

/// What the text says, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read::services) enum Event {
    /// `words;`
    Simple(Statement),
    /// `words {`
    Open(Statement),
    /// `}`
    Close,
}

/// A statement, or the head of a block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::read::services) struct Statement {
    /// The line of its first word, from 1.
    pub(in crate::read::services) line: usize,
    /// Name and arguments.
    pub(in crate::read::services) words: Vec<String>,
}

/// Reads a text.
///
/// # Errors
/// What is wrong with it: a block that is not closed, closed twice or nested too deeply, a statement without its end.
pub(in crate::read::services) fn events(text: &str) -> Result<Vec<Event>, &'static str> {
    let mut reader = Reader {
        events: Vec::new(),
        statement: Statement::default(),
        depth: 0,
        line: 1,
    };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => reader.line += 1,
            '#' => reader.comment(&mut chars),
            ';' => reader.end(),
            '{' => reader.open(&mut chars)?,
            '}' => reader.close()?,
            '"' | '\'' => reader.quoted(c, &mut chars)?,
            c if c.is_whitespace() => {}
            c => reader.word(c, &mut chars),
        }
    }
    match (reader.depth, reader.statement.words.is_empty()) {
        (0, true) => Ok(reader.events),
        _ => Err("it ends within a block or a statement"),
    }
}

struct Reader {
    events: Vec<Event>,
    statement: Statement,
    depth: usize,
    line: usize,
}

type Chars<'t> = std::iter::Peekable<std::str::Chars<'t>>;

impl Reader {
    fn add(&mut self, word: String, line: usize) {
        if self.statement.words.is_empty() {
            self.statement.line = line;
        }
        self.statement.words.push(word);
    }

    fn comment(&mut self, chars: &mut Chars<'_>) {
        if chars.by_ref().any(|c| c == '\n') {
            self.line += 1;
        }
    }

    fn end(&mut self) {
        let statement = std::mem::take(&mut self.statement);
        if !statement.words.is_empty() {
            self.events.push(Event::Simple(statement));
        }
    }

    fn open(&mut self, chars: &mut Chars<'_>) -> Result<(), &'static str> {
        let statement = std::mem::take(&mut self.statement);
        if statement
            .words
            .first()
            .is_some_and(|name| name.ends_with("_by_lua_block"))
        {
            return self.program(chars);
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("its blocks nest too deeply");
        }
        self.events.push(Event::Open(statement));
        Ok(())
    }

    /// Skips a program in another language, up to its closing brace.
    fn program(&mut self, chars: &mut Chars<'_>) -> Result<(), &'static str> {
        let mut depth = 1_usize;
        for c in chars.by_ref() {
            match c {
                '\n' => self.line += 1,
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(());
            }
        }
        Err("it ends within a program")
    }

    fn close(&mut self) -> Result<(), &'static str> {
        self.end();
        self.depth = self.depth.checked_sub(1).ok_or("a block is closed twice")?;
        self.events.push(Event::Close);
        Ok(())
    }

    fn quoted(&mut self, quote: char, chars: &mut Chars<'_>) -> Result<(), &'static str> {
        let (mut word, line) = (String::new(), self.line);
        while let Some(c) = chars.next() {
            match c {
                c if c == quote => {
                    self.add(word, line);
                    return Ok(());
                }
                '\\' if matches!(chars.peek(), Some('"' | '\'' | '\\')) => {
                    word.extend(chars.next());
                }
                c => word.push(c),
            }
            self.line += usize::from(c == '\n');
        }
        Err("a quote is not closed")
    }

    /// A bare word; `${name}` belongs to it.
    fn word(&mut self, first: char, chars: &mut Chars<'_>) {
        let mut word = String::from(first);
        let mut variable = false;
        while let Some(c) = chars.peek().copied() {
            let braced = c == '{' && word.ends_with('$');
            let ends = c.is_whitespace() || c == ';' || c == '{' || (c == '}' && !variable);
            if ends && !braced {
                break;
            }
            variable = braced || (variable && c != '}');
            chars.next();
            word.push(c);
            if c == '\\' {
                word.extend(chars.next_if(|c| !c.is_whitespace()));
            }
        }
        self.add(word, self.line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simple(line: usize, words: &[&str]) -> Event {
        Event::Simple(statement(line, words))
    }

    fn statement(line: usize, words: &[&str]) -> Statement {
        let words = words.iter().map(|w| (*w).to_owned()).collect();
        Statement { line, words }
    }

    #[test]
    fn blocks_quotes_comments_and_variables() {
        let text = "a b 'c ; d';\nhttp { # x {\n  set $v \"q\\\"\"; log ${h}x;\n}\n";
        assert_eq!(
            events(text).unwrap(),
            [
                simple(1, &["a", "b", "c ; d"]),
                Event::Open(statement(2, &["http"])),
                simple(3, &["set", "$v", "q\""]),
                simple(3, &["log", "${h}x"]),
                Event::Close,
            ]
        );
    }

    #[test]
    fn programs_are_passed_over() {
        let text = "access_by_lua_block { if x then y = {1} end }\na;\n";
        assert_eq!(events(text).unwrap(), [simple(2, &["a"])]);
    }

    #[test]
    fn broken_texts_are_told() {
        for text in ["a", "a {", "}", "a 'b;", &"a {".repeat(100)] {
            assert!(events(text).is_err(), "{text}");
        }
    }
}
