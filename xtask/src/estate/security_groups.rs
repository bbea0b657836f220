//! Security groups with rules of every kind: CIDR, IPv6, prefix list, port list, other group, drop.

use serde_json::{Value, json};

use super::ecs::{port_list_id, prefix_list_id};
use super::rules::{EVERYWHERE, accept, drop_rule, egress, from_group, ping, rule};
use super::{
    Account, DEV, Draft, Estate, PROD, ali_id, denied, network, security_group_id, vpc_id, with,
};

const OFFICE: &str = "203.0.113.0/24";
/// The ranges from which the shop's WAF and Anti-DDoS call the origins; `edge` answers with them too.
pub(super) const WAF_RANGE: &str = "192.0.2.0/25";
pub(super) const DDOS_RANGE: &str = "192.0.2.128/25";

pub(crate) fn add(estate: &mut Estate) {
    hangzhou(estate);
    shanghai(estate);
    beijing(estate);
    singapore(estate);
    development(estate);
}

fn hangzhou(estate: &mut Estate) {
    let place = (PROD, "cn-hangzhou");
    group(
        estate,
        place,
        "web",
        &[
            accept("TCP", "80/80", EVERYWHERE),
            accept("TCP", "443/443", EVERYWHERE),
            ping(),
        ],
    );
    group(
        estate,
        place,
        "app",
        &[from_group(place, "TCP", "8080/8090", "web")],
    );
    group(
        estate,
        place,
        "database",
        &[from_group(place, "TCP", "3306/3306", "app")],
    );
    group(
        estate,
        place,
        "behind-waf",
        &[
            accept("TCP", "80/80", WAF_RANGE),
            accept("TCP", "443/443", WAF_RANGE),
        ],
    );
    group(
        estate,
        place,
        "game",
        &[
            accept("TCP", "443/443", DDOS_RANGE),
            accept("TCP", "9000/9100", EVERYWHERE),
            accept("UDP", "9000/9100", EVERYWHERE),
        ],
    );
    let offices = prefix_list_id(PROD, "cn-hangzhou", "offices");
    group(
        estate,
        place,
        "bastion",
        &[
            rule("TCP", "22/22", "SourcePrefixListId", &offices),
            accept("TCP", "443/443", OFFICE),
        ],
    );
    group(
        estate,
        place,
        "ops",
        &[from_group(place, "TCP", "22/22", "bastion")],
    );
    group(
        estate,
        place,
        "erp-windows",
        &[
            accept("TCP", "3389/3389", EVERYWHERE),
            accept("TCP", "445/445", OFFICE),
        ],
    );
    let web_ports = port_list_id(PROD, "cn-hangzhou", "web");
    group(
        estate,
        place,
        "landing-pages",
        &[with(
            accept("TCP", "", EVERYWHERE),
            "PortRangeListId",
            json!(web_ports),
        )],
    );
}

fn shanghai(estate: &mut Estate) {
    let place = (PROD, "cn-shanghai");
    group(
        estate,
        place,
        "web",
        &[accept("TCP", "443/443", EVERYWHERE), ping()],
    );
    // Two halves of the internet, written by someone who was not allowed to write 0.0.0.0/0.
    group(
        estate,
        place,
        "cache",
        &[
            accept("TCP", "6379/6379", "0.0.0.0/1"),
            accept("TCP", "6379/6379", "128.0.0.0/1"),
        ],
    );
    group(
        estate,
        place,
        "batch",
        &[accept("ALL", "-1/-1", &network(PROD, "cn-shanghai"))],
    );
}

fn beijing(estate: &mut Estate) {
    let place = (PROD, "cn-beijing");
    let offices = prefix_list_id(PROD, "cn-beijing", "offices");
    let partners = prefix_list_id(PROD, "cn-beijing", "partners");
    group(
        estate,
        place,
        "report",
        &[
            rule("TCP", "22/22", "SourcePrefixListId", &offices),
            accept("TCP", "443/443", OFFICE),
        ],
    );
    group(
        estate,
        place,
        "partner",
        &[rule("TCP", "9200/9200", "SourcePrefixListId", &partners)],
    );
    // The drop lies below the accept and comes too late.
    group(
        estate,
        place,
        "unused-migration",
        &[
            accept("TCP", "22/22", EVERYWHERE),
            with(
                drop_rule("TCP", "22/22", EVERYWHERE),
                "Priority",
                json!(100),
            ),
        ],
    );
}

fn singapore(estate: &mut Estate) {
    let place = (PROD, "ap-southeast-1");
    let office = prefix_list_id(PROD, "ap-southeast-1", "offices-v6");
    group(
        estate,
        place,
        "web",
        &[
            accept("TCP", "443/443", EVERYWHERE),
            rule("TCP", "443/443", "Ipv6SourceCidrIp", "::/0"),
            rule("TCP", "22/22", "SourcePrefixListId", &office),
        ],
    );
    // IPv4 is closed with care; IPv6 was forgotten.
    group(
        estate,
        place,
        "mail",
        &[
            accept("TCP", "25/25", OFFICE),
            drop_rule("TCP", "22/22", EVERYWHERE),
            rule("TCP", "22/22", "Ipv6SourceCidrIp", "::/0"),
        ],
    );
}

fn development(estate: &mut Estate) {
    let place = (DEV, "cn-hangzhou");
    group(
        estate,
        place,
        "dev-all",
        &[accept("ALL", "-1/-1", EVERYWHERE)],
    );
    let admin = port_list_id(DEV, "cn-hangzhou", "admin");
    group(
        estate,
        place,
        "dev-admin",
        &[with(
            accept("TCP", "", EVERYWHERE),
            "PortRangeListId",
            json!(admin),
        )],
    );
    group(
        estate,
        place,
        "dev-app",
        &[
            from_group(place, "TCP", "1/65535", "dev-admin"),
            accept("TCP", "8080/8080", OFFICE),
        ],
    );
    let place = (DEV, "cn-shanghai");
    // The same priority: the drop wins.
    group(
        estate,
        place,
        "test-closed",
        &[
            accept("TCP", "1/65535", EVERYWHERE),
            drop_rule("TCP", "1/65535", EVERYWHERE),
            with(accept("TCP", "22/22", OFFICE), "Priority", json!(1)),
        ],
    );
    let everywhere = prefix_list_id(DEV, "cn-shanghai", "everywhere");
    group(
        estate,
        place,
        "test-open",
        &[rule("TCP", "22/22", "SourcePrefixListId", &everywhere)],
    );
    let item = item((DEV, "cn-beijing"), "lab");
    estate.asset(item.unknown("attribute", denied("Forbidden.RAM")));
}

/// Adds a group with these ingress rules, and the egress rule that every group has.
fn group(estate: &mut Estate, place: (Account, &str), name: &str, ingress: &[Value]) {
    let (account, region) = place;
    let mut rules: Vec<Value> = Vec::new();
    for (at, rule) in ingress.iter().chain([&egress()]).enumerate() {
        let id = ali_id("sgr", region, &format!("{} {name} {at}", account.name));
        rules.push(with(rule.clone(), "SecurityGroupRuleId", json!(id)));
    }
    let attribute = json!({
        "SecurityGroupId": security_group_id(account, region, name), "SecurityGroupName": name, "RegionId": region,
        "VpcId": vpc_id(account, region), "Description": "", "InnerAccessPolicy": "Accept",
        "Permissions": {"Permission": rules}, "NextToken": "",
    });
    estate.asset(item(place, name).fact("attribute", attribute));
}

/// A group as the listing shows it.
fn item(place: (Account, &str), name: &str) -> Draft {
    let (account, region) = place;
    let id = security_group_id(account, region, name);
    let list = json!({
        "SecurityGroupId": id, "SecurityGroupName": name, "SecurityGroupType": "normal", "Description": "",
        "VpcId": vpc_id(account, region), "CreationTime": "2023-02-01T03:12:29Z", "EcsCount": 0,
        "AvailableInstanceAmount": 1000, "ServiceManaged": false, "ResourceGroupId": "", "Tags": {"Tag": []},
    });
    Draft::new(account, region, "aliyun/ecs/security_group", &id, name).fact("list", list)
}
