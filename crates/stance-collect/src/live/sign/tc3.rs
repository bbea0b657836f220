//! `TC3-HMAC-SHA256` of Tencent Cloud.

use super::Moment;
use super::canonical::{hash, headers, mac, query};
use crate::live::credential::Credential;
use crate::live::request::Request;

const NAME: &str = "TC3-HMAC-SHA256";

pub(super) fn sign(
    request: &mut Request,
    credential: &Credential,
    moment: Moment<'_>,
    service: &str,
) {
    let seconds = moment.now.as_second().to_string();
    let day = moment.now.strftime("%Y-%m-%d").to_string();
    request.set("host", request.host.clone());
    request.set("x-tc-timestamp", seconds.clone());
    if let Some(token) = credential.token() {
        request.set("x-tc-token", token);
    }
    let (names, lines) = headers(request, |name| name == "content-type" || name == "host");
    let canonical = [
        request.method.as_str(),
        "/",
        &query(request, false),
        &lines,
        &names,
        &hash(&request.body),
    ]
    .join("\n");
    let scope = format!("{day}/{service}/tc3_request");
    let to_sign = format!("{NAME}\n{seconds}\n{scope}\n{}", hash(canonical.as_bytes()));
    let key = format!("TC3{}", credential.secret());
    let key = mac(&mac(&mac(key.as_bytes(), &day), service), "tc3_request");
    let signature = hex::encode(mac(&key, &to_sign));
    let id = credential.id();
    let word =
        format!("{NAME} Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
    request.set("authorization", word);
}
