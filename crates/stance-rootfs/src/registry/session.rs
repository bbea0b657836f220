//! Talking to one registry about one repository: finding out how, logging in, following redirects.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::challenge::{self, Challenge};
use super::credentials::{self, Found};
use super::failure::{Failure, FailureKind};
use super::http::{Answer, Call, Http};
use super::token;
use super::url::{self, Url};

/// The most redirects of one request.
const REDIRECTS: usize = 5;
/// The most bytes of an answer that tells an error.
const ERROR: u64 = 16 << 10;

/// The source of credentials when none were wanted yet.
const NONE: &str = "no credentials";

/// A registry and a repository of it.
pub(super) struct Session<'c> {
    http: Http<'c>,
    /// The registry as people write it.
    registry: String,
    repository: String,
    base: Url,
    /// The value of the `Authorization` header, once logged in.
    authorization: Mutex<Option<String>>,
    found: OnceLock<Found>,
}

impl<'c> Session<'c> {
    /// Finds out how the registry is spoken to, and logs in where it wants that.
    ///
    /// # Errors
    /// The failure, and where the credentials came from that were tried.
    pub(super) fn start(
        http: Http<'c>,
        registry: &str,
        repository: &str,
    ) -> Result<Self, (Failure, String)> {
        let (base, ping) = speak(&http, registry).map_err(|failure| (failure, NONE.to_owned()))?;
        let session = Self {
            http,
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            base,
            authorization: Mutex::new(None),
            found: OnceLock::new(),
        };
        if ping.status == 401 {
            let logged_in = session.log_in(&ping);
            logged_in.map_err(|failure| (failure, session.credentials().to_owned()))?;
        }
        Ok(session)
    }

    /// What requests are sent by.
    pub(super) fn http(&self) -> &Http<'c> {
        &self.http
    }

    /// The host and port that really are asked.
    pub(super) fn host(&self) -> &str {
        self.base.authority()
    }

    /// Where the credentials came from, for people.
    pub(super) fn credentials(&self) -> &str {
        self.found.get().map_or(NONE, |found| &found.source)
    }

    /// Gets `kind` (`manifests` or `blobs`) `name` of the repository, from the byte `from` on.
    pub(super) fn get(
        &self,
        kind: &str,
        name: &str,
        accept: &str,
        from: u64,
    ) -> Result<Answer, Failure> {
        let path = format!("/v2/{}/{kind}/{name}", self.repository);
        let mut url = self
            .base
            .join(&path)
            .ok_or_else(|| Failure::bad("the address is too long"))?;
        let (mut logged_in, mut hops) = (false, 0);
        loop {
            let authorization = self.authorization_for(&url);
            let call = Call {
                accept,
                authorization: authorization.as_deref(),
                from,
                ..Call::get(&url)
            };
            let answer = self.http.send(call)?;
            match answer.status {
                200 | 206 => return Ok(answer),
                301 | 302 | 303 | 307 | 308 if hops < REDIRECTS => {
                    url = redirected(&url, &answer)?;
                    hops += 1;
                }
                401 if !logged_in && url.same_server(&self.base) => {
                    self.log_in(&answer)?;
                    logged_in = true;
                }
                _ => return Err(self.refused(&url, answer)),
            }
        }
    }

    /// What is shown to a server: only the registry itself ever sees the authorization.
    fn authorization_for(&self, url: &Url) -> Option<String> {
        if !url.same_server(&self.base) {
            return None;
        }
        let held = self
            .authorization
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        held.clone()
    }

    fn log_in(&self, answer: &Answer) -> Result<(), Failure> {
        let challenges: Vec<Challenge> = answer
            .headers("www-authenticate")
            .take(8)
            .flat_map(challenge::parse)
            .collect();
        let found = self.found.get_or_init(|| {
            credentials::find(&self.registry, &self.repository, self.http.options())
        });
        let header = token::authorization(
            &self.http,
            &self.base,
            &self.repository,
            &challenges,
            found.credential.as_ref(),
        )?;
        let mut held = self
            .authorization
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *held = Some(header);
        Ok(())
    }

    fn refused(&self, url: &Url, answer: Answer) -> Failure {
        let status = answer.status;
        if (300..400).contains(&status) {
            return Failure::bad(format!("more than {REDIRECTS} redirects"));
        }
        let body = self.http.document(answer.body, ERROR).unwrap_or_default();
        let mut failure = Failure::of_status(status, error_code(&body).as_deref());
        if !url.same_server(&self.base) {
            failure.detail.push_str(" from ");
            failure.detail.push_str(url.authority());
        }
        failure
    }
}

/// The address of the registry, and its answer to whether it is one.
fn speak(http: &Http<'_>, registry: &str) -> Result<(Url, Answer), Failure> {
    let host = if registry == "docker.io" {
        "registry-1.docker.io"
    } else {
        registry
    };
    let at = |tls| Url::at(tls, host, "/v2/").ok_or_else(|| Failure::bad("its name is no host"));
    if http.options().plain_http {
        let base = at(false)?;
        let answer = http.send(Call::get(&base))?;
        return Ok((base, answer));
    }
    let base = at(true)?;
    if !url::is_loopback(host) {
        let answer = http.send(Call::get(&base))?;
        return Ok((base, answer));
    }
    match http.once(Call::get(&base)) {
        Ok(_) => {
            let answer = http.send(Call::get(&base))?;
            Ok((base, answer))
        }
        Err(by_tls) => without_tls(http, at(false)?, by_tls),
    }
}

/// A registry of this very host to which no TLS connection could be made. Where that does not help, the failure of TLS
/// is the one to tell, unless nothing listens there at all.
fn without_tls(http: &Http<'_>, base: Url, by_tls: Failure) -> Result<(Url, Answer), Failure> {
    match http.send(Call::get(&base)) {
        // What a server of TLS says to whoever speaks without.
        Ok(answer) if answer.status == 400 => Err(by_tls),
        Ok(answer) => Ok((base, answer)),
        Err(_) if by_tls.kind == FailureKind::Tls => Err(by_tls),
        Err(failure) => Err(failure),
    }
}

fn redirected(from: &Url, answer: &Answer) -> Result<Url, Failure> {
    let location = answer.header("location").unwrap_or_default();
    let to = from.join(location);
    let to = to.ok_or_else(|| Failure::bad("a redirect to an address that cannot be used"))?;
    match from.refuses(&to) {
        None => Ok(to),
        Some(why) => Err(Failure::bad(format!(
            "a redirect {why} ({}) is not followed",
            to.authority()
        ))),
    }
}

/// The code of the first error, such as `MANIFEST_UNKNOWN`.
fn error_code(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Errors {
        errors: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        code: String,
    }
    let errors: Errors = serde_json::from_slice(body).ok()?;
    let code = errors.errors.into_iter().next()?.code;
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    (code.len() <= 64 && code.bytes().all(fits)).then_some(code)
}

/// Notices a server that sends, but hardly anything.
#[derive(Debug)]
pub(super) struct Pace {
    since: Instant,
    bytes: u64,
}

impl Pace {
    /// The time over which the pace is looked at.
    const WINDOW: Duration = Duration::from_secs(60);
    /// The least bytes of that time.
    const LEAST: u64 = 64 << 10;

    pub(super) fn start() -> Self {
        Self {
            since: Instant::now(),
            bytes: 0,
        }
    }

    /// Takes note of some bytes; an error where they come too slowly.
    pub(super) fn note(&mut self, bytes: u64) -> Result<(), Failure> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.since.elapsed() < Self::WINDOW {
            return Ok(());
        }
        if self.bytes < Self::LEAST {
            let detail = "the registry sends less than 1 KiB a second";
            return Err(Failure::new(FailureKind::Timeout, detail));
        }
        *self = Self::start();
        Ok(())
    }
}
