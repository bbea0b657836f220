//! The kubelet's `KubeletConfiguration`.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{Doc, Files};
use super::flat;
use super::setting::{Settings, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "var/lib/kubelet/config.yaml",
    "etc/kubernetes/kubelet*.yaml",
    "etc/kubernetes/kubelet/kubelet-config.json",
    "etc/kubernetes/kubelet/*.yaml",
];

/// What holds without a word in a configuration file, as its API (v1beta1) says.
const DEFAULTS: &[(&str, &str)] = &[
    ("authentication.anonymous.enabled", "false"),
    ("authentication.webhook.enabled", "true"),
    ("authorization.mode", "Webhook"),
    ("makeIPTablesUtilChains", "true"),
    ("protectKernelDefaults", "false"),
    ("readOnlyPort", "0"),
    ("rotateCertificates", "false"),
    ("serverTLSBootstrap", "false"),
    ("streamingConnectionIdleTimeout", "4h"),
];

/// Reads every configuration of the tree.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let mut settings = Settings::default();
    for pattern in WANTS {
        for doc in files.glob(pattern)? {
            file(&doc, &mut settings)?;
        }
    }
    if settings.list().is_empty() {
        return Ok(None);
    }
    Ok(Some(object!({ "options": json(settings.list())? })))
}

fn file(doc: &Doc<'_>, settings: &mut Settings) -> Result<(), Reason> {
    let leaves = flat::yaml(doc)?;
    let kind = leaves.iter().find(|leaf| leaf.path == "kind");
    if kind.is_none_or(|leaf| leaf.value != "KubeletConfiguration") {
        return Ok(());
    }
    let path = doc.path();
    flat::leaves(doc, leaves, &[], &path, settings)?;
    settings.defaults(doc, &path, DEFAULTS)
}
