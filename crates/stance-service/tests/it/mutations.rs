//! Mutated snapshots: whatever a file holds, a scan ends in an answer or an error, and an error changes nothing.
//!
//! `STANCE_MUTATIONS` raises the number of files.

use stance_model::query::ResultQuery;
use stance_model::view::Report;
use stance_service::{Scope, ServiceError};

use crate::scene::{Scene, cover, disk, ended};

/// The seed; change it only together with a kept failure.
const SEED: u64 = 0x5eed_0001;

/// A small generator, so that a seed means the same for ever (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }
}

const SCRAPS: [&[u8]; 12] = [
    b"{",
    b"}",
    b"\"",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"\n",
    b"\0",
    b"\xff\xfe",
    b"1e999",
    b"-9223372036854775809",
    b"null",
    b"\\u0000",
    b"{\"asset\":",
];

fn mutate(text: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for _ in 0..=random.below(2) {
        let at = random.below(bytes.len());
        match random.below(6) {
            0 => bytes[at] = u8::try_from(random.below(256)).unwrap(),
            1 => bytes.truncate(at.max(1)),
            2 => {
                let scrap = SCRAPS[random.below(SCRAPS.len())];
                bytes.splice(at..at, scrap.iter().copied());
            }
            3 => {
                let end = (at + random.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => bytes[at] ^= 1 << random.below(8),
            _ => {
                let mut lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
                let (a, b) = (random.below(lines.len()), random.below(lines.len()));
                lines.swap(a, b);
                bytes = lines.join(&b'\n');
            }
        }
        if bytes.is_empty() {
            bytes.push(b'\n');
        }
    }
    bytes
}

async fn stored(scene: &Scene) -> Report {
    let mut report = scene
        .service
        .report(&scene.caller, &ResultQuery::default(), &Scope::default())
        .await
        .unwrap();
    report.at.clear();
    report
}

#[tokio::test]
async fn a_mutated_snapshot_is_taken_or_refused_and_a_refusal_changes_nothing() {
    let rounds = std::env::var("STANCE_MUTATIONS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1_500);
    let scene = Scene::new().await;
    let records = ended(vec![
        serde_json::json!({"snapshot": {"format": 1, "at": "2026-01-01T00:00:00Z", "producer": "test"}}),
        cover("aliyun/ecs/disk", "ok"),
        cover("aliyun/rds/instance", "partial"),
        disk("d-1", true),
        disk("d-2", false),
        disk("d-3", false),
    ]);
    let text: String = records.iter().map(|record| format!("{record}\n")).collect();
    scene.scan_bytes(text.as_bytes()).await.unwrap();
    let mut random = Random(SEED);
    let (mut taken, mut refused) = (0, 0);
    for round in 0..rounds {
        let bytes = mutate(text.as_bytes(), &mut random);
        let before = stored(&scene).await;
        match scene.scan_bytes(&bytes).await {
            Ok(_) => taken += 1,
            Err(ServiceError::Snapshot(_) | ServiceError::Invalid { .. }) => {
                refused += 1;
                assert_eq!(
                    stored(&scene).await,
                    before,
                    "round {round}: a refused file changed something"
                );
            }
            Err(other) => panic!(
                "round {round}: {other}\n{}",
                String::from_utf8_lossy(&bytes)
            ),
        }
    }
    assert!(
        taken > rounds / 20 && refused > rounds / 4,
        "{taken} taken, {refused} refused"
    );
    assert_eq!(scene.store.verify().await.unwrap(), Vec::<String>::new());
}
