//! sudoers: includes, aliases, tags, defaults.

use stance_rootfs::RootBuilder;

use super::{each, lines, one, read};

const DEBIAN: &str = "#
# This file MUST be edited with the 'visudo' command as root.
#
Defaults\tenv_reset
Defaults\tmail_badpass
Defaults\tsecure_path=\"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"
Defaults\tuse_pty
#Defaults:%sudo env_keep += \"http_proxy https_proxy\"
root\tALL=(ALL:ALL) ALL
%sudo\tALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
";

#[test]
fn the_file_of_debian_is_read() {
    let facts = read("sudoers", &[("etc/sudoers", DEBIAN)]);
    assert_eq!(lines(&facts["rules"]), [9, 10]);
    assert_eq!(each(&facts["rules"], "root_only"), [true, false]);
    assert_eq!(each(&facts["rules"], "all_commands"), [true, true]);
    assert_eq!(each(&facts["rules"], "nopasswd"), [false, false]);
    let names = each(&facts["defaults"], "name");
    assert_eq!(
        names,
        ["env_reset", "mail_badpass", "secure_path", "use_pty"]
    );
    assert_eq!(facts["broken"].as_array().unwrap().len(), 0);
}

#[test]
fn folders_skip_names_with_dots_and_tildes() {
    let rule = "a ALL=(ALL) NOPASSWD: ALL\n";
    let facts = read(
        "sudoers",
        &[
            ("etc/sudoers", "#includedir sudoers.d\n"),
            ("etc/sudoers.d/10-a", rule),
            ("etc/sudoers.d/b.bak", rule),
            ("etc/sudoers.d/c~", rule),
            ("etc/sudoers.d/.hidden", rule),
        ],
    );
    let paths: Vec<_> = each(&facts["rules"], "at");
    assert_eq!(paths.len(), 1);
    assert_eq!(paths[0]["path"], "/etc/sudoers.d/10-a");
}

#[test]
fn continuation_lines_and_aliases_are_resolved() {
    let facts = read(
        "sudoers",
        &[(
            "etc/sudoers",
            "User_Alias OPS = alice, %wheel : DEV = bob\nCmnd_Alias SHELLS = /bin/sh, \\\n  EVERY\nCmnd_Alias EVERY = ALL, SHELLS\nOPS ALL = \\\n  NOPASSWD: SHELLS # note\nDEV ALL = (www-data) /usr/bin/id\n",
        )],
    );
    assert_eq!(lines(&facts["rules"]), [5, 7]);
    assert_eq!(each(&facts["rules"], "nopasswd"), [true, false]);
    assert_eq!(each(&facts["rules"], "all_commands"), [true, false]);
    assert_eq!(facts["rules"][0]["users"][1], "%wheel");
    assert_eq!(facts["rules"][1]["runas"], "(www-data)");
}

#[test]
fn defaults_have_scopes_signs_and_values() {
    let facts = read(
        "sudoers",
        &[(
            "etc/sudoers",
            "Defaults:deploy !authenticate, timestamp_timeout = -1\nDefaults env_keep += \"LD_PRELOAD\"\nDefaults logfile=\"/var/log/sudo.log\"\n",
        )],
    );
    let defaults = &facts["defaults"];
    assert_eq!(
        each(defaults, "name"),
        ["authenticate", "timestamp_timeout", "env_keep", "logfile"]
    );
    assert_eq!(each(defaults, "on"), [false, true, true, true]);
    assert_eq!(defaults[0]["scope"], ":deploy");
    assert_eq!(defaults[1]["number"], -1.0);
    assert_eq!(defaults[2]["value"], "LD_PRELOAD");
}

#[test]
fn arguments_of_commands_are_not_kept() {
    let facts = read(
        "sudoers",
        &[(
            "etc/sudoers",
            "app ALL=NOPASSWD: /usr/bin/mysql -uroot -pHunter2secret\n",
        )],
    );
    assert!(!facts.to_string().contains("Hunter2secret"));
}

#[test]
fn includes_that_go_in_circles_end() {
    let facts = read(
        "sudoers",
        &[
            (
                "etc/sudoers",
                "@include /etc/sudoers.a\nroot ALL=(ALL) ALL\n",
            ),
            ("etc/sudoers.a", "@include /etc/sudoers\n"),
        ],
    );
    assert!(!facts["rules"].as_array().unwrap().is_empty());
}

#[test]
fn many_includes_of_one_file_are_bounded() {
    let many = "@include /etc/sudoers.a\n".repeat(2_000);
    let root = RootBuilder::default()
        .file("etc/sudoers", many)
        .file("etc/sudoers.a", "@include /etc/sudoers.b\n".repeat(2_000))
        .file("etc/sudoers.b", "a ALL=ALL\n".repeat(2_000))
        .build();
    let (_, unknown) = super::facts(&root);
    assert!(unknown.contains_key("sudoers"));
}

#[test]
fn a_missing_include_is_no_trouble() {
    let root = RootBuilder::default()
        .file(
            "etc/sudoers",
            "@include /etc/none\n@includedir /etc/gone\nroot ALL=(ALL) ALL\n",
        )
        .build();
    assert_eq!(one("sudoers", &root)["rules"].as_array().unwrap().len(), 1);
}
