//! AWS: buckets, databases, instances and security groups. The second region refused to show its instances.

use serde_json::{Value, json};
use stance_model::{CoverageStatus, ReasonKind};

use crate::estate::{AWS, Draft, Estate, denied, number, private_ip, reason, token};

const US_EAST: &str = "us-east-1";

const US_WEST: &str = "us-west-2";

pub(super) fn add(estate: &mut Estate) {
    estate.covers(
        AWS,
        &[US_EAST, US_WEST],
        &["aws/s3/bucket", "aws/rds/instance"],
    );
    estate.covers(
        AWS,
        &[US_EAST],
        &["aws/ec2/instance", "aws/ec2/security_group"],
    );
    for asset_type in ["aws/ec2/instance", "aws/ec2/security_group"] {
        let refused = reason(ReasonKind::NoPermission, "UnauthorizedOperation");
        estate.cover(
            AWS,
            US_WEST,
            asset_type,
            CoverageStatus::Failed,
            Some(refused),
        );
    }
    for (name, policy_public, block) in [
        ("shop-us-assets", None, true),
        ("shop-us-logs", Some(false), true),
        ("shop-us-site", Some(true), false),
    ] {
        estate.asset(bucket(US_EAST, name, policy_public, block).fact("acl", owner_only()));
    }
    // Its ACL was denied, which does not matter as long as public ACLs are ignored.
    estate.asset(
        bucket(US_EAST, "shop-us-backup", None, true).unknown("acl", denied("AccessDenied")),
    );
    estate.asset(bucket(US_WEST, "shop-us-west-replica", None, true).fact("acl", owner_only()));
    for (name, engine) in [("shop-orders", "postgres"), ("shop-reports", "mysql")] {
        estate.asset(database(name, engine));
    }
    for name in ["shop-web-1", "shop-web-2", "shop-legacy"] {
        estate.asset(instance(name));
    }
    estate.asset(security_group(
        "shop-web",
        &json!([rule(443, "0.0.0.0/0", Some("::/0"))]),
    ));
    estate.asset(security_group(
        "shop-bastion",
        &json!([rule(22, "203.0.113.0/24", None)]),
    ));
    estate.asset(security_group(
        "shop-legacy",
        &json!([rule(3389, "10.0.0.0/8", Some("::/0"))]),
    ));
}

fn bucket(region: &str, name: &str, policy_public: Option<bool>, block: bool) -> Draft {
    let status = policy_public.map_or(
        Value::Null,
        |public| json!({ "PolicyStatus": { "IsPublic": public } }),
    );
    let settings = json!({ "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true,
    } });
    Draft::new(AWS, region, "aws/s3/bucket", name, name)
        .fact(
            "list",
            json!({ "Name": name, "CreationDate": "2023-02-11T09:00:00Z" }),
        )
        .fact("policy_status", status)
        .fact(
            "public_access_block",
            if block { settings } else { Value::Null },
        )
        .fact("account_public_access_block", Value::Null)
}

fn owner_only() -> Value {
    let owner = token("shop-us owner", 64);
    let grantee = json!({ "Type": "CanonicalUser", "ID": owner });
    json!({ "Owner": { "ID": owner }, "Grants": [{ "Grantee": grantee, "Permission": "FULL_CONTROL" }] })
}

fn database(name: &str, engine: &str) -> Draft {
    let port = if engine == "postgres" { 5_432 } else { 3_306 };
    let arn = format!("arn:aws:rds:{US_EAST}:{}:db:{name}", AWS.id);
    Draft::new(AWS, US_EAST, "aws/rds/instance", name, name).zone("us-east-1a").fact("list", json!({
        "DBInstanceIdentifier": name, "DBInstanceArn": arn, "Engine": engine, "DBInstanceClass": "db.t4g.medium",
        "DBInstanceStatus": "available", "PubliclyAccessible": false, "StorageEncrypted": true, "MultiAZ": false,
        "BackupRetentionPeriod": 7, "AvailabilityZone": "us-east-1a", "AllocatedStorage": 100,
        "Endpoint": { "Address": format!("{name}.db.example"), "Port": port }, "TagList": [],
    }))
}

fn instance(name: &str) -> Draft {
    let id = format!("i-{:017x}", number(name));
    Draft::new(AWS, US_EAST, "aws/ec2/instance", &id, name).zone("us-east-1a").tag("Name", name).fact("list", json!({
        "InstanceId": id, "InstanceType": "t3.medium", "ImageId": "ami-0d239dc99a14a05ff", "Architecture": "x86_64",
        "State": { "Code": 16, "Name": "running" }, "PrivateIpAddress": private_ip(name),
        "PlatformDetails": "Linux/UNIX",
        "MetadataOptions": { "State": "applied", "HttpTokens": "required", "HttpEndpoint": "enabled",
            "HttpPutResponseHopLimit": 1, "HttpProtocolIpv6": "disabled", "InstanceMetadataTags": "disabled" },
        "Placement": { "AvailabilityZone": "us-east-1a", "Tenancy": "default" }, "LaunchTime": "2024-03-01T10:35:07Z",
    }))
}

fn security_group(name: &str, permissions: &Value) -> Draft {
    let id = format!("sg-{:017x}", number(&format!("aws {name}")));
    Draft::new(AWS, US_EAST, "aws/ec2/security_group", &id, name).fact("list", json!({
        "GroupId": id, "GroupName": name, "Description": name, "OwnerId": AWS.id, "VpcId": "vpc-0a1b2c3d4e5f60718",
        "IpPermissions": permissions, "IpPermissionsEgress": [],
    }))
}

fn rule(port: u16, v4: &str, v6: Option<&str>) -> Value {
    let v6: Vec<Value> = v6
        .into_iter()
        .map(|cidr| json!({ "CidrIpv6": cidr }))
        .collect();
    json!({
        "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{ "CidrIp": v4 }], "Ipv6Ranges": v6,
        "PrefixListIds": [], "UserIdGroupPairs": [],
    })
}
