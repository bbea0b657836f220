//! Bombs, and images of too many of anything: stopped in time, with what was found so far.

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use stance_model::ReasonKind;
use stance_rootfs::{Limits, ScanErrorKind};

use crate::make::{Header, Image, Tar, gzip};
use crate::run::{MARK, Scan, mark, scan_layers};

/// A gzip of a file of zeros, and how long it is decompressed.
fn bomb(mebibytes: u64) -> Vec<u8> {
    let header = Header {
        name: b"zeros",
        size: mebibytes << 20,
        ..Header::default()
    };
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(&Tar::default().header(&header).cut())
        .unwrap();
    for _ in 0..mebibytes {
        encoder.write_all(&[0; 1 << 20]).unwrap();
    }
    encoder.write_all(&[0; 1024]).unwrap();
    encoder.finish().unwrap()
}

fn bombed(blob: Vec<u8>) -> Image {
    let good = |n| Tar::default().file(&format!("s{n}"), &mark(n)).end();
    let image = Image::of(&[good(0)]).stored(blob, "", b"");
    image.stored(gzip(&good(2)), "", &good(2))
}

#[test]
fn a_layer_that_grows_too_much_is_stopped() {
    let gzip = bomb(160);
    let mut zstd = zstd::Encoder::new(Vec::new(), 3).unwrap();
    zstd.write_all(
        &Tar::default()
            .header(&Header {
                name: b"z",
                size: 160 << 20,
                ..Header::default()
            })
            .cut(),
    )
    .unwrap();
    for _ in 0..160 {
        zstd.write_all(&[0; 1 << 20]).unwrap();
    }
    for blob in [gzip, zstd.finish().unwrap()] {
        let begun = Instant::now();
        let found = Scan::default().image(&bombed(blob));
        let reason = found.incomplete();
        assert_eq!(reason.kind, ReasonKind::Budget);
        assert!(reason.message.unwrap().contains("times its size"));
        assert_eq!(
            found.secret_paths(),
            ["/s0", "/s2"],
            "the other layers are read"
        );
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{:?}",
            begun.elapsed()
        );
    }
}

#[test]
fn all_layers_together_are_bounded() {
    let limits = Limits {
        total_bytes: 1 << 20,
        ..Limits::default()
    };
    let found = Scan {
        limits,
        ..Scan::default()
    }
    .image(&bombed(bomb(4)));
    assert_eq!(found.incomplete().kind, ReasonKind::Budget);
    assert_eq!(found.secret_paths()[0], "/s0");
}

#[test]
fn entries_are_bounded() {
    let tar = (0..3_000).fold(Tar::default().file("s", &mark(1)), |tar, n| {
        tar.file(&format!("f{n}"), "")
    });
    let limits = Limits {
        entries: 1_000,
        ..Limits::default()
    };
    let found = Scan {
        limits,
        ..Scan::default()
    }
    .image(&Image::of(&[tar.end()]));
    let reason = found.incomplete();
    assert_eq!(reason.kind, ReasonKind::Budget);
    assert!(reason.message.unwrap().contains("1000 entries"));
    assert_eq!(found.secret_paths(), ["/s"]);
}

#[test]
fn many_empty_files_take_no_memory() {
    let tar = (0..20_000).fold(Tar::default(), |tar, n| tar.file(&format!("srv/f{n}"), ""));
    let limits = Limits {
        tree_bytes: 64 << 10,
        ..Limits::default()
    };
    let found = Scan {
        limits,
        ..Scan::default()
    }
    .image(&Image::of(&[tar.end()]));
    assert!(found.whole(), "files that nobody asks for are not kept");
}

#[test]
fn many_folders_that_lead_nowhere_are_not_kept_and_too_many_that_count_are_said() {
    let dirs = (0..5_000).fold(Tar::default(), |tar, n| tar.dir(&format!("srv/app/d{n}/")));
    let limits = Limits {
        tree_bytes: 256 << 10,
        ..Limits::default()
    };
    let scan = Scan {
        limits,
        ..Scan::default()
    };
    let dirs = dirs.file("etc/passwd", "root:x:0:0::/:/bin/sh\n").end();
    assert_eq!(scan.image(&Image::of(&[dirs])).accounts(), ["root"]);
    let open = (0..5_000).fold(Tar::default(), |tar, n| {
        tar.file_with(&format!("srv/f{n}"), "", 0o666)
    });
    let found = scan.image(&Image::of(&[open.end()]));
    assert_eq!(found.incomplete().kind, ReasonKind::Budget);
}

#[test]
fn a_file_too_large_to_keep_is_unknown_and_the_rest_is_not() {
    let big = format!("{}{}", "x".repeat(5_000), mark(1));
    let tar = Tar::default()
        .file("etc/shadow", &big)
        .file("etc/passwd", "root:x:0:0::/:/bin/sh\n");
    let limits = Limits {
        file_bytes: 4_096,
        ..Limits::default()
    };
    let found = Scan {
        limits,
        ..Scan::default()
    }
    .image(&Image::of(&[tar.end()]));
    assert!(found.whole());
    assert_eq!(found.accounts(), ["root"]);
    assert_eq!(found.0.unknown["shadow"].kind, ReasonKind::Budget);
    assert_eq!(
        found.secret_paths(),
        ["/etc/shadow"],
        "every byte is looked at all the same"
    );
}

#[test]
fn contents_together_are_bounded() {
    let tar = Tar::default()
        .file("etc/passwd", "root:x:0:0::/:/bin/sh\n")
        .file("etc/shadow", "root:*:1:0:9:7:::\n");
    let limits = Limits {
        kept_bytes: 30,
        ..Limits::default()
    };
    let found = Scan {
        limits,
        ..Scan::default()
    }
    .image(&Image::of(&[tar.end()]));
    assert_eq!(found.accounts(), ["root"]);
    assert_eq!(found.0.unknown["shadow"].kind, ReasonKind::Budget);
}

#[test]
fn findings_of_one_kind_are_bounded_and_the_rest_is_counted() {
    let tar = (0..30).fold(Tar::default(), |tar, n| {
        tar.file(&format!("f{n}"), &mark(n))
    });
    let limits = Limits {
        findings: 10,
        ..Limits::default()
    };
    let env: Vec<String> = (0..5).map(|n| format!("T{n}={MARK}9c2x{n}vv")).collect();
    let image = Image::of(&[tar.end()]).config(json!({"Env": env}));
    let found = Scan {
        limits,
        ..Scan::default()
    }
    .image(&image);
    assert_eq!(
        found
            .secrets()
            .iter()
            .filter(|(path, ..)| path.starts_with('/'))
            .count(),
        10
    );
    assert_eq!(found.fact("/secrets/more/mark"), 20);
}

#[test]
fn ten_thousand_variables_are_read() {
    let mut env: Vec<String> = (0..10_000).map(|n| format!("NAME_{n}=value")).collect();
    env.push(format!("TOKEN={MARK}9c2xvv"));
    let found = Scan::default().image(&Image::of(&[]).config(json!({"Env": env})));
    assert_eq!(found.secret_paths(), ["config:Env/TOKEN"]);
    assert!(
        !found.fact("/config").to_string().contains("9c2xvv"),
        "masked"
    );
}

#[test]
fn documents_and_layers_are_bounded() {
    let env = vec!["x".repeat(1 << 20); 5];
    let image = Image::of(&[]).config(json!({"Env": env}));
    let found = Scan::default().files(&image.layout()).unwrap();
    assert_eq!(found.0.unknown["config"].kind, ReasonKind::Budget);
    assert!(!found.whole());
    let empty = Tar::default().end();
    let refused = Scan::default()
        .files(&Image::of(&vec![empty; 600]).layout())
        .unwrap_err();
    assert_eq!(refused.kind, ScanErrorKind::Limit);
    assert!(refused.message.contains("600 layers"), "{refused}");
}

#[test]
fn a_deep_path_and_a_long_line_are_read() {
    let deep = format!("{}s", "d/".repeat(2_000));
    let line = format!("{}{}", "x".repeat(3 << 20), mark(2));
    let tar = Tar::default()
        .extended(b'L', deep.as_bytes())
        .file("short", &mark(1))
        .file("line", &line);
    let found = scan_layers(&[tar.end()]);
    assert!(found.whole());
    assert_eq!(found.secrets().len(), 2);
    assert!(found.fact("/secrets").to_string().len() < 10_000);
}
