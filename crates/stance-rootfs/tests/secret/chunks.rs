//! Chunks of any size give the same hits; memory does not grow with lines.

use proptest::prelude::*;
use stance_rootfs::SecretHit;

use crate::catalogue::{SCANNER, hits};

fn in_chunks(path: &str, content: &[u8], sizes: &[usize]) -> Vec<SecretHit> {
    let mut stream = SCANNER.stream();
    stream.begin(path.as_bytes());
    let mut rest = content;
    let mut sizes = sizes.iter().cycle();
    while !rest.is_empty() {
        let size = (*sizes.next().unwrap()).clamp(1, rest.len());
        let (chunk, after) = rest.split_at(size);
        stream.feed(chunk);
        rest = after;
    }
    let mut hits = Vec::new();
    stream.finish(&mut hits);
    hits
}

const SECRETS: [&str; 6] = [
    "AWS_ID=AKIAQ7ZKTN5RWB3XHM2D\n",
    "DB_PASSWORD=Qw7-kjh2lqP\n",
    "token ghp_q8Rk2Vn5Xw1Zt7Yb3Md9Lc4Hj6Fs0Gp8Ae2U\n",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAx7Vb3nQ9kT2wLm5sRz8Yc1Hd4Jf6Gp0Ae\n",
    "redis://:Zk81mqPw4@cache:6379/0\n",
    "client: \"AIzaSyB7kQ2m9Xw4Zt1Vn8Rb5Lc3Hj6Fs0Gp2Ad\"\n",
];

fn file() -> impl Strategy<Value = Vec<u8>> {
    let filler = (
        0_usize..9_000,
        prop_oneof![Just(b'a'), Just(b'\n'), Just(b' '), Just(0xff_u8)],
    );
    let secret = 0..SECRETS.len();
    prop::collection::vec((filler, secret), 1..8).prop_map(|parts| {
        let mut bytes = Vec::new();
        for ((length, byte), secret) in parts {
            bytes.resize(bytes.len() + length, byte);
            bytes.push(b'\n');
            bytes.extend_from_slice(SECRETS[secret].as_bytes());
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_chunking_gives_the_same_hits(
        content in file(),
        sizes in prop::collection::vec(prop_oneof![1_usize..40, 1_usize..5_000, 10_000_usize..60_000], 1..6),
    ) {
        let whole = hits("app/.env", &content);
        prop_assert!(!whole.is_empty());
        prop_assert_eq!(in_chunks("app/.env", &content, &sizes), whole);
    }

    #[test]
    fn any_bytes_are_scanned(content in prop::collection::vec(any::<u8>(), 0..20_000)) {
        hits("app/.env", &content);
    }
}

#[test]
fn a_secret_across_every_border_is_found_once() {
    let text = format!(
        "{}{}{}",
        "x = 1\n".repeat(30),
        SECRETS[2],
        "y = 2\n".repeat(30)
    );
    for cut in 1..text.len() {
        let hits = in_chunks("app/run.sh", text.as_bytes(), &[cut, text.len()]);
        assert_eq!(hits.len(), 1, "cut at {cut}");
        assert_eq!(hits[0].line, Some(31));
    }
}

#[test]
fn lines_are_counted_over_chunks() {
    let text = format!("{}{}", "a\n".repeat(100_000), SECRETS[0]);
    for size in [7, 4_096, 100_000] {
        let hits = in_chunks("app/.env", text.as_bytes(), &[size]);
        assert_eq!(hits[0].line, Some(100_001));
    }
}

#[test]
fn a_line_of_64_mib_is_searched() {
    let mut stream = SCANNER.stream();
    stream.begin(b"app/huge.json");
    let filler = vec![b'z'; 1 << 20];
    for _ in 0..64 {
        stream.feed(&filler);
    }
    stream.feed(b" AKIAQ7ZKTN5RWB3XHM2D ");
    let mut hits = Vec::new();
    stream.finish(&mut hits);
    let [hit] = hits.as_slice() else {
        panic!("{hits:?}")
    };
    assert_eq!((hit.line, hit.start), (Some(1), (64 << 20) + 1));
}

#[test]
fn hits_of_a_file_are_bounded_and_counted() {
    let mut stream = SCANNER.stream();
    stream.begin(b"app/dump.sql");
    for n in 0..1_000 {
        stream.feed(format!("ghp_q8Rk2Vn5Xw1Zt7Yb3Md9Lc4Hj6Fs0Gp8{n:04}\n").as_bytes());
    }
    let mut hits = Vec::new();
    stream.finish(&mut hits);
    assert_eq!(hits.len(), 8);
    let rule = hits[0].rule;
    assert_eq!(stream.more().collect::<Vec<_>>(), [(rule, 992)]);
}

#[test]
fn a_stream_serves_many_files() {
    let mut stream = SCANNER.stream();
    let mut hits = Vec::new();
    for content in [SECRETS[0], "nothing\n", SECRETS[0]] {
        stream.begin(b"app/.env");
        stream.feed(content.as_bytes());
        stream.finish(&mut hits);
    }
    assert_eq!(hits.len(), 2);
    assert_eq!(hits[0], hits[1]);
}
