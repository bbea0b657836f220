//! Logging in: what is shown to a registry after it has said what it wants.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::challenge::Challenge;
use super::credentials::Credential;
use super::failure::{Failure, FailureKind};
use super::http::{Call, Http};
use super::url::{Url, encoded};

/// The most bytes of a token server's answer.
const ANSWER: u64 = 256 << 10;
/// The most bytes of a token.
const TOKEN: usize = 64 << 10;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Answer {
    token: Option<String>,
    access_token: Option<String>,
}

/// The value of the `Authorization` header that answers the challenges.
pub(super) fn authorization(
    http: &Http<'_>,
    base: &Url,
    repository: &str,
    challenges: &[Challenge],
    credential: Option<&Credential>,
) -> Result<String, Failure> {
    let of = |scheme: &str| challenges.iter().find(|c| c.scheme == scheme);
    if let Some(Credential::Bearer(token)) = credential {
        return bearer(token.expose());
    }
    if let Some(challenge) = of("bearer") {
        let realm = realm(base, challenge)?;
        return fetch(http, &realm, repository, challenge, credential);
    }
    match (of("basic"), credential) {
        (Some(_), Some(Credential::Password { user, secret })) => Ok(basic(user, secret.expose())),
        (Some(_), _) => Err(Failure::new(
            FailureKind::Unauthorized,
            "the registry wants a user and a password (HTTP 401)",
        )),
        (None, _) => Err(Failure::new(
            FailureKind::Unauthorized,
            "the registry refuses (HTTP 401) and offers no way to log in that is known",
        )),
    }
}

/// The token server. It is asked over HTTPS only, unless the registry itself is spoken to without and it is the same
/// host, or both are this very machine.
fn realm(base: &Url, challenge: &Challenge) -> Result<Url, Failure> {
    let text = challenge.param("realm").unwrap_or_default();
    let refused = |why: &str| {
        Failure::bad(format!(
            "the registry names a token server that is not asked: {why}"
        ))
    };
    let realm = Url::parse(text).ok_or_else(|| refused("its address cannot be used"))?;
    if let Some(why) = base.refuses(&realm) {
        return Err(refused(&format!("it leads {why} ({})", realm.authority())));
    }
    let local = base.is_loopback() && realm.is_loopback();
    if !realm.tls() && !base.same_server(&realm) && !local {
        return Err(refused(&format!(
            "{} is another host, without TLS",
            realm.authority()
        )));
    }
    Ok(realm)
}

fn fetch(
    http: &Http<'_>,
    realm: &Url,
    repository: &str,
    challenge: &Challenge,
    credential: Option<&Credential>,
) -> Result<String, Failure> {
    let scope = format!("repository:{repository}:pull");
    let service = challenge.param("service").unwrap_or_default();
    let answer = match credential {
        Some(Credential::Identity(token)) => {
            let form = format!(
                "grant_type=refresh_token&client_id=stance&service={}&scope={}&refresh_token={}",
                encoded(service),
                encoded(&scope),
                encoded(token.expose())
            );
            http.send(Call {
                form: Some(&form),
                ..Call::get(realm)
            })?
        }
        other => {
            let password = match other {
                Some(Credential::Password { user, secret }) => Some((user, secret)),
                _ => None,
            };
            let mut query = vec![("scope", scope.as_str())];
            query.extend((!service.is_empty()).then_some(("service", service)));
            query.extend(password.map(|(user, _)| ("account", user.as_str())));
            let url = realm.clone().with_query(&query);
            let shown = password.map(|(user, secret)| basic(user, secret.expose()));
            http.send(Call {
                authorization: shown.as_deref(),
                ..Call::get(&url)
            })?
        }
    };
    let at = realm.authority();
    if answer.status != 200 {
        let failure = Failure::of_status(answer.status, None);
        let kind = match failure.kind {
            // Whatever it says of itself, it gave no token.
            FailureKind::NotFound | FailureKind::BadAnswer => FailureKind::Unauthorized,
            kind => kind,
        };
        let detail = format!("the token server {at} gave no token ({})", failure.detail);
        return Err(Failure::new(kind, detail));
    }
    let document = http.document(answer.body, ANSWER)?;
    let answer: Answer = serde_json::from_slice(&document).unwrap_or_default();
    let token = answer.token.filter(|token| !token.is_empty());
    match token.or(answer.access_token) {
        Some(token) => bearer(&token),
        None => Err(Failure::bad(format!(
            "the answer of the token server {at} has no token"
        ))),
    }
}

fn bearer(token: &str) -> Result<String, Failure> {
    let fits = |byte: u8| byte.is_ascii_graphic();
    if token.is_empty() || token.len() > TOKEN || !token.bytes().all(fits) {
        return Err(Failure::bad("the token is none that can be sent"));
    }
    Ok(format!("Bearer {token}"))
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}
