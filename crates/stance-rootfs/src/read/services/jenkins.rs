//! Jenkins' own `config.xml`.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{self, Doc, Files};
use super::format::xml::{self, Element};
use crate::root::{Place, Root};

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "var/jenkins_home/config.xml",
    "var/lib/jenkins/config.xml",
    "**/.jenkins/config.xml",
];

/// Reads every installation of the tree.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let mut instances = Vec::new();
    for doc in files.named("config.xml")? {
        let elements = xml::elements(&doc.text).map_err(|why| files::malformed(&doc, &why))?;
        if elements.first().is_some_and(|first| first.name == "hudson") {
            instances.push(instance(&doc, &elements));
        }
    }
    if instances.is_empty() {
        return Ok(None);
    }
    Ok(Some(object!({ "instances": instances })))
}

fn instance(doc: &Doc<'_>, elements: &[Element]) -> Value {
    let top = |name: &str| {
        elements
            .iter()
            .find(|e| e.name == name && e.parent == Some(0))
    };
    let inner = |name: &str| elements.iter().find(|e| e.name == name);
    let at = |element: Option<&Element>, name: &str| -> Place {
        match element {
            Some(e) => doc.at(
                e.line,
                format!("<{name}> {} {}", e.get("class").unwrap_or_default(), e.text),
            ),
            None => doc.at(0, format!("<{name}> is not there")),
        }
    };
    let class = |name: &str| top(name).and_then(|e| e.get("class")).unwrap_or_default();
    let is = |name: &str, value: &str| inner(name).is_some_and(|e| e.text == value);
    let strategy = class("authorizationStrategy");
    object!({
        "path": doc.path(),
        "security": top("useSecurity").is_none_or(|e| e.text != "false"),
        "security_at": at(top("useSecurity"), "useSecurity"),
        "anyone": strategy.is_empty() || strategy.ends_with("$Unsecured"),
        "anonymous_read": strategy.ends_with("FullControlOnceLoggedInAuthorizationStrategy") && !is("denyAnonymousReadAccess", "true"),
        "strategy_at": at(top("authorizationStrategy"), "authorizationStrategy"),
        "signup": class("securityRealm").ends_with("HudsonPrivateSecurityRealm") && is("disableSignup", "false"),
        "realm_at": at(inner("disableSignup").or_else(|| top("securityRealm")), "securityRealm"),
        "crumbs": top("crumbIssuer").is_some(),
        "crumbs_at": at(top("crumbIssuer"), "crumbIssuer"),
    })
}
