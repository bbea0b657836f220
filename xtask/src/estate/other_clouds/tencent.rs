//! Tencent Cloud: databases, caches and security groups.

use serde_json::{Value, json};

use crate::estate::{Draft, Estate, TENCENT, denied, private_ip, token};

const GUANGZHOU: &str = "ap-guangzhou";

pub(super) fn add(estate: &mut Estate) {
    let types = [
        "tencent/cdb/instance",
        "tencent/redis/instance",
        "tencent/cvm/security_group",
    ];
    estate.covers(TENCENT, &[GUANGZHOU], &types);
    for (name, public) in [("game-accounts", 0), ("game-ranking", 2), ("game-test", 0)] {
        estate.asset(database(name, public));
    }
    for name in ["game-sessions", "game-cache"] {
        estate.asset(redis(name));
    }
    let web = json!([rule(0, "ACCEPT", "443", "0.0.0.0/0", "")]);
    let open = json!([
        rule(0, "ACCEPT", "22", "", "::/0"),
        rule(1, "DROP", "ALL", "0.0.0.0/0", "")
    ]);
    estate.asset(security_group("game-web").fact("policies", policies(&web)));
    estate.asset(security_group("game-ops").fact("policies", policies(&open)));
    estate.asset(security_group("game-db").unknown("policies", denied("UnauthorizedOperation")));
}

fn database(name: &str, public: u32) -> Draft {
    let id = format!("cdb-{}", token(name, 8));
    let (domain, port) = if public == 0 {
        (String::new(), 0)
    } else {
        (format!("{id}.sql.example"), 56_880)
    };
    Draft::new(TENCENT, GUANGZHOU, "tencent/cdb/instance", &id, name).zone("ap-guangzhou-6").fact("list", json!({
        "InstanceId": id, "InstanceName": name, "EngineType": "InnoDB", "EngineVersion": "8.0", "Status": 1, "Cpu": 2,
        "Memory": 4_000, "Volume": 200, "WanStatus": public, "WanDomain": domain, "WanPort": port, "Vport": 3_306,
        "Vip": private_ip(name), "Zone": "ap-guangzhou-6", "Region": GUANGZHOU, "CreateTime": "2023-10-29 11:03:31",
    }))
}

fn redis(name: &str) -> Draft {
    let id = format!("crs-{}", token(name, 8));
    Draft::new(TENCENT, GUANGZHOU, "tencent/redis/instance", &id, name).zone("ap-guangzhou-6").fact("list", json!({
        "InstanceId": id, "InstanceName": name, "NoAuth": false, "Status": 2, "Type": 15, "ProductType": "standalone",
        "Engine": "Redis", "WanIp": private_ip(name), "WanAddress": "", "Port": 6_379, "Size": 1_024.0,
        "Region": GUANGZHOU, "Createtime": "2023-10-29 11:20:00",
    }))
}

fn security_group(name: &str) -> Draft {
    let id = format!("sg-{}", token(name, 8));
    Draft::new(TENCENT, GUANGZHOU, "tencent/cvm/security_group", &id, name).fact("list", json!({
        "SecurityGroupId": id, "SecurityGroupName": name, "SecurityGroupDesc": "", "ProjectId": "0", "IsDefault": false,
        "CreatedTime": "2023-10-29 10:14:50", "TagSet": [],
    }))
}

fn policies(ingress: &Value) -> Value {
    json!({ "SecurityGroupPolicySet": { "Version": "3", "Ingress": ingress, "Egress": [] } })
}

fn rule(index: u32, action: &str, port: &str, v4: &str, v6: &str) -> Value {
    let protocol = if port == "ALL" { "ALL" } else { "tcp" };
    json!({
        "PolicyIndex": index, "Protocol": protocol, "Port": port, "CidrBlock": v4, "Ipv6CidrBlock": v6,
        "Action": action,
        "SecurityGroupId": "", "AddressTemplate": { "AddressId": "", "AddressGroupId": "" },
        "ServiceTemplate": { "ServiceId": "", "ServiceGroupId": "" }, "PolicyDescription": "",
    })
}
