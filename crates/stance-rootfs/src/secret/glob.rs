//! Path patterns of rules: `*` and `?` within a segment, `{a,b}`, `**` for any folders.

use regex::bytes::{Regex, RegexBuilder};

/// Several patterns as one.
#[derive(Debug)]
pub(super) struct Globs(Regex);

impl Globs {
    /// None where there are no patterns.
    ///
    /// # Errors
    /// The regular expression's complaint.
    pub(super) fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Option<Self>, regex::Error> {
        if patterns.is_empty() {
            return Ok(None);
        }
        let parts: Vec<String> = patterns.iter().map(|p| expression(p.as_ref())).collect();
        let whole = format!(r"\A(?:{})\z", parts.join("|"));
        RegexBuilder::new(&whole)
            .unicode(false)
            .dot_matches_new_line(true)
            .size_limit(2 << 20)
            .build()
            .map(|regex| Some(Self(regex)))
    }

    /// Whether one of them matches a path without its leading slash.
    pub(super) fn matches(&self, path: &[u8]) -> bool {
        self.0.is_match(path)
    }
}

/// The regular expression of one pattern.
fn expression(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern.trim_start_matches('/');
    while let Some(first) = rest.chars().next() {
        let (piece, taken) = match first {
            '*' if rest.starts_with("**/") => ("(?:.*/)?".to_owned(), 3),
            '*' if rest.starts_with("**") => (".*".to_owned(), 2),
            '*' => ("[^/]*".to_owned(), 1),
            '?' => ("[^/]".to_owned(), 1),
            '{' => ("(?:".to_owned(), 1),
            '}' => (")".to_owned(), 1),
            ',' => ("|".to_owned(), 1),
            other => (
                regex::escape(other.encode_utf8(&mut [0; 4])),
                other.len_utf8(),
            ),
        };
        out.push_str(&piece);
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Globs;

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, path, wanted) in [
            ("usr/share/doc/**", "usr/share/doc/a/b", true),
            ("usr/share/doc/**", "srv/usr/share/doc/a", false),
            ("**/*.map", "a.map", true),
            ("**/*.map", "x/y/a.map", true),
            ("**/*.map", "x/a.mapx", false),
            ("**/{test,tests}/**", "app/tests/key", true),
            ("**/{test,tests}/**", "app/contests/key", false),
            ("etc/*.conf", "etc/a/b.conf", false),
            ("etc/?.c+", "etc/a.c+", true),
        ] {
            let globs = Globs::new(&[pattern]).unwrap().unwrap();
            assert_eq!(globs.matches(path.as_bytes()), wanted, "{pattern} {path}");
        }
    }
}
