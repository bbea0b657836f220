//! Keys from the host: the role of an ECS instance, and services that hand out keys.

use serde_json::Value;

use super::sts::temporary;
use super::{SERVICE_TIME, invalid};
use crate::live::credential::Credential;
use crate::live::failure::Failure;
use crate::live::request::Request;
use crate::live::transport::{Network, Transport};
use crate::live::turn::Address;

const ROLES: &str = "/latest/meta-data/ram/security-credentials/";
/// How long a token of the metadata service is good for, in seconds.
const TOKEN_SECONDS: &str = "300";

/// Keys of the role of the host. None where there is no metadata service, or no role; an error where there is a role
/// without keys. Without a token the service is not asked: other programs on the host could be led to ask it.
pub(super) fn keys(service: &Network, role: Option<&str>) -> Result<Option<Credential>, Failure> {
    let Some(token) = token(service) else {
        return Ok(None);
    };
    let found = match role {
        Some(role) => Some(role.to_owned()),
        None => text(service, ROLES, &token),
    };
    let Some(role) = found.filter(|role| is_role(role.trim())) else {
        return Ok(None);
    };
    let role = role.trim();
    let told = text(service, &format!("{ROLES}{role}"), &token);
    match told.as_deref().and_then(successful) {
        Some(keys) => Ok(Some(keys)),
        None => Err(invalid(&format!(
            "the ECS instance gives no keys of its role `{role}`: see that the role exists and ECS may take it on"
        ))),
    }
}

/// The name goes into a path.
fn is_role(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".@_-".contains(c);
    !name.is_empty() && name.chars().all(plain)
}

fn token(service: &Network) -> Option<String> {
    let mut request = get("/latest/api/token");
    request.method = "PUT".to_owned();
    request.set("x-aliyun-ecs-metadata-token-ttl-seconds", TOKEN_SECONDS);
    body(service, &request)
}

fn text(service: &Network, path: &str, token: &str) -> Option<String> {
    let mut request = get(path);
    request.set("x-aliyun-ecs-metadata-token", token.trim());
    body(service, &request)
}

fn get(path: &str) -> Request {
    Request {
        method: "GET".to_owned(),
        path: path.to_owned(),
        ..Request::default()
    }
}

fn body(service: &Network, request: &Request) -> Option<String> {
    let answer = service.send(request).ok()?;
    let found = (answer.status == 200).then_some(answer.body)?;
    String::from_utf8(found).ok()
}

/// Keys in an answer that says of itself that all went well.
fn successful(text: &str) -> Option<Credential> {
    let value: Value = serde_json::from_str(text).ok()?;
    let code = value.get("Code").and_then(Value::as_str);
    temporary(&value).filter(|_| code == Some("Success"))
}

/// Keys from the address of a service beside this process.
pub(super) fn keys_from(address: &str) -> Result<Credential, Failure> {
    let why = |why: &str| invalid(&format!("ALIBABA_CLOUD_CREDENTIALS_URI: {why}"));
    let unusual = || why("it is no address such as http://127.0.0.1:8080/keys");
    let (base, rest) = split(address).ok_or_else(unusual)?;
    let place = Address::parse(&rest).ok_or_else(unusual)?;
    let request = Request {
        query: place.query,
        ..get(&place.path)
    };
    let answer = Network::new(SERVICE_TIME, Some(base)).send(&request);
    let answer = answer.map_err(|failure| why(&failure.message))?;
    let text = std::str::from_utf8(&answer.body).unwrap_or_default();
    let found = (answer.status == 200).then(|| successful(text)).flatten();
    found.ok_or_else(|| {
        why(&format!(
            "the answer (status {}) holds no temporary keys",
            answer.status
        ))
    })
}

/// The server of an address, and what comes after it.
fn split(address: &str) -> Option<(String, String)> {
    let (scheme, rest) = address.split_once("://")?;
    let known = scheme == "http" || scheme == "https";
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (server, rest) = rest.split_at_checked(end)?;
    let path = match rest.starts_with('/') {
        true => rest.to_owned(),
        false => format!("/{rest}"),
    };
    (known && !server.is_empty()).then(|| (format!("{scheme}://{server}"), path))
}
