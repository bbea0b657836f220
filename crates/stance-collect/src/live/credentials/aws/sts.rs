//! Keys of roles, from STS.

use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;
use stance_model::Clock;

use super::{Chain, invalid, keys, read};
use crate::live::credential::Credential;
use crate::live::failure::Failure;
use crate::live::request::Request;
use crate::live::sign::{Dialect, Moment, encoded, sign};
use crate::live::transport::Transport;
use crate::live::xml;

/// The role that a profile names.
pub(super) struct Role<'r> {
    pub(super) arn: &'r str,
    pub(super) session: &'r str,
    pub(super) external_id: Option<&'r str>,
    pub(super) seconds: Option<&'r str>,
}

impl Chain {
    /// The keys of a role, asked for with other keys.
    pub(super) fn assumed(&self, role: &Role<'_>, by: &Credential) -> Result<Credential, Failure> {
        let mut parameters = vec![("RoleArn", role.arn), ("RoleSessionName", role.session)];
        parameters.extend(role.external_id.map(|id| ("ExternalId", id)));
        parameters.extend(role.seconds.map(|seconds| ("DurationSeconds", seconds)));
        let mut request = ask("AssumeRole", &parameters);
        let dialect = Dialect::Aws4 {
            region: "us-east-1".to_owned(),
            service: "sts".to_owned(),
        };
        let now: Timestamp = Clock::System.now();
        sign(&mut request, &dialect, by, Moment { now, nonce: "" });
        self.answered("AssumeRole", &request, role.arn)
    }

    /// The keys of a role, for the token of a workload.
    pub(super) fn with_token(
        &self,
        file: &Path,
        role: &str,
        session: &str,
    ) -> Result<Credential, Failure> {
        let token = read(file)?;
        let parameters = [
            ("RoleArn", role),
            ("RoleSessionName", session),
            ("WebIdentityToken", token.trim()),
        ];
        let action = "AssumeRoleWithWebIdentity";
        self.answered(action, &ask(action, &parameters), role)
    }

    fn answered(&self, action: &str, request: &Request, role: &str) -> Result<Credential, Failure> {
        let answer = self.services.send(request)?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let value = xml::parse(&text).unwrap_or_default();
        let at = format!("/{action}Response/{action}Result/Credentials");
        let names = ["AccessKeyId", "SecretAccessKey", "SessionToken"];
        let found = value.pointer(&at).and_then(|value| keys(value, names));
        found.ok_or_else(|| {
            let code = value.pointer("/ErrorResponse/Error/Code");
            let mut failure = invalid(format!("STS gives no keys of the role `{role}`"));
            failure.code = code.and_then(Value::as_str).unwrap_or_default().to_owned();
            failure
        })
    }
}

fn ask(action: &str, parameters: &[(&str, &str)]) -> Request {
    let fixed = [("Action", action), ("Version", "2011-06-15")];
    let pairs = fixed.iter().chain(parameters);
    let pairs = pairs.map(|(name, value)| format!("{name}={}", encoded(value)));
    let mut request = Request {
        method: "POST".to_owned(),
        host: "sts.amazonaws.com".to_owned(),
        path: "/".to_owned(),
        body: pairs.collect::<Vec<_>>().join("&").into_bytes(),
        ..Request::default()
    };
    let kind = "application/x-www-form-urlencoded; charset=utf-8";
    request.set("content-type", kind);
    request
}
