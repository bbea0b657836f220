//! Who may do what: the accounts themselves, their RAM users, policies and groups, and the trails that record them.
//!
//! The production account is kept well. The root user of the development account has been put in order too; the old
//! habits live on in its RAM users and in what they do.

mod policies;
mod trails;
mod users;

use serde_json::{Value, json};

use super::{DEV, Draft, Estate, GLOBAL, PROD};

const TYPE: &str = "aliyun/ram/alias";

pub(crate) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(account, &[GLOBAL], &[TYPE]);
    }
    add_aliases(estate);
    users::add(estate);
    policies::add(estate);
    trails::add(estate);
}

fn add_aliases(estate: &mut Estate) {
    let prod = Draft::new(PROD, GLOBAL, TYPE, PROD.id, PROD.name)
        .fact("list", json!({ "AccountAlias": PROD.name }))
        .fact("mfa", json!({ "IsMFAEnable": true }))
        .fact("security_report", security_report(92, 1))
        .fact("password_policy", password_policy(14, 90))
        .fact("security_preference", security_preference("independent"))
        .fact("notice", notice(6))
        .fact(
            "ak_leaks",
            json!({ "AkLeakCount": 0, "TotalCount": 0, "AccessKeyLeakList": [] }),
        );
    let dev = Draft::new(DEV, GLOBAL, TYPE, DEV.id, DEV.name)
        .fact("list", json!({ "AccountAlias": DEV.name }))
        .fact("mfa", json!({ "IsMFAEnable": true }))
        .fact("security_report", security_report(71, 2))
        .fact("password_policy", password_policy(14, 180))
        .fact("security_preference", security_preference("mandatory"))
        .fact("notice", notice(1))
        .fact("ak_leaks", pending_leak());
    estate.asset(prod);
    estate.asset(dev);
}

fn security_report(score: u32, users_with_old_keys: u32) -> Value {
    let user = json!({
        "BindMfa": true, "RootWithAccessKey": 0, "OldAkNum": 0, "UnusedAkNum": 0, "SubUser": 14, "SubUserBindMfa": 7,
        "SubUserPwdLevel": "mid", "SubUserWithOldAccessKey": users_with_old_keys, "SubUserWithUnusedAccessKey": 0,
    });
    json!({ "AccountSecurityPracticeInfo": { "Score": score, "AccountSecurityPracticeUserInfo": user } })
}

fn password_policy(length: u32, days: u32) -> Value {
    json!({ "PasswordPolicy": {
        "MinimumPasswordLength": length, "MaxPasswordAge": days, "PasswordReusePrevention": 5, "MaxLoginAttemps": 5,
        "HardExpire": false, "MinimumPasswordDifferentCharacter": 4, "PasswordNotContainUserName": true,
        "RequireUppercaseCharacters": true, "RequireLowercaseCharacters": true, "RequireNumbers": true,
        "RequireSymbols": length >= 14,
    } })
}

fn security_preference(mfa: &str) -> Value {
    json!({ "SecurityPreference": {
        "LoginProfilePreference": {
            "MFAOperationForLogin": mfa, "LoginNetworkMasks": "", "LoginSessionDuration": 6,
            "EnableSaveMFATicket": false, "AllowUserToChangePassword": true, "OperationForRiskLogin": "autonomous",
        },
        "AccessKeyPreference": { "AllowUserToManageAccessKeys": false },
        "MFAPreference": { "AllowUserToManageMFADevices": true },
        "VerificationPreference": { "VerificationTypes": ["sms"] },
    } })
}

fn notice(leak_route: u32) -> Value {
    json!({ "NoticeConfigList": [
        { "Project": "sas_suspicious", "Route": 7, "TimeLimit": 0 },
        { "Project": "yundun_sas_ak_leakage", "Route": leak_route, "TimeLimit": 0 },
        { "Project": "weeklyreport", "Route": 2, "TimeLimit": 1 },
    ] })
}

fn pending_leak() -> Value {
    json!({ "AkLeakCount": 1, "TotalCount": 1, "AccessKeyLeakList": [{
        "Id": 389_357, "AccesskeyId": users::access_key_id(DEV, "svc-ci", "old"), "AliUserName": "svc-ci",
        "UserType": "ram", "Type": "AccessKey", "Asset": "cloud platform", "Status": "pending", "DealType": "pending",
        "Url": "https://code.example/shop-dev/pipeline/blob/main/deploy.sh", "GmtModified": 1_719_792_000_000_u64,
    }] })
}
