//! `LOG` of Alibaba Cloud Log Service: an HMAC-SHA256 over the method, the date, the service's own headers and the
//! resource with its query, none of it encoded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Moment;
use super::canonical::mac;
use crate::live::credential::Credential;
use crate::live::request::Request;

const KIND: &str = "application/json";

pub(super) fn sign(request: &mut Request, credential: &Credential, moment: Moment<'_>) {
    let at = moment.now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    request.set("host", request.host.clone());
    request.set("date", at.clone());
    request.set("content-type", KIND);
    request.set("x-log-apiversion", "0.6.0");
    request.set("x-log-bodyrawsize", "0");
    request.set("x-log-signaturemethod", "hmac-sha256");
    if let Some(token) = credential.token() {
        request.set("x-acs-security-token", token);
    }
    let to_sign = format!(
        "{}\n\n{KIND}\n{at}\n{}{}{}",
        request.method,
        own_headers(request),
        request.path,
        parameters(request)
    );
    let signature = STANDARD.encode(mac(credential.secret().as_bytes(), &to_sign));
    request.set(
        "authorization",
        format!("LOG {}:{signature}", credential.id()),
    );
}

/// The headers of the service, in order, one a line.
fn own_headers(request: &Request) -> String {
    let mut lines: Vec<String> = request
        .headers
        .iter()
        .filter(|(name, _)| name.starts_with("x-log-") || name.starts_with("x-acs-"))
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    lines.sort();
    lines.concat()
}

/// The parameters, in order of their names.
fn parameters(request: &Request) -> String {
    let mut pairs: Vec<&(String, String)> = request.query.iter().collect();
    pairs.sort();
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    let query = pairs.collect::<Vec<_>>().join("&");
    match query.as_str() {
        "" => query,
        _ => format!("?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signature that the vendor's Python SDK (alibabacloud-gateway-sls 0.4.2) makes of the same request.
    #[test]
    fn the_signature_is_that_of_the_vendor() {
        let mut request = Request {
            method: "GET".into(),
            host: "audit.cn-hangzhou.log.aliyuncs.com".into(),
            path: "/alerts".into(),
            query: vec![("size".into(), "100".into()), ("offset".into(), "0".into())],
            ..Request::default()
        };
        let moment = Moment {
            now: "2026-11-22T03:04:05Z".parse().unwrap(),
            nonce: "n",
        };
        let credential = Credential::new("id", "secret", Some("token".into()));
        sign(&mut request, &credential, moment);
        assert_eq!(
            request.header("authorization"),
            Some("LOG id:uqfca4mhzZ7Vd37tNEWTt5QewIg4RXIcwFLT06A5P1I=")
        );
    }
}
