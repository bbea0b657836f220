//! What each call says of an OSS bucket.

use serde_json::{Value, json};

use crate::terraform::draft::{Fields, part};
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

/// The part in a resource of its own, if there is one.
fn own<'e>(estate: &'e Estate, bucket: &Resource, kind: &'static str) -> Read<Option<Item<'e>>> {
    Ok(estate.the_one(bucket, link(kind))?.map(Resource::item))
}

/// The access list: `private` for a bucket that is created without one (PutBucket, header `x-oss-acl`).
pub(super) fn acl(estate: &Estate, bucket: &Resource) -> Read<String> {
    if let Some(acl) = own(estate, bucket, "alicloud_oss_bucket_acl")? {
        return acl.need("acl");
    }
    if bucket.is_left_to_default("acl") {
        return Ok("private".to_owned());
    }
    bucket.item().need("acl")
}

/// The policy as an object; null where there is none.
pub(super) fn policy(estate: &Estate, bucket: &Resource) -> Read<Value> {
    let own = own(estate, bucket, "alicloud_oss_bucket_policy")?;
    let document = match own {
        Some(policy) => policy.json_if_any("policy")?,
        None => {
            bucket.item().value("policy")?;
            bucket.item().json_if_any("policy")?
        }
    };
    Ok(document.unwrap_or(Value::Null))
}

fn statements(policy: &Value) -> impl Iterator<Item = &Value> {
    policy
        .get("Statement")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn allows(statement: &Value) -> bool {
    statement.get("Effect").and_then(Value::as_str) != Some("Deny")
}

/// Whether a statement admits someone by name, so that it matters which account is one's own.
pub(super) fn names_someone(policy: &Value) -> bool {
    let anyone = [json!("*"), json!(["*"])];
    statements(policy)
        .filter(|statement| allows(statement))
        .any(|s| {
            s.get("Principal")
                .is_some_and(|principal| !anyone.contains(principal))
        })
}

/// Whether the policy makes the bucket public. OSS decides that, except where the policy admits nobody.
pub(super) fn policy_status(bucket: &Resource, policy: &Value) -> Read<Value> {
    if policy.is_null() {
        return Ok(Value::Null);
    }
    if policy.get("Statement").is_some_and(Value::is_array) && !statements(policy).any(allows) {
        return Ok(json!({ "IsPublic": false }));
    }
    Err(bucket.item().gap(
        "policy",
        "admits somebody; whether that is public is for OSS to say",
    ))
}

/// The block of public access. The default of new buckets has changed, so that none stands in.
pub(super) fn public_access_block(estate: &Estate, bucket: &Resource) -> Read<Value> {
    let own = own(estate, bucket, "alicloud_oss_bucket_public_access_block")?;
    let none = || {
        bucket
            .item()
            .gap("public access block", "is in no resource of the file")
    };
    let on = own.ok_or_else(none)?.need_flag("block_public_access")?;
    Ok(json!({ "BlockPublicAccess": on }))
}

/// Access logging.
pub(super) fn logging(estate: &Estate, bucket: &Resource) -> Read<Value> {
    let target = match own(estate, bucket, "alicloud_oss_bucket_logging")? {
        Some(logging) => Some(logging),
        None => bucket.item().all_blocks("logging")?.into_iter().next(),
    };
    let Some(target) = target else {
        return Ok(json!({}));
    };
    let enabled = Fields::new()
        .set("TargetBucket", target.need("target_bucket")?)
        .put("TargetPrefix", target.text_if_any("target_prefix"));
    Fields::new().set("LoggingEnabled", enabled.value()).done()
}

/// Replication rules; they are only ever in resources of their own.
pub(super) fn replication(estate: &Estate, bucket: &Resource) -> Read<Value> {
    let Some(rule) = part(estate, bucket, link("alicloud_oss_bucket_replication"))? else {
        return Ok(Value::Null);
    };
    let rule = rule.item();
    let destinations = rule.blocks("destination")?;
    let destination = destinations
        .first()
        .ok_or_else(|| rule.gap("destination", "is not set"))?;
    let destination = Fields::new()
        .put("Bucket", destination.text("bucket"))
        .put("Location", destination.text("location"));
    let rule = Fields::new()
        .put("ID", rule.text_if_any("rule_id"))
        .put("Status", rule.text("status"))
        .set("Destination", destination.value());
    Ok(json!({ "Rule": [rule.value()] }))
}

/// Default encryption; null where there is none.
pub(super) fn encryption(estate: &Estate, bucket: &Resource) -> Read<Value> {
    let rule = match own(estate, bucket, "alicloud_oss_bucket_server_side_encryption")? {
        Some(rule) => Some(rule),
        None => bucket
            .item()
            .all_blocks("server_side_encryption_rule")?
            .into_iter()
            .next(),
    };
    let Some(rule) = rule else {
        return Ok(Value::Null);
    };
    let by_default = Fields::new()
        .set("SSEAlgorithm", rule.need("sse_algorithm")?)
        .put("KMSMasterKeyID", rule.text_if_any("kms_master_key_id"));
    Fields::new()
        .set("ApplyServerSideEncryptionByDefault", by_default.value())
        .done()
}

/// Hotlink protection. The older block says `referers` and `allow_empty`, the resource `referer_list` and
/// `allow_empty_referer`. Without either, OSS admits every referer, the empty one included (PutBucketReferer).
pub(super) fn referer(estate: &Estate, bucket: &Resource) -> Read<Value> {
    if let Some(own) = own(estate, bucket, "alicloud_oss_bucket_referer")? {
        return Ok(hotlink_protection(
            own.need_flag("allow_empty_referer")?,
            &own.texts("referer_list")?,
        ));
    }
    match bucket.item().all_blocks("referer_config")?.first() {
        Some(block) => Ok(hotlink_protection(
            block.flag("allow_empty")?.unwrap_or(false),
            &block.texts("referers")?,
        )),
        None => Ok(hotlink_protection(true, &[])),
    }
}

fn hotlink_protection(allow_empty: bool, list: &[String]) -> Value {
    json!({ "AllowEmptyReferer": allow_empty, "RefererList": { "Referer": list } })
}

/// Versioning; an empty answer while it has never been switched on.
pub(super) fn versioning(estate: &Estate, bucket: &Resource) -> Read<Value> {
    let status = match own(estate, bucket, "alicloud_oss_bucket_versioning")? {
        Some(own) => own.text("status")?,
        None => match bucket.item().all_blocks("versioning")?.first() {
            Some(block) => block.text("status")?,
            None => None,
        },
    };
    Fields::new().put("Status", Ok(status)).done()
}
