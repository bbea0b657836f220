//! Whiteouts, opaque folders, changes of kind, paths that come again.

use crate::make::Tar;
use crate::run::{mark, scan_layers};

fn set_id(tar: Tar, paths: &[&str]) -> Tar {
    paths
        .iter()
        .fold(tar, |tar, path| tar.file_with(path, "x", 0o4755))
}

fn left(layers: &[Vec<u8>]) -> Vec<String> {
    let found = scan_layers(layers);
    assert!(found.whole(), "{:?}", found.0.unknown);
    found.set_id().into_keys().collect()
}

fn base() -> Vec<u8> {
    set_id(Tar::default().dir("d/"), &["d/a", "d/b", "d/e/c", "z"]).end()
}

#[test]
fn a_whiteout_deletes_a_file_or_a_folder_of_lower_layers() {
    let file = Tar::default().file("d/.wh.a", "").end();
    assert_eq!(left(&[base(), file]), ["/d/b", "/d/e/c", "/z"]);
    let folder = Tar::default().file(".wh.d", "").end();
    assert_eq!(left(&[base(), folder]), ["/z"]);
}

#[test]
fn a_whiteout_spares_its_own_layer_whatever_the_order() {
    let before = set_id(Tar::default().file("d/.wh.a", ""), &["d/a"]).end();
    let after = set_id(Tar::default(), &["d/a"]).file("d/.wh.a", "").end();
    for layer in [before, after] {
        assert_eq!(left(&[base(), layer]), ["/d/a", "/d/b", "/d/e/c", "/z"]);
    }
}

#[test]
fn a_folder_that_is_deleted_and_made_anew_has_only_the_new() {
    let before = set_id(Tar::default().file(".wh.d", "").dir("d/"), &["d/n"]).end();
    let after = set_id(Tar::default().dir("d/"), &["d/n"])
        .file(".wh.d", "")
        .end();
    let unlisted = set_id(Tar::default(), &["d/e/n"]).file(".wh.d", "").end();
    assert_eq!(left(&[base(), before]), ["/d/n", "/z"]);
    assert_eq!(left(&[base(), after]), ["/d/n", "/z"]);
    assert_eq!(left(&[base(), unlisted]), ["/d/e/n", "/z"]);
}

#[test]
fn an_opaque_folder_hides_what_lower_layers_have_in_it() {
    let first = set_id(
        Tar::default().dir("d/").file("d/.wh..wh..opq", ""),
        &["d/n"],
    )
    .end();
    let last = set_id(Tar::default().dir("d/"), &["d/n"])
        .file("d/.wh..wh..opq", "")
        .end();
    for layer in [first, last] {
        assert_eq!(left(&[base(), layer]), ["/d/n", "/z"]);
    }
}

#[test]
fn whiteouts_of_nothing_or_of_folders_themselves_are_refused() {
    for name in ["d/.wh.", "d/.wh..", "d/.wh..."] {
        let found = scan_layers(&[base(), Tar::default().file(name, "").end()]);
        assert!(
            found.incomplete().message.unwrap().contains("whiteout"),
            "{name}"
        );
        assert_eq!(found.odd("invalid_whiteouts"), 1);
    }
    let bookkeeping = Tar::default().file(".wh..wh.plnk", "").end();
    assert_eq!(left(&[base(), bookkeeping]).len(), 4);
}

#[test]
fn a_file_takes_the_place_of_a_folder_and_the_other_way_round() {
    let file = set_id(Tar::default(), &["d"]).end();
    assert_eq!(left(&[base(), file.clone()]), ["/d", "/z"]);
    let folder = set_id(Tar::default(), &["z/n"]).end();
    assert_eq!(left(&[base(), folder]), ["/d/a", "/d/b", "/d/e/c", "/z/n"]);
    let again = set_id(Tar::default().dir("d/"), &["d/n"]).end();
    assert_eq!(left(&[base(), file, again]), ["/d/n", "/z"]);
}

#[test]
fn a_path_that_comes_again_is_of_its_last_layer_and_the_last_of_a_layer_counts() {
    let twice = Tar::default()
        .file_with("etc/passwd", "first:x:0:0::/:/bin/sh\n", 0o644)
        .file_with("etc/passwd", "second:x:0:0::/:/bin/sh\n", 0o644);
    let found = scan_layers(&[twice.end()]);
    assert_eq!(found.accounts(), ["second"]);
    assert_eq!(found.odd("duplicates"), 1);
    let again = Tar::default()
        .file("etc/passwd", "third:x:0:0::/:/bin/sh\n")
        .end();
    let gone = Tar::default().file("etc/.wh.passwd", "").end();
    let first = Tar::default()
        .file("etc/passwd", "old:x:0:0::/:/bin/sh\n")
        .end();
    assert_eq!(
        scan_layers(&[first.clone(), gone.clone(), again]).accounts(),
        ["third"]
    );
    assert!(scan_layers(&[first, gone]).fact("/passwd").is_null());
}

#[test]
fn secrets_of_deleted_and_replaced_files_are_found_and_not_visible() {
    let first = Tar::default()
        .file("app/deleted", &mark(1))
        .file("app/replaced", &mark(2))
        .file("app/kept", &mark(3))
        .file("opq/hidden", &mark(4));
    let second = Tar::default()
        .file("app/.wh.deleted", "")
        .file("app/replaced", "nothing\n")
        .file("opq/.wh..wh..opq", "");
    let image = crate::make::Image::of(&[first.end(), second.end()]);
    let found = crate::run::Scan::default().image(&image);
    let lower = image.digest_of(0).to_owned();
    let wanted = [
        ("/app/deleted", false),
        ("/app/kept", true),
        ("/app/replaced", false),
        ("/opq/hidden", false),
    ];
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(p, v)| ((*p).to_owned(), lower.clone(), *v))
        .collect();
    assert_eq!(found.secrets(), wanted);
    let at = found.fact("/secrets/findings/0/at");
    assert_eq!(at["instruction"], "RUN step 0");
    assert!(
        !found.0.facts["secrets"].to_string().contains("8f3k1qz71"),
        "masked"
    );
}
