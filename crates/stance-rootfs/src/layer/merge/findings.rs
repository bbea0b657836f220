//! Secrets that were found: where, in which layer, and whether the final tree still shows them.

use std::collections::BTreeMap;

use crate::secret::SecretHit;

/// The most bytes of all paths and masked values that are kept; beyond it findings are only counted.
const MOST_BYTES: usize = 8 << 20;

/// One secret that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The rule, as its place in the scanner's rules.
    pub(crate) rule: usize,
    /// The layer, as its place in the tree's.
    pub(crate) layer: u32,
    /// The line, from 1; none in a binary file.
    pub(crate) line: Option<u64>,
    /// The value, masked.
    pub(crate) masked: String,
    /// Whether the final tree shows the file.
    pub(crate) visible: bool,
}

/// All findings by path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Findings {
    by_path: BTreeMap<Vec<u8>, Vec<Finding>>,
    kept: BTreeMap<usize, usize>,
    more: BTreeMap<usize, u64>,
    bytes: usize,
}

impl Findings {
    /// Adds what one file had; at most `most` of each rule are kept over all files, the rest is counted.
    pub(crate) fn add(
        &mut self,
        path: &[u8],
        layer: u32,
        hits: impl Iterator<Item = SecretHit>,
        most: usize,
    ) {
        for hit in hits {
            let kept = self.kept.entry(hit.rule).or_default();
            if *kept >= most || self.bytes > MOST_BYTES {
                *self.more.entry(hit.rule).or_default() += 1;
                continue;
            }
            *kept += 1;
            self.bytes += path.len() + hit.masked.len() + size_of::<Finding>();
            let finding = Finding {
                rule: hit.rule,
                layer,
                line: hit.line,
                masked: hit.masked,
                visible: true,
            };
            let of_path = self.by_path.entry(path.to_vec()).or_default();
            of_path.push(finding);
        }
    }

    /// Adds hits that were not kept, by rule.
    pub(crate) fn count(&mut self, more: impl Iterator<Item = (usize, u64)>) {
        for (rule, count) in more {
            let known = self.more.entry(rule).or_default();
            *known = known.saturating_add(count);
        }
    }

    /// The file at this path is gone or another one, if its layer is below `layer`.
    pub(crate) fn hide(&mut self, path: &[u8], layer: u32) {
        for finding in self.by_path.get_mut(path).into_iter().flatten() {
            finding.visible &= finding.layer >= layer;
        }
    }

    /// All files below this folder are gone, of layers below `layer`.
    pub(crate) fn hide_below(&mut self, dir: &[u8], layer: u32) {
        if self.by_path.is_empty() {
            return;
        }
        for (_, findings) in self.by_path.range_mut(super::below(dir)) {
            for finding in findings {
                finding.visible &= finding.layer >= layer;
            }
        }
    }

    /// All of them, by path, layer and line.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &Finding)> {
        let each = self.by_path.iter();
        each.flat_map(|(path, findings)| findings.iter().map(move |f| (path.as_slice(), f)))
    }

    /// How many of each rule were found and not kept.
    pub(crate) fn more(&self) -> &BTreeMap<usize, u64> {
        &self.more
    }

    /// What they take, bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes as u64
    }
}
