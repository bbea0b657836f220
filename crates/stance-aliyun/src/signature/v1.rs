//! Signature version 1 (RPC): HMAC-SHA1 over all parameters, of query and form alike.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Claim, Signed, bearer_refused, date};
use crate::encode::{canonical, encode};
use crate::error::ApiError;
use crate::incoming::Incoming;

/// Reads the claim of a V1 request.
pub(super) fn read(incoming: &Incoming) -> Result<Claim, ApiError> {
    let mut parameters = incoming.parameters()?;
    refuse_bearer(incoming, &parameters)?;
    let action = required(&parameters, "Action")?;
    let version = required(&parameters, "Version")?;
    let key_id = required(&parameters, "AccessKeyId")?;
    let signature = required(&parameters, "Signature")?;
    check_method(&parameters)?;
    let nonce = required(&parameters, "SignatureNonce")?;
    let at = date::read(&required(&parameters, "Timestamp")?)?;
    let signature = STANDARD
        .decode(signature)
        .map_err(|_| ApiError::IncompleteSignature("`Signature` is not Base64.".to_owned()))?;
    parameters.remove("Signature");
    let string_to_sign = string_to_sign(incoming.method.as_str(), &parameters);
    let token = parameters.remove("SecurityToken").filter(|t| !t.is_empty());
    Ok(Claim {
        action,
        version,
        key_id,
        token,
        nonce,
        at,
        signed: Signed::V1 {
            string_to_sign,
            signature,
        },
    })
}

/// METHOD `&%2F&` parameters. The path is `/` whatever path arrived; parameters without a value stay, since the
/// classic Python SDK signs an empty `SignatureType`.
fn string_to_sign(method: &str, parameters: &BTreeMap<String, String>) -> String {
    let canonical = canonical(
        parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    format!("{method}&%2F&{}", encode(&canonical))
}

fn required(parameters: &BTreeMap<String, String>, name: &'static str) -> Result<String, ApiError> {
    parameters
        .get(name)
        .filter(|v| !v.is_empty())
        .cloned()
        .ok_or(ApiError::Missing(name))
}

fn check_method(parameters: &BTreeMap<String, String>) -> Result<(), ApiError> {
    let method = required(parameters, "SignatureMethod")?;
    if method != "HMAC-SHA1" {
        return Err(ApiError::InvalidSignatureMethod(
            "Version 1 is served with HMAC-SHA1.".to_owned(),
        ));
    }
    if required(parameters, "SignatureVersion")? != "1.0" {
        return Err(ApiError::Invalid {
            name: "SignatureVersion",
            why: " It must be 1.0.",
        });
    }
    match parameters.get("SignatureType").map(String::as_str) {
        None | Some("") => Ok(()),
        Some(_) => Err(ApiError::Invalid {
            name: "SignatureType",
            why: " It must be empty.",
        }),
    }
}

fn refuse_bearer(
    incoming: &Incoming,
    parameters: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    let named = parameters.contains_key("BearerToken")
        || incoming.headers.contains_key("x-acs-bearer-token");
    let typed = parameters
        .get("SignatureType")
        .is_some_and(|t| t.eq_ignore_ascii_case("BEARERTOKEN"));
    let header = incoming
        .header("authorization")
        .and_then(|v| v.split_once(' ').map(|(scheme, _)| scheme));
    if named || typed || header.is_some_and(|scheme| scheme.eq_ignore_ascii_case("Bearer")) {
        return Err(bearer_refused());
    }
    Ok(())
}
