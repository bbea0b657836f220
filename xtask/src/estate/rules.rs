//! Security group rules, as DescribeSecurityGroupAttribute answers them.

use serde_json::{Value, json};

use super::{Account, security_group_id, with};

/// Every IPv4 address.
pub(super) const EVERYWHERE: &str = "0.0.0.0/0";

/// An ingress rule that accepts from a CIDR.
pub(super) fn accept(protocol: &str, ports: &str, source: &str) -> Value {
    rule(protocol, ports, "SourceCidrIp", source)
}

/// An ingress rule that drops what comes from a CIDR.
pub(super) fn drop_rule(protocol: &str, ports: &str, source: &str) -> Value {
    with(accept(protocol, ports, source), "Policy", json!("Drop"))
}

pub(super) fn from_group(place: (Account, &str), protocol: &str, ports: &str, name: &str) -> Value {
    rule(
        protocol,
        ports,
        "SourceGroupId",
        &security_group_id(place.0, place.1, name),
    )
}

pub(super) fn ping() -> Value {
    accept("ICMP", "-1/-1", EVERYWHERE)
}

pub(super) fn egress() -> Value {
    let open = with(accept("ALL", "-1/-1", ""), "DestCidrIp", json!(EVERYWHERE));
    with(open, "Direction", json!("egress"))
}

/// An ingress rule that accepts from `source`, which stands in `field`; all fields are there, as in real answers.
pub(super) fn rule(protocol: &str, ports: &str, field: &str, source: &str) -> Value {
    let rule = json!({
        "SecurityGroupRuleId": "", "Direction": "ingress", "Policy": "Accept", "Priority": 1, "IpProtocol": protocol,
        "PortRange": ports, "SourcePortRange": "", "PortRangeListId": "", "NicType": "intranet", "SourceCidrIp": "",
        "Ipv6SourceCidrIp": "", "SourcePrefixListId": "", "SourcePrefixListName": "", "SourceGroupId": "",
        "SourceGroupName": "", "SourceGroupOwnerAccount": "", "DestCidrIp": "", "Ipv6DestCidrIp": "", "DestGroupId": "",
        "DestPrefixListId": "", "Description": "", "CreateTime": "2023-02-01T03:15:00Z",
    });
    with(rule, field, json!(source))
}
