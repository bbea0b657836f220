use std::fs;
use std::ops::ControlFlow;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use stance_model::{Reason, ReasonKind};

use super::FolderSource;
use crate::error::ScanErrorKind;
use crate::source::{Found, FoundKind, ImageKind, Source, TreeSink};

/// Writes down what it is given.
#[derive(Default)]
struct Log {
    lines: Vec<String>,
    content: Vec<u8>,
    bytes: u64,
    most: usize,
}

impl Log {
    fn note(&mut self, line: String) -> ControlFlow<Reason> {
        self.lines.push(line);
        if self.most > 0 && self.lines.len() >= self.most {
            return ControlFlow::Break(Reason::new(ReasonKind::Budget, "enough"));
        }
        ControlFlow::Continue(())
    }
}

impl TreeSink for Log {
    fn begin(&mut self, found: &Found<'_>) -> ControlFlow<Reason> {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let kind = match found.kind {
            FoundKind::File => "file".to_owned(),
            FoundKind::HardLink(to) => format!("same as {}", text(to)),
            FoundKind::Link(to) => format!("link to {}", text(to)),
            FoundKind::Dir => "dir".to_owned(),
            FoundKind::Special => "special".to_owned(),
        };
        self.note(format!(
            "{} {kind} {:o}",
            text(found.path),
            found.mode & 0o7777
        ))
    }

    fn data(&mut self, chunk: &[u8]) -> ControlFlow<Reason> {
        self.content
            .extend_from_slice(&chunk[..chunk.len().min(16)]);
        self.bytes += chunk.len() as u64;
        ControlFlow::Continue(())
    }

    fn end(&mut self, outcome: Result<(), Reason>) -> ControlFlow<Reason> {
        let content = String::from_utf8_lossy(&std::mem::take(&mut self.content)).into_owned();
        self.note(match outcome {
            Ok(()) => format!("  = {content}"),
            Err(reason) => format!("  ! {reason}"),
        })
    }

    fn unread(&mut self, path: &[u8], reason: Reason) -> ControlFlow<Reason> {
        self.note(format!(
            "{} unread {}",
            String::from_utf8_lossy(path),
            reason.kind.wire()
        ))
    }
}

fn walked(folder: &Path) -> Log {
    let mut log = Log::default();
    FolderSource::open(folder)
        .unwrap()
        .walk(0, &mut log)
        .unwrap();
    log
}

fn write(folder: &Path, name: &str, text: &str, mode: u32) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn everything_is_given_and_no_link_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::set_permissions(at, fs::Permissions::from_mode(0o755)).unwrap();
    write(at, "etc/shadow", "root:*", 0o640);
    write(at, "bin/su", "ELF", 0o4755);
    fs::hard_link(at.join("bin/su"), at.join("bin/su2")).unwrap();
    symlink("/etc/passwd", at.join("etc/passwd")).unwrap();
    symlink("/", at.join("loop")).unwrap();
    symlink("../../../..", at.join("up")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, at.join("pipe"), 0o600.into()).unwrap();
    fs::set_permissions(at.join("bin"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(at.join("etc"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(
        walked(at).lines,
        [
            " dir 755",
            "bin dir 755",
            "bin/su file 4755",
            "  = ELF",
            "bin/su2 same as bin/su 4755",
            "etc dir 755",
            "etc/passwd link to /etc/passwd 777",
            "etc/shadow file 640",
            "  = root:*",
            "loop link to / 777",
            "pipe special 600",
            "up link to ../../../.. 777",
        ]
    );
}

#[test]
fn the_source_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    symlink(folder.path(), folder.path().join("me")).unwrap();
    let source = FolderSource::open(&folder.path().join("me/me")).unwrap();
    let image = source.image();
    assert_eq!(
        (image.account.as_str(), image.kind),
        ("local", ImageKind::Rootfs)
    );
    assert_eq!(
        image.reference,
        folder.path().canonicalize().unwrap().display().to_string()
    );
    assert!(Source::open(&source, 0).is_err());
    let missing = FolderSource::open(&folder.path().join("none")).unwrap_err();
    assert_eq!(missing.kind, ScanErrorKind::NotFound);
    write(folder.path(), "file", "", 0o644);
    assert!(FolderSource::open(&folder.path().join("file")).is_err());
}

#[test]
fn holes_are_skipped_and_large_files_are_read_to_their_end() {
    use std::os::unix::fs::FileExt;
    let folder = tempfile::tempdir().unwrap();
    let sparse = fs::File::create(folder.path().join("lastlog")).unwrap();
    sparse.set_len(1 << 40).unwrap();
    sparse.write_all_at(b"here", 1 << 39).unwrap();
    write(folder.path(), "large", &"x".repeat(3 << 20), 0o644);
    let log = walked(folder.path());
    assert!(
        log.lines.iter().any(|line| line.contains("here")),
        "{:?}",
        log.lines
    );
    assert!((3 << 20..4 << 20).contains(&log.bytes), "{}", log.bytes);
}

#[test]
fn the_sink_ends_the_walk() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c", "d"] {
        write(folder.path(), name, "x", 0o644);
    }
    let mut log = Log {
        most: 4,
        ..Log::default()
    };
    let source = FolderSource::open(folder.path()).unwrap();
    assert_eq!(
        source.walk(0, &mut log).unwrap_err().kind,
        ReasonKind::Budget
    );
    assert_eq!(log.lines.len(), 4);
}

#[test]
fn deep_folders_end_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut path = folder.path().to_owned();
    for _ in 0..210 {
        path.push("d");
    }
    fs::create_dir_all(&path).unwrap();
    let log = walked(folder.path());
    assert!(
        log.lines
            .last()
            .unwrap()
            .ends_with("unread BUDGET_EXCEEDED"),
        "{:?}",
        log.lines.last()
    );
    assert_eq!(log.lines.len(), 202);
}

#[test]
fn mount_points_are_empty_folders() {
    let log = {
        let mut log = Log::default();
        let source = FolderSource::open(Path::new("/")).unwrap();
        // Enough of the root to come by /dev and /proc is a lot; looking at their names is not.
        log.most = 0;
        let dev = rustix::fs::fstat(&source.root).unwrap().st_dev;
        for name in [c"proc", c"sys"] {
            let opened = super::open::open(&source.root, name, rustix::fs::OFlags::DIRECTORY, dev);
            log.lines.push(format!("{:?}", opened.err()));
        }
        log
    };
    assert_eq!(
        log.lines,
        vec![format!("{:?}", Some(rustix::io::Errno::XDEV)); 2]
    );
}

/// Many names come and go while the folder is walked: nothing panics, and what stays is found.
#[test]
fn a_folder_that_changes_is_walked_to_its_end() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at, "stays", "x", 0o644);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                for name in ["p", "q", "r"] {
                    write(at, &format!("{name}/f"), "abc", 0o644);
                    let _ = fs::remove_dir_all(at.join(name));
                    let _ = symlink("/etc", at.join(name));
                    let _ = fs::remove_file(at.join(name));
                    let _ = rustix::fs::mkfifoat(rustix::fs::CWD, at.join(name), 0o600.into());
                    let _ = fs::remove_file(at.join(name));
                }
            }
        });
        for _ in 0..500 {
            let log = walked(at);
            assert!(log.lines.iter().any(|line| line.starts_with("stays file")));
            assert!(
                !log.lines.iter().any(|line| line.contains("passwd")),
                "{:?}",
                log.lines
            );
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn what_may_not_be_read_is_told_and_the_rest_is_read() {
    // The super-user may read everything, so the walk is done by another user's child where that is possible.
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a/secret", "x", 0o000);
    write(folder.path(), "b/open", "y", 0o644);
    write(folder.path(), "c/hidden", "z", 0o644);
    fs::set_permissions(folder.path().join("c"), fs::Permissions::from_mode(0o000)).unwrap();
    let lines = walked(folder.path()).lines.join("\n");
    fs::set_permissions(folder.path().join("c"), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(lines.contains("b/open file 644\n  = y"), "{lines}");
    if !rustix::process::geteuid().is_root() {
        assert!(
            lines.contains("a/secret file 0\n  ! NO_PERMISSION"),
            "{lines}"
        );
        assert!(lines.contains("c unread NO_PERMISSION"), "{lines}");
    }
}
