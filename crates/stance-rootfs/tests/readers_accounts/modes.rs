//! Modes and owners.

use stance_rootfs::{Content, Entry, Kind, Layer, RootBuilder};

use super::{each, one};

#[test]
fn files_with_unusual_modes_are_listed() {
    let capable = Entry {
        kind: Kind::File,
        mode: 0o755,
        uid: 0,
        gid: 0,
        size: 0,
        capabilities: true,
        layer: 1,
        content: Content::NotKept,
    };
    let root = RootBuilder::default()
        .layers(vec![
            Layer::default(),
            Layer {
                digest: "sha256:ab".to_owned(),
                instruction: "RUN setcap".to_owned(),
            },
        ])
        .file(
            "etc/passwd",
            "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n",
        )
        .file("etc/group", "root:x:0:\napp:x:1000:\n")
        .file_with("usr/bin/su", "", 0o4755, 0, 0)
        .file_with("usr/bin/wall", "", 0o2755, 0, 5)
        .link("usr/bin/link", "su")
        .dir("tmp", 0o1777, 0, 0)
        .dir("srv/drop", 0o777, 0, 0)
        .file_with("srv/data", "", 0o666, 1000, 1000)
        .file_with("srv/lost", "", 0o644, 1000, 4242)
        .put("usr/bin/ping", capable)
        .build();
    let facts = one("files", &root);
    assert_eq!(
        each(&facts["setid"], "path"),
        ["/usr/bin/su", "/usr/bin/wall"]
    );
    assert_eq!(each(&facts["setid"], "setuid"), [true, false]);
    assert_eq!(
        each(&facts["world_writable"], "path"),
        ["/srv/data", "/srv/drop"]
    );
    assert_eq!(each(&facts["world_writable"], "dir"), [false, true]);
    assert_eq!(
        each(&facts["unowned"], "path"),
        ["/srv/lost", "/usr/bin/wall"]
    );
    assert_eq!(facts["capabilities"][0]["at"]["layer"], "sha256:ab");
    assert_eq!(facts["capabilities"][0]["at"]["instruction"], "RUN setcap");
    assert_eq!(facts["more"], 0);
    assert_eq!(facts["accounts"], true);
}

#[test]
fn guarded_files_have_a_role_and_their_mode() {
    let root = RootBuilder::default()
        .file_with("etc/shadow", "", 0o640, 0, 42)
        .file_with("etc/shadow-", "", 0o600, 0, 42)
        .file_with("etc/shadow.old", "", 0o644, 0, 0)
        .file_with("etc/ssh/ssh_host_rsa_key", "", 0o600, 0, 0)
        .file_with("etc/ssh/ssh_host_rsa_key.pub", "", 0o644, 0, 0)
        .dir("etc/cron.d", 0o755, 0, 0)
        .file_with("etc/cron.d/job", "", 0o646, 0, 0)
        .build();
    let facts = one("files", &root);
    let named: Vec<_> = facts["named"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| {
            (
                file["role"].as_str().unwrap(),
                file["path"].as_str().unwrap(),
                file["mode"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        named,
        [
            ("shadow", "/etc/shadow", "0640"),
            ("shadow_backup", "/etc/shadow-", "0600"),
            ("shadow_copy", "/etc/shadow.old", "0644"),
            ("cron_folder", "/etc/cron.d", "0755"),
            ("cron_file", "/etc/cron.d/job", "0646"),
            ("ssh_host_key", "/etc/ssh/ssh_host_rsa_key", "0600"),
        ]
    );
    assert_eq!(facts["named"][0]["other_readable"], false);
    assert_eq!(facts["named"][0]["group_readable"], true);
    assert_eq!(facts["accounts"], false);
}

#[test]
fn long_lists_are_cut_and_the_rest_is_counted() {
    let root = (0..700).fold(RootBuilder::default(), |root, at| {
        root.file_with(&format!("srv/{at}"), "", 0o666, 0, 0)
    });
    let facts = one("files", &root.build());
    assert_eq!(facts["world_writable"].as_array().unwrap().len(), 500);
    assert_eq!(facts["more"], 200);
}
