//! Requests: one at a time, redirects not followed, tried again where a failure may pass.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ureq::config::AutoHeaderValue;
use ureq::http::HeaderMap;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Proxy};

use super::failure::{Failure, FailureKind};
use super::options::RegistryOptions;
use super::url::Url;

/// The most bytes of a file of certificates.
const CA_FILE: u64 = 4 << 20;
/// The most bytes of an answer's header.
const HEADER: usize = 64 << 10;
/// How often a pause looks whether the scan was cancelled.
const SLICE: Duration = Duration::from_millis(100);

/// Sends requests.
pub(super) struct Http<'c> {
    /// By the proxy of the environment, where there is one.
    agent: Agent,
    /// For this very host: never by a proxy.
    direct: Agent,
    options: RegistryOptions,
    cancel: &'c AtomicBool,
}

/// One request: a GET, or a POST where there is a form.
#[derive(Clone, Copy)]
pub(super) struct Call<'c> {
    pub(super) url: &'c Url,
    pub(super) accept: &'c str,
    pub(super) authorization: Option<&'c str>,
    /// The first byte that is wanted.
    pub(super) from: u64,
    pub(super) form: Option<&'c str>,
}

impl<'c> Call<'c> {
    /// A plain GET.
    pub(super) fn get(url: &'c Url) -> Self {
        Self {
            url,
            accept: "*/*",
            authorization: None,
            from: 0,
            form: None,
        }
    }
}

/// An answer of any status.
pub(super) struct Answer {
    pub(super) status: u16,
    headers: HeaderMap,
    pub(super) body: Body,
}

impl Answer {
    /// A header that is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers of a name that are text.
    pub(super) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let all = self.headers.get_all(name).into_iter();
        all.filter_map(|value| value.to_str().ok())
    }
}

impl<'c> Http<'c> {
    /// What sends requests as the options say.
    pub(super) fn new(options: &RegistryOptions, cancel: &'c AtomicBool) -> Result<Self, Failure> {
        let tls = tls(options)?;
        Ok(Self {
            agent: agent(options, tls.clone(), Proxy::try_from_env()),
            direct: agent(options, tls, None),
            options: options.clone(),
            cancel,
        })
    }

    /// How registries are reached.
    pub(super) fn options(&self) -> &RegistryOptions {
        &self.options
    }

    /// Sends a request, again after failures that may pass. An answer of a status that may not pass is an answer.
    pub(super) fn send(&self, call: Call<'_>) -> Result<Answer, Failure> {
        let mut attempt = 1;
        loop {
            let (failure, asked) = match self.once(call) {
                Ok(answer) => match passing(&answer) {
                    None => return Ok(answer),
                    Some(failure) => (failure, retry_after(&answer)),
                },
                Err(failure) => (failure, None),
            };
            if attempt >= self.options.attempts.max(1) || !failure.may_pass() {
                return Err(failure);
            }
            self.pause(attempt, asked)?;
            attempt += 1;
        }
    }

    /// Sends a request once.
    pub(super) fn once(&self, call: Call<'_>) -> Result<Answer, Failure> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(Failure::new(
                FailureKind::Cancelled,
                "the scan was cancelled",
            ));
        }
        let agent = if call.url.is_loopback() {
            &self.direct
        } else {
            &self.agent
        };
        let url = call.url.to_string();
        let answer = match call.form {
            None => {
                let mut request = agent.get(&url).header("accept", call.accept);
                if let Some(authorization) = call.authorization {
                    request = request.header("authorization", authorization);
                }
                if call.from > 0 {
                    request = request.header("range", format!("bytes={}-", call.from));
                }
                request.call()
            }
            Some(form) => agent
                .post(&url)
                .header("accept", call.accept)
                .header("content-type", "application/x-www-form-urlencoded")
                .send(form),
        };
        let (parts, body) = answer.map_err(Failure::of)?.into_parts();
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        })
    }

    /// Waits before the attempt after `attempt`.
    pub(super) fn pause(&self, attempt: u32, asked: Option<Duration>) -> Result<(), Failure> {
        let longest = self.options.longest_pause;
        let usual = self
            .options
            .backoff
            .saturating_mul(1 << (attempt - 1).min(16));
        let mut left = asked.unwrap_or(usual).min(longest);
        while !left.is_zero() {
            if self.cancel.load(Ordering::Relaxed) {
                return Err(Failure::new(
                    FailureKind::Cancelled,
                    "the scan was cancelled",
                ));
            }
            let slice = left.min(SLICE);
            std::thread::sleep(slice);
            left = left.saturating_sub(slice);
        }
        Ok(())
    }

    /// Reads an answer of at most `limit` bytes, in the time that a document may take.
    pub(super) fn document(&self, body: Body, limit: u64) -> Result<Vec<u8>, Failure> {
        let until = Instant::now() + self.options.document_timeout;
        let mut reader = body.into_reader();
        let mut document = Vec::new();
        let mut piece = [0; 8 << 10];
        loop {
            let read = reader.read(&mut piece).map_err(|e| Failure::of_io(&e))?;
            if read == 0 {
                return Ok(document);
            }
            document.extend_from_slice(piece.get(..read).unwrap_or_default());
            if document.len() as u64 > limit {
                let detail = format!("the document is longer than {limit} bytes");
                return Err(Failure::new(FailureKind::Limit, detail));
            }
            if Instant::now() > until {
                let detail = "the document did not come to its end in time";
                return Err(Failure::new(FailureKind::Timeout, detail));
            }
        }
    }
}

/// The failure of an answer that may be another one later.
fn passing(answer: &Answer) -> Option<Failure> {
    let failure = Failure::of_status(answer.status, None);
    let failed = answer.status >= 400;
    (failed && failure.may_pass()).then_some(failure)
}

/// How long the registry asks us to wait.
fn retry_after(answer: &Answer) -> Option<Duration> {
    let seconds = answer.header("retry-after")?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn agent(options: &RegistryOptions, tls: TlsConfig, proxy: Option<Proxy>) -> Agent {
    let agent = format!("stance/{}", env!("CARGO_PKG_VERSION"));
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(proxy)
        .tls_config(tls)
        .user_agent(agent)
        .accept_encoding(AutoHeaderValue::None)
        .max_response_header_size(HEADER)
        .timeout_resolve(Some(options.connect_timeout))
        .timeout_connect(Some(options.connect_timeout))
        .timeout_send_request(Some(options.idle_timeout))
        .timeout_recv_response(Some(options.idle_timeout))
        .timeout_per_read(Some(options.idle_timeout))
        .timeout_per_write(Some(options.idle_timeout))
        .build()
        .into()
}

/// The system's certificates and those of the CA file.
fn tls(options: &RegistryOptions) -> Result<TlsConfig, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(provider)
        .disable_verification(options.insecure_tls);
    let mut trusted = Vec::new();
    if !options.plain_http {
        let system = rustls_native_certs::load_native_certs().certs;
        trusted.extend(
            system
                .iter()
                .map(|der| Certificate::from_der(der).to_owned()),
        );
    }
    if let Some(path) = &options.ca_file {
        let unusable = |why: String| {
            let detail = format!("the CA file `{}` cannot be used: {why}", path.display());
            Failure::new(FailureKind::Options, detail)
        };
        let text = stance_model::bounded::read_text(path, CA_FILE);
        let text = text.map_err(|e| unusable(e.to_string()))?;
        let before = trusted.len();
        for item in parse_pem(text.as_bytes()) {
            if let PemItem::Certificate(certificate) = item.map_err(|e| unusable(e.to_string()))? {
                trusted.push(certificate);
            }
        }
        if trusted.len() == before {
            return Err(unusable("there is no certificate in it".into()));
        }
    }
    Ok(builder.root_certs(RootCerts::from(trusted)).build())
}
