//! Hostile input: unread files, incomplete trees, long lines, many lines, any bytes.

use proptest::prelude::*;
use stance_model::{Reason, ReasonKind};
use stance_rootfs::{Content, Entry, FactReader, Kind, READERS, RootBuilder};

use super::facts;

/// The readers that this test is about: all but those of services, which have their own.
fn readers() -> impl Iterator<Item = &'static FactReader> {
    READERS[0].iter()
}

/// Paths that the readers want, with something in the place of stars.
fn paths() -> Vec<String> {
    let wants = readers().flat_map(|reader| reader.wants);
    wants
        .map(|pattern| pattern.replace("**", "root").replace('*', "a"))
        .collect()
}

fn unread(reason: Reason) -> Entry {
    Entry {
        kind: Kind::File,
        mode: 0o644,
        uid: 0,
        gid: 0,
        size: 1 << 40,
        capabilities: false,
        layer: 0,
        content: Content::Unread(reason),
    }
}

#[test]
fn a_file_that_was_not_read_makes_its_readers_unknown() {
    let reason = Reason::new(ReasonKind::Budget, "too large");
    for (path, readers) in [
        (
            "etc/passwd",
            &["passwd", "shadow", "group", "authorized_keys", "files"][..],
        ),
        ("etc/shadow", &["shadow"]),
        ("etc/group", &["group", "files"]),
        ("etc/sudoers", &["sudoers"]),
        ("etc/pam.d/login", &["pam"]),
        ("etc/sysctl.d/a.conf", &["sysctl"]),
        ("etc/profile", &["profile"]),
        ("var/lib/dpkg/status", &["packages"]),
        ("root/.rhosts", &["ssh_trust"]),
        ("etc/crontab", &["cron", "profile"]),
    ] {
        let root = RootBuilder::default()
            .file("etc/group", "root:x:0:\n")
            .put(path, unread(reason.clone()));
        let (facts, unknown) = facts(&root.build());
        for reader in readers {
            assert_eq!(unknown.get(*reader), Some(&reason), "{reader} of {path}");
            assert!(!facts.contains_key(*reader), "{reader} of {path}");
        }
    }
}

#[test]
fn a_directory_in_the_place_of_a_file_is_unknown() {
    let root = RootBuilder::default().dir("etc/shadow", 0o755, 0, 0);
    let (_, unknown) = facts(&root.build());
    assert_eq!(unknown["shadow"].kind, ReasonKind::TypeMismatch);
}

#[test]
fn of_an_incomplete_tree_nothing_is_said() {
    let reason = Reason::new(ReasonKind::Truncated, "layer 2");
    let root = RootBuilder::default()
        .file("etc/shadow", "root::1::::::\n")
        .incomplete(reason.clone());
    let (facts, unknown) = facts(&root.build());
    assert!(facts.is_empty());
    for reader in readers() {
        assert_eq!(unknown.get(reader.name), Some(&reason), "{}", reader.name);
    }
}

#[test]
fn too_many_lines_are_unknown_and_not_cut() {
    let root = RootBuilder::default()
        .file("etc/passwd", "u:x:5:5::/:/bin/sh\n".repeat(40_000))
        .file("etc/shadow", "u:*:1::::::\n".repeat(60_000))
        .file("etc/group", "g:x:5:a,b,c\n".repeat(60_000));
    let (_, unknown) = facts(&root.build());
    for reader in ["passwd", "shadow", "group"] {
        assert_eq!(unknown[reader].kind, ReasonKind::Budget, "{reader}");
    }
}

#[test]
fn long_lines_are_cut_and_what_is_shown_is_short() {
    let long = "a".repeat(900_000);
    let root = RootBuilder::default()
        .file("etc/hosts.equiv", format!("{long}\n"))
        .file("etc/sudoers", format!("{long} ALL=(ALL) ALL\n"))
        .file("etc/profile", format!("PATH={long}:.\n"));
    let (facts, _) = facts(&root.build());
    let size = serde_json::to_string(&facts).unwrap().len();
    assert!(size < 100_000, "{size} bytes of facts");
}

#[test]
fn control_characters_are_not_shown() {
    let root = RootBuilder::default().file("etc/hosts.equiv", "evil\u{1b}[2Jhost\0x\n");
    let (facts, _) = facts(&root.build());
    let what = facts["ssh_trust"]["entries"][0]["at"]["what"]
        .as_str()
        .unwrap();
    assert!(!what.chars().any(char::is_control), "{what:?}");
}

/// Pieces of the formats, and what does not belong there.
const PIECES: &[&str] = &[
    ":",
    ",",
    "=",
    "\n",
    "\\\n",
    " ",
    "\t",
    "#",
    "\"",
    "(",
    ")",
    "[",
    "]",
    "*",
    "!",
    "+",
    "-",
    "@",
    "%",
    "$6$",
    "$y$",
    "$2b$",
    "$1$",
    "x",
    "0",
    "-1",
    "99999999999999999999",
    "ALL",
    "NOPASSWD:",
    "Defaults",
    "User_Alias",
    "@include ",
    "@includedir ",
    "/etc/sudoers",
    "PATH=",
    "umask ",
    "ssh-rsa ",
    "AAAAB3NzaC1yc2EAAAA",
    "auth ",
    "pam_unix.so ",
    "Package: ",
    "P:",
    "\0",
    "\u{fffd}",
    "é",
    "root",
    "* * * * * ",
    "|",
    "curl ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_bytes_make_a_reader_panic(texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..8)) {
        let files = paths().into_iter().zip(texts.iter().cycle());
        let root = files.fold(RootBuilder::default(), |root, (path, text)| {
            root.file(&path, text.clone())
        });
        facts(&root.build());
    }

    #[test]
    fn no_mixture_of_the_formats_makes_a_reader_panic(
        texts in prop::collection::vec(prop::collection::vec(prop::sample::select(PIECES), 0..60), 1..8)
    ) {
        let files = paths().into_iter().zip(texts.iter().cycle());
        let root = files.fold(RootBuilder::default(), |root, (path, text)| {
            root.file(&path, text.concat())
        });
        facts(&root.build());
    }
}

#[test]
fn files_that_make_work_for_each_other_are_given_up_in_time() {
    let comments = "# nothing\n".repeat(90_000);
    let aliases = format!("Cmnd_Alias A = {}\n", "A,".repeat(2_000));
    let root = RootBuilder::default()
        .file("etc/sudoers", "@include /etc/sudoers.c\n".repeat(40_000))
        .file("etc/sudoers.c", comments.clone())
        .file("etc/passwd", "u:x:5:5::/srv:/bin/sh\n".repeat(4_000))
        .file("srv/.ssh/authorized_keys", comments)
        .build();
    let begin = std::time::Instant::now();
    let (_, unknown) = facts(&root);
    assert_eq!(unknown["sudoers"].kind, ReasonKind::Budget);
    assert_eq!(unknown["authorized_keys"].kind, ReasonKind::Budget);
    let rules = format!("a ALL={}\n", "A,".repeat(2_000)).repeat(200);
    let root = RootBuilder::default().file("etc/sudoers", aliases + &rules);
    facts(&root.build());
    assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
}
