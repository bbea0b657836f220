//! What software is made of and runs on: code repositories, image repositories and Kubernetes clusters.

mod clusters;
mod code;

use serde_json::{Value, json};
use stance_model::{CoverageStatus, ReasonKind};

use super::{Account, DEV, Draft, Estate, PROD, REGIONS, denied, reason, token};

const ENTERPRISE_TYPE: &str = "aliyun/acr/repository";
const PERSONAL_TYPE: &str = "aliyun/acr/personal_repository";

pub(crate) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(account, &REGIONS, &[ENTERPRISE_TYPE]);
    }
    personal_edition(estate);
    for (account, region, namespace, name, newest) in REPOSITORIES {
        estate.asset(repository(account, region, namespace, name, newest));
    }
    clusters::add(estate);
    code::add(estate);
}

/// Neither account ever registered with the Personal Edition.
fn personal_edition(estate: &mut Estate) {
    for account in [PROD, DEV] {
        for region in REGIONS {
            let unregistered = reason(ReasonKind::NotActivated, "USER_NOT_EXIST");
            let status = CoverageStatus::NotActivated;
            estate.cover(account, region, PERSONAL_TYPE, status, Some(unregistered));
        }
    }
}

/// The push time of an image that is recent on any day, milliseconds.
const FRESH_PUSH: u64 = 4_073_068_800_000;

/// The push time of an image that is old on any day, milliseconds.
const OLD_PUSH: u64 = 1_704_067_200_000;

/// How the newest image of a repository stands.
#[derive(Clone, Copy)]
enum Newest {
    Scanned,
    Unscanned,
    Old,
    Denied,
}

/// The repositories of the Enterprise Edition: region, namespace, name, newest image. The instance in
/// cn-hangzhou scans the namespace `shop` by itself; the others have no rule.
const REPOSITORIES: [(Account, &str, &str, &str, Newest); 12] = [
    (PROD, "cn-hangzhou", "shop", "web", Newest::Scanned),
    (PROD, "cn-hangzhou", "shop", "checkout", Newest::Scanned),
    (PROD, "cn-hangzhou", "shop", "search", Newest::Unscanned),
    (PROD, "cn-hangzhou", "shop", "recommend", Newest::Old),
    (PROD, "cn-hangzhou", "infra", "base-images", Newest::Scanned),
    (PROD, "cn-hangzhou", "infra", "log-shipper", Newest::Old),
    (PROD, "cn-shanghai", "shop", "web", Newest::Scanned),
    (PROD, "cn-shanghai", "shop", "checkout", Newest::Unscanned),
    (PROD, "ap-southeast-1", "shop-sg", "web", Newest::Scanned),
    (DEV, "cn-hangzhou", "lab", "playground", Newest::Old),
    (DEV, "cn-hangzhou", "lab", "checkout", Newest::Denied),
    (DEV, "cn-hangzhou", "lab", "web", Newest::Scanned),
];

fn repository(
    account: Account,
    region: &str,
    namespace: &str,
    name: &str,
    newest: Newest,
) -> Draft {
    let full = format!("{namespace}/{name}");
    let id = format!(
        "crr-{}",
        token(&format!("{} {region} {full}", account.name), 16)
    );
    let draft = Draft::new(account, region, ENTERPRISE_TYPE, &id, &full)
        .fact("list", json!({
            "InstanceId": instance(account, region), "RepoId": id, "RepoNamespaceName": namespace, "RepoName": name,
            "RepoType": "PRIVATE", "RepoStatus": "NORMAL", "RepoBuildType": "MANUAL",
            "TagImmutability": namespace == "infra", "Summary": "", "CreateTime": 1_680_000_000_000_u64,
            "ModifiedTime": 1_704_000_000_000_u64, "ResourceGroupId": "rg-acfmshopdefault",
        }))
        .fact("scan_rules", scan_rules(account, region));
    with_images(draft, newest)
}

fn instance(account: Account, region: &str) -> String {
    format!(
        "cri-{}",
        token(&format!("{} {region} registry", account.name), 16)
    )
}

fn scan_rules(account: Account, region: &str) -> Value {
    let rule = |id: &str, trigger: &str, kind: &str, namespace: &str| {
        json!({
            "ScanRuleId": id, "RuleName": id, "TriggerType": trigger, "ScanScope": "NAMESPACE", "ScanType": kind,
            "Namespaces": [namespace], "RepoNames": [], "RepoTagFilterPattern": ".*",
            "CreateTime": 1_690_000_000_000_u64, "UpdateTime": 1_690_000_000_000_u64,
        })
    };
    let rules = match (account, region) {
        (PROD, "cn-hangzhou") => vec![
            rule("crscnr-shop-auto", "AUTO", "VUL", "shop"),
            rule("crscnr-infra-by-hand", "MANUAL", "VUL", "infra"),
        ],
        (PROD, "cn-shanghai") => vec![rule("crscnr-shop-contents", "AUTO", "SBOM", "shop")],
        _ => vec![],
    };
    json!({ "ScanRules": rules, "TotalCount": rules.len() })
}

fn with_images(draft: Draft, newest: Newest) -> Draft {
    let (pushed, scan) = match newest {
        Newest::Scanned => (FRESH_PUSH, json!("COMPLETE")),
        Newest::Unscanned => (FRESH_PUSH, json!("FAILED")),
        Newest::Old => (OLD_PUSH, json!("COMPLETE")),
        Newest::Denied => {
            let draft = draft.unknown("tags", denied("NO_PERMISSION"));
            return draft.unknown("scan_status", denied("NO_PERMISSION"));
        }
    };
    let images = json!([image("v2", pushed), image("v1", OLD_PUSH - 86_400_000)]);
    draft
        .fact("tags", json!({ "Images": images, "TotalCount": "2" }))
        .fact("scan_status", json!({ "v2": { "Status": scan } }))
}

fn image(tag: &str, pushed: u64) -> Value {
    let digest = format!(
        "{}{}",
        token(&format!("{tag} {pushed}"), 32),
        token(&format!("{pushed} {tag}"), 32)
    );
    json!({
        "Tag": tag, "ImageUpdate": pushed.to_string(), "ImageCreate": pushed.to_string(), "Digest": digest,
        "ImageId": digest, "ImageSize": 48_123_904, "Status": "NORMAL",
    })
}
