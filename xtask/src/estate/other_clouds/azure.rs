//! Azure: storage accounts and network security groups.

use serde_json::{Value, json};

use crate::estate::{AZURE, Draft, Estate};

const EAST_US: &str = "eastus";

pub(super) fn add(estate: &mut Estate) {
    estate.covers(
        AZURE,
        &[EAST_US],
        &["azure/storage/account", "azure/network/security_group"],
    );
    let closed = json!({ "allowBlobPublicAccess": false, "supportsHttpsTrafficOnly": true });
    // Made long ago: the answer has no allowBlobPublicAccess, so nobody can say.
    let old = json!({ "supportsHttpsTrafficOnly": true });
    for (name, properties) in [
        ("shopoffice", &closed),
        ("shopmedia", &closed),
        ("shopscanner", &closed),
        ("shoparchive2017", &old),
    ] {
        estate.asset(storage_account(name, properties));
    }
    let from_office = json!([rule("ssh-office", 100, "Allow", "203.0.113.0/24", "22")]);
    let ordered = json!([
        rule("deny-ssh", 110, "Deny", "*", "22"),
        rule("allow-web", 120, "Allow", "Internet", "20-443"),
    ]);
    let open = json!([rule("ssh", 100, "Allow", "Internet", "22")]);
    for (name, rules) in [("office", from_office), ("web", ordered), ("build", open)] {
        estate.asset(network_security_group(name, &rules));
    }
}

fn id(kind: &str, name: &str) -> String {
    format!(
        "/subscriptions/{}/resourceGroups/shop/providers/{kind}/{name}",
        AZURE.id
    )
}

fn storage_account(name: &str, properties: &Value) -> Draft {
    let id = id("Microsoft.Storage/storageAccounts", name);
    Draft::new(AZURE, EAST_US, "azure/storage/account", &id, name).fact("list", json!({
        "id": id, "name": name, "type": "Microsoft.Storage/storageAccounts", "location": EAST_US, "kind": "StorageV2",
        "sku": { "name": "Standard_LRS", "tier": "Standard" }, "tags": {}, "properties": properties,
    }))
}

fn network_security_group(name: &str, rules: &Value) -> Draft {
    let id = id("Microsoft.Network/networkSecurityGroups", name);
    Draft::new(AZURE, EAST_US, "azure/network/security_group", &id, name).fact("list", json!({
        "id": id, "name": name, "type": "Microsoft.Network/networkSecurityGroups", "location": EAST_US, "tags": {},
        "properties": { "provisioningState": "Succeeded", "securityRules": rules, "subnets": [] },
    }))
}

fn rule(name: &str, priority: u32, access: &str, source: &str, ports: &str) -> Value {
    json!({ "name": name, "properties": {
        "priority": priority, "direction": "Inbound", "access": access, "protocol": "Tcp", "sourcePortRange": "*",
        "sourceAddressPrefix": source, "sourceAddressPrefixes": [], "destinationAddressPrefix": "*",
        "destinationAddressPrefixes": [], "destinationPortRange": ports, "destinationPortRanges": [],
        "sourcePortRanges": [], "provisioningState": "Succeeded",
    } })
}
