//! `ACS3-HMAC-SHA256` of Alibaba Cloud (RPC and ROA).

use super::Moment;
use super::canonical::{encoded_path, hash, headers, mac, query};
use crate::live::credential::Credential;
use crate::live::request::Request;

const NAME: &str = "ACS3-HMAC-SHA256";

pub(super) fn sign(request: &mut Request, credential: &Credential, moment: Moment<'_>) {
    let payload = hash(&request.body);
    let at = moment.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    request.set("host", request.host.clone());
    request.set("x-acs-date", at);
    request.set("x-acs-signature-nonce", moment.nonce);
    request.set("x-acs-content-sha256", payload.clone());
    if let Some(token) = credential.token() {
        request.set("x-acs-security-token", token);
    }
    let (names, lines) = headers(request, |name| {
        name == "host" || name == "content-type" || name.starts_with("x-acs-")
    });
    let canonical = [
        request.method.as_str(),
        &encoded_path(&request.path),
        &query(request, false),
        &lines,
        &names,
        &payload,
    ]
    .join("\n");
    let to_sign = format!("{NAME}\n{}", hash(canonical.as_bytes()));
    let signature = hex::encode(mac(credential.secret().as_bytes(), &to_sign));
    let id = credential.id();
    let word = format!("{NAME} Credential={id},SignedHeaders={names},Signature={signature}");
    request.set("authorization", word);
}
