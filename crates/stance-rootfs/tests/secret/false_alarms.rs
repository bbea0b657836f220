//! What must not be found, by the kinds of false alarms that users of other scanners report; and what must be found
//! although it looks like one of them.

use crate::catalogue::{SCANNER, found, hits};

const KEY: &str = "AKIAQ7ZKTN5RWB3XHM2D";
const PEM: &str =
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAx7Vb3nQ9kT2wLm5sRz8Yc1Hd4Jf6Gp0Ae\n";

fn nothing(path: &str, content: &str) {
    let keys = found(path, content.as_bytes());
    assert!(keys.is_empty(), "{path}: {keys:?} in {content}");
}

#[test]
fn documentation_and_tests_of_packages_are_silent() {
    for path in [
        "usr/share/doc/awscli/examples/iam.rst",
        "usr/lib/python3/dist-packages/boto3/docs/a.py",
        "usr/lib/python3/dist-packages/ansible/modules/rsa.py",
        "usr/local/lib/python3.12/test/certdata/keycert.pem",
        "usr/local/lib/python3.12/site-packages/tornado/test/test.key",
        "opt/app/node_modules/ssh2/test/fixtures/id_rsa",
        "opt/app/vendor/phpseclib/tests/key",
        "opt/app/static/app.js.map",
        "usr/share/locale/de/LC_MESSAGES/app.mo",
    ] {
        nothing(path, KEY);
        nothing(path, PEM);
    }
}

#[test]
fn an_applications_own_tests_are_searched() {
    assert_eq!(
        found("app/tests/fixtures/id_rsa", PEM.as_bytes()),
        ["private_key"]
    );
    assert_eq!(
        found("opt/docs/notes.txt", KEY.as_bytes()),
        ["aws_access_key"]
    );
}

#[test]
fn names_alone_are_no_secrets() {
    for (name, value) in [
        ("KEYCLOAK_HOME", "/opt/keycloak-distribution"),
        ("GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D"),
        (
            "PYTHON_SHA256",
            "2a9920c7a0cd236de33644ed980a13cbbc21058bfdc528febb6081575ed73be3",
        ),
        ("POSTGRES_PASSWORD_FILE", "/run/secrets/postgres"),
        ("SSH_KEYGEN", "ssh-keygen"),
        ("NODE_VERSION", "22.11.0"),
        ("MYSQL_ALLOW_EMPTY_PASSWORD", "yes"),
        ("TOKENIZERS_PARALLELISM", "false"),
        ("PASSWORD", "${PASSWORD}"),
        ("COMPASS_URL", "compass-url-value"),
    ] {
        nothing(&format!("config:Env/{name}"), value);
    }
    nothing(
        "etc/php/8.2/fpm/pool.d/www.conf",
        "access.log = /var/log/$pool.access.log\n",
    );
    nothing(
        "lib/apk/db/installed",
        "P:libcrypto3\nD:so:libcrypto3=3.1.4-r5\n",
    );
}

#[test]
fn checksums_and_public_things_are_silent() {
    let line = "\"integrity\": \"sha512-Jk2QXw5rT8vL1mZp4Nc7Hd9Bf6Gs3Ka0We1Rt2Yu3Io4Pa5Sd6Fg7Hj8Kl9Zx==\",\n";
    nothing("app/package-lock.json", line);
    nothing(
        "app/requirements.txt",
        "flask==3.0.0 --hash=sha256:21128f47e4e3b9d597a3e8521a329bf56909b690fcc3fa3e477725aa81367638\n",
    );
    nothing(
        "app/go.sum",
        "golang.org/x/net v0.1.0 h1:Jk2QXw5rT8vL1mZp4Nc7Hd9Bf6Gs3Ka0We1Rt2Yu3I=\n",
    );
    nothing(
        "etc/ssl/certs/ca.pem",
        "-----BEGIN CERTIFICATE-----\nMIIFazCCA1OgAwIBAgIRAIIQz7DSQONZRGPgu2OCiwAwDQYJKoZIhvcNAQEL\n",
    );
    nothing(
        "root/.ssh/authorized_keys",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7Vb3nQ9kT2wLm5sRz8Yc1 me\n",
    );
    nothing(
        "etc/shadow",
        "root:$y$j9T$abcdefghijklmnopqrst$0123456789abcdefABCDEF0123456789abcdef01234:19000:0:99999:7:::\n",
    );
    nothing(
        "etc/nginx/.htpasswd",
        "admin:$apr1$Zx81kqPw$8cT2wLm5sRz8Yc1Hd4Jf60\n",
    );
}

#[test]
fn placeholders_of_all_kinds_are_silent() {
    for value in [
        "changeme",
        "<your password>",
        "{{ password }}",
        "$PASSWORD",
        "$(cat /run/x)",
        "xxxxxxxx",
        "********",
        "your-password",
        "%(password)s",
    ] {
        nothing("app/.env", &format!("DB_PASSWORD={value}\n"));
        nothing("app/config.yaml", &format!("password: \"{value}\"\n"));
    }
}

#[test]
fn names_in_binary_files_are_not_settings_but_keys_are_found() {
    let mut content = vec![0x7f, b'E', b'L', b'F', 0, 0];
    content.extend_from_slice(b"DB_PASSWORD=Qw7-kjh2lqP\n\0");
    content.extend_from_slice(KEY.as_bytes());
    content.push(0);
    let hits = hits("app/data.env", &content);
    assert_eq!(hits.len(), 1);
    assert_eq!(SCANNER.rules()[hits[0].rule].key, "aws_access_key");
    assert_eq!(hits[0].line, None);
}

#[test]
fn a_specific_rule_goes_before_a_name() {
    let text = "GITHUB_TOKEN=ghp_q8Rk2Vn5Xw1Zt7Yb3Md9Lc4Hj6Fs0Gp8Ae2U\n";
    assert_eq!(found("app/.env", text.as_bytes()), ["github_token"]);
}

#[test]
fn values_are_masked() {
    let text = format!("id={KEY}\nDB_PASSWORD=Qw7-kjh2lqP\n");
    let all = hits("app/.env", text.as_bytes());
    let shown: Vec<&str> = all.iter().map(|hit| hit.masked.as_str()).collect();
    assert_eq!(shown, ["AKIA******2D", "******"]);
    assert_eq!(
        SCANNER.redact(b"app/.env", &text),
        "id=AKIA******2D\nDB_PASSWORD=******\n"
    );
    assert_eq!(
        SCANNER.redact(b"config:Env/DB_PASSWORD", "Qw7-kjh2lqP"),
        "******"
    );
    assert_eq!(
        SCANNER.redact(b"config:Env/DB_PASSWORD", "DB_PASSWORD=Qw7-kjh2lqP"),
        "DB_PASSWORD=******"
    );
}
