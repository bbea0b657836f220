//! `SDK-HMAC-SHA256` of Huawei Cloud. The canonical path ends in a slash, whatever the request's does.

use super::Moment;
use super::canonical::{encoded_path, hash, headers, mac, query};
use crate::live::credential::Credential;
use crate::live::request::Request;

const NAME: &str = "SDK-HMAC-SHA256";

pub(super) fn sign(request: &mut Request, credential: &Credential, moment: Moment<'_>) {
    let at = moment.now.strftime("%Y%m%dT%H%M%SZ").to_string();
    request.set("host", request.host.clone());
    request.set("x-sdk-date", at.clone());
    if let Some(token) = credential.token() {
        request.set("x-security-token", token);
    }
    let (names, lines) = headers(request, |_| true);
    let mut path = encoded_path(&request.path);
    if !path.ends_with('/') {
        path.push('/');
    }
    let canonical = [
        request.method.as_str(),
        &path,
        &query(request, false),
        &lines,
        &names,
        &hash(&request.body),
    ]
    .join("\n");
    let to_sign = format!("{NAME}\n{at}\n{}", hash(canonical.as_bytes()));
    let signature = hex::encode(mac(credential.secret().as_bytes(), &to_sign));
    let id = credential.id();
    let word = format!("{NAME} Access={id}, SignedHeaders={names}, Signature={signature}");
    request.set("authorization", word);
}
