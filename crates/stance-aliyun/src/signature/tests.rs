//! Requests as they stand on the wire, for the tests of both schemes.

mod traps;
mod vectors;

use axum::body::Body;
use axum::http::Request;

use super::*;

const KEY: &str = "LTAIexampleAccessKey";
const SECRET: &[u8] = b"exampleAccessKeySecret0123456789";
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const NONCE: &str = "0123456789abcdef0123456789abcdef";
const AGENT: &str = "AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.3 TeaDSL/2";

/// A request as it stands on the wire.
struct Wire {
    method: &'static str,
    target: String,
    headers: Vec<(&'static str, String)>,
    body: &'static str,
}

impl Wire {
    fn new(method: &'static str, target: &str) -> Self {
        Self {
            method,
            target: target.to_owned(),
            headers: Vec::new(),
            body: "",
        }
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The headers of version 3 that every vector shares, in the order in which the current Python SDK sends them.
    fn v3(target: &str, action: &str, provider: &str) -> Self {
        Self::new("POST", target)
            .header("host", "127.0.0.1:18999")
            .header("x-acs-version", "2018-12-03")
            .header("x-acs-action", action)
            .header("x-acs-date", "2026-01-15T08:30:00Z")
            .header("x-acs-signature-nonce", NONCE)
            .header("x-acs-content-sha256", EMPTY)
            .header("x-acs-credentials-provider", provider)
    }

    fn authorized(self, key: &str, headers: &str, signature: &str) -> Self {
        let text = format!(
            "ACS3-HMAC-SHA256 Credential={key},SignedHeaders={headers},Signature={signature}"
        );
        self.header("authorization", &text)
    }

    async fn claim(self) -> Result<Claim, ApiError> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.target.as_str());
        for (name, value) in &self.headers {
            request = request.header(*name, value.as_str());
        }
        let (parts, body) = request.body(Body::from(self.body)).unwrap().into_parts();
        Claim::read(&Incoming::read(parts, body).await?)
    }

    async fn code(self) -> String {
        self.claim().await.unwrap_err().code().into_owned()
    }
}

impl Claim {
    fn string_to_sign(&self) -> &str {
        match &self.signed {
            Signed::V1 { string_to_sign, .. } | Signed::V3 { string_to_sign, .. } => string_to_sign,
        }
    }

    fn hash(&self) -> &str {
        self.string_to_sign()
            .strip_prefix("ACS3-HMAC-SHA256\n")
            .unwrap()
    }
}

const QUERY_3A: &str = "/?CheckKey=OSS+a%2Bb%2A~%2F%E4%B8%AD&CurrentPage=1&CustomParam=True&Lang=en&PageSize=20\
                        &RiskLevels.1=HIGH&RiskLevels.2=MEDIUM&Statuses.1=NOT_PASS";
const HEADERS_3A: &str = "accept;host;user-agent;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;\
                          x-acs-date;x-acs-signature-nonce;x-acs-version";
const SIGNATURE_3A: &str = "5bb4195fe769506a58c2162caf2827fd5db015684607a3ad8c62fb50ea903fda";

fn vector_3a(target: &str) -> Wire {
    Wire::v3(target, "ListCheckResult", "static_ak")
        .header("user-agent", AGENT)
        .header("accept", "application/json")
        .authorized(KEY, HEADERS_3A, SIGNATURE_3A)
}

const QUERY_4A: &str = "/?Action=ListCheckResult&Format=json&Version=2018-12-03&Timestamp=2026-01-15T08%3A30%3A00Z&\
    SignatureNonce=0123456789abcdef0123456789abcdef&CheckKey=OSS+a%2Bb%2A~%2F%E4%B8%AD&CurrentPage=1&CustomParam=True&\
    Lang=en&PageSize=20&RiskLevels.1=HIGH&RiskLevels.2=MEDIUM&Statuses.1=NOT_PASS&SignatureMethod=HMAC-SHA1&\
    SignatureVersion=1.0&AccessKeyId=LTAIexampleAccessKey&Signature=y5cCz0a8G1Q5soj0qeVpgQXCZk8%3D";
