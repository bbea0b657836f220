//! Every way to write a tar: long names, PAX, sparse files, large numbers; and headers made to let two readers disagree.

use crate::make::{Header, Tar, pax, put};
use crate::run::{Scan, mark, scan_layers};

const LONG: &str = "usr/lib/a-rather-long-folder-name/and-another-one-that-is-long/and-one-more-of-them/until-it-is-enough/secret";

fn paths(tar: Tar) -> Vec<String> {
    let found = scan_layers(&[tar.end()]);
    assert!(found.whole(), "{:?}", found.0.unknown);
    found.secret_paths()
}

#[test]
fn long_names_are_read_in_every_form() {
    let long = format!("/{LONG}");
    let gnu = Tar::default().extended(b'L', format!("{LONG}\0").as_bytes());
    assert_eq!(paths(gnu.file("short", &mark(1))), [long.as_str()]);
    let records = pax(&[("path", LONG.as_bytes())]);
    let in_pax = Tar::default().extended(b'x', &records);
    assert_eq!(paths(in_pax.file("short", &mark(1))), [long.as_str()]);
    let content = mark(1);
    let (dir, name) = LONG.rsplit_once('/').unwrap();
    let mut block = Header {
        name: name.as_bytes(),
        size: content.len() as u64,
        ..Header::default()
    }
    .block();
    put(&mut block, 345, dir.as_bytes());
    let prefix = Tar::default().block(block).content(content.as_bytes());
    assert_eq!(paths(prefix), [long.as_str()]);
}

#[test]
fn long_links_are_read() {
    let gnu = Tar::default()
        .extended(b'K', b"opt/accounts")
        .link("etc/passwd", "x");
    let tar = gnu.file("etc/opt/accounts", "long:x:0:0::/:/bin/sh\n");
    assert_eq!(scan_layers(&[tar.end()]).accounts(), ["long"]);
}

#[test]
fn the_size_of_an_extended_header_counts() {
    // The plain header says 0: whoever believes it takes the content for headers.
    let content = mark(1);
    let records = pax(&[("size", content.len().to_string().as_bytes())]);
    let header = Header {
        name: b"a",
        ..Header::default()
    };
    let tar = Tar::default()
        .extended(b'x', &records)
        .header(&header)
        .content(content.as_bytes());
    assert_eq!(paths(tar.file("b", &mark(2))), ["/a", "/b"]);
}

#[test]
fn what_hides_an_entry_in_the_content_of_another_is_seen_through() {
    let hidden = Tar::default().file("hidden", &mark(7)).cut();
    // A header that says 0 and an extended one that says how much it is: the inner archive is content.
    let records = pax(&[("size", hidden.len().to_string().as_bytes())]);
    let header = Header {
        name: b"outer",
        ..Header::default()
    };
    let tar = Tar::default()
        .extended(b'x', &records)
        .header(&header)
        .content(&hidden);
    assert_eq!(paths(tar), ["/outer"]);
    // The other way round: the header has a size, the extended one takes it back.
    let records = pax(&[("size", b"0")]);
    let header = Header {
        name: b"outer",
        size: hidden.len() as u64,
        ..Header::default()
    };
    let tar = Tar::default()
        .extended(b'x', &records)
        .header(&header)
        .raw(&hidden);
    assert_eq!(paths(tar), ["/hidden"]);
    // A long name between an extended header and its entry: both count.
    let records = pax(&[("size", hidden.len().to_string().as_bytes())]);
    let tar = Tar::default()
        .extended(b'x', &records)
        .extended(b'L', b"long\0")
        .header(&Header {
            name: b"outer",
            gnu: true,
            ..Header::default()
        })
        .content(&hidden);
    assert_eq!(paths(tar), ["/long"]);
}

#[test]
fn a_global_header_is_passed_over_and_said_if_others_would_heed_it() {
    let harmless = Tar::default().extended(b'g', &pax(&[("comment", b"of a commit")]));
    assert_eq!(paths(harmless.file("a", &mark(1))), ["/a"]);
    let tar = Tar::default().extended(b'g', &pax(&[("path", b"other")]));
    let found = scan_layers(&[tar.file("a", &mark(1)).end()]);
    assert_eq!(found.secret_paths(), ["/a"]);
    assert!(found.incomplete().message.unwrap().contains("global"));
}

#[test]
fn broken_extended_headers_end_the_layer() {
    for bad in [&b"9999 path=a\n"[..], b"12 path=a\0b\n", b"10 size=x\n"] {
        let tar = Tar::default()
            .file("a", &mark(1))
            .extended(b'x', bad)
            .file("b", &mark(2));
        let found = scan_layers(&[tar.end(), Tar::default().file("c", &mark(3)).end()]);
        assert_eq!(
            found.secret_paths(),
            ["/a", "/c"],
            "what is around it is read"
        );
        assert!(found.incomplete().message.unwrap().contains("header"));
    }
}

#[test]
fn extended_headers_are_bounded() {
    let records = pax(&[("comment", &vec![b'c'; 2 << 20])]);
    let tar = Tar::default().extended(b'x', &records).file("a", &mark(1));
    let found = scan_layers(&[tar.end()]);
    assert_eq!(found.incomplete().kind, stance_model::ReasonKind::Budget);
}

#[test]
fn large_numbers_are_read() {
    let content = mark(1);
    let mut block = Header {
        name: b"a",
        gnu: true,
        ..Header::default()
    }
    .block();
    let mut size = [0; 12];
    size[0] = 0x80;
    size[11] = u8::try_from(content.len()).unwrap();
    put(&mut block, 124, &size);
    assert_eq!(
        paths(Tar::default().block(block).content(content.as_bytes())),
        ["/a"]
    );
    size = [0xff; 12];
    put(&mut block, 124, &size);
    let found = scan_layers(&[Tar::default().block(block).end()]);
    assert!(found.incomplete().message.unwrap().contains("negative"));
}

#[test]
fn capabilities_are_seen() {
    let records = pax(&[(
        "SCHILY.xattr.security.capability",
        b"\x01\0\0\x02\0\x20\0\0\n\0=\0\0\0\0\0\0\0\0\0",
    )]);
    let tar = Tar::default()
        .extended(b'x', &records)
        .file_with("bin/ping", "x", 0o755);
    let found = scan_layers(&[tar.end()]);
    let paths: Vec<String> = found.rows("/files/capabilities").into_keys().collect();
    assert_eq!(paths, ["/bin/ping"]);
}

/// The account file with a hole before its only line, which is a comment then.
fn sparse_content(content: &str) -> (Vec<u8>, u64) {
    (content.as_bytes().to_vec(), 1_024)
}

#[test]
fn sparse_files_are_read_in_every_form() {
    let (data, offset) = sparse_content(&format!("\nroot:x:0:0::/root:/bin/sh\n# {}", mark(1)));
    let (length, size) = (data.len() as u64, offset + data.len() as u64);
    let number = |n: u64| n.to_string().into_bytes();
    let named = |keys: &[(&str, Vec<u8>)], data: &[u8]| {
        let records: Vec<(&str, &[u8])> = keys.iter().map(|(k, v)| (*k, v.as_slice())).collect();
        let header = Header {
            name: b"GNUSparseFile.0/x",
            size: data.len() as u64,
            ..Header::default()
        };
        Tar::default()
            .extended(b'x', &pax(&records))
            .header(&header)
            .content(data)
    };
    let old = {
        let mut block = Header {
            name: b"etc/passwd",
            flag: b'S',
            size: length,
            gnu: true,
            ..Header::default()
        }
        .block();
        put(
            &mut block,
            386,
            format!("{offset:011o}\0{length:011o}\0").as_bytes(),
        );
        put(&mut block, 483, format!("{size:011o}\0").as_bytes());
        Tar::default().block(block).content(&data)
    };
    let v00 = named(
        &[
            ("path", b"etc/passwd".to_vec()),
            ("GNU.sparse.size", number(size)),
            ("GNU.sparse.numblocks", number(1)),
            ("GNU.sparse.offset", number(offset)),
            ("GNU.sparse.numbytes", number(length)),
        ],
        &data,
    );
    let v01 = named(
        &[
            ("GNU.sparse.name", b"etc/passwd".to_vec()),
            ("GNU.sparse.size", number(size)),
            ("GNU.sparse.map", format!("{offset},{length}").into_bytes()),
        ],
        &data,
    );
    let mut map = format!("1\n{offset}\n{length}\n").into_bytes();
    map.resize(512, 0);
    map.extend_from_slice(&data);
    let v10 = named(
        &[
            ("GNU.sparse.major", number(1)),
            ("GNU.sparse.minor", number(0)),
            ("GNU.sparse.name", b"etc/passwd".to_vec()),
            ("GNU.sparse.realsize", number(size)),
        ],
        &map,
    );
    for (form, tar) in [("old", old), ("0.0", v00), ("0.1", v01), ("1.0", v10)] {
        let found = scan_layers(&[tar.file("after", &mark(2)).end()]);
        assert!(found.whole(), "{form}: {:?}", found.0.unknown);
        assert_eq!(found.accounts(), ["root"], "{form}");
        assert_eq!(found.secret_paths(), ["/after", "/etc/passwd"], "{form}");
    }
}

#[test]
fn maps_of_sparse_files_that_lie_end_the_layer() {
    for map in ["0,9999", "0,4,2,4", "10,1,0,1", "0,1"] {
        let header = Header {
            name: b"x",
            size: 4,
            ..Header::default()
        };
        let records = pax(&[
            ("GNU.sparse.size", b"100"),
            ("GNU.sparse.map", map.as_bytes()),
        ]);
        let tar = Tar::default()
            .extended(b'x', &records)
            .header(&header)
            .content(b"data");
        let found = scan_layers(&[tar.file("etc/passwd", "").end()]);
        assert!(
            found.incomplete().message.unwrap().contains("sparse"),
            "{map}"
        );
    }
}

#[test]
fn a_hole_of_a_terabyte_costs_nothing() {
    let records = pax(&[
        ("GNU.sparse.size", b"1099511627776"),
        ("GNU.sparse.map", b"1099511627772,4"),
    ]);
    let header = Header {
        name: b"etc/shadow",
        size: 4,
        ..Header::default()
    };
    let tar = Tar::default()
        .extended(b'x', &records)
        .header(&header)
        .content(b"data");
    let found = Scan::default().image(&crate::make::Image::of(&[tar.file("etc/passwd", "").end()]));
    assert!(found.whole());
    assert_eq!(
        found.0.unknown["shadow"].kind,
        stance_model::ReasonKind::Budget
    );
}

#[test]
fn one_zero_block_is_no_end() {
    let tar = Tar::default()
        .file("a", &mark(1))
        .raw(&[0; 512])
        .file("b", &mark(2));
    let found = scan_layers(&[tar.end()]);
    assert_eq!(found.secret_paths(), ["/a"]);
    assert!(found.incomplete().message.unwrap().contains("zero block"));
}
