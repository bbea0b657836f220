//! Spoilt files: whatever stands in one, reading it ends, with a result or with problems.

use std::borrow::Cow;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::load::{Examples, Parts, load_beside, load_catalogue};
use crate::read::Origin;
use crate::source::{Source, Tree};

/// Each number spoils one file in one way; a number that once failed stays in the range.
const SEEDS: Range<u64> = 0..10_000;
/// Running examples takes the longest; one file in so many has them run.
const RUN_EVERY: u64 = 8;

/// The generator splitmix64: small, seeded, the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }
}

fn spoil(text: &str, random: &mut Random) -> String {
    match random.below(4) {
        0 => flip_bytes(text, random),
        1 => truncate(text, random),
        2 => swap_lines(text, random),
        _ => repeat_part(text, random),
    }
}

fn flip_bytes(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(8) {
        let at = random.below(bytes.len());
        // Half of them become a character that means something in YAML or CEL.
        let marks = b"{}[]:,&*#?|-<>=!%@'\"\\\n \t().+";
        bytes[at] = if random.below(2) == 0 {
            marks[random.below(marks.len())]
        } else {
            bytes[at] ^ (1 << random.below(8))
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn truncate(text: &str, random: &mut Random) -> String {
    String::from_utf8_lossy(&text.as_bytes()[..random.below(text.len())]).into_owned()
}

fn swap_lines(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    for _ in 0..=random.below(4) {
        let (a, b) = (random.below(lines.len()), random.below(lines.len()));
        lines.swap(a, b);
    }
    lines.concat()
}

/// Repeats some bytes many times: long names, deep nesting.
fn repeat_part(text: &str, random: &mut Random) -> String {
    let bytes = text.as_bytes();
    let start = random.below(bytes.len());
    let end = (start + 1 + random.below(6)).min(bytes.len());
    let part = bytes[start..end].repeat(1 + random.below(300));
    String::from_utf8_lossy(&[&bytes[..start], &part, &bytes[start..]].concat()).into_owned()
}

/// Spoils the file that the seed picks and reads it as what it was.
fn read_spoilt(seed: u64, embedded: &Tree, base: &Parts) {
    let mut random = Random(seed);
    let sources: Vec<&Source> = embedded.all().collect();
    let source = sources[random.below(sources.len())];
    let spoilt = Source {
        path: source.path.clone(),
        text: Cow::Owned(spoil(&source.text, &mut random)),
    };
    let mut tree = Tree::default();
    let examples = if seed.is_multiple_of(RUN_EVERY) {
        Examples::Run(None)
    } else {
        Examples::Read
    };
    let lies_in = |folder: &str| source.path.starts_with(&format!("catalog/{folder}"));
    let beside = match () {
        () if lies_in("checks/") => Some(&mut tree.checks),
        () if lies_in("baselines/classes.yaml") => None,
        () if lies_in("baselines/") => Some(&mut tree.items),
        () => None,
    };
    let report = match beside {
        Some(folder) => {
            folder.push(spoilt);
            load_beside(&tree, Origin::Builtin, base, examples).1
        }
        None => {
            let folder = match () {
                () if lies_in("standards/") => &mut tree.standards,
                () if lies_in("readers/") => &mut tree.readers,
                () if lies_in("baselines/") => &mut tree.classes,
                () => &mut tree.operations,
            };
            folder.push(spoilt);
            load_catalogue(&tree, examples).1
        }
    };
    for problem in &report.problems {
        assert!(problem.line > 0 && problem.column > 0, "{problem}");
        assert!(!format!("{problem}").is_empty());
        drop(problem.to_report(report.source(&problem.file).unwrap_or_default()));
    }
}

#[test]
fn spoilt_files_never_panic() {
    let embedded = Tree::embedded();
    let (base, _) = load_catalogue(&embedded, Examples::Read);
    let failed: Vec<u64> = SEEDS
        .into_par_iter()
        .filter(|seed| {
            catch_unwind(AssertUnwindSafe(|| read_spoilt(*seed, &embedded, &base))).is_err()
        })
        .collect();
    assert_eq!(failed, Vec::<u64>::new(), "seeds that panicked");
}
