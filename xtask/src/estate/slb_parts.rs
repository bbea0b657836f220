//! What listeners refer to: access control lists, server certificates, the custom TLS policy.

use serde_json::{Value, json};

use super::security_groups::{DDOS_RANGE, WAF_RANGE};
use super::{Account, DEV, Draft, Estate, PROD, ali_id, denied, token};

const VALID: (&str, i64) = ("2099-01-31T23:59:59Z", 4_073_587_199_000);
const EXPIRED: (&str, i64) = ("2023-11-30T23:59:59Z", 1_701_388_799_000);

pub(crate) fn add(estate: &mut Estate) {
    acls(estate);
    certificates(estate);
    tls_policy(estate);
}

/// The id of the access control list called `name`.
pub(super) fn acl_id(account: Account, region: &str, name: &str) -> String {
    ali_id("acl", region, &format!("{} {name}", account.name))
}

fn acls(estate: &mut Estate) {
    acl(estate, "cn-hangzhou", "waf", "ipv4", &[WAF_RANGE]);
    acl(estate, "cn-hangzhou", "anti-ddos", "ipv4", &[DDOS_RANGE]);
    let offices = ["203.0.113.0/25", "203.0.113.192/26"];
    acl(estate, "cn-hangzhou", "offices", "ipv4", &offices);
    acl(estate, "cn-hangzhou", "nobody", "ipv4", &[]);
    let halves = ["::/1", "8000::/1"];
    acl(estate, "ap-southeast-1", "halves-v6", "ipv6", &halves);
    let partners = acl_asset("cn-beijing", "partners", "ipv4");
    estate.asset(partners.unknown("attribute", denied("Forbidden.RAM")));
}

fn acl(estate: &mut Estate, region: &str, name: &str, version: &str, entries: &[&str]) {
    let entries: Vec<Value> = entries
        .iter()
        .map(|entry| json!({"AclEntryIP": entry, "AclEntryComment": name}))
        .collect();
    let attribute = json!({
        "AclId": acl_id(PROD, region, name), "AclName": name, "AddressIPVersion": version,
        "TotalAclEntry": entries.len(), "AclEntrys": {"AclEntry": entries},
        "RelatedListeners": {"RelatedListener": []}, "CreateTime": "2023-03-02T02:49:05Z",
        "ResourceGroupId": "", "Tags": {"Tag": []},
    });
    estate.asset(acl_asset(region, name, version).fact("attribute", attribute));
}

fn acl_asset(region: &str, name: &str, version: &str) -> Draft {
    let id = acl_id(PROD, region, name);
    let list = json!({
        "AclId": id, "AclName": name, "AddressIPVersion": version, "ResourceGroupId": "",
        "CreateTime": "2023-03-02T02:49:05Z", "Tags": {"Tag": []},
    });
    Draft::new(PROD, region, "aliyun/slb/acl", &id, name).fact("list", list)
}

/// The id of the server certificate called `name`.
pub(super) fn certificate_id(account: Account, region: &str, name: &str) -> String {
    let seed = format!("{} {region} {name}", account.name);
    format!("{}_{}", account.id, token(&seed, 24))
}

fn certificates(estate: &mut Estate) {
    certificate(
        estate,
        (PROD, "cn-hangzhou"),
        "shop",
        "www.shop.example",
        VALID,
    );
    certificate(
        estate,
        (PROD, "cn-hangzhou"),
        "api",
        "api.shop.example",
        VALID,
    );
    certificate(
        estate,
        (PROD, "cn-hangzhou"),
        "coupons",
        "coupons.shop.example",
        EXPIRED,
    );
    // Nothing uses this one any more.
    certificate(
        estate,
        (PROD, "cn-hangzhou"),
        "shop-2022",
        "www.shop.example",
        EXPIRED,
    );
    certificate(
        estate,
        (PROD, "cn-shanghai"),
        "shop-2023",
        "www.shop.example",
        EXPIRED,
    );
    certificate(
        estate,
        (PROD, "cn-beijing"),
        "reports",
        "reports.shop.example",
        VALID,
    );
    certificate(
        estate,
        (DEV, "ap-southeast-1"),
        "preview",
        "preview.shop.example",
        VALID,
    );
}

fn certificate(
    estate: &mut Estate,
    place: (Account, &str),
    name: &str,
    domain: &str,
    expiry: (&str, i64),
) {
    let (account, region) = place;
    let id = certificate_id(account, region, name);
    let list = json!({
        "ServerCertificateId": id, "ServerCertificateName": name, "CommonName": domain,
        "SubjectAlternativeNames": {"SubjectAlternativeName": [domain]}, "RegionId": region,
        "ExpireTime": expiry.0, "ExpireTimeStamp": expiry.1, "CreateTime": "2022-12-01T02:00:00Z",
        "CreateTimeStamp": 1_669_860_000_000_i64, "Fingerprint": token(&id, 40),
        "IsAliCloudCertificate": 0, "AliCloudCertificateId": "", "AliCloudCertificateName": "",
        "ResourceGroupId": "", "Tags": {"Tag": []},
    });
    let asset = Draft::new(account, region, "aliyun/slb/server_certificate", &id, name);
    estate.asset(asset.fact("list", list));
}

/// The id of the account's own TLS policy.
pub(super) fn tls_policy_id() -> String {
    ali_id("tls", "cn-hangzhou", "modern")
}

fn tls_policy(estate: &mut Estate) {
    let id = tls_policy_id();
    let list = json!({
        "InstanceId": id, "Name": "modern", "Status": "normal", "TLSVersions": ["TLSv1.2", "TLSv1.3"],
        "Ciphers": ["ECDHE-RSA-AES128-GCM-SHA256", "TLS_AES_128_GCM_SHA256"],
        "CreateTime": 1_690_000_000_000_i64, "RelateListeners": [],
    });
    let asset = Draft::new(
        PROD,
        "cn-hangzhou",
        "aliyun/slb/tls_cipher_policy",
        &id,
        "modern",
    );
    estate.asset(asset.fact("list", list));
}
