//! Signature version 3: ACS3-HMAC-SHA256 over the query, the signed headers and the hash of the body.

use sha2::{Digest, Sha256};

use super::{Claim, Signed, date};
use crate::encode::canonical;
use crate::error::ApiError;
use crate::incoming::Incoming;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Headers that every request has and signs.
const REQUIRED: [&str; 6] = [
    "host",
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-content-sha256",
];

/// Headers that may be absent, but are signed where they are present.
const SIGNED_IF_PRESENT: [&str; 2] = ["x-acs-security-token", "x-acs-accesskey-id"];

/// How many headers a signature may name.
const SIGNED_HEADERS: usize = 64;

/// Reads the claim of a V3 request.
pub(super) fn read(incoming: &Incoming) -> Result<Claim, ApiError> {
    let authorization = Authorization::read(incoming.header("authorization").unwrap_or_default())?;
    check_headers(incoming, &authorization)?;
    let payload = hex::encode(Sha256::digest(&incoming.body));
    if incoming.header("x-acs-content-sha256") != Some(payload.as_str()) {
        return Err(incomplete(
            "`x-acs-content-sha256` is not the hash of the body that arrived",
        ));
    }
    let at = date::read(text(incoming, "x-acs-date"))?;
    let canonical = canonical_request(incoming, &authorization, &payload);
    let string_to_sign = format!("{ALGORITHM}\n{}", hex::encode(Sha256::digest(&canonical)));
    let canonical = String::from_utf8_lossy(&canonical).into_owned();
    Ok(Claim {
        action: text(incoming, "x-acs-action").to_owned(),
        version: text(incoming, "x-acs-version").to_owned(),
        key_id: authorization.key_id.to_owned(),
        token: incoming
            .header("x-acs-security-token")
            .filter(|t| !t.is_empty())
            .map(str::to_owned),
        nonce: text(incoming, "x-acs-signature-nonce").to_owned(),
        at,
        signed: Signed::V3 {
            string_to_sign,
            canonical,
            signature: authorization.signature,
        },
    })
}

/// The parts of the `Authorization` header.
struct Authorization<'a> {
    key_id: &'a str,
    /// As it came: it is part of what is signed.
    headers: &'a str,
    signature: Vec<u8>,
}

impl<'a> Authorization<'a> {
    /// Reads `ACS3-HMAC-SHA256 Credential=…,SignedHeaders=a;b,Signature=…`.
    fn read(text: &'a str) -> Result<Self, ApiError> {
        let (algorithm, rest) = text
            .split_once(' ')
            .ok_or_else(|| incomplete("`Authorization` has no parts"))?;
        if algorithm != ALGORITHM {
            return Err(ApiError::InvalidSignatureMethod(format!(
                "Version 3 is served with {ALGORITHM}."
            )));
        }
        let (mut key_id, mut headers, mut signature) = (None, None, None);
        for part in rest.split(',') {
            let slot = match part.trim().split_once('=') {
                Some(("Credential", value)) => (&mut key_id, value),
                Some(("SignedHeaders", value)) => (&mut headers, value),
                Some(("Signature", value)) => (&mut signature, value),
                _ => return Err(incomplete("`Authorization` has an unknown part")),
            };
            if slot.0.replace(slot.1).is_some() {
                return Err(incomplete("`Authorization` has a part twice"));
            }
        }
        let missing =
            || incomplete("`Authorization` needs Credential, SignedHeaders and Signature");
        let signature = signature.and_then(unhex).ok_or_else(missing)?;
        Ok(Self {
            key_id: key_id.ok_or_else(missing)?,
            headers: headers.ok_or_else(missing)?,
            signature,
        })
    }

    fn signs(&self, name: &str) -> bool {
        self.headers.split(';').any(|h| h == name)
    }
}

/// A signature of 64 lower-case hexadecimal digits.
fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() == 64 && !text.bytes().any(|b| b.is_ascii_uppercase()) {
        hex::decode(text).ok()
    } else {
        None
    }
}

fn check_headers(incoming: &Incoming, authorization: &Authorization<'_>) -> Result<(), ApiError> {
    let names: Vec<&str> = authorization.headers.split(';').collect();
    if names.len() > SIGNED_HEADERS
        || !names.is_sorted_by(|a, b| a < b)
        || names.concat() != names.concat().to_lowercase()
    {
        return Err(incomplete(
            "`SignedHeaders` must be lower case, sorted and at most 64",
        ));
    }
    for name in REQUIRED {
        if !incoming.headers.contains_key(name) {
            return Err(missing(name));
        }
        if incoming.headers.get_all(name).iter().count() > 1 {
            return Err(ApiError::IncompleteSignature(format!(
                "Header `{name}` comes twice."
            )));
        }
    }
    let present = SIGNED_IF_PRESENT
        .into_iter()
        .filter(|name| incoming.headers.contains_key(*name));
    for name in REQUIRED.into_iter().chain(present) {
        if !authorization.signs(name) {
            return Err(ApiError::IncompleteSignature(format!(
                "Header `{name}` must be signed."
            )));
        }
    }
    match incoming.header("x-acs-accesskey-id") {
        Some(id) if id != authorization.key_id => {
            Err(incomplete("`x-acs-accesskey-id` is not the Credential"))
        }
        _ => Ok(()),
    }
}

/// `Missing…` for a header, by the name that its parameter has in version 1.
fn missing(header: &str) -> ApiError {
    ApiError::Missing(match header {
        "x-acs-action" => "Action",
        "x-acs-version" => "Version",
        "x-acs-date" => "Timestamp",
        "x-acs-signature-nonce" => "SignatureNonce",
        "x-acs-content-sha256" => "ContentSha256",
        _ => "Host",
    })
}

/// METHOD, `/`, query, headers, names of the headers, hash of the body. The path is `/` whatever path arrived.
fn canonical_request(
    incoming: &Incoming,
    authorization: &Authorization<'_>,
    payload: &str,
) -> Vec<u8> {
    let query = canonical(
        incoming
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let mut text = format!("{}\n/\n{query}\n", incoming.method).into_bytes();
    for name in authorization.headers.split(';') {
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        text.extend_from_slice(&header_line(incoming, name));
        text.push(b'\n');
    }
    text.extend_from_slice(format!("\n{}\n{payload}", authorization.headers).as_bytes());
    text
}

/// The values of a header, trimmed, sorted and joined with `,`.
fn header_line(incoming: &Incoming, name: &str) -> Vec<u8> {
    let mut values: Vec<&[u8]> = incoming
        .headers
        .get_all(name)
        .iter()
        .map(|v| v.as_bytes().trim_ascii())
        .collect();
    values.sort_unstable();
    values.join(&b","[..])
}

/// A required header, which is known to be there; an unreadable one is empty and fails its own check.
fn text<'a>(incoming: &'a Incoming, name: &str) -> &'a str {
    incoming.header(name).unwrap_or_default()
}

fn incomplete(why: &str) -> ApiError {
    ApiError::IncompleteSignature(format!("{why}."))
}
