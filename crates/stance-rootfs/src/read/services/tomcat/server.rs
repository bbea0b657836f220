//! What `server.xml` says: connectors, the shutdown port, the error page.

use serde_json::{Value, json as object};

use crate::read::services::files::Doc;
use crate::read::services::format::xml::Element;
use crate::read::services::net;

/// The connectors, each with what can be reached through it.
pub(super) fn connectors(doc: &Doc<'_>, elements: &[Element]) -> Vec<Value> {
    let connectors = elements.iter().filter(|e| e.name == "Connector");
    connectors
        .map(|connector| {
            let get = |name| connector.get(name).unwrap_or_default();
            let protocol = get("protocol").to_ascii_lowercase();
            let ajp = protocol.contains("ajp");
            // Without an address, HTTP listens everywhere; AJP does from before, and on loopback since, 9.0.31.
            let exposed = net::exposed([get("address")], !ajp);
            let secret = !get("secret").is_empty() || !get("requiredSecret").is_empty();
            let what = format!(
                "<Connector port=\"{}\" protocol=\"{}\">",
                get("port"),
                get("protocol")
            );
            object!({
                "port": get("port"),
                "protocol": get("protocol"),
                "ajp": ajp,
                "exposed": exposed,
                "secret": secret,
                "tls": get("SSLEnabled").eq_ignore_ascii_case("true"),
                "at": doc.at(connector.line, what),
            })
        })
        .collect()
}

/// The instance as a whole.
pub(super) fn instance(doc: &Doc<'_>, elements: &[Element]) -> Value {
    let server = elements.first();
    let get = |name| server.and_then(|s| s.get(name)).unwrap_or_default();
    let line = server.map_or(0, |s| s.line);
    let hides = |e: &&Element| {
        e.name == "Valve"
            && e.get("className")
                .is_some_and(|class| class.ends_with("ErrorReportValve"))
            && e.get("showServerInfo") == Some("false")
    };
    let logs = |e: &&Element| {
        e.name == "Valve"
            && e.get("className")
                .is_some_and(|class| class.contains("AccessLogValve"))
    };
    let port = get("port");
    object!({
        "path": doc.path(),
        "shutdown_port": port,
        "shutdown_default": port.parse::<i64>().is_ok_and(|port| port > 0) && get("shutdown") == "SHUTDOWN",
        "hides_version": elements.iter().any(|e| hides(&e)),
        "logs_access": elements.iter().any(|e| logs(&e)),
        "at": doc.at(line, format!("<Server port=\"{port}\">")),
    })
}
