//! Virtual Private Cloud: networks, NAT gateways with their DNAT entries, elastic IP addresses.

use serde_json::{Value, json};

use super::addresses;
use super::{
    Account, DEV, Draft, Estate, PROD, REGIONS, ali_id, denied, host_ip, network, vpc_id,
    vswitch_id, with,
};

pub(crate) fn add(estate: &mut Estate) {
    let types = [
        "aliyun/vpc/vpc",
        "aliyun/vpc/nat_gateway",
        "aliyun/eip/address",
    ];
    for account in [PROD, DEV] {
        estate.covers(account, &REGIONS, &types);
    }
    networks(estate);
    gateways(estate);
    addresses::add(estate);
}

fn networks(estate: &mut Estate) {
    for region in REGIONS {
        add_network(estate, PROD, region);
    }
    for region in ["cn-hangzhou", "cn-shanghai", "ap-southeast-1"] {
        add_network(estate, DEV, region);
    }
}

fn add_network(estate: &mut Estate, account: Account, region: &str) {
    let id = vpc_id(account, region);
    let name = format!("{}-{region}", account.name);
    let list = json!({
        "VpcId": id, "VpcName": name, "Status": "Available", "RegionId": region, "IsDefault": false,
        "CidrBlock": network(account, region), "Ipv6CidrBlock": "", "EnabledIpv6": false,
        "VRouterId": ali_id("vrt", region, account.name), "CreationTime": "2023-02-01T02:37:38Z",
        "VSwitchIds": {"VSwitchId": [vswitch_id(account, region)]}, "Description": "",
        "NatGatewayIds": {"NatGatewayIds": []}, "SecondaryCidrBlocks": {"SecondaryCidrBlock": []},
        "UserCidrs": {"UserCidr": []}, "CenStatus": "Detached", "ResourceGroupId": "",
        "DhcpOptionsSetStatus": "Available", "Tags": {"Tag": []},
    });
    let asset = Draft::new(account, region, "aliyun/vpc/vpc", &id, &name);
    estate.asset(asset.fact("list", list));
}

/// The id of the NAT gateway called `name`.
pub(super) fn gateway_id(account: Account, region: &str, name: &str) -> String {
    ali_id("ngw", region, &format!("{} {name}", account.name))
}

fn gateways(estate: &mut Estate) {
    let web = host_ip(PROD, "cn-hangzhou", "shop-web-01");
    let published = [entry(0, ("198.51.100.70", "8443"), (&web, "443"), "tcp")];
    gateway(
        estate,
        (PROD, "cn-hangzhou"),
        "shop-out",
        "internet",
        Some(&published),
    );
    // SSH hidden behind another number, beside a harmless range.
    let cache = host_ip(PROD, "cn-shanghai", "shop-cache-11");
    let hidden = [
        entry(0, ("198.51.100.80", "10022"), (&cache, "22"), "tcp"),
        entry(
            1,
            ("198.51.100.80", "8000/8010"),
            (&cache, "8000/8010"),
            "tcp",
        ),
    ];
    gateway(
        estate,
        (PROD, "cn-shanghai"),
        "shop-out-east",
        "internet",
        Some(&hidden),
    );
    let report = host_ip(PROD, "cn-beijing", "shop-report-01");
    let inside = [entry(0, ("10.2.0.4", "22"), (&report, "22"), "tcp")];
    gateway(
        estate,
        (PROD, "cn-beijing"),
        "shop-to-partner",
        "intranet",
        Some(&inside),
    );
    gateway(
        estate,
        (PROD, "ap-southeast-1"),
        "shop-out-sg",
        "internet",
        Some(&[]),
    );
    let ci = host_ip(DEV, "cn-hangzhou", "dev-app-01");
    let all = [entry(0, ("198.51.100.94", "Any"), (&ci, "Any"), "Any")];
    gateway(
        estate,
        (DEV, "cn-hangzhou"),
        "dev-out",
        "internet",
        Some(&all),
    );
    gateway(estate, (DEV, "cn-shanghai"), "test-out", "internet", None);
}

/// Adds a gateway; without `entries` reading them was denied.
fn gateway(
    estate: &mut Estate,
    place: (Account, &str),
    name: &str,
    kind: &str,
    entries: Option<&[Value]>,
) {
    let (account, region) = place;
    let id = gateway_id(account, region, name);
    let table = ali_id("ftb", region, name);
    let list = json!({
        "NatGatewayId": id, "Name": name, "Description": "", "Status": "Available", "NatType": "Enhanced",
        "NetworkType": kind, "VpcId": vpc_id(account, region), "RegionId": region, "Spec": "",
        "InstanceChargeType": "PostPaid", "InternetChargeType": "PayByLcu", "BusinessStatus": "Normal",
        "CreationTime": "2023-02-03T12:20:20Z", "ExpiredTime": "", "DeletionProtection": true,
        "ForwardTableIds": {"ForwardTableId": [table]}, "IpLists": {"IpList": []},
        "SnatTableIds": {"SnatTableId": [ali_id("stb", region, name)]}, "EipBindMode": "MULTI_BINDED",
        "IcmpReplyEnabled": true, "EcsMetricEnabled": true, "ResourceGroupId": "", "Tags": {"Tag": []},
    });
    let asset = Draft::new(account, region, "aliyun/vpc/nat_gateway", &id, name).fact("list", list);
    estate.asset(match entries {
        None => asset.unknown("forward_entries", denied("Forbidden.RAM")),
        Some(entries) => {
            let entries: Vec<Value> = entries
                .iter()
                .map(|entry| belonging(entry, &id, &table))
                .collect();
            let page = json!({
                "TotalCount": entries.len(), "PageNumber": 1, "PageSize": 50,
                "ForwardTableEntries": {"ForwardTableEntry": entries},
            });
            asset.fact("forward_entries", page)
        }
    });
}

fn entry(at: usize, external: (&str, &str), internal: (&str, &str), protocol: &str) -> Value {
    json!({
        "ForwardEntryId": format!("fwd-{at}{}", external.1.replace('/', "-").to_lowercase()),
        "ForwardEntryName": "", "ExternalIp": external.0, "ExternalPort": external.1,
        "InternalIp": internal.0, "InternalPort": internal.1, "IpProtocol": protocol,
        "Status": "Available",
    })
}

/// The entry as the gateway and table answer it.
fn belonging(entry: &Value, gateway: &str, table: &str) -> Value {
    let entry = with(entry.clone(), "NatGatewayId", json!(gateway));
    with(entry, "ForwardTableId", json!(table))
}
