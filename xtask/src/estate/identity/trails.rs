//! ActionTrail: what each account records of its own operations.

use serde_json::{Value, json};

use crate::estate::{DEV, Draft, Estate, GLOBAL, PROD};

const TYPE: &str = "aliyun/actiontrail/account";

pub(super) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(account, &[GLOBAL], &[TYPE]);
    }
    let all = trail("audit-all", "Enable", "All", "All", Some("shop-prod-audit"));
    let to_log_service = trail("to-log-service", "Enable", "All", "Write", None);
    let paused = trail(
        "audit-old",
        "Disable",
        "cn-hangzhou",
        "All",
        Some("shop-dev-audit"),
    );
    let dev_all = trail("audit-all", "Enable", "All", "All", Some("shop-dev-audit"));
    let prod = Draft::new(PROD, GLOBAL, TYPE, PROD.id, PROD.name)
        .fact("trails", json!({ "TrailList": [all] }))
        .fact("status", json!({ "audit-all": trail_status(true, true) }));
    let dev = Draft::new(DEV, GLOBAL, TYPE, DEV.id, DEV.name)
        .fact(
            "trails",
            json!({ "TrailList": [to_log_service, paused, dev_all] }),
        )
        .fact(
            "status",
            json!({
                "to-log-service": trail_status(true, false), "audit-old": trail_status(false, true),
                "audit-all": trail_status(true, true),
            }),
        );
    estate.asset(prod);
    estate.asset(dev);
}

fn trail(name: &str, status: &str, regions: &str, events: &str, bucket: Option<&str>) -> Value {
    json!({
        "Name": name, "Status": status, "TrailRegion": regions, "EventRW": events, "HomeRegion": "cn-hangzhou",
        "Region": "cn-hangzhou", "OssBucketName": bucket.unwrap_or_default(), "OssBucketLocation": "oss-cn-hangzhou",
        "OssKeyPrefix": name, "IsOrganizationTrail": false, "CreateTime": "2023-03-01T06:27:28Z",
        "StartLoggingTime": "2023-03-01T06:28:00Z", "UpdateTime": "2024-04-06T02:16:24Z",
    })
}

fn trail_status(logging: bool, bucket: bool) -> Value {
    json!({
        "IsLogging": logging, "OssBucketStatus": bucket, "SlsLogStoreStatus": !bucket,
        "LatestDeliveryTime": "2024-10-31T23:50:00Z", "LatestDeliveryError": "",
        "StartLoggingTime": "2023-03-01T06:28:00Z",
    })
}
