//! Shell patterns over the tree.

use super::Root;

/// The paths that a pattern names, links on the way followed by whoever looks them up.
pub(super) fn expand(root: &Root, pattern: &str) -> Vec<Vec<u8>> {
    let pattern = pattern.trim_start_matches('/');
    let mut found: Vec<Vec<u8>> = vec![Vec::new()];
    for segment in pattern.split('/').filter(|segment| !segment.is_empty()) {
        found = found
            .into_iter()
            .flat_map(|dir| step(root, &dir, segment))
            .collect();
    }
    found
}

/// The children of a directory that one segment names.
fn step(root: &Root, dir: &[u8], segment: &str) -> Vec<Vec<u8>> {
    let Some((dir, _)) = resolved(root, dir) else {
        return Vec::new();
    };
    let mut start = dir;
    if !start.is_empty() {
        start.push(b'/');
    }
    if !segment.contains(['*', '?', '[']) {
        start.extend_from_slice(segment.as_bytes());
        return vec![start];
    }
    let below = root
        .entries
        .range(start.clone()..)
        .map(|(path, _)| path)
        .take_while(|path| path.starts_with(&start));
    below
        .filter(|path| {
            let name = path.get(start.len()..).unwrap_or_default();
            !name.is_empty() && !name.contains(&b'/') && matches_segment(segment.as_bytes(), name)
        })
        .cloned()
        .collect()
}

fn resolved(root: &Root, dir: &[u8]) -> Option<(Vec<u8>, ())> {
    if dir.is_empty() {
        return Some((Vec::new(), ()));
    }
    root.resolve(dir).map(|(path, _)| (path, ()))
}

/// Whether a name matches one segment of a pattern; a leading dot only by a literal one.
pub(super) fn matches_segment(pattern: &[u8], name: &[u8]) -> bool {
    let hidden = name.first() == Some(&b'.') && pattern.first() != Some(&b'.');
    !hidden && matches_name(pattern, name)
}

/// Whether a path matches a pattern, `**` standing for any folders, none among them, and at the end for all that is
/// below. Hidden names are matched as others are: what is kept may be more than what is asked for, never less.
pub(super) fn matches_path(pattern: &str, path: &[u8]) -> bool {
    let (first, rest) = pattern.split_once('/').unwrap_or((pattern, ""));
    if first == "**" {
        return rest.is_empty() || tails(path).any(|tail| matches_path(rest, tail));
    }
    let slash = memchr::memchr(b'/', path);
    let (name, below) = path.split_at(slash.unwrap_or(path.len()));
    if !matches_name(first.as_bytes(), name) {
        return false;
    }
    match (rest.is_empty(), below.split_first()) {
        (true, None) => true,
        (false, Some((_, below))) => matches_path(rest, below),
        _ => false,
    }
}

/// A path from each of its segments on.
fn tails(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let starts = memchr::memchr_iter(b'/', path).map(|at| at + 1);
    std::iter::once(0)
        .chain(starts)
        .map(|at| path.get(at..).unwrap_or_default())
}

fn matches_name(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match one(pattern, p, name.get(n).copied().unwrap_or_default()) {
            Some(next) => {
                p = next;
                n += 1;
            }
            None if pattern.get(p) == Some(&b'*') => {
                star = Some((p + 1, n));
                p += 1;
            }
            None => match star {
                Some((after, from)) => {
                    star = Some((after, from + 1));
                    p = after;
                    n = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .unwrap_or_default()
        .iter()
        .all(|byte| *byte == b'*')
}

/// Where the pattern goes on after it took one byte; none: it does not take it.
fn one(pattern: &[u8], at: usize, byte: u8) -> Option<usize> {
    match *pattern.get(at)? {
        b'*' => None,
        b'?' => Some(at + 1),
        b'[' => class(pattern, at, byte),
        literal => (literal == byte).then_some(at + 1),
    }
}

fn class(pattern: &[u8], at: usize, byte: u8) -> Option<usize> {
    let inside = pattern.get(at + 1..)?;
    let end = inside.iter().skip(1).position(|b| *b == b']')? + 1;
    let set = inside.get(..end)?;
    let (negated, set) = match set.split_first() {
        Some((b'!' | b'^', rest)) => (true, rest),
        _ => (false, set),
    };
    let mut hit = false;
    let mut rest = set;
    while let Some((low, after)) = rest.split_first() {
        if let [b'-', high, tail @ ..] = after {
            hit |= (*low..=*high).contains(&byte);
            rest = tail;
        } else {
            hit |= *low == byte;
            rest = after;
        }
    }
    (hit != negated).then_some(at + 1 + end + 1)
}

#[cfg(test)]
mod tests {
    use super::{matches_path, matches_segment};

    #[test]
    fn paths_match_with_any_folders() {
        for (pattern, path, wanted) in [
            ("etc/*.conf", "etc/a.conf", true),
            ("etc/*.conf", "etc/d/a.conf", false),
            ("etc/*", "etc", false),
            ("etc", "etc/a", false),
            ("etc/nginx/**", "etc/nginx/a/.b", true),
            ("etc/nginx/**", "etc/nginxx/a", false),
            ("**/redis.conf", "redis.conf", true),
            ("**/redis.conf", "opt/a/redis.conf", true),
            ("**/redis.conf", "opt/a/xredis.conf", false),
            ("**/conf/*.xml", "opt/conf/a/b.xml", false),
            ("**/conf/*.xml", "opt/conf/b.xml", true),
            ("a/**/z", "a/z", true),
            ("a/**/z", "a/b/c/z", true),
            ("a/**/z", "b/z", false),
        ] {
            let got = matches_path(pattern, path.as_bytes());
            assert_eq!(got, wanted, "{pattern} {path}");
        }
    }

    #[test]
    fn segments_match_as_a_shell_does() {
        for (pattern, name, wanted) in [
            ("*.conf", "a.conf", true),
            ("*.conf", ".conf", false),
            ("*.conf", "a.conf.bak", false),
            ("?.c", "a.c", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("*a*b", "xaxb", true),
            ("*a*b", "xbxa", false),
        ] {
            let got = matches_segment(pattern.as_bytes(), name.as_bytes());
            assert_eq!(got, wanted, "{pattern} {name}");
        }
    }
}
