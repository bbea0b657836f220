//! Keys of the key management service.

use serde_json::json;

use crate::estate::{Account, DEV, Draft, Estate, PROD, REGIONS, denied, token};

const TYPE: &str = "aliyun/kms/key";

pub(super) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(account, &REGIONS, &[TYPE]);
    }
    for (account, region, purpose, state, spec, rotation) in KEYS {
        estate.asset(key(account, region, purpose, state, spec, rotation));
    }
}

/// A key: region, what for, state, specification, rotation; none: the key was denied.
type KeyRow = (
    Account,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

const KEYS: [KeyRow; 7] = [
    (
        PROD,
        "cn-hangzhou",
        "orders database",
        "Enabled",
        "Aliyun_AES_256",
        Some("Enabled"),
    ),
    (
        PROD,
        "cn-hangzhou",
        "invoices",
        "Enabled",
        "Aliyun_AES_256",
        Some("Enabled"),
    ),
    (
        PROD,
        "cn-hangzhou",
        "release signing",
        "Enabled",
        "RSA_2048",
        Some("Disabled"),
    ),
    (
        PROD,
        "cn-shanghai",
        "disks",
        "Enabled",
        "Aliyun_AES_256",
        Some("Enabled"),
    ),
    (PROD, "cn-beijing", "batch", "Enabled", "Aliyun_SM4", None),
    (
        PROD,
        "cn-hangzhou",
        "old payment gateway",
        "Disabled",
        "Aliyun_AES_256",
        Some("Suspended"),
    ),
    (
        DEV,
        "cn-hangzhou",
        "dev disks",
        "Enabled",
        "Aliyun_AES_256",
        Some("Enabled"),
    ),
];

fn key(
    account: Account,
    region: &str,
    purpose: &str,
    state: &str,
    spec: &str,
    rotation: Option<&str>,
) -> Draft {
    let id = format!("key-{}", token(&format!("{} {purpose}", account.name), 20));
    let arn = format!("acs:kms:{region}:{}:key/{id}", account.id);
    let draft = Draft::new(account, region, TYPE, &id, purpose)
        .fact("list", json!({ "KeyId": id, "KeyArn": arn }));
    let Some(rotation) = rotation else {
        return draft.unknown("detail", denied("Forbidden.NoPermission"));
    };
    draft.fact("detail", json!({ "KeyMetadata": {
        "KeyId": id, "Arn": arn, "Description": purpose, "KeyState": state, "KeySpec": spec, "Origin": "Aliyun_KMS",
        "KeyUsage": if spec.starts_with("RSA") { "SIGN/VERIFY" } else { "ENCRYPT/DECRYPT" }, "Creator": account.id,
        "AutomaticRotation": rotation, "RotationInterval": if rotation == "Enabled" { "31536000s" } else { "" },
        "ProtectionLevel": "SOFTWARE", "DeletionProtection": "Enabled", "CreationDate": "2023-03-25T10:00:00Z",
        "LastRotationDate": "2024-03-25T10:00:00Z",
    } }))
}
