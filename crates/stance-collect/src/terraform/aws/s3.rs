//! `aws_s3_bucket` with its access list, policy and public access block, and the account's block.
//!
//! The bucket's older attributes (`grant`, `policy`) are read back from the service, so that a state has them even where
//! nothing was configured. A resource of its own is newer and wins.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::resource::{Item, Read, Resource};

/// A resource that belongs to a bucket.
fn link(kind: &'static str) -> Link {
    Link {
        kind,
        by: "bucket",
        to: &["bucket", "id"],
    }
}

/// `aws/s3/bucket`.
pub(in crate::terraform) fn bucket(estate: &Estate, bucket: &Resource) -> Draft {
    let list = Fields::new().put("Name", bucket.item().text("bucket"));
    Draft::new("aws/s3/bucket", bucket)
        .id(bucket, "bucket")
        .name(bucket, &["bucket"])
        .region(bucket.identity("region"))
        .call("list", list.done())
        .call("policy_status", policy_status(estate, bucket))
        .call("acl", acl(estate, bucket))
        .call("public_access_block", public_access_block(estate, bucket))
        .call("account_public_access_block", account_block(estate, bucket))
}

/// Whether the policy is public, where that is beyond doubt; AWS decides on policies with conditions or wildcards.
fn policy_status(estate: &Estate, bucket: &Resource) -> Read<Value> {
    let Some(policy) = policy(estate, bucket)? else {
        return Ok(Value::Null);
    };
    let statements = match policy.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(single) => vec![single],
        None => Vec::new(),
    };
    let doubtful = || {
        bucket
            .item()
            .gap("policy", "is public or not as AWS judges its conditions")
    };
    let allows = statements
        .into_iter()
        .filter(|s| s.get("Effect") != Some(&json!("Deny")));
    let mut public = false;
    let mut unclear = false;
    for statement in allows {
        match openness(statement) {
            Some(open) => public |= open,
            None => unclear = true,
        }
    }
    if unclear && !public {
        return Err(doubtful());
    }
    Ok(json!({ "PolicyStatus": { "IsPublic": public } }))
}

/// Whether a statement admits anyone (without a condition), or only principals that it names ("The meaning of public" in
/// the user guide of S3).
fn openness(statement: &Value) -> Option<bool> {
    let principal = statement.get("Principal")?;
    if !principal.to_string().contains('*') {
        return Some(false);
    }
    let anyone = [json!("*"), json!({ "AWS": "*" }), json!({ "AWS": ["*"] })];
    (anyone.contains(principal) && statement.get("Condition").is_none()).then_some(true)
}

fn policy(estate: &Estate, bucket: &Resource) -> Read<Option<Value>> {
    if let Some(own) = estate.the_one(bucket, link("aws_s3_bucket_policy"))? {
        return own.item().json_if_any("policy");
    }
    // A new bucket has no policy.
    if bucket.is_left_to_default("policy") {
        return Ok(None);
    }
    bucket.item().value("policy")?;
    bucket.item().json_if_any("policy")
}

/// The access list: of the resource of its own, else of the bucket.
fn acl(estate: &Estate, bucket: &Resource) -> Read<Value> {
    if let Some(own) = estate.the_one(bucket, link("aws_s3_bucket_acl"))? {
        return match own.item().text("acl")? {
            Some(canned) => canned_grants(&own.item(), &canned),
            None => policy_grants(&own.item()),
        };
    }
    match bucket.item().text_if_any("acl")? {
        Some(canned) => canned_grants(&bucket.item(), &canned),
        None => read_grants(&bucket.item()),
    }
}

/// What a canned list grants to others than owners ("Canned ACL" in the user guide of S3).
fn canned_grants(item: &Item<'_>, canned: &str) -> Read<Value> {
    let group = |name: &str, permission: &str| {
        let uri = format!("http://acs.amazonaws.com/groups/global/{name}");
        json!({ "Permission": permission, "Grantee": { "Type": "Group", "URI": uri } })
    };
    let grants = match canned {
        "private" | "bucket-owner-read" | "bucket-owner-full-control" | "log-delivery-write" => {
            vec![]
        }
        "public-read" => vec![group("AllUsers", "READ")],
        "public-read-write" => vec![group("AllUsers", "READ"), group("AllUsers", "WRITE")],
        "authenticated-read" => vec![group("AuthenticatedUsers", "READ")],
        _ => return Err(item.gap("acl", "is a canned list that is not known")),
    };
    Ok(json!({ "Grants": grants }))
}

/// The grants of `access_control_policy`.
fn policy_grants(item: &Item<'_>) -> Read<Value> {
    let mut grants = Vec::new();
    for policy in item.all_blocks("access_control_policy")? {
        for grant in policy.blocks("grant")? {
            let permission = grant.need("permission")?;
            for grantee in grant.blocks("grantee")? {
                grants.push(self::grant(&permission, &grantee)?);
            }
        }
    }
    Ok(json!({ "Grants": grants }))
}

/// The grants that the bucket itself has.
fn read_grants(item: &Item<'_>) -> Read<Value> {
    let mut grants = Vec::new();
    for grant in item.all_blocks("grant")? {
        for permission in grant.texts("permissions")? {
            grants.push(self::grant(&permission, &grant)?);
        }
    }
    Ok(json!({ "Grants": grants }))
}

fn grant(permission: &str, grantee: &Item<'_>) -> Read<Value> {
    let who = Fields::new()
        .put("Type", grantee.text("type"))
        .put("ID", Ok(grantee.text("id")?))
        .put("URI", Ok(grantee.text("uri")?));
    Ok(json!({ "Permission": permission, "Grantee": who.value() }))
}

/// The block of public access of the bucket; what is not set is false (aws_s3_bucket_public_access_block, argument
/// reference). Of a bucket without one nothing is said: whether it has the block of new buckets depends on its age.
fn public_access_block(estate: &Estate, bucket: &Resource) -> Read<Value> {
    let found = estate.the_one(bucket, link("aws_s3_bucket_public_access_block"))?;
    let none = || {
        bucket
            .item()
            .gap("public access block", "is in no resource of the file")
    };
    block(&found.ok_or_else(none)?.item())
}

/// The block of the account, where the file manages just one, by the provider configuration of the bucket.
fn account_block(estate: &Estate, bucket: &Resource) -> Read<Value> {
    let mut blocks = estate
        .of("aws_s3_account_public_access_block")
        .map(|(_, block)| block);
    match (blocks.next(), blocks.next()) {
        (Some(one), None) if one.provider == bucket.provider => block(&one.item()),
        _ => Err(bucket.item().gap(
            "account's public access block",
            "is in no resource of the file",
        )),
    }
}

fn block(item: &Item<'_>) -> Read<Value> {
    let flag =
        |name: &str| Ok::<_, crate::terraform::resource::Gap>(item.flag(name)?.unwrap_or(false));
    Ok(json!({ "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": flag("block_public_acls")?,
        "IgnorePublicAcls": flag("ignore_public_acls")?,
        "BlockPublicPolicy": flag("block_public_policy")?,
        "RestrictPublicBuckets": flag("restrict_public_buckets")?,
    } }))
}
