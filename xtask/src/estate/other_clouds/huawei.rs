//! Huawei Cloud: databases, servers and security groups.

use serde_json::{Value, json};

use crate::estate::{Draft, Estate, HUAWEI, number, private_ip};

const BEIJING: &str = "cn-north-4";

pub(super) fn add(estate: &mut Estate) {
    estate.covers(
        HUAWEI,
        &[BEIJING],
        &[
            "huawei/rds/instance",
            "huawei/ecs/instance",
            "huawei/vpc/security_group",
        ],
    );
    for name in ["north-orders", "north-import"] {
        estate.asset(database(name));
    }
    // The northern warehouse runs its accounts, label printers and office on Windows, which has no key pairs.
    for name in ["north-accounts", "north-labels", "north-office"] {
        estate.asset(server(name));
    }
    let web = json!([
        rule(1, "allow", "80,443", "0.0.0.0/0"),
        rule(1, "allow", "22", "203.0.113.0/24")
    ]);
    let office = json!([rule(5, "allow", "3389,8080", "0.0.0.0/0")]);
    for (name, rules) in [("sg-web", web), ("sg-office", office)] {
        estate.asset(security_group(name).fact("rules", json!({ "security_group_rules": rules })));
    }
}

fn id(seed: &str) -> String {
    let hex = format!(
        "{:016x}{:016x}",
        number(seed),
        number(&format!("{seed} again"))
    );
    hex.chars()
        .enumerate()
        .fold(String::new(), |id, (at, digit)| {
            let dash = if matches!(at, 8 | 12 | 16 | 20) {
                "-"
            } else {
                ""
            };
            format!("{id}{dash}{digit}")
        })
}

fn database(name: &str) -> Draft {
    let id = id(name);
    Draft::new(HUAWEI, BEIJING, "huawei/rds/instance", &id, name).fact("list", json!({
        "id": id, "name": name, "status": "ACTIVE", "type": "Single", "port": 3_306, "region": BEIJING,
        "datastore": { "type": "MySQL", "version": "8.0" }, "private_ips": [private_ip(name)], "public_ips": [],
        "created": "2023-01-15T08:00:00+0000", "updated": "2024-01-16T10:30:00+0000",
    }))
}

fn server(name: &str) -> Draft {
    let id = id(name);
    Draft::new(HUAWEI, BEIJING, "huawei/ecs/instance", &id, name).zone("cn-north-4a").fact("list", json!({
        "id": id, "name": name, "status": "ACTIVE", "key_name": null, "OS-EXT-AZ:availability_zone": "cn-north-4a",
        "flavor": { "id": "s6.large.2", "vcpus": "2", "ram": "4096" }, "created": "2023-03-17T10:38:38Z",
        "metadata": { "os_type": "Windows", "charging_mode": "0", "image_name": "Windows Server 2022" },
    }))
}

fn security_group(name: &str) -> Draft {
    let id = id(name);
    let list =
        json!({ "id": id, "name": name, "description": "", "created_at": "2023-03-17T03:17:27Z" });
    Draft::new(HUAWEI, BEIJING, "huawei/vpc/security_group", &id, name).fact("list", list)
}

fn rule(priority: u32, action: &str, ports: &str, source: &str) -> Value {
    json!({
        "id": id(&format!("{ports} {source}")), "direction": "ingress", "action": action, "priority": priority,
        "ethertype": "IPv4", "protocol": "tcp", "multiport": ports, "remote_ip_prefix": source, "remote_group_id": null,
        "remote_address_group_id": null, "description": "",
    })
}
