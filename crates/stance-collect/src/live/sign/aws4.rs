//! `AWS4-HMAC-SHA256` of AWS. S3 signs the path as it is and names the payload's hash in a header; the other services
//! encode the path once more.

use super::Moment;
use super::canonical::{encoded_path, hash, headers, mac, query};
use crate::live::credential::Credential;
use crate::live::request::Request;

const NAME: &str = "AWS4-HMAC-SHA256";

pub(super) fn sign(
    request: &mut Request,
    credential: &Credential,
    moment: Moment<'_>,
    region: &str,
    service: &str,
) {
    let at = moment.now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = moment.now.strftime("%Y%m%d").to_string();
    let payload = hash(&request.body);
    request.set("host", request.host.clone());
    request.set("x-amz-date", at.clone());
    if let Some(token) = credential.token() {
        request.set("x-amz-security-token", token);
    }
    let mut path = encoded_path(&request.path);
    if service == "s3" {
        request.set("x-amz-content-sha256", payload.clone());
    } else {
        path = encoded_path(&path);
    }
    let (names, lines) = headers(request, |name| name != "user-agent");
    let canonical = [
        request.method.as_str(),
        &path,
        &query(request, false),
        &lines,
        &names,
        &payload,
    ]
    .join("\n");
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let to_sign = format!("{NAME}\n{at}\n{scope}\n{}", hash(canonical.as_bytes()));
    let key = format!("AWS4{}", credential.secret());
    let key = mac(&mac(&mac(key.as_bytes(), &day), region), service);
    let signature = hex::encode(mac(&mac(&key, "aws4_request"), &to_sign));
    let id = credential.id();
    let word =
        format!("{NAME} Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
    request.set("authorization", word);
}
