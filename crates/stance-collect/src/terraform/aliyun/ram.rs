//! `alicloud_ram_policy` and `alicloud_ram_account_password_policy`.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::Estate;
use crate::terraform::resource::{Gap, Item, Read, Resource};

/// `aliyun/ram/policy`. Only custom policies can be managed.
pub(in crate::terraform) fn policy(_: &Estate, policy: &Resource) -> Draft {
    let name = policy
        .identity("policy_name")
        .or_else(|| policy.identity("name"));
    let list = Fields::new()
        .put("PolicyName", Ok(name.clone()))
        .set("PolicyType", "Custom")
        .put("Description", policy.item().text_if_any("description"));
    let mut draft = Draft::new("aliyun/ram/policy", policy)
        .region(Some("global".to_owned()))
        .call("list", list.done())
        .call("policy", document(&policy.item()));
    draft.id = name.clone().unwrap_or(draft.id);
    draft.name = name;
    draft
}

/// `policy_document`; before provider 1.114 `document`.
fn document(item: &Item<'_>) -> Read<Value> {
    let text = match item.text_if_any("policy_document")? {
        Some(text) => text,
        None => item.need("document")?,
    };
    Ok(json!({ "DefaultPolicyVersion": { "PolicyDocument": text } }))
}

/// `aliyun/ram/alias`: the asset that stands for the account.
pub(in crate::terraform) fn account(_: &Estate, policy: &Resource) -> Draft {
    let beyond = [
        "list",
        "mfa",
        "security_report",
        "security_preference",
        "notice",
        "ak_leaks",
    ];
    let mut draft = Draft::new("aliyun/ram/alias", policy)
        .region(Some("global".to_owned()))
        .call("password_policy", password_policy(&policy.item()))
        .beyond(&beyond);
    draft.is_account = true;
    draft
}

fn password_policy(item: &Item<'_>) -> Read<Value> {
    let policy = Fields::new()
        .put(
            "MinimumPasswordLength",
            number(item, "minimum_password_length"),
        )
        .put("MaxPasswordAge", number(item, "max_password_age"))
        .put(
            "PasswordReusePrevention",
            number(item, "password_reuse_prevention"),
        )
        .put("MaxLoginAttemps", number(item, "max_login_attempts"))
        .put(
            "RequireUppercaseCharacters",
            flag(item, "require_uppercase_characters"),
        )
        .put(
            "RequireLowercaseCharacters",
            flag(item, "require_lowercase_characters"),
        )
        .put("RequireNumbers", flag(item, "require_numbers"))
        .put("RequireSymbols", flag(item, "require_symbols"));
    Ok(json!({ "PasswordPolicy": policy.value() }))
}

fn number(item: &Item<'_>, name: &str) -> Result<Option<i64>, Gap> {
    item.int(name)?
        .map(Some)
        .ok_or_else(|| item.gap(name, "is not set"))
}

fn flag(item: &Item<'_>, name: &str) -> Result<Option<bool>, Gap> {
    item.need_flag(name).map(Some)
}
