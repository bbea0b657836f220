//! The tree while it grows: entries come and go, and what it takes is known at any time.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::root::{Content, Entry, Kind, Root};

/// What an entry takes besides its name: itself, its place in the map, the heap's own share.
const ENTRY: usize = size_of::<Entry>() + size_of::<Vec<u8>>() + 48;

/// What a tree takes, bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Used {
    /// Names and attributes.
    pub(crate) tree: u64,
    /// Contents.
    pub(crate) kept: u64,
}

impl Used {
    fn of(path: &[u8], entry: &Entry) -> Self {
        let target = match &entry.kind {
            Kind::Link(target) => target.len(),
            _ => 0,
        };
        let kept = match &entry.content {
            Content::Bytes(bytes) => bytes.len(),
            _ => 0,
        };
        Self {
            tree: (ENTRY + path.len() + target) as u64,
            kept: kept as u64,
        }
    }
}

/// The paths below a folder.
pub(crate) fn below(dir: &[u8]) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
    if dir.is_empty() {
        // The root itself is the empty path.
        return (Bound::Excluded(Vec::new()), Bound::Unbounded);
    }
    let end = |byte| [dir, &[byte]].concat();
    (Bound::Excluded(end(b'/')), Bound::Excluded(end(b'/' + 1)))
}

/// Puts an entry in, in place of what was there.
pub(crate) fn put(root: &mut Root, used: &mut Used, path: Vec<u8>, entry: Entry) {
    let new = Used::of(&path, &entry);
    take(root, used, &path);
    used.tree += new.tree;
    used.kept += new.kept;
    root.entries.insert(path, entry);
}

/// Takes an entry out.
pub(crate) fn take(root: &mut Root, used: &mut Used, path: &[u8]) -> Option<Entry> {
    let entry = root.entries.remove(path)?;
    let old = Used::of(path, &entry);
    used.tree = used.tree.saturating_sub(old.tree);
    used.kept = used.kept.saturating_sub(old.kept);
    Some(entry)
}

/// Takes out all below a folder that `gone` says; the folders of what stays, stay.
pub(crate) fn take_below(
    root: &mut Root,
    used: &mut Used,
    dir: &[u8],
    gone: impl Fn(&Entry) -> bool,
) {
    let range = root.entries.range(below(dir));
    let (mut lost, mut folders_of) = (Vec::new(), None::<Vec<u8>>);
    // From the last path on, so that what is in a folder is seen before the folder.
    for (path, entry) in range.rev() {
        let needed = folders_of.as_ref().is_some_and(|kept| is_below(kept, path));
        if gone(entry) && !needed {
            lost.push(path.clone());
        } else if !needed {
            folders_of = Some(path.clone());
        }
    }
    for path in lost {
        take(root, used, &path);
    }
}

/// Whether a path lies below a folder.
pub(crate) fn is_below(path: &[u8], dir: &[u8]) -> bool {
    let rest = path.strip_prefix(dir);
    rest.is_some_and(|rest| dir.is_empty() || rest.first() == Some(&b'/'))
}

/// A folder that no layer says anything of, but something lies in it.
pub(crate) fn implied_dir(layer: u32) -> Entry {
    Entry {
        kind: Kind::Dir,
        mode: 0o755,
        uid: 0,
        gid: 0,
        size: 0,
        capabilities: false,
        layer,
        content: Content::NotKept,
    }
}

/// How often an owner or a group that is not root was met: a few files of each are kept, so that those without an
/// account can be named.
#[derive(Debug, Clone, Default)]
pub(crate) struct Owners {
    seen: BTreeMap<(bool, u64), u32>,
}

impl Owners {
    /// Owners that are told apart.
    const MOST: usize = 256;
    /// Files of each.
    const EACH: u32 = 4;

    /// Whether a file of these is one of the few.
    pub(crate) fn sample(&mut self, uid: u64, gid: u64) -> bool {
        let user = self.count(false, uid);
        self.count(true, gid) || user
    }

    fn count(&mut self, group: bool, id: u64) -> bool {
        let known = self.seen.contains_key(&(group, id));
        if id == 0 || (!known && self.seen.len() >= Self::MOST) {
            return false;
        }
        let count = self.seen.entry((group, id)).or_default();
        *count = count.saturating_add(1);
        *count <= Self::EACH
    }
}
