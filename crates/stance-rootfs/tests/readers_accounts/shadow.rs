//! shadow: schemes, equal hashes, ages, guesses.

use std::time::Duration;

use serde_json::{Value, json};
use stance_rootfs::{PasswordOptions, ReadContext, RootBuilder, read_all};

use super::{each, lines, read};

/// `password` by openssl and libxcrypt.
const MD5: &str = "$1$abcdefgh$G//4keteveJp0qb8z2DxG/";
const SHA512: &str = "$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/";
const SHA256: &str = "$5$saltsalt$gOjOtoMpVhru2uyjeJSEc/JaLQWOXMNmlOnj6T4AtC.";
const BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";
const YESCRYPT: &str = "$y$j75$abcdefghijklmnopqrst$EfYiDIa6lYIegZ9PrHU9A/tg7wNt3AqIaDrSqySLY7B";

fn shadow(text: &str) -> Value {
    read("shadow", &[("etc/shadow", text)])
}

#[test]
fn schemes_and_states_are_told() {
    let text = format!(
        "root:{SHA512}:19700:0:99999:7:::\nopen::19700::::::\nnone:*:1::::::\nlocked:!{MD5}:1::::::\nnever:!:1::::::\nodd:$9$abc:1::::::\n"
    );
    let facts = shadow(&text);
    let entries = &facts["entries"];
    assert_eq!(
        each(entries, "scheme"),
        ["sha512", "empty", "locked", "md5", "locked", "unknown"]
    );
    assert_eq!(
        each(entries, "empty"),
        [false, true, false, false, false, false]
    );
    assert_eq!(
        each(entries, "locked"),
        [false, false, true, true, true, false]
    );
    assert_eq!(
        each(entries, "usable"),
        [true, false, false, false, false, true]
    );
    assert_eq!(entries[0]["max_days"], 99999);
    assert_eq!(entries[0]["inactive_days"], Value::Null);
    assert_eq!(entries[1]["guess"], Value::Null);
}

#[test]
fn weak_passwords_of_every_scheme_are_found() {
    let text = format!(
        "a:{MD5}:1::::::\nb:{SHA512}:1::::::\nc:{SHA256}:1::::::\nd:{BCRYPT}:1::::::\ne:{YESCRYPT}:1::::::\nf:abJnggxhB/yWI:1::::::\n"
    );
    let facts = shadow(&text);
    assert_eq!(each(&facts["entries"], "guess"), ["weak"; 6]);
    assert_eq!(each(&facts["entries"], "weak"), [true; 6]);
}

#[test]
fn what_was_not_tried_is_not_called_strong() {
    let facts = shadow(
        "root:$6$rounds=999999999$salt$hash:1::::::\nweb:$gy$j9T$salt$hash:1::::::\nbomb:$y$jzzzzz$salt$hash:1::::::\n",
    );
    for entry in facts["entries"].as_array().unwrap() {
        assert_eq!(entry["guess"], "not_tried");
        assert_eq!(entry.get("weak"), None, "missing reads as unknown");
    }
}

#[test]
fn without_a_budget_nothing_is_tried() {
    let root = RootBuilder::default().file("etc/shadow", format!("nobudget:{SHA512}:1::::::\n"));
    let passwords = PasswordOptions {
        budget: Duration::ZERO,
        words: Vec::new(),
    };
    let context = ReadContext {
        passwords: &passwords,
        config: None,
        config_unread: None,
    };
    let (facts, _) = read_all(&root.build(), &context);
    assert_eq!(facts["shadow"]["entries"][0]["guess"], "not_tried");
}

#[test]
fn words_of_the_user_are_tried() {
    let passwords = PasswordOptions {
        words: vec!["acme-Winter-2026".to_owned()],
        ..PasswordOptions::default()
    };
    let hash = "$1$own12345$lE4eJEtThoE4R5cvOFk3z1";
    let root = RootBuilder::default().file("etc/shadow", format!("own:{hash}:1::::::\n"));
    let context = ReadContext {
        passwords: &passwords,
        config: None,
        config_unread: None,
    };
    let (facts, _) = read_all(&root.build(), &context);
    assert_eq!(facts["shadow"]["entries"][0]["guess"], "weak");
}

#[test]
fn equal_hashes_have_one_number_and_no_hash_is_kept() {
    let text = format!(
        "a:{SHA512}:1::::::\nb:!{SHA512}:1::::::\nc:{MD5}:1::::::\nd:*:1::::::\ne:*:1::::::\n"
    );
    let facts = shadow(&text);
    let groups = each(&facts["entries"], "hash_group");
    assert_eq!(groups[0], groups[1]);
    assert_ne!(groups[0], groups[2]);
    assert_eq!(groups[3], Value::Null);
    assert_eq!(
        each(&facts["entries"], "duplicate_hash"),
        [true, true, false, false, false]
    );
    let shown = facts.to_string();
    for secret in ["saltsalt", "abcdefgh", "qFmFH", "password\""] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn passwords_in_passwd_count_as_well() {
    let facts = read(
        "shadow",
        &[
            (
                "etc/passwd",
                "root::0:0::/root:/bin/sh\nweb:x:1:1::/:/bin/sh\n",
            ),
            ("etc/shadow", "web:!:1::::::\n"),
        ],
    );
    assert_eq!(each(&facts["entries"], "user"), ["web", "root"]);
    assert_eq!(each(&facts["entries"], "source"), ["shadow", "passwd"]);
    assert_eq!(each(&facts["entries"], "uid"), [1, 0]);
    assert_eq!(facts["entries"][1]["empty"], true);
    assert_eq!(facts["entries"][1]["at"]["path"], "/etc/passwd");
}

#[test]
fn broken_lines_are_told() {
    let facts = shadow("root\n:x:1\n+::::::::\n\n# note\nok:*\nages:*:x:y:-1:::::::::::\n");
    assert_eq!(lines(&facts["broken"]), [1, 2]);
    assert_eq!(lines(&facts["compat"]), [3]);
    assert_eq!(each(&facts["entries"], "user"), ["ok", "ages"]);
    assert_eq!(facts["entries"][1]["max_days"], json!(-1));
}
