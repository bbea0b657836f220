//! Programs that an image should not bring along, found by where they lie, whatever installed them.

use serde_json::json;

use super::lines::{Facts, Rows, at, base, fact, open};
use crate::read::FactReader;
use crate::root::{Kind, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "tools",
    wants: &[],
    read: |root, _| fact(facts(root)),
};

/// The folders of programs.
const FOLDERS: [&str; 6] = [
    "usr/bin",
    "usr/sbin",
    "usr/local/bin",
    "usr/local/sbin",
    "bin",
    "sbin",
];

/// The paths whose entries are looked at.
pub(super) const SEES: &[&str] = &[
    "usr/bin/*",
    "usr/sbin/*",
    "usr/local/bin/*",
    "usr/local/sbin/*",
    "bin/*",
    "sbin/*",
];

/// Programs by what they are for.
const TOOLS: &[(&str, &[&str])] = &[
    ("privilege", &["sudo", "doas", "pkexec"]),
    (
        "cleartext",
        &["telnet", "rsh", "rlogin", "rexec", "ftp", "tftp"],
    ),
    (
        "legacy_server",
        &[
            "telnetd",
            "in.telnetd",
            "in.rshd",
            "in.rlogind",
            "in.tftpd",
            "xinetd",
            "inetd",
        ],
    ),
    ("ssh_server", &["sshd", "dropbear"]),
    ("compiler", &["gcc", "g++", "cc", "clang", "tcc", "make"]),
    ("debugger", &["gdb", "strace", "ltrace"]),
    (
        "attack",
        &[
            "nmap", "masscan", "hydra", "john", "hashcat", "sqlmap", "ettercap", "tcpdump",
            "tshark", "ncat", "netcat", "nc", "socat",
        ],
    ),
];

fn facts(root: &Root) -> Facts {
    let mut found = Rows::default();
    let mut seen = std::collections::BTreeSet::new();
    for (kind, names) in TOOLS {
        for name in *names {
            for folder in FOLDERS {
                let Some(file) = open(root, &format!("{folder}/{name}"))? else {
                    continue;
                };
                let path = file.path();
                // Applets come with the one program that every Alpine image has; a shared script is no compiler.
                let applet = matches!(base(&path), "busybox" | "toybox");
                // A program under several names (`cc`, `gcc`) is shown once.
                if applet || file.entry().kind != Kind::File || !seen.insert(path) {
                    continue;
                }
                found.push(json!({"name": name, "kind": kind, "at": at(&file, None, name)}));
            }
        }
    }
    Ok(Some(json!({"found": found.finish("programs")?})))
}
