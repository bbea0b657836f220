//! RAM policies and groups.

use serde_json::json;

use crate::estate::{Account, DEV, Draft, Estate, GLOBAL, PROD, denied, token};

pub(super) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(
            account,
            &[GLOBAL],
            &["aliyun/ram/policy", "aliyun/ram/group"],
        );
    }
    for (account, name, kind, attached, statement) in POLICIES {
        estate.asset(policy(account, name, kind, attached, statement));
    }
    for (account, name, comments) in GROUPS {
        estate.asset(group(account, name, comments));
    }
}

/// A policy: name, type, attachments, action and resource of its statement; none: the document was denied.
type PolicyRow = (
    Account,
    &'static str,
    &'static str,
    u32,
    Option<(&'static str, &'static str)>,
);

const POLICIES: [PolicyRow; 13] = [
    (
        PROD,
        "shop-assets-read",
        "Custom",
        4,
        Some(("oss:GetObject", "acs:oss:*:*:shop-assets/*")),
    ),
    (PROD, "ecs-operators", "Custom", 2, Some(("ecs:*", "*"))),
    (PROD, "log-readers", "Custom", 3, Some(("log:Get*", "*"))),
    (
        PROD,
        "finance-read",
        "Custom",
        1,
        Some(("bss:Describe*", "*")),
    ),
    (
        PROD,
        "deploy-runner",
        "Custom",
        1,
        Some(("cs:*", "acs:cs:*:*:cluster/shop-prod")),
    ),
    (PROD, "ops-all", "Custom", 2, Some(("*", "*"))),
    (PROD, "data-lake", "Custom", 1, None),
    (PROD, "AdministratorAccess", "System", 1, Some(("*", "*"))),
    (
        PROD,
        "AliyunOSSReadOnlyAccess",
        "System",
        3,
        Some(("oss:Get*", "*")),
    ),
    (DEV, "dev-everything", "Custom", 5, Some(("*", "*"))),
    (DEV, "dev-deploy", "Custom", 2, Some(("cs:*", "*"))),
    (DEV, "dev-registry", "Custom", 2, Some(("cr:*", "*"))),
    (DEV, "AdministratorAccess", "System", 3, Some(("*", "*"))),
];

const GROUPS: [(Account, &str, &str); 5] = [
    (PROD, "admins", "platform team"),
    (PROD, "developers", "shop developers, read only"),
    (PROD, "auditors", "internal and external audit"),
    (DEV, "developers", "shop developers"),
    (DEV, "contractors", "temporary staff"),
];

fn policy(
    account: Account,
    name: &str,
    kind: &str,
    attached: u32,
    statement: Option<(&str, &str)>,
) -> Draft {
    let draft = Draft::new(account, GLOBAL, "aliyun/ram/policy", name, name).fact("list", json!({
        "PolicyName": name, "PolicyType": kind, "AttachmentCount": attached, "DefaultVersion": "v1", "Description": "",
        "CreateDate": "2023-03-02T09:30:00Z", "UpdateDate": "2024-03-02T09:30:00Z",
    }));
    let Some((action, resource)) = statement else {
        return draft.unknown("policy", denied("NoPermission"));
    };
    let statement = json!([{ "Effect": "Allow", "Action": [action], "Resource": [resource] }]);
    let document = json!({ "Version": "1", "Statement": statement }).to_string();
    draft.fact("policy", json!({ "DefaultPolicyVersion": {
        "VersionId": "v1", "IsDefaultVersion": true, "PolicyDocument": document, "CreateDate": "2024-03-02T09:30:00Z",
    } }))
}

fn group(account: Account, name: &str, comments: &str) -> Draft {
    let id = format!("g-{}", token(&format!("{} group {name}", account.name), 16));
    Draft::new(account, GLOBAL, "aliyun/ram/group", &id, name).fact(
        "list",
        json!({
            "GroupId": id, "GroupName": name, "DisplayName": name, "Comments": comments,
            "CreateDate": "2023-03-02T09:00:00Z", "UpdateDate": "2023-03-02T09:00:00Z",
        }),
    )
}
