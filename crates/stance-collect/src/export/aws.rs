//! AWS Config: snapshots and histories. `configuration` is the element that the API lists, its names begun with small
//! letters; what the API answers to further calls is in `supplementaryConfiguration`, some of it as a text.

use serde_json::{Map, Value, json};

use super::found::{Found, millis, text, texts};
use super::kept::{kept, unescaped};

/// Types of resources, those of the assets, and what of the configuration is kept.
const KINDS: [(&str, &str, &[&str]); 6] = [
    (
        "AWS::EC2::Instance",
        "aws/ec2/instance",
        &[
            "InstanceId",
            "InstanceType",
            "PublicIpAddress",
            "State.Name",
            "MetadataOptions",
        ],
    ),
    (
        "AWS::EC2::NetworkAcl",
        "aws/ec2/network_acl",
        &["NetworkAclId", "VpcId", "IsDefault", "Entries"],
    ),
    (
        "AWS::EC2::SecurityGroup",
        "aws/ec2/security_group",
        &[
            "GroupId",
            "GroupName",
            "VpcId",
            "Description",
            "IpPermissions",
            "IpPermissionsEgress",
        ],
    ),
    (
        "AWS::EC2::VPC",
        "aws/ec2/vpc",
        &["VpcId", "CidrBlock", "IsDefault"],
    ),
    (
        "AWS::RDS::DBInstance",
        "aws/rds/instance",
        &[
            "DBInstanceIdentifier",
            "DBInstanceArn",
            "Engine",
            "EngineVersion",
            "DBInstanceStatus",
            "PubliclyAccessible",
            "StorageEncrypted",
            "BackupRetentionPeriod",
            "ReadReplicaSourceDBInstanceIdentifier",
            "Endpoint.Address",
            "Endpoint.Port",
        ],
    ),
    (
        "AWS::S3::Bucket",
        "aws/s3/bucket",
        &["Name", "CreationDate"],
    ),
];

/// The asset of an item.
pub(super) fn found(mut value: Value) -> Option<Found> {
    let theirs = text(&value, "resourceType")?;
    let (_, asset_type, paths) = KINDS.iter().find(|(kind, _, _)| *kind == theirs)?;
    let account = text(&value, "awsAccountId").or_else(|| text(&value, "accountId"))?;
    let zone = text(&value, "availabilityZone");
    let status = text(&value, "configurationItemStatus").unwrap_or_default();
    let configuration = value
        .get_mut("configuration")
        .map(Value::take)
        .and_then(unescaped);
    let configuration = configuration.filter(Value::is_object);
    let mut found = Found {
        origin: "aws-config",
        asset_type,
        account,
        region: text(&value, "awsRegion")?,
        id: text(&value, "resourceId")?,
        name: text(&value, "resourceName").unwrap_or_default(),
        zone: zone.filter(|zone| {
            !matches!(
                zone.as_str(),
                "Regional" | "Not Applicable" | "Multiple Availability Zones"
            )
        }),
        tags: texts(value.get("tags")),
        time: millis(value.get("configurationItemCaptureTime")),
        gone: status.contains("Deleted")
            || status.contains("NotRecorded")
            || configuration.is_none(),
        ..Found::default()
    };
    let mut list = named(configuration.unwrap_or_default());
    match *asset_type {
        "aws/ec2/security_group" => ranges(&mut list),
        "aws/rds/instance" => {
            // Config's own id is that of the resource, that of the asset the name that people gave.
            let name = text(&list, "DBInstanceIdentifier").or_else(|| text(&value, "resourceName"));
            found.id = name.unwrap_or(found.id);
        }
        "aws/s3/bucket" => {
            let more = value.get_mut("supplementaryConfiguration").map(Value::take);
            bucket(&more.unwrap_or_default(), &mut found.facts);
        }
        _ => {}
    }
    found.facts.insert("list".to_owned(), kept(list, paths));
    Some(found)
}

/// The names of the API: each begins with a capital.
fn named(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(named).collect(),
        Value::Object(map) => {
            let members = map.into_iter().map(|(name, value)| {
                let mut letters = name.chars();
                let first = letters.next().map(|c| c.to_ascii_uppercase());
                (
                    first.into_iter().chain(letters).collect::<String>(),
                    named(value),
                )
            });
            members.collect()
        }
        other => other,
    }
}

/// Config writes the IPv4 ranges of a rule twice: as texts in `ipRanges`, as the API does in `ipv4Ranges`.
fn ranges(group: &mut Value) {
    for rules in ["IpPermissions", "IpPermissionsEgress"] {
        let rules = group.get_mut(rules).and_then(Value::as_array_mut);
        for rule in rules.into_iter().flatten().filter_map(Value::as_object_mut) {
            let objects = rule.remove("Ipv4Ranges");
            let texts = rule.remove("IpRanges");
            let object = |range: Value| match range {
                Value::String(text) => json!({"CidrIp": text}),
                other => other,
            };
            let ranges = match (objects, texts) {
                (Some(objects), _) => objects,
                (None, Some(Value::Array(texts))) => texts.into_iter().map(object).collect(),
                // A rule that names neither says nothing of them.
                (None, other) => other.unwrap_or(Value::Null),
            };
            if !ranges.is_null() {
                rule.insert("IpRanges".to_owned(), ranges);
            }
        }
    }
}

/// The facts of a bucket that are asked for one by one. What the item lacks is not among them.
fn bucket(more: &Value, facts: &mut Map<String, Value>) {
    let part = |name: &str| {
        more.get(name)
            .cloned()
            .and_then(unescaped)
            .filter(Value::is_object)
    };
    if let Some(block) = part("PublicAccessBlockConfiguration") {
        let block = kept(
            named(block),
            &[
                "BlockPublicAcls",
                "IgnorePublicAcls",
                "BlockPublicPolicy",
                "RestrictPublicBuckets",
            ],
        );
        facts.insert(
            "public_access_block".to_owned(),
            json!({"PublicAccessBlockConfiguration": block}),
        );
    }
    if let Some(policy) =
        part("BucketPolicy").and_then(|mut p| p.get_mut("policyText").map(Value::take))
        && let Some(document) = unescaped(policy)
        && (document.is_null() || document.is_object())
    {
        facts.insert("policy".to_owned(), document);
    }
    if let Some(logging) = part("BucketLoggingConfiguration") {
        let target = text(&logging, "destinationBucketName");
        let enabled = target.map(|target| json!({"LoggingEnabled": {"TargetBucket": target}}));
        facts.insert("logging".to_owned(), enabled.unwrap_or_else(|| json!({})));
    }
    match part("BucketVersioningConfiguration")
        .and_then(|v| text(&v, "status"))
        .as_deref()
    {
        Some("Off") => drop(facts.insert("versioning".to_owned(), json!({}))),
        Some(status) => drop(facts.insert("versioning".to_owned(), json!({ "Status": status }))),
        None => {}
    }
}
