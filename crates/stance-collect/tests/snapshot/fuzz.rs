//! Mutated lines and files: whatever comes, no panic, and what is accepted is valid.
//!
//! Deterministic: a failure names its seed and step. Seeds that once failed are added to [`SEEDS`] and stay.

use stance_collect::snapshot::{self, Limits, Line, RawLine};
use stance_model::record::Record;

use crate::support::{CORPUS, Folder, read, zstd};

const SEEDS: [u64; 10] = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89];

/// xorshift64*: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(bits).unwrap() % limit.max(1)
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// Pieces that parsers stumble over.
const PIECES: [&[u8]; 24] = [
    b"\xff",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\xf4\x90\x80\x80",
    b"\0",
    b"\x1b[31m",
    b"\\",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"\\udc00\\ud800",
    b"\\u00",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"1e999",
    b"-",
    b"-0",
    b"123456789012345678901234567890123456789012345678901234567890",
    b"0.00000000000000000000000000000000000000000000000000000001e-400",
    b"null",
    b"\"id\":\"x\",",
];

fn mutate(line: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(line.len());
    match random.below(8) {
        0 => line[at] ^= 1 << random.below(8),
        1 => line[at] = u8::try_from(random.below(256)).unwrap(),
        2 => line.truncate(at),
        3 => splice(line, at, random.pick(&PIECES)),
        4 => {
            let end = (at + random.below(40)).min(line.len());
            line.drain(at..end);
        }
        5 => {
            let end = (at + random.below(80)).min(line.len());
            let copy = line[at..end].to_vec();
            let to = random.below(line.len());
            splice(line, to, &copy);
        }
        6 => splice(
            line,
            at,
            &random
                .pick(&[&b"["[..], b"{\"a\":"])
                .repeat(1 << random.below(12)),
        ),
        _ => splice(line, at, &b"x".repeat(1 << random.below(14))),
    }
}

fn splice(line: &mut Vec<u8>, at: usize, piece: &[u8]) {
    line.splice(at..at, piece.iter().copied());
}

/// A line of the corpus with one to four mutations.
fn mutated(random: &mut Random) -> Vec<u8> {
    let lines: Vec<&str> = CORPUS.lines().collect();
    let mut line = random.pick(&lines).as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        if !line.is_empty() {
            mutate(&mut line, random);
        }
    }
    line
}

#[test]
fn ten_thousand_mutated_lines_never_panic_and_only_valid_ones_are_accepted() {
    let limits = Limits {
        line_bytes: 12_000,
        ..Limits::default()
    };
    let mut accepted = 0;
    for seed in SEEDS {
        let mut random = Random::new(seed);
        for step in 0..1_000 {
            let line = mutated(&mut random);
            if let Ok(parsed) = snapshot::parse_line(&RawLine::new(1, line.clone()), &limits) {
                accepted += 1;
                assert_valid(&line, &parsed, &format!("seed {seed} step {step}"));
            }
        }
    }
    // The test would say nothing if hardly any mutation hit what is not looked at.
    assert!((500..5_000).contains(&accepted), "{accepted}");
}

/// The strict reading of another parser must agree.
fn assert_valid(line: &[u8], parsed: &Line, context: &str) {
    let text = std::str::from_utf8(line).unwrap_or_else(|_| panic!("not UTF-8: {context}"));
    let strict: Record =
        serde_json::from_str(text).unwrap_or_else(|e| panic!("{context}: {e}: {text}"));
    let (Line::Asset(fast), Record::Asset(slow)) = (parsed, strict) else {
        return;
    };
    assert_eq!(
        (&fast.id, &fast.account, &fast.region),
        (&slow.id, &slow.account, &slow.region),
        "{context}"
    );
    assert!(
        fast.id.len() <= 1_024 && !fast.id.contains('\0'),
        "{context}"
    );
    let facts = sonic_rs::to_string(&fast.value).unwrap();
    let again: stance_model::Asset = serde_json::from_str(&facts).unwrap();
    assert_eq!(again.unknown, slow.unknown, "{context}");
}

#[test]
fn a_thousand_mutated_files_never_panic() {
    let folder = Folder::new();
    let limits = Limits {
        line_bytes: 4_000,
        total_bytes: 1 << 20,
        lines: 1_000,
        ..Limits::default()
    };
    for seed in SEEDS {
        let mut random = Random::new(seed);
        for step in 0..100 {
            let mut content = if step % 2 == 0 {
                CORPUS.into()
            } else {
                zstd(CORPUS)
            };
            for _ in 0..=random.below(3) {
                if !content.is_empty() {
                    mutate(&mut content, &mut random);
                }
            }
            // Any answer will do; not answering would not.
            let _ = read(&folder.file("mutated", content), limits);
        }
    }
}
