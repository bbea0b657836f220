//! Names that lead out of the root, odd names, devices.

use crate::make::{Header, Tar, pax};
use crate::run::{Scan, mark, scan_layers};

#[test]
fn names_that_lead_out_of_the_root_stay_inside() {
    let tar = Tar::default()
        .file("../../etc/passwd", "up:x:0:0::/:/bin/sh\n")
        .file("/abs/secret", &mark(1))
        .file("a/../../b/secret", &mark(2));
    let found = scan_layers(&[tar.end()]);
    assert!(found.whole());
    assert_eq!(found.accounts(), ["up"]);
    assert_eq!(found.secret_paths(), ["/abs/secret", "/b/secret"]);
    assert_eq!(
        (found.odd("upward_names"), found.odd("absolute_names")),
        (2, 1)
    );
}

#[test]
fn nothing_is_written_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let image = crate::make::Image::of(&[Tar::default()
        .file("../../../escape", "x")
        .link("l", "/tmp")
        .file("l/x", "x")
        .end()]);
    crate::make::write(folder.path(), &image.layout());
    let before = listing(folder.path());
    Scan::default().layout(folder.path()).unwrap();
    assert_eq!(listing(folder.path()), before);
}

fn listing(path: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).unwrap().map(Result::unwrap) {
        found.push(entry.path());
        if entry.file_type().unwrap().is_dir() {
            found.extend(listing(&entry.path()));
        }
    }
    found.sort();
    found
}

#[test]
fn names_of_any_bytes_are_read() {
    let odd = pax(&[("path", b"a\nb=c\n9 x/\xff\xfe")]);
    let tar = Tar::default()
        .extended(b'x', &odd)
        .file("short", &mark(1))
        .file("\u{1b}[31m", &mark(2));
    let found = scan_layers(&[tar.end()]);
    assert!(found.whole());
    assert_eq!(
        found.secret_paths(),
        ["/\u{1b}[31m", "/a\nb=c\n9 x/\u{fffd}\u{fffd}"]
    );
}

#[test]
fn names_longer_than_linux_takes_are_read_and_said() {
    let long = vec![b'n'; 5_000];
    let tar = Tar::default().extended(b'L', &long).file("short", &mark(1));
    let found = scan_layers(&[tar.file("etc/passwd", "").end()]);
    assert!(found.incomplete().message.unwrap().contains("longer"));
    assert_eq!(found.odd("long_names"), 1);
    assert_eq!(
        found.secret_paths()[0].len(),
        4_097,
        "the beginning of the name is kept"
    );
}

#[test]
fn devices_pipes_and_sockets_are_not_opened() {
    let tar = ["3", "4", "6"].iter().fold(Tar::default(), |tar, flag| {
        let name = format!("dev/{flag}");
        tar.header(&Header {
            name: name.as_bytes(),
            flag: flag.as_bytes()[0],
            mode: 0o4666,
            size: 0,
            ..Header::default()
        })
    });
    let found = scan_layers(&[tar.file("etc/passwd", "").end()]);
    assert!(found.whole());
    assert_eq!(found.odd("devices"), 3);
    assert!(
        found.set_id().is_empty(),
        "a device has no set-id bit that counts"
    );
}

#[test]
fn links_devices_and_folders_have_no_content_whatever_they_say() {
    // A runtime takes what follows for the next entry; so must we, or it would be smuggled past.
    for flag in *b"123456" {
        let header = Header {
            name: b"odd",
            link: b"nowhere",
            flag,
            size: 512,
            ..Header::default()
        };
        let tar = Tar::default().header(&header).file("app/secret", &mark(1));
        let found = scan_layers(&[tar.end()]);
        assert_eq!(found.secret_paths(), ["/app/secret"], "{}", flag as char);
    }
}

#[test]
fn types_that_nobody_unpacks_are_looked_at_all_the_same() {
    let content = mark(1);
    let header = Header {
        name: b"odd",
        flag: b'M',
        size: content.len() as u64,
        ..Header::default()
    };
    let tar = Tar::default().header(&header).content(content.as_bytes());
    let found = scan_layers(&[tar.end()]);
    assert_eq!(found.secret_paths(), ["/odd"]);
    assert_eq!(found.odd("unknown_types"), 1);
}

#[test]
fn an_image_without_accounts_says_that_there_are_none() {
    let found = scan_layers(&[Tar::default().file("app/x", "x").end()]);
    assert!(found.whole() && found.fact("/passwd").is_null());
}

#[test]
fn an_image_without_layers_is_empty() {
    let found = scan_layers(&[]);
    assert!(found.whole() && found.fact("/passwd").is_null());
    assert!(scan_layers(&[Tar::default().end(), Vec::new()]).whole());
}
