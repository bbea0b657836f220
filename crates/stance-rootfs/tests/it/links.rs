//! Symbolic and hard links: inside the root only.

use crate::make::{Image, Tar};
use crate::run::{Found, Scan, mark, scan_layers};

const PASSWD: &str = "root:x:0:0::/root:/bin/sh\n";

#[test]
fn a_link_on_the_way_leads_to_another_place_inside_the_root() {
    let tar = Tar::default()
        .dir("run/")
        .link("var/run", "/run")
        .file_with("var/run/x", "x", 0o4755)
        .link("up", "../../../..")
        .file_with("up/y", "x", 0o4755);
    let found = scan_layers(&[tar.end()]);
    let paths: Vec<String> = found.set_id().into_keys().collect();
    assert_eq!(paths, ["/run/x", "/y"]);
}

#[test]
fn a_file_behind_a_link_is_read_where_the_link_leads() {
    let absolute = Tar::default()
        .link("etc/passwd", "/opt/passwd")
        .file("opt/passwd", PASSWD);
    assert_eq!(scan_layers(&[absolute.end()]).accounts(), ["root"]);
    let folder = Tar::default()
        .link("etc", "usr/etc")
        .file("usr/etc/passwd", PASSWD);
    assert_eq!(scan_layers(&[folder.end()]).accounts(), ["root"]);
    let chain = Tar::default()
        .link("etc/passwd", "../a")
        .link("a", "b")
        .file("b", PASSWD);
    assert_eq!(scan_layers(&[chain.end()]).accounts(), ["root"]);
}

#[test]
fn a_file_that_had_gone_by_before_its_link_is_read_in_another_pass() {
    let same = Tar::default()
        .file("opt/passwd", PASSWD)
        .link("etc/passwd", "/opt/passwd");
    assert_eq!(scan_layers(&[same.end()]).accounts(), ["root"]);
    let lower = Tar::default().file("opt/passwd", PASSWD).end();
    let link = Tar::default()
        .link("etc/passwd", "/opt/passwd")
        .file("x", &mark(1));
    let found = scan_layers(&[lower, link.end()]);
    assert_eq!(found.accounts(), ["root"]);
    assert_eq!(found.secret_paths(), ["/x"], "secrets are found once");
}

#[test]
fn a_link_out_of_the_image_or_in_a_loop_leads_nowhere() {
    for target in [
        "/proc/self/root/etc/passwd",
        "../../../../etc/shadow",
        "passwd",
        "../nowhere",
    ] {
        let found = scan_layers(&[Tar::default().link("etc/passwd", target).end()]);
        assert!(nothing_read(&found), "{target}");
    }
    let tar = Tar::default()
        .link("a", "b")
        .link("b", "a")
        .file_with("a/x", "x", 0o4755);
    assert!(scan_layers(&[tar.end()]).whole());
}

fn nothing_read(found: &Found) -> bool {
    found.0.unknown.contains_key("passwd") || found.0.facts["passwd"].is_null()
}

#[test]
fn a_hard_link_is_another_name_of_the_same_file() {
    let kept = Tar::default()
        .file_with("bin/su", "x", 0o4755)
        .hard("bin/su2", "bin/su")
        .end();
    let found = scan_layers(std::slice::from_ref(&kept));
    assert_eq!(found.set_id().len(), 2);
    let later = Tar::default()
        .hard("sbin/su", "/bin/su")
        .file("bin/.wh.su2", "")
        .end();
    let image = Image::of(&[kept, later]);
    let found = Scan::default().image(&image);
    let layers: Vec<(String, String)> = found.set_id().into_iter().collect();
    assert_eq!(
        layers[0],
        ("/bin/su".to_owned(), image.digest_of(0).to_owned())
    );
    assert_eq!(
        layers[1],
        ("/sbin/su".to_owned(), image.digest_of(1).to_owned())
    );
}

#[test]
fn a_hard_link_shares_content_also_of_a_lower_layer_and_of_what_was_not_kept() {
    let kept = Tar::default().file("etc/passwd", PASSWD).end();
    let moved = Tar::default().hard("etc/passwd-", "etc/passwd").end();
    assert!(scan_layers(&[kept, moved]).whole());
    let unkept = Tar::default().file("opt/accounts", PASSWD).end();
    let link = Tar::default().hard("etc/passwd", "opt/accounts").end();
    assert_eq!(scan_layers(&[unkept, link]).accounts(), ["root"]);
}

#[test]
fn a_hard_link_to_nothing_is_said() {
    let found = scan_layers(&[Tar::default()
        .hard("etc/passwd", "nowhere")
        .hard("x", "../../etc/shadow")
        .end()]);
    assert_eq!(found.odd("dangling_hard_links"), 2);
    assert!(
        found.0.unknown.contains_key("passwd"),
        "{:?}",
        found.0.unknown
    );
}

#[test]
fn what_replaces_a_link_is_not_written_through_it() {
    let link = Tar::default()
        .file("opt/passwd", "old:x:0:0::/:/bin/sh\n")
        .link("etc/passwd", "/opt/passwd")
        .end();
    let file = Tar::default().file("etc/passwd", PASSWD).end();
    assert_eq!(scan_layers(&[link, file]).accounts(), ["root"]);
}
