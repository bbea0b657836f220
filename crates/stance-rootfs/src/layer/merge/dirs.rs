//! Folders, devices, and what takes the place of what.

use super::{
    Content, Entry, Found, Kind, Merger, Oddity, Reason, ReasonKind, below, implied_dir, put,
    split, take, take_below,
};

/// The most files with unusual modes, capabilities or owners that are kept.
const MOST_UNUSUAL: usize = 8_192;
/// Set-user-id and set-group-id.
const SET_ID: u32 = 0o6000;
const STICKY: u32 = 0o1000;
const WORLD_WRITABLE: u32 = 0o0002;

impl Merger<'_> {
    /// A folder: what is in it stays.
    pub(super) fn dir(&mut self, path: Vec<u8>, found: &Found<'_>) {
        match self.merged.root.entries.get(&path) {
            Some(entry) if entry.kind == Kind::Dir => {}
            Some(_) => self.replace(&path),
            // Perhaps a file that was not kept; perhaps a folder that no layer listed, and what is in it stays.
            None => self
                .merged
                .findings
                .hide(&path, self.layer.saturating_add(1)),
        }
        let entry = self.entry(Kind::Dir, found);
        if self.keeps_entry(&path, &entry, true) {
            self.keep(path, entry);
        } else {
            self.leave(&path);
        }
    }

    /// A device, a pipe or a socket: never opened.
    pub(super) fn special(&mut self, path: Vec<u8>, found: &Found<'_>) {
        self.merged.note(Oddity::Device);
        self.replace(&path);
        let entry = self.entry(Kind::Special, found);
        if self.keeps_entry(&path, &entry, false) {
            self.keep(path, entry);
        } else {
            self.leave(&path);
        }
    }

    /// The attributes of an entry of this layer.
    pub(super) fn entry(&self, kind: Kind, found: &Found<'_>) -> Entry {
        Entry {
            kind,
            mode: found.mode,
            uid: found.uid,
            gid: found.gid,
            size: found.size,
            capabilities: found.capabilities,
            layer: self.layer,
            content: Content::NotKept,
        }
    }

    /// Whether an entry is kept: readers ask for it, it is unusual, or (`way`) it is a folder or a link, which paths
    /// lead through. Once half the tree's budget is used, only those count that readers want the content of, or name
    /// one by one, or that lead there.
    pub(super) fn keeps_entry(&mut self, path: &[u8], entry: &Entry, way: bool) -> bool {
        let wants = self.merged.root.unkept.wants();
        let roomy = self.merged.used.tree < self.limits.tree_bytes / 2;
        let asked = wants.content(path) || wants.led(path) || (roomy && wants.entry(path));
        if asked || (way && (roomy || wants.leads(path))) {
            return true;
        }
        self.is_unusual(entry)
    }

    /// An entry that is not kept.
    pub(super) fn leave(&mut self, path: &[u8]) {
        let unkept = &mut self.merged.root.unkept;
        if unkept.wants().entry(path) {
            unkept.drop_seen(path);
        } else {
            unkept.insert(path);
        }
    }

    fn is_unusual(&mut self, entry: &Entry) -> bool {
        let open = match entry.kind {
            Kind::Link(_) => return false,
            Kind::Dir => entry.mode & WORLD_WRITABLE != 0 && entry.mode & STICKY == 0,
            _ => entry.mode & WORLD_WRITABLE != 0,
        };
        let set_id = entry.mode & SET_ID != 0 && entry.kind != Kind::Special;
        let foreign =
            (entry.uid != 0 || entry.gid != 0) && self.merged.owners.sample(entry.uid, entry.gid);
        if !(open || set_id || entry.capabilities || foreign) {
            return false;
        }
        if self.merged.unusual >= MOST_UNUSUAL {
            self.merged.note(Oddity::UnusualNotKept);
            return false;
        }
        self.merged.unusual += 1;
        true
    }

    /// Puts an entry into the tree, with the folders on its way; within the tree's budget.
    pub(super) fn keep(&mut self, path: Vec<u8>, entry: Entry) {
        if self.imply_folders(&path) && self.has_room() {
            put(&mut self.merged.root, &mut self.merged.used, path, entry);
        }
    }

    /// Whether the tree's budget has room for one more entry; if not, the tree is incomplete.
    fn has_room(&mut self) -> bool {
        if self.merged.used.tree < self.limits.tree_bytes {
            return true;
        }
        let message = format!(
            "the tree takes more than {} bytes, which is the limit",
            self.limits.tree_bytes
        );
        self.merged
            .incomplete(Reason::new(ReasonKind::Budget, message));
        false
    }

    /// Puts the folders on the way to an entry into the tree; false: there was no room for one.
    fn imply_folders(&mut self, path: &[u8]) -> bool {
        let (mut dir, _) = split(path);
        while !dir.is_empty() {
            let known = self.merged.root.entries.get(dir);
            // Whatever brought a folder has seen to those above it.
            if known.is_some_and(|entry| entry.kind == Kind::Dir) {
                break;
            }
            if !self.has_room() {
                return false;
            }
            // A file was there, or nothing that is known.
            self.merged.findings.hide(dir, self.layer.saturating_add(1));
            let implied = implied_dir(self.layer);
            put(
                &mut self.merged.root,
                &mut self.merged.used,
                dir.to_vec(),
                implied,
            );
            (dir, _) = split(dir);
        }
        true
    }

    /// Makes room: what is at this path, and below it, is gone.
    pub(super) fn replace(&mut self, path: &[u8]) {
        let merged = &mut self.merged;
        // Also what this layer brought: the last one of the same name counts.
        let layer = self.layer.saturating_add(1);
        merged.findings.hide(path, layer);
        merged.findings.hide_below(path, layer);
        let old = take(&mut merged.root, &mut merged.used, path);
        match old.map(|entry| (entry.kind, entry.layer)) {
            None => return,
            Some((kind, brought)) => {
                if brought == self.layer {
                    merged.note(Oddity::Duplicate);
                }
                if kind == Kind::Dir {
                    take_below(&mut merged.root, &mut merged.used, path, |_| true);
                }
            }
        }
        self.folder = None;
    }

    /// A whiteout of a path: what lower layers have there is gone.
    pub(super) fn remove(&mut self, path: &[u8]) {
        self.remove_below(path);
        self.merged.findings.hide(path, self.layer);
        let merged = &mut self.merged;
        let lower = |entry: &Entry| entry.layer < self.layer;
        if !merged.root.entries.get(path).is_some_and(lower) {
            return;
        }
        if merged.root.entries.range(below(path)).next().is_some() {
            // This layer made the folder anew without an entry of its own.
            let implied = implied_dir(self.layer);
            put(&mut merged.root, &mut merged.used, path.to_vec(), implied);
        } else {
            take(&mut merged.root, &mut merged.used, path);
        }
    }

    /// An opaque folder: what lower layers have in it is gone.
    pub(super) fn remove_below(&mut self, dir: &[u8]) {
        let layer = self.layer;
        let merged = &mut self.merged;
        merged.findings.hide_below(dir, layer);
        take_below(&mut merged.root, &mut merged.used, dir, |entry| {
            entry.layer < layer
        });
        self.folder = None;
    }
}
