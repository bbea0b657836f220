//! authorized_keys, trust by host name.

use serde_json::json;
use stance_rootfs::RootBuilder;

use super::{each, lines, one, read};

const ED25519: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops@example";
const RSA1024: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCZMP6PV886gZf6U6WtzgpImU/yKJCpAI5tcHKMduOL8xspY4APuHSLU/qgSZXr+8DgZUvMqYUUpumCHGmUzVOnXgzLnnHiLvckz3++LS7CTyu3Vve5vvTUYah7+A2BZWUTQussnQUf+h0uhUXLuEmcU/zSmPeKNTeIE38+EE6WNw== old";
const RSA3072: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQDFwwl44Dc83KcOrmCITzS5i6JyGSqMKh6wVw7omnKUus42xwZGzYTRv/w0jhnx8dZsNLEvbyXOH/gvLfiTZ32vvo1mZXRCC45XBFfJUnjRAKi34UArbALHqzbiq+9gcSEPF+M3Cm6Nz4BUck9248S1tIDdN/eOVrvSHRCaTRY/Zwd9XS9PN392LIzncHkpZrN632VNVy6xlbeKEM2PUkW6Z/Z6yRhU8iXH7zic3yPpCb6DZFwvzUxVEIsJnI2iCTaNjn1qziSn3k5zlKpdpMW2gWSHCqYumyv90/Hi3qbmyQDIaJHHTJXwWOONjbP9vvB3aaqS187/sT9a8Zpzz7oa/qZnuNUv/K1E3hZsPshhPNCHAl3/RQ5wyaeIBfIqgl+UytRKc1HQZT4NrWGIJi1XGrCNQcnBwinv2Bu6Tk21F3QO8nknFs+zWJA60rll92Fgum2A3EgZZ5GxMjfkVMe6p/nMq0ZZ0PkjHhMbBhYyqSE5FBd00TrNzLOmPHR0QlU= old";
const PASSWD: &str = "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n";

#[test]
fn keys_of_every_home_are_read() {
    let text = format!(
        "# mine\n{ED25519}\ncommand=\"echo \\\"a, b\\\"\",no-pty,from=\"10.0.0.0/8\" {RSA1024}\nnonsense here\nrestrict {RSA3072}\n"
    );
    let facts = read(
        "authorized_keys",
        &[
            ("etc/passwd", PASSWD),
            ("root/.ssh/authorized_keys", &text),
            ("home/app/.ssh/authorized_keys2", ED25519),
        ],
    );
    let keys = &facts["keys"];
    assert_eq!(each(keys, "user"), ["root", "root", "root", "app"]);
    assert_eq!(json!(each(keys, "bits")), json!([null, 1024, 3072, null]));
    assert_eq!(each(keys, "weak"), [false, true, false, false]);
    assert_eq!(each(keys, "restricted"), [false, true, true, false]);
    assert_eq!(each(keys, "from"), [false, true, false, false]);
    assert_eq!(lines(keys), [2, 3, 5, 1]);
    assert_eq!(lines(&facts["broken"]), [4]);
    assert_eq!(keys[0]["at"]["what"], "root: ssh-ed25519 ops@example");
}

#[test]
fn without_an_account_file_the_keys_of_root_are_read() {
    let facts = read("authorized_keys", &[("root/.ssh/authorized_keys", ED25519)]);
    assert_eq!(each(&facts["keys"], "uid"), [0]);
}

#[test]
fn links_are_followed_and_files_shown_once_a_user() {
    let root = RootBuilder::default()
        .file("etc/passwd", PASSWD)
        .link("root/.ssh", "/srv/keys")
        .link("srv/keys/authorized_keys2", "authorized_keys")
        .file("srv/keys/authorized_keys", ED25519)
        .build();
    let facts = one("authorized_keys", &root);
    assert_eq!(each(&facts["keys"], "user"), ["root"]);
    assert_eq!(facts["keys"][0]["at"]["path"], "/srv/keys/authorized_keys");
}

#[test]
fn who_may_write_to_the_file_is_told() {
    let of = |mode, uid| {
        let root = RootBuilder::default()
            .file("etc/passwd", PASSWD)
            .file_with("home/app/.ssh/authorized_keys", ED25519, mode, uid, 0)
            .build();
        one("authorized_keys", &root)["files"][0]["writable"].clone()
    };
    assert_eq!(of(0o600, 1000), false);
    assert_eq!(of(0o600, 0), false);
    assert_eq!(of(0o664, 1000), true);
    assert_eq!(of(0o600, 1001), true);
}

#[test]
fn trust_is_read_from_every_file() {
    let facts = read(
        "ssh_trust",
        &[
            ("etc/hosts.equiv", "# none\n+ +\n-bad\n"),
            ("home/app/.rhosts", "build app\n"),
            ("root/.shosts", "host +\n"),
        ],
    );
    assert_eq!(each(&facts["entries"], "any"), [true, true, false]);
    assert_eq!(lines(&facts["entries"]), [2, 1, 1]);
}
