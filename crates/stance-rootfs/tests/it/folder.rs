//! Folders that hold a root file system.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use serde_json::Value;
use stance_model::ReasonKind;
use stance_rootfs::{ImageRef, ScanErrorKind};

use crate::run::{Scan, mark};

fn put(folder: &Path, name: &str, text: &str, mode: u32) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn reference(folder: &Path) -> ImageRef {
    format!("rootfs:{}", folder.display()).parse().unwrap()
}

#[test]
fn a_folder_is_read_like_a_layer() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    put(
        at,
        "usr/etc/passwd",
        "root:x:0:0::/:/bin/sh\napp:x:1:1::/:/bin/sh\n",
        0o644,
    );
    symlink("usr/etc", at.join("etc")).unwrap();
    put(at, "usr/bin/su", "ELF", 0o4755);
    put(at, "app/.env", &mark(1), 0o600);
    put(at, ".wh.odd", &mark(2), 0o600);
    let found = Scan::default().reference(&reference(at)).unwrap();
    assert!(found.whole(), "{:?}", found.0.unknown);
    assert_eq!(found.accounts(), ["root", "app"]);
    assert_eq!(found.set_id().keys().collect::<Vec<_>>(), ["/usr/bin/su"]);
    // In a folder a name that marks a deletion in a layer is a name like any other.
    assert_eq!(found.secret_paths(), ["/.wh.odd", "/app/.env"]);
    assert_eq!(found.fact("/config"), Value::Null);
    assert_eq!(found.fact("/history"), Value::Null);
    assert_eq!(found.fact("/image/kind"), "rootfs");
    assert_eq!(found.0.account, "local");
}

#[test]
fn links_that_lead_out_of_a_folder_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    put(outside.path(), "passwd", "evil:x:0:0::/:/bin/sh\n", 0o644);
    put(outside.path(), "secret", &mark(3), 0o644);
    let at = folder.path().join("root");
    fs::create_dir_all(&at).unwrap();
    symlink(outside.path(), at.join("etc")).unwrap();
    symlink("../../..", at.join("up")).unwrap();
    symlink(outside.path().join("secret"), at.join("secret")).unwrap();
    let found = Scan::default().reference(&reference(&at)).unwrap();
    assert!(found.secret_paths().is_empty(), "{:?}", found.secrets());
    assert!(!format!("{:?}", found.0).contains("evil"));
}

/// The super-user may read everything, so for it there is nothing to see here.
#[test]
fn a_file_without_permission_is_unknown_and_not_missing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    put(at, "etc/passwd", "root:x:0:0::/:/bin/sh\n", 0o644);
    put(at, "etc/shadow", "root:*:1:0:99999:7:::\n", 0o000);
    let found = Scan::default().reference(&reference(at)).unwrap();
    if fs::File::open(at.join("etc/shadow")).is_ok() {
        return;
    }
    assert_eq!(found.accounts(), ["root"]);
    assert_eq!(found.0.unknown["shadow"].kind, ReasonKind::NoPermission);
    assert!(!found.whole());
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let error = Scan::default().reference(&ImageRef::Folder {
        path: "/nowhere/at/all".into(),
    });
    let error = error.unwrap_err();
    assert_eq!(error.kind, ScanErrorKind::NotFound);
    assert!(error.message.contains("/nowhere/at/all"), "{error}");
}
