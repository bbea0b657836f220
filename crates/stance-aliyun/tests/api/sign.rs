//! A signer of its own, written from the vendor's description and not from the code under test.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// An access key as its owner holds it.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

/// One call before it is signed.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) action: String,
    pub(crate) version: String,
    pub(crate) method: &'static str,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) at: String,
    pub(crate) nonce: String,
    pub(crate) parameters: Vec<(String, String)>,
}

/// A request that can still be changed byte by byte.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Ask {
    /// A call of `action` at the moment `at`, with a nonce of its own.
    pub(crate) fn new(action: &str, at: &str, parameters: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            action: action.to_owned(),
            version: "2018-12-03".to_owned(),
            method: "POST",
            host: "127.0.0.1:18999".to_owned(),
            path: "/".to_owned(),
            at: at.to_owned(),
            nonce: format!("nonce-{}", NEXT.fetch_add(1, Ordering::Relaxed)),
            parameters: parameters
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
        }
    }

    /// Signed by version 3, with the parameters in the query.
    pub(crate) fn v3(&self, key: &Key) -> Wire {
        let hash = hex::encode(Sha256::digest(b""));
        let mut headers = vec![
            ("host", self.host.as_str()),
            ("x-acs-action", &self.action),
            ("x-acs-content-sha256", &hash),
            ("x-acs-date", &self.at),
            ("x-acs-signature-nonce", &self.nonce),
            ("x-acs-version", &self.version),
        ];
        headers.extend(
            key.token
                .iter()
                .map(|token| ("x-acs-security-token", token.as_str())),
        );
        headers.sort_unstable();
        let names = headers
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(";");
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}:{value}\n"))
            .collect();
        let query = canonical(&self.parameters);
        let request = format!("{}\n/\n{query}\n{lines}\n{names}\n{hash}", self.method);
        let text = format!("ACS3-HMAC-SHA256\n{}", hex::encode(Sha256::digest(request)));
        let mac = Hmac::<Sha256>::new_from_slice(key.secret.as_bytes())
            .unwrap()
            .chain_update(text);
        let signature = hex::encode(mac.finalize().into_bytes());
        let authorization = format!(
            "ACS3-HMAC-SHA256 Credential={},SignedHeaders={names},Signature={signature}",
            key.id
        );
        headers.push(("authorization", &authorization));
        let headers = headers
            .into_iter()
            .map(|(n, v)| (n.to_owned(), v.as_bytes().to_vec()))
            .collect();
        Wire {
            method: self.method.to_owned(),
            target: format!("{}?{query}", self.path),
            headers,
            body: Vec::new(),
        }
    }

    /// Signed by version 1, with the parameters in the query or in a form body.
    pub(crate) fn v1(&self, key: &Key, in_form: bool) -> Wire {
        let fixed = [
            ("Action", self.action.as_str()),
            ("Version", &self.version),
            ("AccessKeyId", &key.id),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureType", ""),
            ("SignatureNonce", &self.nonce),
            ("Timestamp", &self.at),
            ("Format", "JSON"),
        ];
        let mut parameters = self.parameters.clone();
        parameters.extend(fixed.map(|(n, v)| (n.to_owned(), v.to_owned())));
        parameters.extend(
            key.token
                .iter()
                .map(|token| ("SecurityToken".to_owned(), token.clone())),
        );
        let text = format!("{}&%2F&{}", self.method, encode(&canonical(&parameters)));
        let secret = format!("{}&", key.secret);
        let mac = Hmac::<sha1::Sha1>::new_from_slice(secret.as_bytes())
            .unwrap()
            .chain_update(text);
        let signature =
            base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        parameters.push(("Signature".to_owned(), signature));
        let signed = canonical(&parameters);
        let mut headers = vec![
            ("host".to_owned(), self.host.clone().into_bytes()),
            ("x-acs-action".to_owned(), self.action.clone().into_bytes()),
        ];
        let (target, body) = if in_form {
            headers.push((
                "content-type".to_owned(),
                b"application/x-www-form-urlencoded".to_vec(),
            ));
            (self.path.clone(), signed.into_bytes())
        } else {
            (format!("{}?{signed}", self.path), Vec::new())
        };
        Wire {
            method: self.method.to_owned(),
            target,
            headers,
            body,
        }
    }
}

impl Wire {
    /// The request, unless it is none that an HTTP server would hand on.
    pub(crate) fn request(&self) -> Option<Request<Body>> {
        let mut request = Request::builder()
            .method(self.method.as_bytes())
            .uri(self.target.as_str());
        for (name, value) in &self.headers {
            request = request.header(name.as_bytes(), value.as_slice());
        }
        request.body(Body::from(self.body.clone())).ok()
    }
}

fn canonical(parameters: &[(String, String)]) -> String {
    let mut sorted = parameters.to_vec();
    sorted.sort();
    sorted
        .iter()
        .map(|(n, v)| format!("{}={}", encode(n), encode(v)))
        .collect::<Vec<_>>()
        .join("&")
}

fn encode(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}
