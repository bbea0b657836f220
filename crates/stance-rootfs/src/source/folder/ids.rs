//! Owners inside a container whose users are counted from another number on this host.

/// How owners on this host are counted inside; empty: they are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct IdMap {
    /// Ranges of users: the first inside, the first on this host, how many.
    pub(crate) users: Vec<(u64, u64, u64)>,
    /// Ranges of groups.
    pub(crate) groups: Vec<(u64, u64, u64)>,
}

/// What the kernel shows for an owner that is in no range.
const NOBODY: u64 = 65_534;
/// The most ranges that the kernel takes.
const RANGES: usize = 340;

impl IdMap {
    /// The maps as the kernel writes them, `/proc/<pid>/uid_map` and `gid_map`.
    pub(crate) fn parse(users: &str, groups: &str) -> Self {
        Self {
            users: ranges(users),
            groups: ranges(groups),
        }
    }

    /// A user of this host as it is inside.
    pub(crate) fn user(&self, outside: u64) -> u64 {
        inside(&self.users, outside)
    }

    /// A group of this host as it is inside.
    pub(crate) fn group(&self, outside: u64) -> u64 {
        inside(&self.groups, outside)
    }
}

fn ranges(text: &str) -> Vec<(u64, u64, u64)> {
    let range = |line: &str| {
        let mut numbers = line.split_ascii_whitespace().map(str::parse::<u64>);
        let mut next = || numbers.next()?.ok();
        Some((next()?, next()?, next()?))
    };
    text.split('\n').take(RANGES).filter_map(range).collect()
}

fn inside(ranges: &[(u64, u64, u64)], outside: u64) -> u64 {
    if ranges.is_empty() {
        return outside;
    }
    let found = ranges.iter().find_map(|(first, host, count)| {
        let step = outside.checked_sub(*host)?;
        (step < *count).then(|| first.saturating_add(step))
    });
    found.unwrap_or(NOBODY)
}

#[cfg(test)]
mod tests {
    use super::IdMap;

    #[test]
    fn owners_are_counted_from_inside() {
        let map = IdMap::parse(
            "         0       1000          1\n         1     100000      65536\n",
            "",
        );
        assert_eq!(
            [1000, 100_000, 100_099, 5].map(|id| map.user(id)),
            [0, 1, 100, 65_534]
        );
        assert_eq!(map.group(5), 5);
        assert_eq!(IdMap::parse("a b c\n1 2", "x"), IdMap::default());
    }
}
