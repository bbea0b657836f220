//! The accounts and regions of the estate, and the ids of what many products refer to.

use stance_model::Provider;

use super::variety::{ali_id, number};

/// One account of the estate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    /// Whose cloud it is.
    pub(crate) provider: Provider,
    /// The account, subscription or project id.
    pub(crate) id: &'static str,
    /// The name that people know it by.
    pub(crate) name: &'static str,
}

/// The shop's production account at Alibaba Cloud.
pub(crate) const PROD: Account = Account {
    provider: Provider::Aliyun,
    id: "1000000000000001",
    name: "shop-prod",
};
/// The shop's development account at Alibaba Cloud.
pub(crate) const DEV: Account = Account {
    provider: Provider::Aliyun,
    id: "1000000000000002",
    name: "shop-dev",
};
/// The shop's account at AWS.
pub(crate) const AWS: Account = Account {
    provider: Provider::Aws,
    id: "200000000001",
    name: "shop-us",
};
/// The shop's subscription at Azure.
pub(crate) const AZURE: Account = Account {
    provider: Provider::Azure,
    id: "00000000-0000-4000-8000-000000000003",
    name: "shop-office",
};
/// The shop's account at Tencent Cloud.
pub(crate) const TENCENT: Account = Account {
    provider: Provider::Tencent,
    id: "300000000004",
    name: "shop-games",
};
/// The shop's project at Huawei Cloud.
pub(crate) const HUAWEI: Account = Account {
    provider: Provider::Huawei,
    id: "0400000000000000000000000000000a",
    name: "shop-north",
};

/// All accounts, in the order in which the file names them.
pub(super) const ACCOUNTS: [Account; 6] = [PROD, DEV, AWS, AZURE, TENCENT, HUAWEI];

/// The regions that both Alibaba Cloud accounts use.
pub(crate) const REGIONS: [&str; 4] =
    ["cn-hangzhou", "cn-shanghai", "cn-beijing", "ap-southeast-1"];

/// The region of what has none.
pub(crate) const GLOBAL: &str = "global";

/// The letters by which Alibaba Cloud's ids show their region.
pub(crate) fn region_code(region: &str) -> &'static str {
    match region {
        "cn-hangzhou" => "bp1",
        "cn-shanghai" => "uf6",
        "cn-beijing" => "2ze",
        "ap-southeast-1" => "t4n",
        _ => "xx0",
    }
}

/// The first zone of a region of Alibaba Cloud.
pub(crate) fn zone(region: &str) -> String {
    let letter = match region {
        "cn-hangzhou" => "-h",
        "cn-shanghai" => "-b",
        "cn-beijing" => "-g",
        _ => "a",
    };
    format!("{region}{letter}")
}

/// The id of the shop's network in a region; `vpc` adds the network itself.
pub(crate) fn vpc_id(account: Account, region: &str) -> String {
    ali_id("vpc", region, &format!("{} shop network", account.name))
}

/// The id of the switch in that network on which instances sit.
pub(crate) fn vswitch_id(account: Account, region: &str) -> String {
    ali_id("vsw", region, &format!("{} shop switch", account.name))
}

/// The id of the security group called `name` in a region; `ecs` adds the groups.
pub(crate) fn security_group_id(account: Account, region: &str, name: &str) -> String {
    ali_id("sg", region, &format!("{} {name}", account.name))
}

/// The range of the shop's network in a region.
pub(crate) fn network(account: Account, region: &str) -> String {
    format!("10.{}.0.0/16", network_number(account, region))
}

/// The private address of the machine called `name`.
pub(crate) fn host_ip(account: Account, region: &str, name: &str) -> String {
    let bits = number(&format!("{} {region} {name}", account.name));
    format!(
        "10.{}.{}.{}",
        network_number(account, region),
        bits % 4,
        (bits >> 8) % 250 + 2
    )
}

fn network_number(account: Account, region: &str) -> usize {
    let place = REGIONS
        .iter()
        .position(|known| *known == region)
        .unwrap_or(REGIONS.len());
    if account == PROD { place } else { place + 16 }
}

/// The id of the ECS instance called `name`; `machines` adds the instances.
pub(crate) fn instance_id(account: Account, region: &str, name: &str) -> String {
    ali_id("i", region, &format!("{} {name}", account.name))
}

/// The id of the primary network interface of the instance called `name`.
pub(crate) fn interface_id(account: Account, region: &str, name: &str) -> String {
    ali_id("eni", region, &format!("{} {name}", account.name))
}
