//! `azurerm_storage_account`.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::place;
use crate::terraform::resource::{Item, Read, Resource};

const NETWORK_RULES: Link = Link {
    kind: "azurerm_storage_account_network_rules",
    by: "storage_account_id",
    to: &["id"],
};

/// `azure/storage/account`. No default stands in: the provider writes the ones it uses into every file.
pub(in crate::terraform) fn account(estate: &Estate, account: &Resource) -> Draft {
    let item = account.item();
    let open = either(
        &item,
        "allow_nested_items_to_be_public",
        "allow_blob_public_access",
    );
    let https = either(
        &item,
        "https_traffic_only_enabled",
        "enable_https_traffic_only",
    );
    let network = item.flag("public_network_access_enabled");
    let network = network.map(|on| on.map(|on| if on { "Enabled" } else { "Disabled" }));
    let properties = Fields::new()
        .put("allowBlobPublicAccess", open.map(Some))
        .put("supportsHttpsTrafficOnly", https.map(Some))
        .put("publicNetworkAccess", network)
        .put("minimumTlsVersion", item.text("min_tls_version"))
        .put(
            "allowSharedKeyAccess",
            item.flag("shared_access_key_enabled"),
        );
    let properties = match default_action(estate, account).transpose() {
        Some(action) => {
            let rules = action.map(|action| json!({ "defaultAction": action }));
            properties.put_nested("networkAcls", rules)
        }
        None => properties,
    };
    let list = json!({
        "id": account.identity("id"),
        "name": account.identity("name"),
        "location": place::location(account),
        "kind": account.identity("account_kind"),
        "properties": properties.value(),
    });
    Draft::new("azure/storage/account", account)
        .name(account, &["name"])
        .region(place::location(account))
        .account(place::subscription(account))
        .call("list", Ok::<Value, _>(list))
}

/// What network rules say of networks that they do not name; none where there will be no rules. They stand in the
/// account, which reads them back, or in a resource of their own.
fn default_action(estate: &Estate, account: &Resource) -> Read<Option<String>> {
    if let Some(rules) = estate.the_one(account, NETWORK_RULES)? {
        return rules.item().need("default_action").map(Some);
    }
    let item = account.item();
    match item.blocks("network_rules")?.first() {
        Some(rules) => rules.need("default_action").map(Some),
        None if account.fresh => Ok(None),
        None => Err(item.gap("network_rules", "is not in the file")),
    }
}

/// An attribute that had another name before.
fn either(item: &Item<'_>, name: &str, before: &str) -> Read<bool> {
    if item.has(name) {
        item.need_flag(name)
    } else {
        item.need_flag(before)
    }
}
