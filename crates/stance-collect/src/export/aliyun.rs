//! Alibaba Cloud Config: what it delivers to OSS or a Logstore, and what `GetDiscoveredResource` answers. The
//! configuration is the element that the product's API lists, as a text.

use serde_json::{Map, Value};

use super::found::{Found, millis, text, texts};
use super::kept::{kept, unescaped};

/// Types of resources, those of the assets, and what of the configuration is kept.
const KINDS: [(&str, &str, &[&str]); 10] = [
    (
        "ACS::ECS::Disk",
        "aliyun/ecs/disk",
        &[
            "DiskId",
            "DiskName",
            "RegionId",
            "Status",
            "Type",
            "Category",
            "Size",
            "Encrypted",
            "KMSKeyId",
            "AutoSnapshotPolicyId",
            "EnableAutomatedSnapshotPolicy",
            "InstanceId",
            "DetachedTime",
        ],
    ),
    (
        "ACS::ECS::Instance",
        "aliyun/ecs/instance",
        &[
            "InstanceId",
            "InstanceName",
            "RegionId",
            "ZoneId",
            "Status",
            "OSType",
            "OSName",
            "KeyPairName",
            "InstanceNetworkType",
            "SecurityGroupIds.SecurityGroupId",
            "PublicIpAddress.IpAddress",
            "EipAddress.IpAddress",
            "EipAddress.AllocationId",
            "VpcAttributes.VpcId",
            "VpcAttributes.VSwitchId",
            "VpcAttributes.PrivateIpAddress.IpAddress",
            "MetadataOptions.HttpEndpoint",
            "MetadataOptions.HttpTokens",
        ],
    ),
    (
        "ACS::ECS::NetworkInterface",
        "aliyun/ecs/network_interface",
        &[
            "NetworkInterfaceId",
            "NetworkInterfaceName",
            "Type",
            "Status",
            "InstanceId",
            "PrivateIpAddress",
            "VpcId",
            "SecurityGroupIds.SecurityGroupId",
            "AssociatedPublicIp.PublicIpAddress",
            "AssociatedPublicIp.AllocationId",
        ],
    ),
    (
        "ACS::ECS::SecurityGroup",
        "aliyun/ecs/security_group",
        &[
            "SecurityGroupId",
            "SecurityGroupName",
            "SecurityGroupType",
            "VpcId",
            "EcsCount",
            "ServiceManaged",
        ],
    ),
    (
        "ACS::EIP::EipAddress",
        "aliyun/eip/address",
        &[
            "AllocationId",
            "IpAddress",
            "Name",
            "Status",
            "RegionId",
            "AllocationTime",
            "InstanceId",
            "InstanceType",
            "InstanceRegionId",
            "PrivateIpAddress",
            "Mode",
        ],
    ),
    (
        "ACS::MongoDB::DBInstance",
        "aliyun/mongodb/instance",
        &[
            "DBInstanceId",
            "DBInstanceDescription",
            "DBInstanceType",
            "EngineVersion",
            "RegionId",
            "ZoneId",
            "NetworkType",
            "StorageType",
            "ReplicationFactor",
        ],
    ),
    (
        "ACS::PolarDB::DBCluster",
        "aliyun/polardb/cluster",
        &[
            "DBClusterId",
            "DBClusterDescription",
            "DBType",
            "DBVersion",
            "Category",
            "DBClusterStatus",
            "RegionId",
            "ZoneId",
        ],
    ),
    (
        "ACS::RDS::DBInstance",
        "aliyun/rds/instance",
        &[
            "DBInstanceId",
            "DBInstanceDescription",
            "Engine",
            "EngineVersion",
            "Category",
            "DBInstanceType",
            "DBInstanceStatus",
            "DBInstanceStorageType",
            "PayType",
            "RegionId",
            "ZoneId",
            "InstanceNetworkType",
            "DeletionProtection",
        ],
    ),
    (
        "ACS::Redis::DBInstance",
        "aliyun/redis/instance",
        &[
            "InstanceId",
            "InstanceName",
            "InstanceType",
            "ArchitectureType",
            "EditionType",
            "EngineVersion",
            "NetworkType",
            "RegionId",
            "ZoneId",
        ],
    ),
    (
        "ACS::SLB::LoadBalancer",
        "aliyun/slb/load_balancer",
        &[
            "LoadBalancerId",
            "LoadBalancerName",
            "LoadBalancerStatus",
            "AddressType",
            "Address",
            "AddressIPVersion",
            "NetworkType",
            "VpcId",
            "RegionId",
        ],
    ),
];

/// The asset of an item. Deliveries begin names with small letters, answers of the API with capitals.
pub(super) fn found(mut value: Value) -> Option<Found> {
    let either = |value: &Value, small: &str, capital: &str| {
        text(value, small).or_else(|| text(value, capital))
    };
    let theirs = either(&value, "resourceType", "ResourceType")?;
    let (_, asset_type, paths) = KINDS.iter().find(|(kind, _, _)| *kind == theirs)?;
    let name = if value.get("configuration").is_some() {
        "configuration"
    } else {
        "Configuration"
    };
    let configuration = value.get_mut(name).map(Value::take).and_then(unescaped);
    let configuration = configuration.filter(Value::is_object);
    let event = text(&value, "resourceEventType").unwrap_or_default();
    Some(Found {
        origin: "aliyun-config",
        asset_type,
        account: account(&value)?,
        region: text(&value, "regionId").or_else(|| text(&value, "Region"))?,
        id: either(&value, "resourceId", "ResourceId")?,
        name: either(&value, "resourceName", "ResourceName").unwrap_or_default(),
        zone: either(&value, "availabilityZone", "AvailabilityZone"),
        tags: tags(&value),
        time: millis(value.get("captureTime")),
        gone: configuration.is_none() || matches!(event.as_str(), "REMOVE" | "DELETE"),
        facts: Map::from_iter([(
            "list".to_owned(),
            kept(configuration.unwrap_or_default(), paths),
        )]),
    })
}

/// Deliveries write it as a text, answers as a number.
fn account(value: &Value) -> Option<String> {
    let account = value.get("accountId").or_else(|| value.get("AccountId"))?;
    match account {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `{"key": "value"}`, or `{"key": ["value"]}`, also as a text.
fn tags(value: &Value) -> std::collections::BTreeMap<String, String> {
    let tags = value.get("tags").or_else(|| value.get("Tags")).cloned();
    let mut tags = tags.and_then(unescaped).unwrap_or_default();
    for value in tags.as_object_mut().into_iter().flat_map(Map::values_mut) {
        if let Some(first) = value.as_array_mut().and_then(|list| list.first_mut()) {
            *value = first.take();
        }
    }
    texts(Some(&tags))
}
