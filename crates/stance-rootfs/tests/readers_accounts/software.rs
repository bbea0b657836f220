//! Packages, their sources and caches, programs, the version of the system.

use serde_json::Value;
use stance_rootfs::RootBuilder;

use super::{each, facts, lines, one, read};

#[test]
fn packages_of_dpkg_and_apk_are_read() {
    let dpkg = "Package: bash\nStatus: install ok installed\nVersion: 5.2.15-2+b7\nDescription: shell\n Package: not one\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n\nPackage: last\nStatus: hold ok installed\nVersion: 2";
    let facts = read("packages", &[("var/lib/dpkg/status", dpkg)]);
    assert_eq!(facts["manager"], "dpkg");
    assert_eq!(
        facts["installed"],
        serde_json::json!({"bash": "5.2.15-2+b7", "last": "2"})
    );
    let apk = "C:Q1abc=\nP:musl\nV:1.2.5-r0\nA:x86_64\n\nP:busybox\nV:1.36.1-r29\n\n";
    let facts = read("packages", &[("lib/apk/db/installed", apk)]);
    assert_eq!(facts["installed"]["busybox"], "1.36.1-r29");
    assert_eq!(facts["manager"], "apk");
}

#[test]
fn a_database_that_is_not_read_is_not_taken_for_an_empty_one() {
    let root = RootBuilder::default().file("var/lib/rpm/rpmdb.sqlite", "x");
    let (_, unknown) = facts(&root.build());
    assert!(unknown.contains_key("packages"));
    assert_eq!(read("packages", &[("etc/hostname", "x")]), Value::Null);
}

#[test]
fn caches_are_found_and_locks_are_none() {
    let facts = read(
        "package_caches",
        &[
            ("var/lib/apt/lists/lock", ""),
            (
                "var/lib/apt/lists/deb.debian.org_debian_dists_bookworm_InRelease",
                "x",
            ),
            ("var/cache/apt/archives/a_1_all.deb", "x"),
            ("root/.cache/pip/http/ab/cd", "x"),
        ],
    );
    assert_eq!(each(&facts["found"], "manager"), ["apt", "apt", "pip"]);
}

#[test]
fn programs_are_found_whatever_installed_them() {
    let root = RootBuilder::default()
        .file_with("usr/bin/gcc-12", "x", 0o755, 0, 0)
        .link("usr/bin/gcc", "gcc-12")
        .link("usr/bin/cc", "/etc/alternatives/cc")
        .link("etc/alternatives/cc", "/usr/bin/gcc")
        .file_with("bin/busybox", "x", 0o755, 0, 0)
        .link("usr/bin/nc", "/bin/busybox")
        .file_with("usr/local/bin/nmap", "x", 0o755, 0, 0)
        .dir("usr/bin/make", 0o755, 0, 0)
        .build();
    let found = one("tools", &root)["found"].clone();
    assert_eq!(each(&found, "kind"), ["compiler", "attack"]);
    assert_eq!(each(&found, "name"), ["gcc", "nmap"]);
}

#[test]
fn sources_that_are_not_verified_are_named_without_their_passwords() {
    let facts = read(
        "package_sources",
        &[
            (
                "etc/apt/sources.list",
                "deb [arch=amd64 trusted=yes] https://u:Hunter2@apt.example/ ./\ndeb [signed-by=/k.gpg] https://apt.example/ s main\ndeb https://x/trusted=yes s main\n",
            ),
            (
                "etc/apt/sources.list.d/new.sources",
                "Types: deb\nTrusted: yes\n",
            ),
            (
                "etc/apt/apt.conf.d/99x",
                "APT::Get::AllowUnauthenticated \"true\";\nAcquire::https::Verify-Peer \"true\";\n",
            ),
            ("etc/yum.repos.d/a.repo", "[a]\ngpgcheck = 0\nsslverify=1\n"),
            ("etc/pip.conf", "[global]\ntrusted-host = pypi.example\n"),
            ("root/.npmrc", "strict-ssl=false\n//r/:_authToken=Hunter2\n"),
        ],
    );
    let places = each(&facts["unverified"], "at");
    let what: Vec<_> = places
        .iter()
        .map(|place| place["what"].as_str().unwrap())
        .collect();
    assert_eq!(
        what,
        [
            "trusted=yes",
            "trusted=yes",
            "apt::get::allowunauthenticated",
            "gpgcheck",
            "trusted-host",
            "strict-ssl"
        ]
    );
    assert_eq!(lines(&facts["unverified"]), [1, 2, 1, 2, 2, 1]);
    assert!(!facts.to_string().contains("Hunter2"));
}

#[test]
fn the_last_day_of_a_version_is_known() {
    let of =
        |text: &str| read("os_release", &[("usr/lib/os-release", text)])["end_of_life"].clone();
    assert_eq!(of("ID=debian\nVERSION_ID=\"12\"\n"), "2028-06-30");
    assert_eq!(of("ID=alpine\nVERSION_ID=3.20.3\n"), "2026-04-01");
    assert_eq!(of("ID=alpine\nVERSION_ID=3.2\n"), Value::Null);
    assert_eq!(
        of("ID=debian\nPRETTY_NAME='Debian GNU/Linux trixie/sid'\n"),
        Value::Null
    );
    assert_eq!(read("os_release", &[("etc/hostname", "x")]), Value::Null);
}
