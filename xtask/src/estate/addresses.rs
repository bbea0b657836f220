//! Elastic IP addresses and what they are bound to.

use serde_json::json;

use super::balancers::BALANCERS;
use super::slb::balancer_id;
use super::vpc::gateway_id;
use super::{Account, DEV, Draft, Estate, PROD, ali_id, instance_id, vpc_id};

/// What an address is bound to: the API's word for its kind, and its id.
type Binding = (&'static str, String);

/// The addresses of machines: account, region, name, address, machine. The last one's machine lies where nothing
/// could be listed.
#[rustfmt::skip]
const OF_MACHINES: [(Account, &str, &str, &str, &str); 8] = [
    (PROD, "cn-hangzhou", "shop-bastion", "198.51.100.71", "shop-bastion-01"),
    (PROD, "cn-hangzhou", "shop-game", "198.51.100.72", "shop-game-01"),
    (PROD, "cn-hangzhou", "shop-pay", "198.51.100.73", "shop-pay-01"),
    (PROD, "cn-hangzhou", "shop-erp", "198.51.100.74", "shop-erp-win-01"),
    (PROD, "cn-shanghai", "shop-cache", "198.51.100.81", "shop-cache-11"),
    (DEV, "cn-hangzhou", "dev-ci", "198.51.100.90", "dev-ci-01"),
    (DEV, "cn-shanghai", "test-web", "198.51.100.92", "test-web-01"),
    (DEV, "ap-southeast-1", "dev-preview", "198.51.100.93", "dev-preview-01"),
];

pub(crate) fn add(estate: &mut Estate) {
    for (account, region, name, ip, machine) in OF_MACHINES {
        let bound = ("EcsInstance", instance_id(account, region, machine));
        address(estate, (account, region), name, ip, bound);
    }
    let hz = (PROD, "cn-hangzhou");
    address(
        estate,
        hz,
        "shop-out",
        "198.51.100.70",
        gateway(hz, "shop-out"),
    );
    address(
        estate,
        hz,
        "shop-out-2",
        "198.51.100.75",
        gateway(hz, "shop-out"),
    );
    address(
        estate,
        hz,
        "shop-flash-sale",
        "198.51.100.76",
        balancer("shop-flash-sale"),
    );
    let sh = (PROD, "cn-shanghai");
    address(
        estate,
        sh,
        "shop-out-east",
        "198.51.100.80",
        gateway(sh, "shop-out-east"),
    );
    let sg = (PROD, "ap-southeast-1");
    address(
        estate,
        sg,
        "shop-out-sg",
        "198.51.100.83",
        gateway(sg, "shop-out-sg"),
    );
    let dev = (DEV, "cn-hangzhou");
    address(
        estate,
        dev,
        "dev-out-2",
        "198.51.100.91",
        gateway(dev, "dev-out"),
    );
    address(
        estate,
        dev,
        "dev-out",
        "198.51.100.94",
        gateway(dev, "dev-out"),
    );
}

/// The elastic address of a machine: its allocation id and the address; empty texts when it has none.
pub(super) fn of_machine(account: Account, machine: &str) -> (String, &'static str) {
    OF_MACHINES
        .iter()
        .find(|(owner, _, _, _, bound)| *owner == account && *bound == machine)
        .map(|(_, region, name, ip, _)| (allocation_id(account, region, name), *ip))
        .unwrap_or_default()
}

fn allocation_id(account: Account, region: &str, name: &str) -> String {
    ali_id("eip", region, &format!("{} {name}", account.name))
}

fn gateway(place: (Account, &str), name: &str) -> Binding {
    ("Nat", gateway_id(place.0, place.1, name))
}

fn balancer(name: &str) -> Binding {
    let found = BALANCERS.iter().find(|balancer| balancer.name == name);
    ("SlbInstance", found.map(balancer_id).unwrap_or_default())
}

fn address(
    estate: &mut Estate,
    place: (Account, &str),
    name: &str,
    ip: &str,
    (kind, bound): Binding,
) {
    let (account, region) = place;
    let id = allocation_id(account, region, name);
    let list = json!({
        "AllocationId": id, "IpAddress": ip, "Name": name, "RegionId": region, "Netmode": "public",
        "Status": "InUse", "BusinessStatus": "Normal",
        "InstanceId": bound, "InstanceType": kind, "Mode": if kind == "EcsInstance" { "NAT" } else { "" },
        "InstanceRegionId": region, "PrivateIpAddress": "",
        "VpcId": vpc_id(account, region),
        "AllocationTime": "2021-04-23T01:37:38Z", "ChargeType": "PostPaid", "Bandwidth": "100",
        "InternetChargeType": "PayByTraffic", "ISP": "BGP", "DeletionProtection": false, "ExpiredTime": "",
        "SecurityProtectionTypes": {"SecurityProtectionType": []}, "ServiceManaged": 0, "Zone": "",
        "OperationLocks": {"LockReason": []}, "ResourceGroupId": "", "Tags": {"Tag": []},
    });
    let asset = Draft::new(account, region, "aliyun/eip/address", &id, name);
    estate.asset(asset.fact("list", list));
}
