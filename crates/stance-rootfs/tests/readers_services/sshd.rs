//! `sshd_config`.

use stance_rootfs::{Content, Entry, Fact, Kind, RootBuilder};

use crate::common::{fact, facts, list, setting, tree, values};

const MAIN: &str = "/etc/ssh/sshd_config";

#[test]
fn the_first_value_wins_over_includes_in_the_order_of_names() {
    let got = facts(
        "sshd",
        &[
            (
                MAIN,
                "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\nPort 22\nPort 2222\n",
            ),
            ("/etc/ssh/sshd_config.d/20-b.conf", "permitrootlogin yes\n"),
            (
                "/etc/ssh/sshd_config.d/10-a.conf",
                "PermitRootLogin=without-password\n",
            ),
        ],
    );
    assert_eq!(
        values(&got, "options", "permitrootlogin"),
        ["prohibit-password"]
    );
    let at = &setting(&got, "options", "permitrootlogin")["at"];
    assert_eq!(at["path"], "/etc/ssh/sshd_config.d/10-a.conf");
    assert_eq!(
        (&at["line"], &at["what"]),
        (&1.into(), &"PermitRootLogin=without-password".into())
    );
    assert_eq!(values(&got, "options", "port"), ["22", "2222"]);
}

#[test]
fn match_blocks_keep_their_criteria_and_end_with_their_file() {
    let got = facts(
        "sshd",
        &[
            (
                MAIN,
                "Include more/*.conf\nX11Forwarding no\nMatch User a,b Address 10.0.0.0/8\n  X11Forwarding \"yes\" # some\n",
            ),
            (
                "/etc/ssh/more/m.conf",
                "Match all\n PasswordAuthentication no\n",
            ),
        ],
    );
    let contexts: Vec<_> = list(&got, "options")
        .iter()
        .filter(|s| s["name"] == "x11forwarding")
        .map(|s| (s["context"].as_str().unwrap(), s["value"].as_str().unwrap()))
        .collect();
    assert_eq!(
        contexts,
        [("", "no"), ("match User a,b Address 10.0.0.0/8", "yes")]
    );
    // `Match all` holds for everyone.
    assert_eq!(values(&got, "options", "passwordauthentication"), ["no"]);
    assert_eq!(
        setting(&got, "options", "passwordauthentication")["context"],
        ""
    );
}

#[test]
fn defaults_are_marked_and_algorithms_worked_out() {
    let got = facts(
        "sshd",
        &[(
            MAIN,
            "Ciphers -chacha20*,aes128-ctr\nLoginGraceTime 1m30s\n",
        )],
    );
    assert_eq!(
        values(&got, "options", "permitrootlogin"),
        ["prohibit-password!"]
    );
    let ciphers = setting(&got, "options", "ciphers")["args"]
        .as_array()
        .unwrap();
    assert_eq!(ciphers.len(), 4);
    assert!(!ciphers.contains(&"aes128-ctr".into()));
    assert_eq!(setting(&got, "options", "logingracetime")["number"], 90);
    assert_eq!(
        setting(&got, "options", "macs")["args"]
            .as_array()
            .unwrap()
            .len(),
        10
    );
}

#[test]
fn host_keys_are_seen_and_not_shown() {
    let got = facts(
        "sshd",
        &[
            (MAIN, ""),
            ("/etc/ssh/ssh_host_rsa_key", "PRIVATE"),
            ("/etc/ssh/ssh_host_rsa_key.pub", "ssh-rsa"),
        ],
    );
    assert_eq!(list(&got, "host_keys").len(), 1);
    assert_eq!(got["host_keys"][0]["type"], "rsa");
    assert!(!got.to_string().contains("PRIVATE"));
}

#[test]
fn no_server_is_absent_and_an_unread_include_is_unknown() {
    assert_eq!(
        fact("sshd", &tree(&[("/etc/ssh/ssh_config", "Host *\n")])),
        Fact::Absent
    );
    let entry = Entry {
        kind: Kind::File,
        mode: 0o644,
        uid: 0,
        gid: 0,
        size: 5,
        capabilities: false,
        layer: 0,
        content: Content::NotKept,
    };
    let root = RootBuilder::default()
        .file(MAIN, "Include /opt/x.conf\nPermitRootLogin no\n")
        .put("opt/x.conf", entry)
        .build();
    assert!(matches!(fact("sshd", &root), Fact::Unknown(_)));
}

#[test]
fn a_folder_of_which_not_all_is_kept_makes_it_unknown() {
    let text = "Include /srv/ssh/*.conf\nPermitRootLogin no\n";
    let elsewhere = tree(&[(MAIN, text), ("/srv/ssh/a.conf", "")]);
    assert!(matches!(fact("sshd", &elsewhere), Fact::Unknown(_)));
    // Where there is no such folder, there is nothing to read.
    assert!(matches!(
        fact("sshd", &tree(&[(MAIN, text)])),
        Fact::Present(_)
    ));
}

#[test]
fn includes_that_go_round_end() {
    let root = tree(&[(MAIN, "Include /etc/ssh/sshd_config\n")]);
    assert!(matches!(fact("sshd", &root), Fact::Unknown(_)));
}
