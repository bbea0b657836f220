//! Files of `Name arguments` lines and `<Section arguments>` … `</Section>`: Apache's httpd.

use super::words;

/// How deeply sections may nest.
const MAX_DEPTH: usize = 32;

/// What the text says, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read::services) enum Event<'t> {
    /// A directive.
    Directive(Line<'t>),
    /// The beginning of a section.
    Open(Line<'t>),
    /// Its end.
    Close,
}

/// One line, continuations joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read::services) struct Line<'t> {
    /// The first line, from 1.
    pub(in crate::read::services) line: usize,
    /// The name in lower case.
    pub(in crate::read::services) name: String,
    /// The arguments without their quotes.
    pub(in crate::read::services) args: Vec<String>,
    /// The first line as written.
    pub(in crate::read::services) raw: &'t str,
}

/// Reads a text.
///
/// # Errors
/// What is wrong with it: a section that is not closed, closed twice or nested too deeply.
pub(in crate::read::services) fn events(text: &str) -> Result<Vec<Event<'_>>, &'static str> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut lines = text.lines().enumerate();
    while let Some((index, raw)) = lines.next() {
        let mut line = raw.trim().to_owned();
        while line.ends_with('\\') {
            line.pop();
            let Some((_, next)) = lines.next() else { break };
            line.push_str(next.trim_end());
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let event = event(&line, index + 1, raw);
        match event {
            Event::Open(_) => depth += 1,
            Event::Close => depth = depth.checked_sub(1).ok_or("a section is closed twice")?,
            Event::Directive(_) => {}
        }
        if depth > MAX_DEPTH {
            return Err("its sections nest too deeply");
        }
        found.push(event);
    }
    if depth > 0 {
        return Err("a section is not closed");
    }
    Ok(found)
}

fn event<'t>(text: &str, line: usize, raw: &'t str) -> Event<'t> {
    if text.starts_with("</") {
        return Event::Close;
    }
    let (open, text) = match text.strip_prefix('<') {
        Some(rest) => (true, rest.trim_end().strip_suffix('>').unwrap_or(rest)),
        None => (false, text),
    };
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let line = Line {
        line,
        name: name.to_ascii_lowercase(),
        args: words::whole(rest),
        raw,
    };
    if open {
        Event::Open(line)
    } else {
        Event::Directive(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_continued_lines() {
        let text = "Listen 80\n<Directory \"/a b\">\n Options \\\n  Indexes\n</Directory>\n";
        let found = events(text).unwrap();
        let Event::Open(open) = &found[1] else {
            panic!("{found:?}")
        };
        assert_eq!(
            (open.name.as_str(), open.args[0].as_str()),
            ("directory", "/a b")
        );
        let Event::Directive(options) = &found[2] else {
            panic!("{found:?}")
        };
        assert_eq!((options.line, options.args[0].as_str()), (3, "Indexes"));
        assert_eq!(found[3], Event::Close);
    }

    #[test]
    fn broken_sections_are_told() {
        for text in ["<a>", "</a>", &"<a>\n".repeat(50)] {
            assert!(events(text).is_err(), "{text}");
        }
    }
}
