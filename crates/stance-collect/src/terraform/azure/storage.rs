//! `azurerm_storage_account`.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::Estate;
use crate::terraform::place;
use crate::terraform::resource::{Item, Read, Resource};

/// `azure/storage/account`. No default stands in: the provider writes the ones it uses into every file.
pub(in crate::terraform) fn account(_: &Estate, account: &Resource) -> Draft {
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
        .put("minimumTlsVersion", item.text("min_tls_version"));
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

/// An attribute that had another name before.
fn either(item: &Item<'_>, name: &str, before: &str) -> Read<bool> {
    if item.has(name) {
        item.need_flag(name)
    } else {
        item.need_flag(before)
    }
}
