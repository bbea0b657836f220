//! Readers of configuration files.

use stance_rootfs::{Fact, FactReader, PasswordOptions, READERS, ReadContext, RootBuilder};

/// Parts the files of one input.
const BORDER: u8 = 0xff;
/// What facts may take beside what they are read from, bytes.
const FACTS_BYTES: usize = 256 << 10;
/// How much more facts may take than what they are read from.
const GROWTH: usize = 400;

/// Gives the bytes to a reader as the files that it asks for, parted by 0xFF.
pub fn reader(name: &str, data: &[u8]) {
    let reader = READERS
        .iter()
        .copied()
        .flatten()
        .find(|reader| reader.name == name);
    let reader = reader.unwrap_or_else(|| panic!("there is no reader `{name}`"));
    let mut root = RootBuilder::default();
    for (path, text) in paths(reader).iter().zip(data.split(|byte| *byte == BORDER)) {
        root = root.file(path, text);
    }
    let passwords = PasswordOptions {
        // Guessing is slow on purpose, and has nothing to do with reading.
        budget: std::time::Duration::ZERO,
        words: Vec::new(),
    };
    let context = ReadContext {
        passwords: &passwords,
        config: None,
        config_unread: None,
    };
    if let Fact::Present(value) = (reader.read)(&root.build(), &context) {
        let length = value.to_string().len();
        assert!(
            length <= FACTS_BYTES + GROWTH * data.len(),
            "{} bytes became facts of {length}",
            data.len()
        );
    }
}

/// The files that these readers begin with, where they ask for whole folders.
const MAIN: &[(&str, &[&str])] = &[
    ("authorized_keys", &["root/.ssh/authorized_keys"]),
    ("samba", &["etc/samba/smb.conf"]),
    ("snmp", &["etc/snmp/snmpd.conf"]),
    (
        "sshd",
        &["etc/ssh/sshd_config", "etc/ssh/sshd_config.d/x.conf"],
    ),
    (
        "nginx",
        &["etc/nginx/nginx.conf", "etc/nginx/conf.d/x.conf"],
    ),
    (
        "apache",
        &[
            "etc/apache2/apache2.conf",
            "etc/apache2/sites-enabled/x.conf",
        ],
    ),
    (
        "tomcat",
        &[
            "opt/tomcat/conf/server.xml",
            "opt/tomcat/conf/tomcat-users.xml",
            "opt/tomcat/conf/web.xml",
        ],
    ),
];

/// The main files, then one path for each pattern.
fn paths(reader: &FactReader) -> Vec<String> {
    let concrete = |pattern: &&str| {
        pattern
            .replace("**", "a/b")
            .replace('*', "x")
            .replace('?', "y")
            .replace(['[', ']'], "")
    };
    let main = MAIN.iter().find(|(name, _)| *name == reader.name);
    let main = main.map_or(&[][..], |(_, paths)| *paths).iter();
    main.map(|path| (*path).to_owned())
        .chain(reader.wants.iter().map(concrete))
        .collect()
}
