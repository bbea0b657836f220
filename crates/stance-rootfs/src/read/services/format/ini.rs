//! Files of sections and `name = value` lines: my.cnf, php.ini, smb.conf, rsyncd.conf.

/// One line that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read::services) struct Entry<'t> {
    /// The line, from 1.
    pub(in crate::read::services) line: usize,
    /// The section's name as written; empty before the first.
    pub(in crate::read::services) section: &'t str,
    /// The name as written.
    pub(in crate::read::services) name: &'t str,
    /// The value, quotes and comments removed; none where the line is only a name.
    pub(in crate::read::services) value: Option<String>,
    /// The line as written.
    pub(in crate::read::services) raw: &'t str,
}

/// How a program reads such files.
#[derive(Debug, Clone, Copy)]
pub(in crate::read::services) struct Dialect {
    /// Characters that begin a comment after a value.
    pub(in crate::read::services) inline: &'static [char],
    /// Whether a backslash at the end joins the next line.
    pub(in crate::read::services) joined: bool,
}

/// The entries of a text.
pub(in crate::read::services) fn entries(text: &str, dialect: Dialect) -> Vec<Entry<'_>> {
    let mut found: Vec<Entry<'_>> = Vec::new();
    let mut section = "";
    let mut open = false;
    for (index, raw) in text.lines().enumerate() {
        let trimmed = raw.trim();
        let goes_on = dialect.joined && trimmed.ends_with('\\');
        let body = trimmed.trim_end_matches('\\').trim_end();
        if std::mem::replace(&mut open, goes_on) {
            extend(&mut found, body, dialect);
            continue;
        }
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            open = false;
        } else if let Some(rest) = trimmed.strip_prefix('[') {
            section = rest.split(']').next().unwrap_or_default().trim();
            open = false;
        } else {
            found.push(entry(
                if dialect.joined { body } else { trimmed },
                index + 1,
                section,
                raw,
                dialect,
            ));
        }
    }
    found
}

fn entry<'t>(
    text: &'t str,
    line: usize,
    section: &'t str,
    raw: &'t str,
    dialect: Dialect,
) -> Entry<'t> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name.trim(), Some(clean(value, dialect))),
        None => (
            text.split(dialect.inline).next().unwrap_or_default().trim(),
            None,
        ),
    };
    Entry {
        line,
        section,
        name,
        value,
        raw,
    }
}

fn extend(found: &mut [Entry<'_>], text: &str, dialect: Dialect) {
    if let Some(value) = found.last_mut().and_then(|last| last.value.as_mut()) {
        value.push(' ');
        value.push_str(&clean(text, dialect));
    }
}

/// A value without its quotes and the comment after it.
fn clean(value: &str, dialect: Dialect) -> String {
    let value = value.trim();
    let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return value
            .split(dialect.inline)
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
    };
    let inner = value.get(1..).unwrap_or_default();
    inner.split(quote).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Dialect = Dialect {
        inline: &['#'],
        joined: false,
    };

    #[test]
    fn sections_values_and_comments() {
        let text = "a=1\n[ x ]\n; no\n b = \"c # d\" # e\nflag # f\n[y]\nz=\n";
        let got: Vec<_> = entries(text, PLAIN)
            .into_iter()
            .map(|e| (e.line, e.section, e.name, e.value))
            .collect();
        let some = |v: &str| Some(v.to_owned());
        assert_eq!(
            got,
            [
                (1, "", "a", some("1")),
                (4, "x", "b", some("c # d")),
                (5, "x", "flag", None),
                (7, "y", "z", some("")),
            ]
        );
    }

    #[test]
    fn a_backslash_joins_lines() {
        let dialect = Dialect {
            inline: &[],
            joined: true,
        };
        let got = entries("a = b \\\n c\nd = e", dialect);
        assert_eq!(got[0].value.as_deref(), Some("b c"));
        assert_eq!((got[1].line, got[1].name), (3, "d"));
    }
}
