//! Regular files: every byte goes to the scanner, the content of those that readers ask for into the tree.

use super::{Content, Current, Found, Kind, Merger, Reason, ReasonKind};

impl Merger<'_> {
    /// A file begins.
    pub(super) fn begin_file(&mut self, path: Vec<u8>, found: &Found<'_>) {
        self.replace(&path);
        if let Some(stream) = &mut self.stream {
            stream.begin(&path);
        }
        let mut current = Current::default();
        let mut entry = self.entry(Kind::File, found);
        entry.size = 0;
        if self.merged.root.unkept.wants().content(&path) {
            current.refused = self.refusal(&path, found.size);
            current.content = current.refused.is_none().then(Vec::new);
            current.entry = Some(entry);
        } else if self.keeps_entry(&path, &entry, false) {
            current.entry = Some(entry);
        } else {
            self.leave(&path);
        }
        current.path = path;
        self.current = current;
    }

    /// Why a file of this size is not kept, if it is not.
    fn refusal(&self, path: &[u8], size: u64) -> Option<Reason> {
        let (limit, of) = if size > self.limits.file_bytes {
            (self.limits.file_bytes, "one file")
        } else if self.merged.used.kept.saturating_add(size) > self.limits.kept_bytes {
            (self.limits.kept_bytes, "all files together")
        } else {
            return None;
        };
        let message = format!(
            "/{} has {size} bytes; of {of} {limit} bytes are kept at most",
            String::from_utf8_lossy(path)
        );
        Some(Reason::new(ReasonKind::Budget, message))
    }

    /// A piece of its content.
    pub(super) fn content(&mut self, chunk: &[u8]) {
        if let Some(stream) = &mut self.stream {
            stream.feed(chunk);
        }
        let Some(entry) = &mut self.current.entry else {
            return;
        };
        entry.size = entry.size.saturating_add(chunk.len() as u64);
        let size = entry.size;
        if self.current.content.is_none() {
            return;
        }
        // Headers lie; what comes counts.
        if let Some(refusal) = self.refusal(&self.current.path, size) {
            self.current.content = None;
            self.current.refused = Some(refusal);
        } else if let Some(content) = &mut self.current.content {
            content.extend_from_slice(chunk);
        }
    }

    /// The file is over.
    pub(super) fn end_file(&mut self, outcome: Result<(), Reason>) {
        let current = std::mem::take(&mut self.current);
        if let Some(stream) = &mut self.stream {
            stream.finish(&mut self.hits);
            let findings = &mut self.merged.findings;
            let most = self.limits.findings;
            findings.add(&current.path, self.layer, self.hits.drain(..), most);
            findings.count(stream.more());
        }
        if let Err(reason) = &outcome {
            let first = &mut self.merged.unscanned;
            first.get_or_insert_with(|| reason.clone());
        }
        let Some(mut entry) = current.entry else {
            return;
        };
        let asked = current.content.is_some() || current.refused.is_some();
        entry.content = match (outcome, current.content, current.refused) {
            (Err(reason), ..) if asked => Content::Unread(reason),
            (_, _, Some(refused)) => Content::Unread(refused),
            (_, Some(content), _) => Content::Bytes(content.into()),
            _ => Content::NotKept,
        };
        self.keep(current.path, entry);
    }
}
