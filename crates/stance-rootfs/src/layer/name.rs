//! Names of entries: made to lie inside the root, and what a whiteout names.

/// The longest path and the longest segment that Linux takes.
pub(crate) const PATH_MAX: usize = 4096;
const NAME_MAX: usize = 255;

/// A name made to lie inside the root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Inside {
    /// The path without a leading slash, `.`, `..` and empty segments.
    pub(crate) path: Vec<u8>,
    /// It began with a slash.
    pub(crate) absolute: bool,
    /// It went up with `..`.
    pub(crate) upward: bool,
    /// It is longer than Linux takes.
    pub(crate) too_long: bool,
}

/// Makes a name lie inside the root, as it would from the root itself: `..` stops there.
pub(crate) fn inside(name: &[u8]) -> Inside {
    let mut inside = Inside {
        absolute: name.starts_with(b"/"),
        too_long: name.len() > PATH_MAX,
        ..Inside::default()
    };
    let name = name.get(..name.len().min(PATH_MAX)).unwrap_or_default();
    inside.path.reserve_exact(name.len());
    for segment in name.split(|byte| *byte == b'/') {
        match segment {
            b"" | b"." => {}
            b".." => {
                inside.upward = true;
                let cut = inside.path.iter().rposition(|byte| *byte == b'/');
                inside.path.truncate(cut.unwrap_or(0));
            }
            segment => {
                inside.too_long |= segment.len() > NAME_MAX;
                if !inside.path.is_empty() {
                    inside.path.push(b'/');
                }
                inside.path.extend_from_slice(segment);
            }
        }
    }
    inside
}

/// Its folder and its last segment.
pub(crate) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        None => (&[], path),
        Some(at) => (
            path.get(..at).unwrap_or_default(),
            path.get(at + 1..).unwrap_or_default(),
        ),
    }
}

/// A path in a folder.
pub(crate) fn join(dir: &[u8], name: &[u8]) -> Vec<u8> {
    if dir.is_empty() {
        return name.to_vec();
    }
    [dir, b"/", name].concat()
}

/// What an entry takes away from the layers below.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Whiteout<'n> {
    /// This name in the same folder, and all below it.
    Name(&'n [u8]),
    /// All that the folder holds.
    Opaque,
    /// Nothing: bookkeeping of a union file system.
    Bookkeeping,
    /// It names nothing, its own folder or the one above: taken for a name it would delete what it must not.
    Invalid,
}

/// The whiteout that a name is, if it is one.
pub(super) fn whiteout(name: &[u8]) -> Option<Whiteout<'_>> {
    let hidden = name.strip_prefix(b".wh.")?;
    Some(match hidden {
        b".wh..opq" => Whiteout::Opaque,
        b"" | b"." | b".." => Whiteout::Invalid,
        hidden if hidden.starts_with(b".wh.") => Whiteout::Bookkeeping,
        hidden => Whiteout::Name(hidden),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside() {
        for (name, wanted) in [
            (&b"a/b"[..], &b"a/b"[..]),
            (b"./a//b/", b"a/b"),
            (b"/etc/passwd", b"etc/passwd"),
            (b"../../etc/passwd", b"etc/passwd"),
            (b"a/../../b", b"b"),
            (b"./", b""),
            (b"a/./b/..", b"a"),
        ] {
            assert_eq!(inside(name).path, wanted);
        }
        assert!(inside(b"../x").upward && inside(b"/x").absolute);
        assert!(inside(&[b'a'; 300]).too_long);
    }

    #[test]
    fn whiteouts_name_what_they_may() {
        assert_eq!(whiteout(b"a"), None);
        assert_eq!(whiteout(b".wh.a"), Some(Whiteout::Name(b"a")));
        assert_eq!(whiteout(b".wh..wh..opq"), Some(Whiteout::Opaque));
        assert_eq!(whiteout(b".wh..wh.plnk"), Some(Whiteout::Bookkeeping));
        for bad in [&b".wh."[..], b".wh..", b".wh..."] {
            assert_eq!(whiteout(bad), Some(Whiteout::Invalid));
        }
    }
}
