//! Bucket policies.

use serde_json::{Value, json};

use crate::estate::{Account, DEV, PROD};

/// The kinds of policy that the shop's buckets have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    /// No policy.
    None,
    /// Plain HTTP is denied; the healthy one.
    HttpsOnly,
    /// Everybody may read.
    Everybody,
    /// Everybody may read whose address is one of every address: a condition that restricts nothing.
    Wide,
    /// Everybody may read, from the office.
    Office,
    /// The other account of the shop may do everything.
    Partner,
}

impl Policy {
    /// The document that `GetBucketPolicy` answers for a bucket; `null` without a policy.
    pub(super) fn document(self, account: Account, bucket: &str) -> Value {
        let statements = match self {
            Self::None => return Value::Null,
            Self::HttpsOnly => vec![deny_http(bucket)],
            Self::Everybody => vec![allow_read(account, bucket, json!({})), deny_http(bucket)],
            Self::Wide => vec![allow_read(account, bucket, from(&["0.0.0.0/0", "::/0"]))],
            Self::Office => vec![
                allow_read(account, bucket, from(&["203.0.113.0/26"])),
                deny_http(bucket),
            ],
            Self::Partner => vec![allow_all(account, bucket), deny_http(bucket)],
        };
        json!({"Version": "1", "Statement": statements})
    }

    /// What `GetBucketPolicyStatus` says of it; `null` without a policy.
    pub(super) fn status(self) -> Value {
        match self {
            Self::None => Value::Null,
            Self::Everybody | Self::Wide => json!({"IsPublic": true}),
            Self::HttpsOnly | Self::Office | Self::Partner => json!({"IsPublic": false}),
        }
    }
}

fn from(addresses: &[&str]) -> Value {
    json!({"IpAddress": {"acs:SourceIp": addresses}})
}

fn deny_http(bucket: &str) -> Value {
    json!({
        "Effect": "Deny",
        "Principal": ["*"],
        "Action": ["oss:*"],
        "Resource": [format!("acs:oss:*:*:{bucket}"), format!("acs:oss:*:*:{bucket}/*")],
        "Condition": {"Bool": {"acs:SecureTransport": ["false"]}},
    })
}

/// Everybody may read, under a condition; the empty object stands for none.
fn allow_read(account: Account, bucket: &str, condition: Value) -> Value {
    let mut statement = json!({
        "Effect": "Allow",
        "Principal": ["*"],
        "Action": ["oss:GetObject"],
        "Resource": [format!("acs:oss:*:{}:{bucket}/*", account.id)],
    });
    if let (Some(statement), Some(true)) = (
        statement.as_object_mut(),
        condition.as_object().map(|it| !it.is_empty()),
    ) {
        statement.insert("Condition".to_owned(), condition);
    }
    statement
}

fn allow_all(account: Account, bucket: &str) -> Value {
    let partner = if account == PROD { DEV.id } else { PROD.id };
    json!({
        "Effect": "Allow",
        "Principal": [partner],
        "Action": ["oss:*"],
        "Resource": [format!("acs:oss:*:{}:{bucket}", account.id), format!("acs:oss:*:{}:{bucket}/*", account.id)],
    })
}
