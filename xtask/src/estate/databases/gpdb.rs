//! AnalyticDB for PostgreSQL instances.

use serde_json::{Value, json};

use super::{Site, created};
use crate::estate::{
    Account, DEV, Draft, Estate, PROD, REGIONS, network, vpc_id, vswitch_id, zone,
};

const TYPE: &str = "aliyun/gpdb/instance";

/// What sets an instance apart from a healthy one: reachable from the application subnet, with SSL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quirk {
    /// Serverless, which has no SSL.
    Serverless,
    /// A whitelist group `bi` with these entries.
    Whitelist(&'static str),
    /// The call was denied.
    Denied(&'static str),
}

use Quirk::{Denied, Serverless, Whitelist};

/// Account, region, name, quirks.
type Row = (Account, &'static str, &'static str, &'static [Quirk]);

const ROWS: [Row; 6] = [
    (PROD, "cn-hangzhou", "shop-warehouse", &[]),
    (PROD, "cn-hangzhou", "finance-marts", &[]),
    (
        PROD,
        "cn-shanghai",
        "logistics-warehouse",
        &[Whitelist("192.0.2.14,0.0.0.0/0")],
    ),
    (PROD, "cn-beijing", "ad-hoc", &[Serverless]),
    (DEV, "cn-hangzhou", "dev-warehouse", &[Whitelist("::/0")]),
    (
        DEV,
        "ap-southeast-1",
        "dev-sea-warehouse",
        &[Denied("ip_array")],
    ),
];

/// Adds the instances.
pub(super) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(account, &REGIONS, &[TYPE]);
    }
    for (account, region, name, quirks) in ROWS {
        estate.asset(draft(&Site::new("gp", account, region, name, quirks)));
    }
}

fn draft(site: &Site<Quirk>) -> Draft {
    let refused = site.all(|quirk| {
        if let Denied(call) = quirk {
            Some(call)
        } else {
            None
        }
    });
    site.draft(
        TYPE,
        vec![
            ("list", list(site)),
            ("ip_array", ip_array(site)),
            ("ssl", ssl(site)),
        ],
        &refused,
    )
}

fn list(site: &Site<Quirk>) -> Value {
    json!({
        "DBInstanceId": site.id,
        "DBInstanceDescription": site.name,
        "DBInstanceStatus": "Running",
        "DBInstanceMode": site.unless(Serverless, "StorageElastic", "Serverless"),
        "DBInstanceCategory": "HighAvailability",
        "DBInstanceNetType": "2",
        "Engine": "gpdb",
        "EngineVersion": "6.0",
        "InstanceDeployType": "cluster",
        "InstanceNetworkType": "VPC",
        "MasterNodeNum": 1,
        "SegNodeNum": "4",
        "StorageSize": "200",
        "StorageType": "cloud_essd",
        "PayType": "Postpaid",
        "CreateTime": created(&site.id),
        "ExpireTime": "2999-09-08T16:00:00Z",
        "RegionId": site.region,
        "ZoneId": zone(site.region),
        "VpcId": vpc_id(site.account, site.region),
        "VSwitchId": vswitch_id(site.account, site.region),
        "LockMode": "Unlock",
        "ResourceGroupId": "rg-bp67acfmxazbshop",
    })
}

fn ip_array(site: &Site<Quirk>) -> Value {
    let group = |name: &str, entries: &str, attribute: &str| json!({"DBInstanceIPArrayName": name, "SecurityIPList": entries, "DBInstanceIPArrayAttribute": attribute});
    let mut groups = vec![
        group("default", "127.0.0.1", ""),
        group("etl", &network(site.account, site.region), ""),
        group("ali_dms_group", "100.104.205.0/24", "hidden"),
    ];
    let open = site.find(|quirk| {
        if let Whitelist(entries) = quirk {
            Some(entries)
        } else {
            None
        }
    });
    groups.extend(open.map(|entries| group("bi", entries, "")));
    json!({"Items": {"DBInstanceIPArray": groups}})
}

fn ssl(site: &Site<Quirk>) -> Value {
    if site.has(Serverless) {
        return Value::Null;
    }
    json!({
        "DBInstanceId": site.id,
        "DBInstanceName": site.name,
        "SSLEnabled": true,
        "SSLExpiredTime": "2099-08-05T09:05:53Z",
        "CertCommonName": "*.gpdbmaster.shop.rds.aliyuncs.com",
    })
}
