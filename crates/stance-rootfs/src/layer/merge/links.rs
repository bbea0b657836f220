//! Hard and symbolic links.

use super::{
    Content, Entry, Found, Kind, Lead, LeadPlace, Merger, Oddity, Reason, ReasonKind, inside,
    is_below, join, split,
};

/// How far a link that leads to a link is followed when it is asked where what readers ask for really is.
const HOPS: usize = 8;

impl Merger<'_> {
    /// A symbolic link.
    pub(super) fn link(&mut self, path: &[u8], target: &[u8], found: &Found<'_>) {
        self.replace(path);
        self.folder = None;
        let entry = self.entry(Kind::Link(target.to_vec()), found);
        if !self.keeps_entry(path, &entry, true) {
            self.leave(path);
            return;
        }
        self.keep(path.to_vec(), entry);
        self.follow(path, target, HOPS);
    }

    /// Asks for the content of what a link leads to, where the link's own name is asked for.
    fn follow(&mut self, path: &[u8], target: &[u8], hops: usize) {
        let (dir, _) = split(path);
        let target = match target.first() {
            Some(b'/') => inside(target).path,
            _ => inside(&join(dir, target)).path,
        };
        let leads = self.merged.root.unkept.wants().through(path, &target);
        for lead in leads {
            if self.merged.root.unkept.ask(&lead) {
                self.asked(&lead, hops);
            }
        }
    }

    /// After something more was asked for: is it a link itself, and has it gone by already?
    fn asked(&mut self, lead: &Lead, hops: usize) {
        let root = &self.merged.root;
        let gone_by = match &lead.place {
            LeadPlace::Path(path) => {
                let real = root.real_path(path).unwrap_or_default();
                let known = root.entries.get(path);
                if let (
                    Some(Entry {
                        kind: Kind::Link(next),
                        ..
                    }),
                    true,
                ) = (known, hops > 0)
                {
                    let next = next.clone();
                    return self.follow(path, &next, hops - 1);
                }
                root.unkept.may_hold(path) || (real != *path && root.unkept.may_hold(&real))
            }
            LeadPlace::Folder(dir, _) => root.entries.contains_key(dir),
        };
        self.merged.again |= gone_by;
    }

    /// Another name of a file: of this layer or one below. The content is the same, and so is not scanned again.
    pub(super) fn hard_link(&mut self, path: Vec<u8>, target: &[u8], found: &Found<'_>) {
        let target = self.real_place(target);
        if target == path {
            return;
        }
        let known = self.merged.root.entries.get(&target).cloned();
        let lost = is_below(&target, &path);
        self.replace(&path);
        let wanted = self.merged.root.unkept.wants().content(&path);
        match known.filter(|_| !lost) {
            Some(Entry {
                kind: Kind::Dir, ..
            }) => self.merged.note(Oddity::DanglingHardLink),
            Some(entry) => self.share(path, &target, entry, wanted),
            None if self.merged.root.unkept.may_hold(&target) => {
                let entry = self.entry(Kind::File, found);
                self.share(path, &target, entry, wanted);
            }
            None => {
                self.merged.note(Oddity::DanglingHardLink);
                if wanted {
                    let entry = self.entry(Kind::File, found);
                    let why = format!(
                        "it is another name of /{}, which is not there",
                        shown(&target)
                    );
                    let content = Content::Unread(Reason::new(ReasonKind::NotFound, why));
                    self.keep(path, Entry { content, ..entry });
                }
            }
        }
    }

    fn share(&mut self, path: Vec<u8>, target: &[u8], entry: Entry, wanted: bool) {
        let mut entry = Entry {
            layer: self.layer,
            ..entry
        };
        if wanted && entry.kind == Kind::File && entry.content == Content::NotKept {
            // The content has gone by: the next pass keeps it.
            let lead = Lead {
                content: true,
                place: LeadPlace::Path(target.to_vec()),
            };
            self.merged.again |= self.merged.root.unkept.ask(&lead);
            let why = format!(
                "it is another name of /{}, which was not kept",
                shown(target)
            );
            entry.content = Content::Unread(Reason::new(ReasonKind::NotCollected, why));
        }
        if wanted || self.keeps_entry(&path, &entry, false) {
            self.keep(path, entry);
        } else {
            self.leave(&path);
        }
    }
}

fn shown(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}
