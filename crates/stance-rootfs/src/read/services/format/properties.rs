//! Lines of a name and a value: Java properties, redis.conf, sshd_config, postgresql.conf.

/// One line that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read::services) struct Entry<'t> {
    /// The line, from 1.
    pub(in crate::read::services) line: usize,
    /// The name as written.
    pub(in crate::read::services) name: &'t str,
    /// What comes after it, trimmed, quotes and comments still there.
    pub(in crate::read::services) rest: &'t str,
    /// The line as written.
    pub(in crate::read::services) raw: &'t str,
}

/// The lines that are neither empty nor comments (`#`). The name ends at white space or at one of `separators`, one of
/// which is skipped.
pub(in crate::read::services) fn entries<'t>(
    text: &'t str,
    separators: &'static [char],
) -> impl Iterator<Item = Entry<'t>> {
    text.lines().enumerate().filter_map(move |(index, raw)| {
        let line = raw.trim();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let end = line.find(|c: char| c.is_whitespace() || separators.contains(&c));
        let (name, rest) = line.split_at_checked(end.unwrap_or(line.len()))?;
        let rest = rest.trim_start();
        let rest = rest.strip_prefix(separators).unwrap_or(rest).trim();
        Some(Entry {
            line: index + 1,
            name,
            rest,
            raw,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_space_or_a_sign() {
        let text = "a b c\n# x\n  d = e=f\n g=h\ni\n";
        let got: Vec<_> = entries(text, &['='])
            .map(|e| (e.line, e.name, e.rest))
            .collect();
        assert_eq!(
            got,
            [
                (1, "a", "b c"),
                (3, "d", "e=f"),
                (4, "g", "h"),
                (5, "i", "")
            ]
        );
    }
}
