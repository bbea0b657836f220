//! The keys that a container or a machine has: ECS, EKS Pod Identity and EC2, the last by version 2 of its service.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::{Chain, invalid, keys, read};
use crate::live::credential::Credential;
use crate::live::failure::Failure;
use crate::live::request::Request;
use crate::live::transport::{Network, Transport};

/// How long a service on the host's own network may take. Elsewhere than on a host there is none.
const TIME: Duration = Duration::from_secs(3);
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
const NAMES: [&str; 3] = ["AccessKeyId", "SecretAccessKey", "Token"];

/// The hosts to which a container's token may go in clear.
const CONTAINER_HOSTS: [&str; 6] = [
    "169.254.170.2",
    "169.254.170.23",
    "[fd00:ec2::23]",
    "127.0.0.1",
    "localhost",
    "[::1]",
];

impl Chain {
    /// The keys of a task of ECS or a pod of EKS; none where it is none.
    pub(super) fn of_container(&self) -> Result<Option<Credential>, Failure> {
        let variable = |name: &str| self.surroundings.variable(name);
        let relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        let address = match (relative, variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
            (Some(path), _) => format!("{}{path}", self.container),
            (None, Some(address)) => address.to_owned(),
            (None, None) => return Ok(None),
        };
        let (base, path) = parted(&address).ok_or_else(|| {
            invalid(format!(
                "`{address}` is no address of a container's service"
            ))
        })?;
        let mut request = Request {
            method: "GET".to_owned(),
            path: path.to_owned(),
            ..Request::default()
        };
        let token = match variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            Some(file) => Some(read(Path::new(file))?.trim().to_owned()),
            None => variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(str::to_owned),
        };
        if let Some(token) = token {
            request.set("authorization", token);
        }
        let answer = Network::new(TIME, Some(base.to_owned())).send(&request)?;
        let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let found = keys(&value, NAMES).filter(|_| answer.status == 200);
        let why = || {
            invalid(format!(
                "the container's service at `{address}` gives no keys"
            ))
        };
        found.map(Some).ok_or_else(why)
    }

    /// The keys of the machine's role; none where there is no such service, or no role.
    pub(super) fn of_machine(&self) -> Result<Option<Credential>, Failure> {
        let disabled = self.surroundings.variable("AWS_EC2_METADATA_DISABLED");
        if disabled.is_some_and(|word| word.eq_ignore_ascii_case("true")) {
            return Ok(None);
        }
        let network = Network::new(TIME, Some(self.machine.clone()));
        let life = ("x-aws-ec2-metadata-token-ttl-seconds", "21600");
        let Some(token) = told(&network, "PUT", "/latest/api/token", life) else {
            return Ok(None);
        };
        let token = ("x-aws-ec2-metadata-token", token.trim());
        let Some(role) = told(&network, "GET", ROLES, token) else {
            return Ok(None);
        };
        let role = role.trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
        if role.is_empty() || !role.chars().all(plain) {
            return Ok(None);
        }
        let keys_of_role = told(&network, "GET", &format!("{ROLES}{role}"), token);
        let value = keys_of_role.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let found = value.filter(|v| v.get("Code").and_then(Value::as_str) == Some("Success"));
        let found = found.and_then(|value| keys(&value, NAMES));
        let why = || invalid(format!("the machine gives no keys of its role `{role}`"));
        found.map(Some).ok_or_else(why)
    }
}

/// What a metadata service says; none where it says nothing.
fn told(network: &Network, method: &str, path: &str, header: (&str, &str)) -> Option<String> {
    let mut request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        ..Request::default()
    };
    request.set(header.0, header.1);
    let answer = network.send(&request).ok()?;
    let found = (answer.status == 200).then_some(answer.body)?;
    String::from_utf8(found).ok()
}

/// An address as its base and its path: HTTPS, or in clear to a host of containers.
fn parted(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    let allowed = match scheme {
        "https" => true,
        "http" => CONTAINER_HOSTS.contains(&name),
        _ => false,
    };
    allowed.then(|| (address.strip_suffix(path).unwrap_or(address), path))
}
