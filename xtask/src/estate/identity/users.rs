//! RAM users: who signs in how, with which device and keys.

use serde_json::{Value, json};
use stance_model::{CoverageStatus, ReasonKind};

use crate::estate::{Account, DEV, Draft, Estate, GLOBAL, PROD, denied, number, reason, token};

const TYPE: &str = "aliyun/ram/user";

pub(super) fn add(estate: &mut Estate) {
    estate.covers(PROD, &[GLOBAL], &[TYPE]);
    // The last pages of the users were never answered: who is not listed may still exist.
    let slowed = reason(ReasonKind::Throttled, "Throttling.User");
    estate.cover(DEV, GLOBAL, TYPE, CoverageStatus::Partial, Some(slowed));
    for (account, login, console, mfa, keys) in USERS {
        estate.asset(user(account, login, console, mfa, keys));
    }
}

/// What a user may do at the console's door.
#[derive(Clone, Copy)]
enum Console {
    Never,
    Off,
    On,
    /// May sign in, and has to bind an MFA device then.
    Binds,
}

/// What is known of a user's MFA device.
#[derive(Clone, Copy)]
enum Mfa {
    Nothing,
    Virtual,
    SecurityKey,
    Denied,
}

/// The AccessKey pairs of a user.
#[derive(Clone, Copy)]
enum Keys {
    Nothing,
    Fresh,
    Old,
    /// A fresh one, and an old one that is switched off.
    Replaced,
    Denied,
}

/// The users: login name, console, device, keys.
const USERS: [(Account, &str, Console, Mfa, Keys); 22] = [
    (
        PROD,
        "chen.jie",
        Console::On,
        Mfa::SecurityKey,
        Keys::Nothing,
    ),
    (PROD, "wang.fang", Console::On, Mfa::Virtual, Keys::Nothing),
    (PROD, "li.na", Console::On, Mfa::Virtual, Keys::Fresh),
    (PROD, "zhang.wei", Console::On, Mfa::Virtual, Keys::Replaced),
    (PROD, "liu.yang", Console::On, Mfa::Virtual, Keys::Nothing),
    (PROD, "zhao.lei", Console::On, Mfa::Nothing, Keys::Nothing),
    (PROD, "huang.li", Console::On, Mfa::Virtual, Keys::Nothing),
    (
        PROD,
        "audit.partner",
        Console::On,
        Mfa::Denied,
        Keys::Nothing,
    ),
    (
        PROD,
        "former.colleague",
        Console::Off,
        Mfa::Nothing,
        Keys::Nothing,
    ),
    (
        PROD,
        "svc-deploy",
        Console::Never,
        Mfa::Nothing,
        Keys::Fresh,
    ),
    (PROD, "svc-backup", Console::Never, Mfa::Nothing, Keys::Old),
    (
        PROD,
        "svc-search",
        Console::Never,
        Mfa::Nothing,
        Keys::Fresh,
    ),
    (
        PROD,
        "svc-billing",
        Console::Never,
        Mfa::Nothing,
        Keys::Replaced,
    ),
    (
        PROD,
        "svc-monitoring",
        Console::Never,
        Mfa::Nothing,
        Keys::Denied,
    ),
    (DEV, "sun.yu", Console::On, Mfa::Virtual, Keys::Nothing),
    (DEV, "qian.bo", Console::Binds, Mfa::Nothing, Keys::Nothing),
    (DEV, "wu.min", Console::On, Mfa::Nothing, Keys::Old),
    (DEV, "zhou.ting", Console::Binds, Mfa::Virtual, Keys::Fresh),
    (
        DEV,
        "intern.2024",
        Console::Off,
        Mfa::Nothing,
        Keys::Nothing,
    ),
    (
        DEV,
        "contractor.a",
        Console::On,
        Mfa::Nothing,
        Keys::Nothing,
    ),
    (DEV, "svc-ci", Console::Never, Mfa::Nothing, Keys::Old),
    (
        DEV,
        "svc-preview",
        Console::Never,
        Mfa::Nothing,
        Keys::Fresh,
    ),
];

fn user(account: Account, login: &str, console: Console, mfa: Mfa, keys: Keys) -> Draft {
    let name = format!("{login}@{}.onaliyun.com", account.name);
    let id = (200_000_000_000_000_000 + number(&name) % 99_999_999_999_999_999).to_string();
    let draft = Draft::new(account, GLOBAL, TYPE, &id, &name)
        .fact("list", user_item(&id, &name, login))
        .fact("login_profile", login_profile(&name, console));
    with_keys(with_mfa(draft, account, login, mfa), account, login, keys)
}

fn user_item(id: &str, name: &str, login: &str) -> Value {
    json!({
        "UserId": id, "UserPrincipalName": name, "DisplayName": login, "Comments": "",
        "CreateDate": "2023-04-11T02:15:40Z",
        "UpdateDate": "2024-09-01T06:00:00Z", "LastLoginDate": "2024-10-08T01:12:09Z", "ProvisionType": "Manual",
    })
}

fn login_profile(name: &str, console: Console) -> Value {
    let (status, binds) = match console {
        Console::Never => return Value::Null,
        Console::Off => ("Inactive", false),
        Console::On => ("Active", false),
        Console::Binds => ("Active", true),
    };
    json!({ "LoginProfile": {
        "UserPrincipalName": name, "Status": status, "MFABindRequired": binds, "PasswordResetRequired": false,
        "LastLoginTime": "2024-10-08T01:12:09Z", "UpdateDate": "2024-01-15T08:00:00Z",
    } })
}

fn with_mfa(draft: Draft, account: Account, login: &str, mfa: Mfa) -> Draft {
    let kind = match mfa {
        Mfa::Nothing => return draft.fact("mfa", Value::Null),
        Mfa::Denied => return draft.unknown("mfa", denied("NoPermission")),
        Mfa::Virtual => "VMFA",
        Mfa::SecurityKey => "U2F",
    };
    let serial = format!("acs:ram::{}:mfa/{login}", account.id);
    draft.fact(
        "mfa",
        json!({ "IsMFAEnable": true, "MFADevice": { "SerialNumber": serial, "Type": kind } }),
    )
}

fn with_keys(draft: Draft, account: Account, login: &str, keys: Keys) -> Draft {
    let fresh = || access_key(account, login, "fresh", "Active", "2099-01-04T03:00:00Z");
    let old = |status: &str| access_key(account, login, "old", status, "2022-02-17T03:00:00Z");
    let listed = match keys {
        Keys::Denied => return draft.unknown("access_keys", denied("NoPermission")),
        Keys::Nothing => vec![],
        Keys::Fresh => vec![fresh()],
        Keys::Old => vec![old("Active")],
        Keys::Replaced => vec![fresh(), old("Inactive")],
    };
    draft.fact(
        "access_keys",
        json!({ "AccessKeys": { "AccessKey": listed } }),
    )
}

fn access_key(account: Account, login: &str, which: &str, status: &str, created: &str) -> Value {
    let id = access_key_id(account, login, which);
    json!({ "AccessKeyId": id, "Status": status, "CreateDate": created, "UpdateDate": created })
}

/// Looks like one, and says that it is none.
pub(super) fn access_key_id(account: Account, login: &str, which: &str) -> String {
    format!(
        "LTAI5tExample{}",
        token(&format!("{} {login} {which}", account.name), 5)
    )
}
