//! Daemons for files, containers and machines.

use serde_json::{Value, json};
use stance_rootfs::Fact;

use crate::common::{fact, facts, list, tree, values};

fn rows(facts: &Value, of: &str, names: &[&str]) -> Vec<Value> {
    let row = |element: &Value| names.iter().map(|name| (element[*name]).clone()).collect();
    list(facts, of).iter().map(row).collect()
}

#[test]
fn modules_of_rsync_inherit_what_is_global() {
    let got = facts(
        "rsync",
        &[(
            "/etc/rsyncd.conf",
            "uid = root\nread only = no\n[a]\n path = /a\n Auth Users = x\n[b]\n path = /b\n uid = nobody\n read  only = yes\n hosts allow = 10.0.0.0/8\n",
        )],
    );
    let got = rows(
        &got,
        "modules",
        &["name", "auth", "limited", "read_only", "root"],
    );
    assert_eq!(
        got,
        [
            json!(["a", true, false, false, true]),
            json!(["b", false, true, true, false])
        ]
    );
}

#[test]
fn vsftpd_with_its_defaults() {
    let got = facts("vsftpd", &[("/etc/vsftpd.conf", "# x\nlocal_enable=YES\n")]);
    assert_eq!(values(&got, "options", "anonymous_enable"), ["yes!"]);
    assert_eq!(values(&got, "options", "local_enable"), ["yes"]);
}

#[test]
fn docker_from_its_file_and_its_flags() {
    let got = facts(
        "docker",
        &[
            (
                "/etc/docker/daemon.json",
                "{\n\t\"hosts\": [\"unix:///run/docker.sock\", \"tcp://127.0.0.1:2375\"],\n\t\"icc\": false\n}",
            ),
            (
                "/etc/systemd/system/docker.service.d/h.conf",
                "[Service]\nExecStart=/usr/bin/dockerd -H fd:// --host=tcp://0.0.0.0:2375\n",
            ),
        ],
    );
    let hosts = rows(&got, "hosts", &["address", "exposed"]);
    assert_eq!(hosts.len(), 4);
    assert_eq!(
        (&hosts[1], &hosts[3]),
        (
            &json!(["tcp://127.0.0.1:2375", false]),
            &json!(["tcp://0.0.0.0:2375", true])
        )
    );
    assert_eq!(values(&got, "options", "icc"), ["false"]);
    assert_eq!(
        fact(
            "docker",
            &tree(&[("/etc/default/docker", "#DOCKER_OPTS=\"-H tcp://x\"\n")])
        ),
        Fact::Absent
    );
}

#[test]
fn the_kubelet_and_no_other_kind() {
    let text = "kind: KubeletConfiguration\nauthentication:\n  anonymous: {enabled: true}\n";
    let got = facts("kubelet", &[("/var/lib/kubelet/config.yaml", text)]);
    assert_eq!(
        values(&got, "options", "authentication.anonymous.enabled"),
        ["true"]
    );
    assert_eq!(values(&got, "options", "authorization.mode"), ["Webhook!"]);
    assert_eq!(
        fact(
            "kubelet",
            &tree(&[("/var/lib/kubelet/config.yaml", "kind: Pod\n")])
        ),
        Fact::Absent
    );
}

#[test]
fn jenkins_with_and_without_security() {
    let open = "<?xml version='1.1' encoding='UTF-8'?>\n<hudson>\n <useSecurity>false</useSecurity>\n <views><x/></views>\n</hudson>";
    let got = facts("jenkins", &[("/var/jenkins_home/config.xml", open)]);
    assert_eq!(got["instances"][0]["security"], false);
    assert_eq!(got["instances"][0]["security_at"]["line"], 3);
    // A file of that name that is not of Jenkins.
    assert_eq!(
        fact("jenkins", &tree(&[("/opt/x/config.xml", "<project/>")])),
        Fact::Absent
    );
}

#[test]
fn samba_knows_synonyms() {
    let got = facts(
        "samba",
        &[(
            "/etc/samba/smb.conf",
            "[global]\n min protocol = NT1\n[a]\n path = /a\n public = Yes\n writeable = yes\n[b]\n path=/b\n Guest OK = no\n",
        )],
    );
    assert_eq!(values(&got, "options", "server_min_protocol"), ["NT1"]);
    let shares = rows(&got, "shares", &["name", "guest", "writable"]);
    assert_eq!(
        shares,
        [json!(["a", true, true]), json!(["b", false, false])]
    );
}

#[test]
fn exports_of_nfs() {
    let text = "# none\n/srv -rw *(no_root_squash) 10.0.0.1(ro)\n\"/with space\" host(rw)\n";
    let got = rows(
        &facts("nfs", &[("/etc/exports", text)]),
        "exports",
        &["path", "any", "writable", "root"],
    );
    assert_eq!(
        got,
        [
            json!(["/srv", true, true, true]),
            json!(["/srv", false, true, false]),
            json!(["/with space", false, true, false]),
        ]
    );
}

#[test]
fn communities_of_snmp_are_masked() {
    let got = facts(
        "snmp",
        &[
            (
                "/etc/snmp/snmpd.conf",
                "agentaddress udp:161\nrocommunity public\nrwcommunity Qx81hhZp 10.0.0.0/8\nincludeDir /etc/snmp/snmpd.conf.d\n",
            ),
            (
                "/etc/snmp/snmpd.conf.d/a.conf",
                "com2sec ro default private\n",
            ),
        ],
    );
    assert_eq!(got["exposed"], true);
    let communities = rows(&got, "communities", &["known", "write", "any"]);
    assert_eq!(
        communities,
        [
            json!([true, false, true]),
            json!([false, true, false]),
            json!([true, false, true])
        ]
    );
    assert!(!got.to_string().contains("Qx81hhZp"));
}

#[test]
fn services_of_inetd_and_xinetd() {
    let got = facts(
        "inetd",
        &[
            (
                "/etc/inetd.conf",
                "#finger stream tcp nowait nobody /x x\ntelnet stream tcp nowait root /usr/sbin/telnetd telnetd\n",
            ),
            (
                "/etc/xinetd.d/tftp",
                "service tftp\n{\n disable = yes\n}\nservice echo\n{\n type = INTERNAL\n}\n",
            ),
        ],
    );
    assert_eq!(
        rows(&got, "services", &["name"]),
        [json!(["telnet"]), json!(["echo"])]
    );
}
