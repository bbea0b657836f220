//! Code repositories.

use serde_json::json;

use crate::estate::{Account, DEV, Draft, Estate, GLOBAL, PROD, number};

const TYPE: &str = "aliyun/rdc/repository";

pub(super) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(account, &[GLOBAL], &[TYPE]);
    }
    for (account, path, visibility) in CODE {
        estate.asset(code(account, path, visibility));
    }
}

/// The code repositories: path, visibility (0 private, 10 internal).
const CODE: [(Account, &str, &str); 8] = [
    (PROD, "shop/web", "0"),
    (PROD, "shop/checkout", "0"),
    (PROD, "shop/search", "0"),
    (PROD, "shop/handbook", "10"),
    (PROD, "shop/sdk-demo", "10"),
    (DEV, "shop-lab/spikes", "0"),
    (DEV, "shop-lab/preview", "10"),
    (DEV, "shop-lab/scripts", "0"),
];

fn code(account: Account, path: &str, visibility: &str) -> Draft {
    let id = 2_800_000 + number(path) % 99_999;
    let (namespace, name) = path.split_once('/').unwrap_or(("", path));
    Draft::new(account, GLOBAL, TYPE, &id.to_string(), path).fact("list", json!({
        "Id": id, "name": name, "path": name, "pathWithNamespace": path, "visibilityLevel": visibility,
        "nameWithNamespace": format!("{namespace} / {name}"), "namespaceId": number(namespace) % 9_999,
        "accessLevel": 40, "archive": false, "description": "", "importStatus": "finished", "star": false,
        "starCount": 0, "webUrl": format!("https://codeup.example/{path}"), "createdAt": "2023-01-14T21:08:26+08:00",
        "lastActivityAt": "2024-10-30T18:22:11+08:00", "updatedAt": "2024-10-30T18:22:11+08:00",
    }))
}
