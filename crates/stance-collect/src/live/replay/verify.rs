//! Whether a request is signed as the provider wants it: computed again with the code that signs.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::live::credential::Credential;
use crate::live::dialect::bucket_dialect;
use crate::live::request::Request;
use crate::live::sign::{Dialect, Moment, sign};

/// How far a request's clock may be off.
const SKEW: Duration = Duration::from_secs(15 * 60);

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nobody has this key.
    UnknownKey,
    /// It is signed otherwise.
    Signature,
    /// It is too old, or of the future.
    Clock,
}

/// What a request says of its signature.
struct Claim {
    dialect: Dialect,
    id: String,
    /// The headers that are signed, where it says so.
    signed: Option<Vec<String>>,
    at: Timestamp,
}

/// Checks a request's signature against the keys that there are.
pub(super) fn verify(
    request: &Request,
    keys: &[Credential],
    now: Timestamp,
) -> Result<(), Refusal> {
    let word = request.header("authorization").ok_or(Refusal::Signature)?;
    if let Some(token) = word.strip_prefix("Bearer ") {
        let known = keys.iter().any(|key| key.secret() == token);
        return known.then_some(()).ok_or(Refusal::UnknownKey);
    }
    let claim = claim(request, word).ok_or(Refusal::Signature)?;
    if claim.at.duration_since(now).unsigned_abs() > SKEW {
        return Err(Refusal::Clock);
    }
    let key = keys.iter().find(|key| key.id() == claim.id);
    let wanted = again(request, &claim, key.ok_or(Refusal::UnknownKey)?);
    (wanted.as_deref() == Some(word))
        .then_some(())
        .ok_or(Refusal::Signature)
}

/// The signature that the request should have.
fn again(request: &Request, claim: &Claim, key: &Credential) -> Option<String> {
    let mut again = request.clone();
    again.headers.retain(|(name, _)| match &claim.signed {
        Some(signed) => signed.contains(name),
        None => name.starts_with("x-o") || name.starts_with("content-"),
    });
    again.headers.retain(|(name, _)| name != "authorization");
    let nonce = request.header("x-acs-signature-nonce").unwrap_or_default();
    let moment = Moment {
        now: claim.at,
        nonce,
    };
    sign(&mut again, &claim.dialect, key, moment);
    again.header("authorization").map(str::to_owned)
}

fn claim(request: &Request, word: &str) -> Option<Claim> {
    let (scheme, rest) = word.split_once(' ')?;
    let part = |name: &str| {
        let mut parts = rest.split(',').map(str::trim);
        parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
    };
    let scope: Vec<&str> = part("Credential").unwrap_or_default().split('/').collect();
    let of_scope = |at: usize| scope.get(at).map(|part| (*part).to_owned());
    let dialect = match scheme {
        "ACS3-HMAC-SHA256" => Dialect::Acs3,
        "SDK-HMAC-SHA256" => Dialect::SdkHmac,
        "LOG" => Dialect::Log,
        "TC3-HMAC-SHA256" => Dialect::Tc3 {
            service: of_scope(2)?,
        },
        "AWS4-HMAC-SHA256" => Dialect::Aws4 {
            region: of_scope(2)?,
            service: of_scope(3)?,
        },
        _ => bucket_dialect(scheme, &request.host)?,
    };
    let id = match scheme {
        "SDK-HMAC-SHA256" => part("Access").map(str::to_owned),
        "OBS" | "LOG" => rest.split(':').next().map(str::to_owned),
        _ => of_scope(0),
    };
    let names = |names: &str| names.split(';').map(str::to_owned).collect();
    Some(Claim {
        dialect,
        id: id?,
        signed: part("SignedHeaders").map(names),
        at: date(request)?,
    })
}

/// When it says that it was signed.
fn date(request: &Request) -> Option<Timestamp> {
    if let Some(text) = request.header("x-acs-date") {
        return text.parse().ok();
    }
    if let Some(text) = request.header("x-tc-timestamp") {
        return Timestamp::from_second(text.parse().ok()?).ok();
    }
    let names = ["x-oss-date", "x-sdk-date", "x-amz-date"];
    if let Some(text) = names.iter().find_map(|name| request.header(name)) {
        let at = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
        return Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp());
    }
    let at = jiff::fmt::rfc2822::parse(request.header("date")?).ok()?;
    Some(at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(dialect: &Dialect, key: &Credential) -> Request {
        let mut request = Request {
            method: "GET".into(),
            host: "my-bucket.oss-cn-hangzhou.aliyuncs.com".into(),
            path: "/a b".into(),
            query: vec![("acl".into(), String::new()), ("x".into(), "1 2".into())],
            ..Request::default()
        };
        let moment = Moment {
            now: "2026-11-22T03:04:05Z".parse().unwrap(),
            nonce: "n",
        };
        sign(&mut request, dialect, key, moment);
        request.set("user-agent", "x");
        request
    }

    #[test]
    fn every_dialect_is_verified() {
        let key = Credential::new("id", "secret", Some("token".into()));
        let other = Credential::new("id", "other", Some("token".into()));
        let now: Timestamp = "2026-11-22T03:10:00Z".parse().unwrap();
        let dialects = [
            Dialect::Acs3,
            Dialect::SdkHmac,
            Dialect::Log,
            Dialect::Tc3 {
                service: "cvm".into(),
            },
            Dialect::Aws4 {
                region: "eu-west-1".into(),
                service: "s3".into(),
            },
            Dialect::Oss4 {
                region: "cn-hangzhou".into(),
                bucket: Some("my-bucket".into()),
            },
        ];
        for dialect in dialects {
            let request = signed(&dialect, &key);
            let keys = [key.clone()];
            assert_eq!(verify(&request, &keys, now), Ok(()), "{dialect:?}");
            let late = now + jiff::SignedDuration::from_mins(20);
            assert_eq!(verify(&request, &keys, late), Err(Refusal::Clock));
            assert_eq!(
                verify(&request, std::slice::from_ref(&other), now),
                Err(Refusal::Signature)
            );
            assert_eq!(verify(&request, &[], now), Err(Refusal::UnknownKey));
            let mut changed = request.clone();
            changed.query.push(("y".into(), "1".into()));
            assert_eq!(verify(&changed, &keys, now), Err(Refusal::Signature));
        }
    }
}
