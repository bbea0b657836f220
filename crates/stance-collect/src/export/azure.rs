//! Azure Resource Graph, and listings of Azure Resource Manager: each element is the resource as its API answers it.

use serde_json::{Map, Value};

use super::found::{Found, text, texts};
use super::kept::kept;

/// Types of resources in small letters, those of the assets, and what of `properties` is kept.
const KINDS: [(&str, &str, &[&str]); 14] = [
    (
        "microsoft.authorization/roledefinitions",
        "azure/authorization/role_definition",
        &[
            "properties.roleName",
            "properties.type",
            "properties.assignableScopes",
            "properties.permissions.actions",
            "properties.permissions.notActions",
        ],
    ),
    (
        "microsoft.cache/redis",
        "azure/cache/redis",
        &[
            "properties.enableNonSslPort",
            "properties.minimumTlsVersion",
            "properties.publicNetworkAccess",
        ],
    ),
    (
        "microsoft.compute/disks",
        "azure/compute/disk",
        &[
            "properties.diskState",
            "properties.encryption.type",
            "properties.encryption.diskEncryptionSetId",
        ],
    ),
    (
        "microsoft.containerregistry/registries",
        "azure/containerregistry/registry",
        &[
            "properties.adminUserEnabled",
            "properties.publicNetworkAccess",
        ],
    ),
    (
        "microsoft.containerservice/managedclusters",
        "azure/containerservice/managed_cluster",
        &[
            "properties.kubernetesVersion",
            "properties.enableRBAC",
            "properties.apiServerAccessProfile.enablePrivateCluster",
            "properties.apiServerAccessProfile.authorizedIPRanges",
        ],
    ),
    (
        "microsoft.dbforpostgresql/flexibleservers",
        "azure/postgresql/flexible_server",
        &["properties.version", "properties.state"],
    ),
    (
        "microsoft.keyvault/vaults",
        "azure/keyvault/vault",
        &[
            "properties.enableSoftDelete",
            "properties.enablePurgeProtection",
            "properties.enableRbacAuthorization",
            "properties.publicNetworkAccess",
        ],
    ),
    (
        "microsoft.network/networksecuritygroups",
        "azure/network/security_group",
        &[
            "properties.securityRules.name",
            "properties.securityRules.properties",
            "properties.subnets.id",
            "properties.networkInterfaces.id",
        ],
    ),
    (
        "microsoft.network/networkwatchers",
        "azure/network/watcher",
        &[],
    ),
    (
        "microsoft.network/virtualnetworks",
        "azure/network/virtual_network",
        &[
            "properties.subnets.id",
            "properties.subnets.name",
            "properties.subnets.properties.networkSecurityGroup.id",
        ],
    ),
    (
        "microsoft.sql/servers",
        "azure/sql/server",
        &[
            "properties.publicNetworkAccess",
            "properties.minimalTlsVersion",
        ],
    ),
    ("microsoft.sql/servers/databases", "azure/sql/database", &[]),
    (
        "microsoft.storage/storageaccounts",
        "azure/storage/account",
        &[
            "properties.allowBlobPublicAccess",
            "properties.supportsHttpsTrafficOnly",
            "properties.publicNetworkAccess",
            "properties.networkAcls.defaultAction",
            "properties.minimumTlsVersion",
            "properties.allowSharedKeyAccess",
        ],
    ),
    (
        "microsoft.web/sites",
        "azure/web/site",
        &["properties.state", "properties.httpsOnly"],
    ),
];

/// What every resource has.
const COMMON: [&str; 4] = ["id", "name", "location", "kind"];

/// The asset of a resource.
pub(super) fn found(value: Value) -> Option<Found> {
    let id = text(&value, "id")?;
    let theirs = text(&value, "type")?.to_ascii_lowercase();
    let (_, asset_type, paths) = KINDS.iter().find(|(kind, _, _)| *kind == theirs)?;
    let role = *asset_type == "azure/authorization/role_definition";
    if role && value.pointer("/properties/type").and_then(Value::as_str) != Some("CustomRole") {
        return None;
    }
    let region = text(&value, "location").unwrap_or_default();
    let name = match role {
        true => value
            .pointer("/properties/roleName")
            .and_then(Value::as_str)
            .map(str::to_owned),
        false => text(&value, "name"),
    };
    Some(Found {
        origin: "azure-graph",
        asset_type,
        account: text(&value, "subscriptionId").or_else(|| subscription(&id))?,
        region: location(&region),
        name: name.unwrap_or_default(),
        tags: texts(value.get("tags")),
        facts: Map::from_iter([("list".to_owned(), kept(value, &[&COMMON, *paths].concat()))]),
        id,
        ..Found::default()
    })
}

/// The subscription in an id: `/subscriptions/<subscription>/resourceGroups/…`.
fn subscription(id: &str) -> Option<String> {
    let mut parts = id.split('/').skip(1);
    let first = parts.next()?;
    let subscription = parts.next().filter(|part| !part.is_empty())?;
    first
        .eq_ignore_ascii_case("subscriptions")
        .then(|| subscription.to_owned())
}

/// The name of a region: some APIs write `East US` for `eastus`.
pub(crate) fn location(text: &str) -> String {
    let letters = text.chars().filter(|c| !c.is_whitespace());
    letters.collect::<String>().to_ascii_lowercase()
}
