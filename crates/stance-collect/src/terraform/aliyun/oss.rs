//! `alicloud_oss_bucket` with its parts, and the account-wide block of public access.
//!
//! The older attributes of the bucket (`acl`, `policy`, `logging`, …) are read back from the service, so that a state
//! has them even where nothing was configured. A resource of its own (`alicloud_oss_bucket_acl`, …) is newer and wins.

use serde_json::{Value, json};

use super::oss_parts as parts;
use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::Estate;
use crate::terraform::resource::{Read, Resource};

/// `aliyun/oss/bucket`.
pub(in crate::terraform) fn bucket(estate: &Estate, bucket: &Resource) -> Draft {
    let policy = parts::policy(estate, bucket);
    let names_someone = policy.as_ref().is_ok_and(parts::names_someone);
    let location = bucket.identity("location");
    let mut draft = Draft::new("aliyun/oss/bucket", bucket)
        .id(bucket, "bucket")
        .name(bucket, &["bucket"])
        .account(bucket.identity("owner"))
        .region(location.and_then(|l| l.strip_prefix("oss-").map(str::to_owned)))
        .call("list", list(bucket))
        .call("info", info(estate, bucket))
        .call(
            "policy_status",
            policy
                .clone()
                .and_then(|p| parts::policy_status(bucket, &p)),
        )
        .call("policy", policy)
        .call(
            "public_access_block",
            parts::public_access_block(estate, bucket),
        )
        .call("logging", parts::logging(estate, bucket))
        .call("replication", parts::replication(estate, bucket))
        .call("encryption", parts::encryption(estate, bucket))
        .call("referer", parts::referer(estate, bucket))
        .call("versioning", parts::versioning(estate, bucket));
    if names_someone {
        draft.needs_account.push((
            "policy",
            "the policy names accounts, and the file does not say which is its own",
        ));
    }
    draft
}

fn list(bucket: &Resource) -> Read<Value> {
    let item = bucket.item();
    Fields::new()
        .put("Name", item.text("bucket"))
        .put("Location", item.text("location"))
        .put("CreationDate", item.text("creation_date"))
        .put("StorageClass", item.text("storage_class"))
        .done()
}

fn info(estate: &Estate, bucket: &Resource) -> Read<Value> {
    let item = bucket.item();
    Fields::new()
        .put("Name", item.text("bucket"))
        .put("Location", item.text("location"))
        .put("StorageClass", item.text("storage_class"))
        .put("DataRedundancyType", item.text_if_any("redundancy_type"))
        .set(
            "AccessControlList",
            json!({ "Grant": parts::acl(estate, bucket)? }),
        )
        .done()
}

/// `aliyun/oss/account`: one per account, with the account's id.
pub(in crate::terraform) fn account(_: &Estate, block: &Resource) -> Draft {
    let flag = block.item().need_flag("block_public_access");
    let mut draft = Draft::new("aliyun/oss/account", block)
        .region(Some("global".to_owned()))
        .call(
            "public_access_block",
            flag.map(|on| json!({ "BlockPublicAccess": on })),
        );
    draft.is_account = true;
    draft
}
