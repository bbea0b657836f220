//! Tomcat: `server.xml`, `tomcat-users.xml` and `web.xml` of every instance in the tree.

mod server;
mod users;

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{self, Doc, Files};
use super::format::xml::{self, Element};
use super::setting::{Setting, Settings, Written, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &["**/conf/*.xml", "etc/tomcat*/*.xml"];

/// Attributes whose values are secrets.
const SECRETS: &[&str] = &[
    "certificateKeyPassword",
    "certificateKeystorePassword",
    "connectionPassword",
    "keyPass",
    "keystorePass",
    "password",
    "requiredSecret",
    "secret",
    "truststorePass",
    "truststorePassword",
];
/// Elements whose attributes are kept.
const KEPT: &[&str] = &[
    "Connector",
    "Context",
    "Engine",
    "Host",
    "Realm",
    "SSLHostConfig",
    "Server",
    "Valve",
];

/// Reads every instance of the tree.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let (mut settings, mut instances) = (Settings::default(), Vec::new());
    let (mut connectors, mut users) = (Vec::new(), Vec::new());
    for doc in files.named("server.xml")? {
        let elements = parse(&doc)?;
        if elements.first().is_none_or(|first| first.name != "Server") {
            continue;
        }
        let path = doc.path();
        attributes(&doc, &elements, &path, &mut settings)?;
        connectors.extend(server::connectors(&doc, &elements));
        instances.push(server::instance(&doc, &elements));
        let dir = files::folder_of(&path).to_owned();
        if let Some(doc) = files.open(&format!("{dir}/tomcat-users.xml"))? {
            users.extend(users::users(&doc, &parse(&doc)?));
        }
        if let Some(doc) = files.open(&format!("{dir}/web.xml"))? {
            parameters(&doc, &parse(&doc)?, &mut settings)?;
        }
    }
    if instances.is_empty() {
        return Ok(None);
    }
    Ok(Some(object!({
        "options": json(settings.list())?,
        "instances": instances,
        "connectors": connectors,
        "users": users,
    })))
}

fn parse(doc: &Doc<'_>) -> Result<Vec<Element>, Reason> {
    xml::elements(&doc.text).map_err(|why| files::malformed(doc, &why))
}

/// `Connector.port` and the like.
fn attributes(
    doc: &Doc<'_>,
    elements: &[Element],
    context: &str,
    settings: &mut Settings,
) -> Result<(), Reason> {
    for element in elements.iter().filter(|e| KEPT.contains(&e.name.as_str())) {
        for (name, value) in &element.attributes {
            let written = Written {
                line: element.line,
                name: &format!("{}.{name}", element.name),
                raw: &format!("<{} {name}=\"{value}\">", element.name),
                secret: SECRETS.contains(&name.as_str()),
            };
            settings.push(Setting::new(
                doc,
                written,
                std::slice::from_ref(value),
                context,
            ))?;
        }
    }
    Ok(())
}

/// `default.listings` and the like: the parameters of servlets, and the settings of cookies and sessions.
fn parameters(doc: &Doc<'_>, elements: &[Element], settings: &mut Settings) -> Result<(), Reason> {
    let path = doc.path();
    let (mut servlet, mut parameter) = ("", "");
    for element in elements {
        match element.name.as_str() {
            "servlet" | "filter" => servlet = "",
            "servlet-name" | "filter-name" => servlet = &element.text,
            "param-name" => parameter = &element.text,
            _ => {}
        }
        let name = match element.name.as_str() {
            "param-value" if !servlet.is_empty() => format!("{servlet}.{parameter}"),
            "session-timeout" | "http-only" | "secure" => format!("session.{}", element.name),
            _ => continue,
        };
        let raw = format!("{name} = {}", element.text);
        let written = Written::plain(element.line, &name, &raw);
        settings.push(Setting::new(
            doc,
            written,
            std::slice::from_ref(&element.text),
            &path,
        ))?;
    }
    Ok(())
}
