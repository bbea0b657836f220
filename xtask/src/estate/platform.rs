//! The platform services around the shop: CDN domains, certificates, registries, shared files, keys, data discovery.

mod files;
mod keys;
mod registries;

use serde_json::{Value, json};
use stance_model::{CoverageStatus, ReasonKind};

use super::{Account, DEV, Draft, Estate, GLOBAL, PROD, denied, number, reason, token};

const DOMAIN_TYPE: &str = "aliyun/cdn/domain";
const CERTIFICATE_TYPE: &str = "aliyun/cas/certificate";
const DISCOVERY_TYPE: &str = "aliyun/sddp/account";

pub(crate) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(
            account,
            &[GLOBAL],
            &[DOMAIN_TYPE, CERTIFICATE_TYPE, DISCOVERY_TYPE],
        );
    }
    let never_opened = reason(ReasonKind::NotActivated, "sddp.notPurchased");
    estate.cover(
        DEV,
        GLOBAL,
        DISCOVERY_TYPE,
        CoverageStatus::NotActivated,
        Some(never_opened),
    );
    for (account, domain, status, logs) in DOMAINS {
        estate.asset(with_logs(cdn_domain(account, domain, status), logs));
    }
    for (account, common_name, end) in CERTIFICATES {
        estate.asset(certificate(account, common_name, end));
    }
    estate.asset(data_discovery());
    registries::add(estate);
    files::add(estate);
    keys::add(estate);
}

/// How the real-time logs of a domain stand.
#[derive(Clone, Copy)]
enum Logs {
    Online,
    Nothing,
    Denied,
}

const DOMAINS: [(Account, &str, &str, Logs); 9] = [
    (PROD, "www.shop.example", "online", Logs::Online),
    (PROD, "img.shop.example", "online", Logs::Online),
    (PROD, "static.shop.example", "online", Logs::Online),
    (PROD, "video.shop.example", "online", Logs::Online),
    (PROD, "m.shop.example", "online", Logs::Online),
    (PROD, "dl.shop.example", "online", Logs::Denied),
    (PROD, "summer-sale.shop.example", "offline", Logs::Nothing),
    (DEV, "img.dev.shop.example", "online", Logs::Online),
    (DEV, "www.dev.shop.example", "online", Logs::Online),
];

/// The certificates: common name, last day.
const CERTIFICATES: [(Account, &str, &str); 9] = [
    (PROD, "www.shop.example", "2099-03-31"),
    (PROD, "*.shop.example", "2099-06-30"),
    (PROD, "pay.shop.example", "2099-01-15"),
    (PROD, "api.shop.example", "2099-09-30"),
    (PROD, "partners.shop.example", "2099-08-14"),
    (PROD, "summer-sale.shop.example", "2099-07-31"),
    (DEV, "*.dev.shop.example", "2099-02-28"),
    (DEV, "preview.dev.shop.example", "2099-05-01"),
    (DEV, "grafana.dev.shop.example", "2099-02-28"),
];

fn cdn_domain(account: Account, domain: &str, status: &str) -> Draft {
    let source = json!({ "Content": "shop-assets.oss-cn-hangzhou.aliyuncs.com", "Port": 443, "Priority": "20",
        "Type": "oss", "Weight": "10" });
    Draft::new(account, GLOBAL, DOMAIN_TYPE, domain, domain).fact("list", json!({
        "DomainName": domain, "DomainStatus": status, "DomainId": number(domain) % 99_999_999, "CdnType": "web",
        "Cname": format!("{domain}.w.kunlun.example"), "Coverage": "domestic", "SslProtocol": "on", "Sandbox": "normal",
        "Description": "", "Sources": { "Source": [source] }, "ResourceGroupId": "rg-acfmshopdefault",
        "GmtCreated": "2023-03-08T09:32:51Z", "GmtModified": "2024-06-28T11:05:52Z",
    }))
}

fn with_logs(draft: Draft, logs: Logs) -> Draft {
    match logs {
        Logs::Nothing => draft.fact("realtime_log", Value::Null),
        Logs::Denied => draft.unknown("realtime_log", denied("Forbidden.RAM")),
        Logs::Online => draft.fact("realtime_log", json!({
            "Status": "online", "Project": "shop-cdn", "Logstore": "access", "Region": "cn-hangzhou",
        })),
    }
}

fn certificate(account: Account, common_name: &str, end: &str) -> Draft {
    let id = 10_000_000 + number(&format!("{common_name} {end}")) % 9_999_999;
    let fingerprint = token(&format!("{common_name} {end}"), 40).to_ascii_uppercase();
    Draft::new(account, GLOBAL, CERTIFICATE_TYPE, &id.to_string(), common_name).fact("list", json!({
        "CertificateId": id, "Name": format!("cert-{id}"), "CommonName": common_name, "Sans": common_name,
        "StartDate": "2020-01-01", "EndDate": end, "Expired": false, "Status": "ISSUED", "Upload": false,
        "Issuer": "Example Trust DV CA", "OrgName": "Example Shop", "Country": "CN", "Fingerprint": fingerprint,
        "InstanceId": format!("cas-ivauto-{id}"), "ResourceGroupId": "rg-acfmshopdefault",
    }))
}

fn data_discovery() -> Draft {
    let connected = |id: u32, what: &str, kind: &str, status: u32| {
        json!({
            "Id": id, "ParentId": what, "ResourceTypeCode": kind, "EngineType": "MySQL", "RegionId": "cn-hangzhou",
            "CheckStatus": status, "Enable": 1, "AuditStatus": 1, "AutoScan": 1, "ProcessStatus": 3,
        })
    };
    let items = [
        connected(101, "shop-orders.orders", "RDS", 3),
        connected(102, "shop-assets", "OSS", 0),
    ];
    Draft::new(PROD, GLOBAL, DISCOVERY_TYPE, PROD.id, PROD.name)
        .fact("user_status", json!({ "UserStatus": {
            "Purchased": true, "Authed": true, "InstanceId": "sddp-cn-shopprod01", "ChargeType": "PREPAY",
            "RemainDays": 220, "Trail": false, "InstanceTotalCount": 20, "UseInstanceNum": 6, "OssTotalSize": 2_048,
        } }))
        .fact("data_limits", json!({ "TotalCount": items.len(), "Items": items }))
}
