//! passwd, group, gshadow, login.defs.

use serde_json::{Value, json};

use super::{each, lines, read};

const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin

# a comment
toor:x:0:0::/root:/bin/sh
app::1000:1000:App,,,:/home/app:
app:$1$abcdefgh$G//4keteveJp0qb8z2DxG/:1001:1000::/home/app2:/bin/bash
svc:*:102:4242::/srv:/bin/false
+::::::
-evil::::::
broken:x:1000
nonumber:x:abc:1:::/bin/sh
:x:5:5:::
negative:x:-1:0:::/bin/sh
";

#[test]
fn passwd_is_read_line_by_line() {
    let facts = read("passwd", &[("etc/passwd", PASSWD)]);
    let entries = &facts["entries"];
    assert_eq!(
        each(entries, "name"),
        ["root", "daemon", "toor", "app", "app", "svc"]
    );
    assert_eq!(
        each(entries, "password"),
        [
            "shadowed", "shadowed", "shadowed", "empty", "hash", "locked"
        ]
    );
    assert_eq!(
        each(entries, "login"),
        [true, false, true, true, true, false]
    );
    assert_eq!(
        each(entries, "duplicate_uid"),
        [true, false, true, false, false, false]
    );
    assert_eq!(
        each(entries, "duplicate_name"),
        [false, false, false, true, true, false]
    );
    assert_eq!(lines(entries), [1, 2, 5, 6, 7, 8]);
    assert_eq!(lines(&facts["compat"]), [9, 10]);
    assert_eq!(lines(&facts["broken"]), [11, 12, 13, 14]);
    let text = facts.to_string();
    assert!(!text.contains("abcdefgh"), "a hash is in the facts: {text}");
}

#[test]
fn without_the_files_there_are_no_facts() {
    for reader in [
        "passwd",
        "shadow",
        "group",
        "gshadow",
        "login_defs",
        "sudoers",
        "pam",
        "cron",
    ] {
        assert_eq!(
            read(reader, &[("etc/hostname", "demo")]),
            Value::Null,
            "{reader}"
        );
    }
}

#[test]
fn groups_say_who_is_in_them_and_which_are_missing() {
    let facts = read(
        "group",
        &[
            ("etc/passwd", PASSWD),
            (
                "etc/group",
                "root:x:0:\ndocker:x:999:app, ghost,\nops:x:0:app\nops:x:7:\nbad:x\n+:::\nusers:x:1000:\n",
            ),
        ],
    );
    assert_eq!(each(&facts["entries"], "gid"), [0, 999, 0, 7, 1000]);
    assert_eq!(
        each(&facts["entries"], "duplicate_gid"),
        [true, false, true, false, false]
    );
    assert_eq!(
        each(&facts["entries"], "duplicate_name"),
        [false, false, true, true, false]
    );
    assert_eq!(each(&facts["missing"], "user"), ["daemon", "svc"]);
    assert_eq!(lines(&facts["broken"]), [5]);
    assert_eq!(lines(&facts["compat"]), [6]);
    let of = |user: &str| -> Vec<(Value, Value, Value)> {
        let rows = facts["memberships"].as_array().unwrap().iter();
        rows.filter(|row| row["user"] == user)
            .map(|row| {
                (
                    row["group"].clone(),
                    row["uid"].clone(),
                    row["primary"].clone(),
                )
            })
            .collect()
    };
    assert_eq!(of("ghost"), [(json!("docker"), Value::Null, json!(false))]);
    assert!(of("app").contains(&(json!("users"), json!(1000), json!(true))));
    assert_eq!(of("toor"), [(json!("root"), json!(0), json!(true))]);
}

#[test]
fn passwords_of_groups_are_told_without_their_hash() {
    let facts = read(
        "gshadow",
        &[(
            "etc/gshadow",
            "root:*::\nopen:::\nops:$6$salt$hash::app\nlocked:!$6$salt$hash::\nbad\n",
        )],
    );
    assert_eq!(
        each(&facts["entries"], "password"),
        [false, false, true, false]
    );
    assert_eq!(lines(&facts["broken"]), [5]);
    assert!(!facts.to_string().contains("$6$"));
}

#[test]
fn defaults_of_accounts_are_the_last_ones_set() {
    let facts = read(
        "login_defs",
        &[(
            "etc/login.defs",
            "# PASS_MAX_DAYS 1\nPASS_MAX_DAYS\t99999\nPASS_MAX_DAYS 90\nUMASK\t\t022\nENCRYPT_METHOD \"YESCRYPT\"\nPASS_MIN_DAYS many\nPASS_WARN_AGE\n",
        )],
    );
    assert_eq!(facts["pass_max_days"]["value"], 90);
    assert_eq!(facts["pass_max_days"]["at"]["line"], 3);
    assert_eq!(facts["umask"]["value"], "022");
    assert_eq!(facts["encrypt_method"]["value"], "YESCRYPT");
    assert_eq!(facts["pass_min_days"], Value::Null);
    assert_eq!(facts["pass_warn_age"], Value::Null);
}
