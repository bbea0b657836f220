//! The token service, STS 2015-04-01: keys of roles.

use serde_json::Value;
use stance_model::Clock;

use super::invalid;
use super::way::Role;
use crate::live::answer::Answer;
use crate::live::credential::Credential;
use crate::live::failure::{Failure, kind};
use crate::live::request::Request;
use crate::live::sign::{Dialect, Moment, encoded, sign};
use crate::live::transport::{Network, Transport};

const VERSION: &str = "2015-04-01";

/// Takes on a role with keys.
pub(super) fn assume(
    network: &Network,
    keys: &Credential,
    role: &Role,
) -> Result<Credential, Failure> {
    let mut request = Request {
        method: "POST".to_owned(),
        host: role.host.clone(),
        path: "/".to_owned(),
        query: parameters(role),
        ..Request::default()
    };
    request.set("x-acs-action", "AssumeRole");
    request.set("x-acs-version", VERSION);
    request.set("accept", "application/json");
    let nonce = format!("{:016x}", getrandom::u64().unwrap_or_default());
    let moment = Moment {
        now: Clock::System.now(),
        nonce: &nonce,
    };
    sign(&mut request, &Dialect::Acs3, keys, moment);
    keys_of(&network.send(&request)?, role)
}

/// Exchanges a token for keys. The token itself is the proof; nothing is signed.
pub(super) fn exchange(
    network: &Network,
    role: &Role,
    provider: &str,
    token: &str,
) -> Result<Credential, Failure> {
    let mut form = parameters(role);
    form.push(("OIDCProviderArn".to_owned(), provider.to_owned()));
    form.push(("OIDCToken".to_owned(), token.to_owned()));
    let pairs = form
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    let plain = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut request = Request {
        method: "POST".to_owned(),
        host: role.host.clone(),
        path: "/".to_owned(),
        query: vec![
            plain("Action", "AssumeRoleWithOIDC"),
            plain("Version", VERSION),
            plain("Format", "JSON"),
            plain("Timestamp", &timestamp()),
        ],
        body: pairs.collect::<Vec<_>>().join("&").into_bytes(),
        ..Request::default()
    };
    request.set("content-type", "application/x-www-form-urlencoded");
    keys_of(&network.send(&request)?, role)
}

fn timestamp() -> String {
    let now = Clock::System.now();
    now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn parameters(role: &Role) -> Vec<(String, String)> {
    let seconds = role.seconds.to_string();
    let all = [
        ("RoleArn", Some(&role.arn)),
        ("RoleSessionName", Some(&role.session)),
        ("DurationSeconds", Some(&seconds)),
        ("ExternalId", role.external_id.as_ref()),
        ("Policy", role.policy.as_ref()),
    ];
    all.into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.clone())))
        .collect()
}

fn keys_of(answer: &Answer, role: &Role) -> Result<Credential, Failure> {
    let value: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let found = value.as_ref().and_then(|value| value.get("Credentials"));
    if answer.status == 200
        && let Some(keys) = found.and_then(temporary)
    {
        return Ok(keys);
    }
    let text = |name| {
        let found = value.as_ref()?.get(name)?.as_str()?;
        Some(found.chars().take(100).collect::<String>())
    };
    let code = text("Code").unwrap_or_else(|| format!("HTTP {}", answer.status));
    let mut failure = invalid(&format!(
        "STS gives no keys of the role `{}` ({code}): see that it exists and trusts who asks",
        role.arn
    ));
    failure.kind = kind(answer.status, &code);
    failure.request_id = text("RequestId");
    failure.code = code;
    Err(failure)
}

/// Temporary keys, as STS, hosts and neighbours write them.
pub(super) fn temporary(value: &Value) -> Option<Credential> {
    let text = |name| value.get(name).and_then(Value::as_str);
    let full = |name| text(name).filter(|text| !text.is_empty());
    Some(Credential::new(
        full("AccessKeyId")?,
        full("AccessKeySecret")?,
        Some(full("SecurityToken")?.to_owned()),
    ))
}
