//! `OSS4-HMAC-SHA256` of Alibaba Cloud OSS. What is signed has the bucket in its path, also where the bucket is in the
//! host; the payload is not signed.

use super::Moment;
use super::canonical::{encoded_path, hash, headers, mac, query};
use crate::live::credential::Credential;
use crate::live::request::Request;

const NAME: &str = "OSS4-HMAC-SHA256";

pub(super) fn sign(
    request: &mut Request,
    credential: &Credential,
    moment: Moment<'_>,
    region: &str,
    bucket: Option<&str>,
) {
    let at = moment.now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = moment.now.strftime("%Y%m%d").to_string();
    request.set("host", request.host.clone());
    request.set("x-oss-date", at.clone());
    request.set("x-oss-content-sha256", "UNSIGNED-PAYLOAD");
    if let Some(token) = credential.token() {
        request.set("x-oss-security-token", token);
    }
    let (_, lines) = headers(request, |name| {
        name == "content-type" || name == "content-md5" || name.starts_with("x-oss-")
    });
    let path = match bucket {
        Some(bucket) => format!("/{bucket}{}", request.path),
        None => request.path.clone(),
    };
    let canonical = [
        request.method.as_str(),
        &encoded_path(&path),
        &query(request, true),
        &lines,
        "",
        "UNSIGNED-PAYLOAD",
    ]
    .join("\n");
    let scope = format!("{day}/{region}/oss/aliyun_v4_request");
    let to_sign = format!("{NAME}\n{at}\n{scope}\n{}", hash(canonical.as_bytes()));
    let key = format!("aliyun_v4{}", credential.secret());
    let key = mac(&mac(&mac(key.as_bytes(), &day), region), "oss");
    let signature = hex::encode(mac(&mac(&key, "aliyun_v4_request"), &to_sign));
    let id = credential.id();
    let word = format!("{NAME} Credential={id}/{scope},Signature={signature}");
    request.set("authorization", word);
}
