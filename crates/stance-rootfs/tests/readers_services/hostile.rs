//! Whatever a file holds: no panic, no long time, no lot of memory.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use stance_rootfs::{Fact, RootBuilder};

use crate::common::fact;

/// Every reader with the files that it begins with.
const MAINS: &[(&str, &[&str])] = &[
    ("apache", &["/etc/apache2/apache2.conf"]),
    (
        "docker",
        &["/etc/docker/daemon.json", "/etc/default/docker"],
    ),
    ("elasticsearch", &["/etc/elasticsearch/elasticsearch.yml"]),
    ("inetd", &["/etc/inetd.conf", "/etc/xinetd.d/x"]),
    ("jenkins", &["/var/jenkins_home/config.xml"]),
    ("kubelet", &["/var/lib/kubelet/config.yaml"]),
    ("memcached", &["/etc/memcached.conf"]),
    ("mongodb", &["/etc/mongod.conf"]),
    ("mysql", &["/etc/my.cnf"]),
    ("nfs", &["/etc/exports"]),
    ("nginx", &["/etc/nginx/nginx.conf"]),
    ("php", &["/etc/php.ini"]),
    (
        "postgresql",
        &[
            "/etc/postgresql/15/main/postgresql.conf",
            "/etc/postgresql/15/main/pg_hba.conf",
        ],
    ),
    ("redis", &["/etc/redis/redis.conf"]),
    ("rsync", &["/etc/rsyncd.conf"]),
    ("samba", &["/etc/samba/smb.conf"]),
    ("snmp", &["/etc/snmp/snmpd.conf"]),
    ("sshd", &["/etc/ssh/sshd_config"]),
    (
        "tomcat",
        &[
            "/opt/t/conf/server.xml",
            "/opt/t/conf/web.xml",
            "/opt/t/conf/tomcat-users.xml",
        ],
    ),
    ("vsftpd", &["/etc/vsftpd.conf"]),
    ("zookeeper", &["/etc/zoo.cfg"]),
];

fn read(reader: &str, paths: &[&str], bytes: &[u8]) -> Fact {
    let empty = RootBuilder::default();
    let full = paths
        .iter()
        .fold(empty, |tree, path| tree.file(path, bytes));
    fact(reader, &full.build())
}

/// Pieces that mean something in one format or another.
const PIECES: &[&str] = &[
    "\n",
    " ",
    "\t",
    "=",
    ":",
    ";",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    "</",
    "/>",
    "\"",
    "'",
    "\\",
    "\\\n",
    "#",
    "- ",
    ",",
    "*",
    "&",
    "!",
    "|",
    "include x",
    "Include *",
    "Match all",
    "server",
    "http",
    "listen",
    "ssl",
    "<Server>",
    "</Server>",
    "<user a=\"b\">",
    "&amp;",
    "&x;",
    "[mysqld]",
    "!includedir /etc",
    "user default >x",
    "host all all",
    "trust",
    "a",
    "é",
    "\0",
    "1h",
    "-l",
    "service x",
    "<!--",
    "-->",
    "${",
    "kind",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for (reader, paths) in MAINS {
            read(reader, paths, &bytes);
        }
    }

    #[test]
    fn any_mix_of_syntax_is_read_without_a_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..120)) {
        let text = pieces.concat();
        for (reader, paths) in MAINS {
            read(reader, paths, text.as_bytes());
        }
    }
}

/// Texts that grow what a careless reader keeps.
const SNIPPETS: &[&str] = &[
    "a b c\n",
    "a=b\n",
    "a{\n",
    "<a>\n",
    "<a b=\"c\"/>\n",
    "- a: [\n",
    "\"",
    "'\\",
    "\\\n",
    "[s]\nk=v\n",
    "include /etc/*\n",
    "x: y\n ",
    "{\"a\":[",
    "Match user a\nPort 1\n",
    "server { listen 1 ssl; }\n",
    "host all all 0.0.0.0/0 trust\n",
    "password=a://b:c@d ",
    "https://",
    "[",
    "&",
];

#[test]
fn a_full_file_of_anything_is_read_in_bounded_time() {
    for (reader, paths) in MAINS {
        for snippet in SNIPPETS {
            let text = snippet.repeat((64 << 10) / snippet.len());
            let begun = Instant::now();
            read(reader, paths, text.as_bytes());
            let took = begun.elapsed();
            // Quadratic work over so much would take minutes.
            assert!(
                took < Duration::from_secs(5),
                "{reader} {snippet:?} took {took:?}"
            );
        }
    }
}

#[test]
fn many_names_are_read_in_bounded_time() {
    let names: String = (0..40_000)
        .map(|n| format!("name{n} = value{n}\n"))
        .collect();
    for (reader, paths) in MAINS {
        let begun = Instant::now();
        read(reader, paths, names.as_bytes());
        assert!(begun.elapsed() < Duration::from_secs(20), "{reader}");
    }
}

#[test]
fn includes_that_multiply_end() {
    let fans: &[(&str, &str, &str)] = &[
        (
            "sshd",
            "/etc/ssh/sshd_config",
            "Include /etc/ssh/*\nInclude /etc/ssh/*\n",
        ),
        ("nginx", "/etc/nginx/nginx.conf", "include *;\ninclude *;\n"),
        (
            "apache",
            "/etc/apache2/apache2.conf",
            "Include *\nInclude *\n",
        ),
        (
            "redis",
            "/etc/redis/redis.conf",
            "include /etc/redis/*\ninclude /etc/redis/*\n",
        ),
        (
            "mysql",
            "/etc/my.cnf",
            "!include /etc/my.cnf\n!include /etc/my.cnf\n",
        ),
        (
            "postgresql",
            "/etc/postgresql/15/main/postgresql.conf",
            "include 'postgresql.conf'\ninclude 'postgresql.conf'\n",
        ),
        (
            "samba",
            "/etc/samba/smb.conf",
            "include = /etc/samba/smb.conf\ninclude = /etc/samba/smb.conf\n",
        ),
        (
            "snmp",
            "/etc/snmp/snmpd.conf",
            "includeFile snmpd.conf\nincludeFile snmpd.conf\n",
        ),
        (
            "rsync",
            "/etc/rsyncd.conf",
            "&include /etc/rsyncd.conf\n&include /etc/rsyncd.conf\n",
        ),
    ];
    for (reader, path, text) in fans {
        assert!(
            matches!(read(reader, &[*path], text.as_bytes()), Fact::Unknown(_)),
            "{reader}"
        );
    }
}
