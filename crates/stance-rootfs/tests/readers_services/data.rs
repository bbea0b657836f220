//! Databases and caches.

use serde_json::{Value, json};
use stance_rootfs::Fact;

use crate::common::{fact, facts, list, setting, tree, values};

fn only(value: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| (value[*name]).clone()).collect()
}

#[test]
fn redis_in_several_places_with_users_and_includes() {
    let got = facts(
        "redis",
        &[
            (
                "/etc/redis/redis.conf",
                "bind 127.0.0.1 -::1\nprotected-mode yes\nrequirepass Zq8vT2mXw4Lk\ninclude /etc/redis/more.conf\n",
            ),
            (
                "/etc/redis/more.conf",
                "bind 0.0.0.0\nrename-command FLUSHALL \"\"\n",
            ),
            (
                "/usr/local/etc/redis/redis.conf",
                "protected-mode no\naclfile /usr/local/etc/redis/users.acl\n",
            ),
            (
                "/usr/local/etc/redis/users.acl",
                "user default on nopass ~* +@all\nuser app on >hunter2hunter2 ~app:* +get\n",
            ),
            ("/usr/share/doc/redis/redis.conf", "protected-mode no\n"),
        ],
    );
    let names = ["path", "exposed", "protected", "password"];
    let instances: Vec<Value> = list(&got, "instances")
        .iter()
        .map(|i| only(i, &names))
        .collect();
    assert_eq!(
        instances,
        [
            json!(["/etc/redis/redis.conf", true, true, "set"]),
            json!(["/usr/local/etc/redis/redis.conf", true, false, "none"]),
        ]
    );
    let text = got.to_string();
    assert!(
        !text.contains("Zq8vT2mXw4Lk") && !text.contains("hunter2"),
        "{text}"
    );
    assert_eq!(got["instances"][0]["at"]["path"], "/etc/redis/more.conf");
}

#[test]
fn mysql_reads_groups_of_the_server_in_order() {
    let got = facts(
        "mysql",
        &[
            (
                "/etc/mysql/my.cnf",
                "[client]\npassword = hunter2hunter2\n[mysqld]\nskip-grant-tables\nbind_address = 0.0.0.0\n!includedir /etc/mysql/conf.d/\n",
            ),
            (
                "/etc/mysql/conf.d/a.cnf",
                "[mariadb-10.11]\nbind-address = 127.0.0.1 # here\n[mysqldump]\nquick\n",
            ),
            (
                "/etc/mysql/conf.d/readme.txt",
                "[mysqld]\nbind-address = 1.2.3.4\n",
            ),
        ],
    );
    assert_eq!(values(&got, "options", "bind_address"), ["127.0.0.1"]);
    assert_eq!(values(&got, "options", "skip_grant_tables"), ["yes"]);
    assert_eq!(
        setting(&got, "options", "skip_grant_tables")["at"]["what"],
        "skip-grant-tables"
    );
    assert_eq!(
        (&got["exposed"], &got["mariadb"]),
        (&false.into(), &true.into())
    );
    assert!(!got.to_string().contains("hunter2"));
    // Only a client is there.
    let client = tree(&[("/etc/mysql/my.cnf", "[client]\nsocket = /run/x\n")]);
    assert_eq!(fact("mysql", &client), Fact::Absent);
}

#[test]
fn mysql_follows_the_links_of_debian() {
    let root = stance_rootfs::RootBuilder::default()
        .link("/etc/mysql/my.cnf", "/etc/alternatives/my.cnf")
        .link("/etc/alternatives/my.cnf", "/etc/mysql/mariadb.cnf")
        .file("/etc/mysql/mariadb.cnf", "[mysqld]\nuser = root\n")
        .build();
    assert!(matches!(fact("mysql", &root), Fact::Present(_)));
}

#[test]
fn postgresql_includes_and_records() {
    let dir = "/etc/postgresql/15/main";
    let got = facts(
        "postgresql",
        &[
            (
                &format!("{dir}/postgresql.conf"),
                "listen_addresses = 'localhost'\t# what to listen on\nssl = on\ninclude_dir = 'conf.d'\ninclude_if_exists 'none.conf'\nprimary_conninfo = 'host=a password=hunter2hunter2'\n",
            ),
            (
                &format!("{dir}/conf.d/b.conf"),
                "listen_addresses = '*'\nSSL = off\n",
            ),
            (
                &format!("{dir}/pg_hba.conf"),
                "# comment\nlocal all postgres peer\nhost \"all\" all 0.0.0.0/0 md5\nhost all all 10.0.0.0 255.0.0.0 trust\nhost all all ::1/128 trust\n",
            ),
        ],
    );
    assert_eq!(values(&got, "options", "listen_addresses"), ["*"]);
    assert_eq!(values(&got, "options", "ssl"), ["no"]);
    assert_eq!(got["clusters"][0]["exposed"], true);
    let records: Vec<Value> = list(&got, "hba")
        .iter()
        .map(|r| only(r, &["kind", "method", "any", "remote"]))
        .collect();
    assert_eq!(
        records,
        [
            json!(["local", "peer", false, false]),
            json!(["host", "md5", true, true]),
            json!(["host", "trust", false, true]),
            json!(["host", "trust", false, false]),
        ]
    );
    assert!(!got.to_string().contains("hunter2"));
}

#[test]
fn mongodb_in_both_forms() {
    let yaml = "net:\n  port: 27017\n  bindIp: 127.0.0.1,10.0.0.1\n  ssl:\n    mode: requireSSL\nsecurity:\n  keyFile: /k\n";
    let got = facts("mongodb", &[("/etc/mongod.conf", yaml)]);
    assert_eq!(
        only(&got["instances"][0], &["exposed", "authorization"]),
        json!([true, true])
    );
    assert_eq!(values(&got, "options", "net.tls.mode"), ["requireSSL"]);
    let old = facts(
        "mongodb",
        &[(
            "/etc/mongodb.conf",
            "# old\nbind_ip = 0.0.0.0\nauth = true\n",
        )],
    );
    assert_eq!(
        only(&old["instances"][0], &["exposed", "authorization"]),
        json!([true, true])
    );
    assert_eq!(setting(&old, "options", "net.bindIp")["at"]["line"], 2);
    let broken = tree(&[("/etc/mongod.conf", "net: [\n")]);
    assert!(matches!(fact("mongodb", &broken), Fact::Unknown(_)));
}

#[test]
fn memcached_of_two_distributions() {
    let got = facts(
        "memcached",
        &[
            ("/etc/memcached.conf", "-d\n-l 127.0.0.1\n-l ::1\n"),
            (
                "/etc/sysconfig/memcached",
                "PORT=\"11211\"\nOPTIONS=\"-l 0.0.0.0 -S\"\n",
            ),
        ],
    );
    let rows: Vec<Value> = list(&got, "instances")
        .iter()
        .map(|i| only(i, &["exposed", "auth"]))
        .collect();
    assert_eq!(rows, [json!([false, false]), json!([true, true])]);
}

#[test]
fn elasticsearch_says_nothing_where_the_version_decides() {
    let path = "/usr/share/elasticsearch/config/elasticsearch.yml";
    let unset = facts("elasticsearch", &[(path, "network.host: 0.0.0.0\n")]);
    assert_eq!(unset["instances"][0].get("security"), None);
    let off = facts(
        "elasticsearch",
        &[(
            path,
            "network:\n  host: [_local_, _site_]\nxpack.security:\n  enabled: false\n",
        )],
    );
    assert_eq!(
        only(&off["instances"][0], &["exposed", "security"]),
        json!([true, false])
    );
    assert_eq!(off["instances"][0]["at"]["line"], 4);
}

#[test]
fn zookeeper_with_and_without_authentication() {
    let got = facts(
        "zookeeper",
        &[(
            "/opt/zookeeper/conf/zoo.cfg",
            "clientPort=2181\nssl.keyStore.password=hunter2hunter2\n",
        )],
    );
    assert_eq!(
        only(&got["instances"][0], &["exposed", "auth"]),
        json!([true, false])
    );
    assert!(!got.to_string().contains("hunter2"));
}
