//! Subscriptions of Azure: listings over all regions at once, addresses of next pages, a token of the Azure CLI.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use super::scene::{KEY, Provider, Snapshot};
use crate::place::ended;

const HOST: &str = "management.azure.com";
const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-4000-8000-000000000003";

/// An exchange of Azure Resource Manager.
fn arm(path: &str, version: &str, body: &Value) -> Value {
    json!({"request": {"method": "GET", "host": HOST, "path": path, "query": [["api-version", version]]},
        "answer": {"status": 200, "body": body}})
}

fn subscriptions() -> Value {
    let found = json!({"subscriptionId": "00000000-0000-4000-8000-000000000003", "displayName": "shop", "state": "Enabled"});
    arm("/subscriptions", "2022-12-01", &json!({ "value": [found] }))
}

fn all_of(kind: &str) -> String {
    format!("{SUBSCRIPTION}/providers/{kind}")
}

/// Collects a type with a token that a program named `az` prints.
fn collect(exchanges: &[Value], asset_type: &str) -> Snapshot {
    let provider = Provider::new(exchanges, &json!([]));
    let az = provider.place.write(
        "bin/az",
        &format!("#!/bin/sh\necho '{{\"accessToken\":\"{}\"}}'\n", KEY.1),
    );
    std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).unwrap();
    let args = [
        "collect",
        "azure",
        "--type",
        asset_type,
        "-o",
        "out.jsonl",
        "--pause",
        "1",
    ];
    let mut command = provider.command_at(&args, "1000");
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", az.parent().unwrap().display()));
    let done = ended(command.output().unwrap());
    assert_eq!(done.code, Some(0), "{}\n{}", done.out, done.err);
    Snapshot::read(&provider.place, "out.jsonl")
}

#[test]
fn assets_say_where_they_are() {
    let id = |name: &str| {
        format!("{SUBSCRIPTION}/resourceGroups/shop/providers/Microsoft.Web/sites/{name}")
    };
    let site = |name: &str, place: &str| json!({"id": id(name), "name": name, "location": place, "properties": {"httpsOnly": true, "ftpUsername": KEY.2}});
    let sites =
        json!({"value": [site("one", "East US"), site("two", "West Europe")], "nextLink": null});
    let config = json!({"properties": {"minTlsVersion": "1.2", "connectionStrings": KEY.2}});
    let snapshot = collect(
        &[
            subscriptions(),
            arm(&all_of("Microsoft.Web/sites"), "2022-09-01", &sites),
            arm(&format!("{}/config/web", id("one")), "2022-09-01", &config),
            arm(&format!("{}/config/web", id("two")), "2022-09-01", &config),
        ],
        "azure/web/site",
    );
    let mut places: Vec<&str> = snapshot
        .assets
        .iter()
        .filter_map(|a| a["region"].as_str())
        .collect();
    places.sort_unstable();
    assert_eq!(places, ["eastus", "westeurope"], "{}", snapshot.text);
    assert_eq!(snapshot.covered("eastus").0, "ok", "{}", snapshot.text);
    assert_eq!(
        snapshot.assets[0]["facts"]["config"]["properties"]["minTlsVersion"],
        "1.2"
    );
}

#[test]
fn databases_lie_below_servers() {
    let server = format!("{SUBSCRIPTION}/resourceGroups/shop/providers/Microsoft.Sql/servers/shop");
    let database = |name: &str| json!({"id": format!("{server}/databases/{name}"), "name": name, "location": "eastus"});
    let servers =
        json!({"value": [{"id": server, "name": "shop", "location": "eastus", "properties": {}}]});
    let databases = json!({"value": [database("master"), database("orders")]});
    let tde = json!({"properties": {"state": "Enabled"}});
    let snapshot = collect(
        &[
            subscriptions(),
            arm(&all_of("Microsoft.Sql/servers"), "2021-11-01", &servers),
            arm(&format!("{server}/databases"), "2021-11-01", &databases),
            arm(
                &format!("{server}/databases/orders/transparentDataEncryption/current"),
                "2021-11-01",
                &tde,
            ),
        ],
        "azure/sql/database",
    );
    assert_eq!(snapshot.assets.len(), 2, "{}", snapshot.text);
    let orders = snapshot
        .assets
        .iter()
        .find(|a| a["name"] == "orders")
        .unwrap();
    assert_eq!(
        orders["facts"]["tde"]["properties"]["state"], "Enabled",
        "{}",
        snapshot.text
    );
}

/// Listings that Azure gave, where they lie beside the repository: in the version of the API that we ask for they have
/// the same shape.
#[test]
fn recorded_listings_are_collected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded/microsoft");
    for (file, end, kind, version, asset_type) in [
        (
            "Microsoft.Storage",
            "/storageAccounts",
            "Microsoft.Storage/storageAccounts",
            "2023-05-01",
            "azure/storage/account",
        ),
        (
            "Microsoft.Network",
            "/networkSecurityGroups",
            "Microsoft.Network/networkSecurityGroups",
            "2023-09-01",
            "azure/network/security_group",
        ),
        (
            "Microsoft.Compute",
            "/disks",
            "Microsoft.Compute/disks",
            "2023-10-02",
            "azure/compute/disk",
        ),
        (
            "Microsoft.ContainerService",
            "/managedClusters",
            "Microsoft.ContainerService/managedClusters",
            "2024-02-01",
            "azure/containerservice/managed_cluster",
        ),
        (
            "Microsoft.Cache",
            "/redis",
            "Microsoft.Cache/redis",
            "2023-08-01",
            "azure/cache/redis",
        ),
        (
            "Microsoft.ContainerRegistry",
            "/registries",
            "Microsoft.ContainerRegistry/registries",
            "2023-07-01",
            "azure/containerregistry/registry",
        ),
    ] {
        let Ok(lines) = std::fs::read_to_string(folder.join(format!("{file}.jsonl"))) else {
            return;
        };
        let mut recorded = lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let listing = |exchange: &Value| {
            let path = exchange["request"]["path"].as_str().unwrap_or_default();
            path.ends_with(end) && exchange["response"]["body"]["value"].is_array()
        };
        let body = recorded.rfind(listing).unwrap()["response"]["body"].clone();
        let exchanges = [subscriptions(), arm(&all_of(kind), version, &body)];
        let snapshot = collect(&exchanges, asset_type);
        assert_eq!(
            snapshot.assets.len(),
            body["value"].as_array().unwrap().len(),
            "{}",
            snapshot.text
        );
        let covered = snapshot
            .coverage
            .iter()
            .all(|record| record["status"] == "ok");
        assert!(
            covered && !snapshot.coverage.is_empty(),
            "{}",
            snapshot.text
        );
    }
}
