//! One bucket and what its calls answer.

use serde_json::{Value, json};

use super::Quirk::{
    CrrClosing, CrrHere, CrrOff, Denied, Has, LogOff, Readable, RefererEmpty, RefererOff, SseKms,
    Unblocked, VersioningOff, VersioningSuspended, Writable,
};
use super::{BUCKET, Policy, Quirk};
use crate::estate::{Account, Draft, PROD, denied, number};

/// A bucket of the table.
pub(super) struct Bucket {
    pub(super) account: Account,
    pub(super) region: &'static str,
    pub(super) name: &'static str,
    pub(super) quirks: &'static [Quirk],
}

impl Bucket {
    /// The asset with what its calls answered.
    pub(super) fn draft(&self) -> Draft {
        let env = if self.account == PROD { "prod" } else { "dev" };
        let draft =
            Draft::new(self.account, self.region, BUCKET, self.name, self.name).tag("env", env);
        self.answers()
            .into_iter()
            .fold(draft, |draft, (call, answer)| {
                if self.has(Denied(call)) {
                    draft.unknown(call, denied("AccessDenied"))
                } else {
                    draft.fact(call, answer)
                }
            })
    }

    fn answers(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("list", self.list()),
            ("info", self.info()),
            ("policy", self.policy().document(self.account, self.name)),
            ("policy_status", self.policy().status()),
            (
                "public_access_block",
                json!({"BlockPublicAccess": !self.has(Unblocked)}),
            ),
            ("logging", self.logging()),
            ("replication", self.replication()),
            ("encryption", self.encryption()),
            ("referer", self.referer()),
            ("versioning", self.versioning()),
        ]
    }

    fn has(&self, quirk: Quirk) -> bool {
        self.quirks.contains(&quirk)
    }

    fn policy(&self) -> Policy {
        let other = self.quirks.iter().find_map(|quirk| {
            if let Has(policy) = quirk {
                Some(*policy)
            } else {
                None
            }
        });
        other.unwrap_or(Policy::HttpsOnly)
    }

    fn location(&self) -> String {
        format!("oss-{}", self.region)
    }

    fn created(&self) -> String {
        let bits = number(&format!("{} created", self.name));
        format!(
            "{}-{:02}-{:02}T08:20:09.000Z",
            2019 + bits % 6,
            1 + (bits >> 8) % 12,
            1 + (bits >> 16) % 28
        )
    }

    fn grant(&self) -> &'static str {
        match (self.has(Readable), self.has(Writable)) {
            (true, _) => "public-read",
            (_, true) => "public-read-write",
            _ => "private",
        }
    }

    /// The healthy log target: the account's log bucket in the region, or in cn-hangzhou.
    fn log_bucket(&self) -> String {
        if self.account == PROD && self.region == "ap-southeast-1" {
            return "shop-prod-sea-logs".to_owned();
        }
        if self.account == PROD {
            "shop-prod-logs".to_owned()
        } else {
            "shop-dev-artifacts".to_owned()
        }
    }

    fn list(&self) -> Value {
        json!({
            "Name": self.name,
            "Location": self.location(),
            "Region": self.region,
            "CreationDate": self.created(),
            "ExtranetEndpoint": format!("{}.aliyuncs.com", self.location()),
            "IntranetEndpoint": format!("{}-internal.aliyuncs.com", self.location()),
            "StorageClass": "Standard",
            "ResourceGroupId": "rg-acfmyiu4ekpshop",
        })
    }

    fn info(&self) -> Value {
        let logs = if self.has(LogOff) {
            String::new()
        } else {
            self.log_bucket()
        };
        let prefix = if self.has(LogOff) {
            String::new()
        } else {
            format!("oss/{}/", self.name)
        };
        let mut info = json!({
            "Name": self.name,
            "Location": self.location(),
            "CreationDate": self.created(),
            "ExtranetEndpoint": format!("{}.aliyuncs.com", self.location()),
            "IntranetEndpoint": format!("{}-internal.aliyuncs.com", self.location()),
            "StorageClass": "Standard",
            "DataRedundancyType": "ZRS",
            "AccessMonitor": "Disabled",
            "TransferAcceleration": "Disabled",
            "CrossRegionReplication": if self.has(CrrOff) || self.has(CrrHere) { "Disabled" } else { "Enabled" },
            "Owner": {"ID": self.account.id, "DisplayName": self.account.id},
            "ResourceGroupId": "rg-acfmyiu4ekpshop",
            "AccessControlList": {"Grant": self.grant()},
            "ServerSideEncryptionRule": self.encryption_rule(),
            "BucketPolicy": {"LogBucket": logs, "LogPrefix": prefix},
            "BlockPublicAccess": !self.has(Unblocked),
            "Comment": "",
        });
        if let (Some(info), Some(status)) = (info.as_object_mut(), self.versioning().get("Status"))
        {
            info.insert("Versioning".to_owned(), status.clone());
        }
        info
    }

    fn logging(&self) -> Value {
        if self.has(LogOff) {
            return json!({});
        }
        json!({"LoggingEnabled": {"TargetBucket": self.log_bucket(), "TargetPrefix": format!("oss/{}/", self.name)}})
    }

    fn replication(&self) -> Value {
        if self.has(CrrOff) {
            return Value::Null;
        }
        let elsewhere = if self.region == "cn-beijing" {
            "oss-cn-shanghai"
        } else {
            "oss-cn-beijing"
        };
        let location = if self.has(CrrHere) {
            self.location()
        } else {
            elsewhere.to_owned()
        };
        let rule = json!({
            "ID": format!("{}-copy", self.name),
            "Action": "ALL",
            "Destination": {"Bucket": format!("{}-copy", self.name), "Location": location, "TransferType": "internal"},
            "Status": if self.has(CrrClosing) { "closing" } else { "doing" },
            "HistoricalObjectReplication": "enabled",
            "SyncRole": "AliyunOSSReplicationRole",
        });
        json!({"Rule": [rule]})
    }

    fn encryption_rule(&self) -> Value {
        if self.has(SseKms) {
            return json!({"SSEAlgorithm": "KMS", "KMSMasterKeyID": "9468da86-3509-4f8d-a61e-6eab1eac5503"});
        }
        json!({"SSEAlgorithm": "AES256"})
    }

    fn encryption(&self) -> Value {
        json!({"ApplyServerSideEncryptionByDefault": self.encryption_rule()})
    }

    fn referer(&self) -> Value {
        let sites = ["https://*.shop.example", "http://localhost:*"];
        let list = if self.has(RefererOff) {
            json!({})
        } else {
            json!({"Referer": sites})
        };
        json!({
            "AllowEmptyReferer": self.has(RefererOff) || self.has(RefererEmpty),
            "AllowTruncateQueryString": true,
            "TruncatePath": false,
            "RefererList": list,
            "RefererBlacklist": {},
        })
    }

    fn versioning(&self) -> Value {
        match (self.has(VersioningOff), self.has(VersioningSuspended)) {
            (true, _) => json!({}),
            (_, true) => json!({"Status": "Suspended"}),
            _ => json!({"Status": "Enabled"}),
        }
    }
}
