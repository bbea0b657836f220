//! Merging layers, from the lowest: each entry in turn takes the place of what was there.
//!
//! Whiteouts act on the layers below only, wherever in its layer one stands: every entry knows its layer.

mod dirs;
mod files;
mod findings;
mod links;
mod oddity;
mod tree;

pub(crate) use findings::{Finding, Findings};
pub(crate) use oddity::{Oddities, Oddity};
use tree::{Owners, Used, below, implied_dir, is_below, put, take, take_below};

use std::ops::ControlFlow;
use std::sync::Arc;

use stance_model::{Reason, ReasonKind};

use super::name::{Whiteout, inside, join, split, whiteout};
use crate::Limits;
use crate::root::{Content, Entry, Kind, Lead, LeadPlace, Root, Unkept, Wants};
use crate::secret::{SecretHit, SecretScanner, SecretStream};
use crate::source::{Found, FoundKind, TreeSink};

/// What the layers so far make.
#[derive(Debug, Clone, Default)]
pub(crate) struct Merged {
    /// The tree.
    pub(crate) root: Root,
    /// The secrets.
    pub(crate) findings: Findings,
    /// What was odd.
    pub(crate) oddities: Oddities,
    /// Whether a link leads what readers ask for to files that had gone by before it was seen: worth another pass.
    pub(crate) again: bool,
    /// Why a file's content could not be looked at for secrets; the first such reason.
    pub(crate) unscanned: Option<Reason>,
    /// What the tree takes.
    pub(crate) used: Used,
    entries: u64,
    owners: Owners,
    unusual: usize,
}

impl Merged {
    /// Nothing yet; `wants` are kept.
    pub(crate) fn new(wants: Arc<Wants>) -> Self {
        let root = Root {
            unkept: Unkept::new(wants),
            ..Root::default()
        };
        Self {
            root,
            ..Self::default()
        }
    }

    /// What of it grows with the image, bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.used.tree + self.used.kept + self.findings.bytes()
    }

    /// Counts something odd.
    pub(crate) fn note(&mut self, oddity: Oddity) {
        *self.oddities.entry(oddity).or_default() += 1;
    }

    /// Asks for the entries of files that have gone by.
    pub(super) fn ask(&mut self, paths: Vec<String>) {
        for path in paths {
            let Some(path) = self.root.real_path(path.as_bytes()) else {
                continue;
            };
            let lead = Lead {
                content: false,
                place: LeadPlace::Path(path),
            };
            self.again |= self.root.unkept.ask(&lead);
        }
    }

    /// Says that something could not be read; the first reason stays.
    pub(crate) fn incomplete(&mut self, reason: Reason) {
        self.root.incomplete.get_or_insert(reason);
    }
}

/// Merges one layer after the other.
pub(super) struct Merger<'m> {
    pub(super) merged: Merged,
    limits: &'m Limits,
    layer: u32,
    stream: Option<SecretStream<'m>>,
    hits: Vec<SecretHit>,
    current: Current,
    /// The folder of the last entry, as written and as it really is.
    folder: Option<(Vec<u8>, Vec<u8>)>,
}

/// The file whose content comes in.
#[derive(Debug, Default)]
struct Current {
    path: Vec<u8>,
    entry: Option<Entry>,
    content: Option<Vec<u8>>,
    refused: Option<Reason>,
}

pub(super) type Flow = ControlFlow<Reason>;

impl<'m> Merger<'m> {
    /// Goes on from `merged`; without a scanner, secrets are not looked for.
    pub(super) fn new(
        merged: Merged,
        limits: &'m Limits,
        scanner: Option<&'m SecretScanner>,
    ) -> Self {
        Self {
            merged,
            limits,
            layer: 0,
            stream: scanner.map(SecretScanner::stream),
            hits: Vec::new(),
            current: Current::default(),
            folder: None,
        }
    }

    /// Begins a layer.
    pub(super) fn layer(&mut self, layer: u32) {
        self.layer = layer;
        self.current = Current::default();
        self.folder = None;
    }

    /// Takes a whiteout, if the name is one; `path` is the whole path.
    pub(super) fn whiteout(&mut self, path: &[u8]) -> Option<Flow> {
        let (dir, name) = split(path);
        let hidden = whiteout(name)?;
        let flow = self.count();
        let dir = self.real_folder(dir);
        match hidden {
            Whiteout::Name(name) => self.remove(&join(&dir, name)),
            Whiteout::Opaque => self.remove_below(&dir),
            Whiteout::Bookkeeping => {}
            Whiteout::Invalid => {
                self.merged.note(Oddity::InvalidWhiteout);
                let message = format!(
                    "it has a whiteout of nothing or of a folder itself in /{}, which runtimes take differently",
                    String::from_utf8_lossy(&dir)
                );
                self.merged
                    .incomplete(Reason::new(ReasonKind::BadResponse, message));
            }
        }
        Some(flow)
    }

    /// Counts an entry.
    fn count(&mut self) -> Flow {
        self.merged.entries += 1;
        if self.merged.entries <= self.limits.entries {
            return Flow::Continue(());
        }
        let message = format!(
            "the layers have more than {} entries, which is the limit",
            self.limits.entries
        );
        Flow::Break(Reason::new(ReasonKind::Budget, message))
    }

    /// Where a folder really is: a link on the way leads to another place inside the root.
    fn real_folder(&mut self, dir: &[u8]) -> Vec<u8> {
        if let Some((written, real)) = &self.folder
            && written == dir
        {
            return real.clone();
        }
        let real = self.merged.root.real_path(dir);
        let real = real.unwrap_or_else(|| dir.to_vec());
        self.folder = Some((dir.to_vec(), real.clone()));
        real
    }

    /// Where an entry really lies; its own last segment is not followed.
    fn real_place(&mut self, path: &[u8]) -> Vec<u8> {
        let (dir, name) = split(path);
        if name.is_empty() {
            return Vec::new();
        }
        let dir = self.real_folder(dir);
        join(&dir, name)
    }
}

impl TreeSink for Merger<'_> {
    fn begin(&mut self, found: &Found<'_>) -> Flow {
        self.count()?;
        let path = self.real_place(found.path);
        match found.kind {
            FoundKind::File => self.begin_file(path, found),
            FoundKind::Dir => self.dir(path, found),
            FoundKind::Link(target) => self.link(&path, target, found),
            FoundKind::HardLink(target) => self.hard_link(path, target, found),
            FoundKind::Special => self.special(path, found),
        }
        Flow::Continue(())
    }

    fn data(&mut self, chunk: &[u8]) -> Flow {
        self.content(chunk);
        Flow::Continue(())
    }

    fn end(&mut self, outcome: Result<(), Reason>) -> Flow {
        self.end_file(outcome);
        Flow::Continue(())
    }

    fn unread(&mut self, path: &[u8], reason: Reason) -> Flow {
        let message = format!(
            "/{}: {}",
            String::from_utf8_lossy(path),
            reason.message.as_deref().unwrap_or_default()
        );
        self.merged.incomplete(Reason {
            message: Some(message),
            ..reason
        });
        Flow::Continue(())
    }
}
