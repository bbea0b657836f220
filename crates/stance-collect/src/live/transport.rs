//! Sending: HTTPS with the host's own certificates, bounded in time and size, no redirects.

use std::sync::Arc;
use std::time::Duration;

use stance_model::ReasonKind;
use ureq::Agent;
use ureq::http;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::answer::Answer;
use super::failure::Failure;
use super::request::Request;
use super::sign::{encoded, encoded_path};

/// Sends requests. Apart from the network only tests and recorders have others.
pub trait Transport: Send + Sync {
    /// Sends a signed request.
    ///
    /// # Errors
    /// [`Failure`] with the kind Timeout, Network or BadResponse; an answer with a status of failure is an answer.
    fn send(&self, request: &Request) -> Result<Answer, Failure>;
}

/// The most bytes of an answer.
const MAX_BODY: u64 = 32 << 20;

/// The network.
pub struct Network {
    agent: Agent,
    /// Where everything is sent instead of to the hosts, for a replay: `http://127.0.0.1:8080`.
    instead: Option<String>,
}

impl Network {
    /// A client whose calls may take so long.
    pub fn new(timeout: Duration, instead: Option<String>) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(timeout))
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!("stance/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls())
            .build();
        Self {
            agent: config.new_agent(),
            instead,
        }
    }

    fn url(&self, request: &Request) -> String {
        let base = match &self.instead {
            Some(address) => address.clone(),
            None => format!("https://{}", request.host),
        };
        let query: Vec<String> = request
            .query
            .iter()
            .map(|(name, value)| match value.as_str() {
                "" => encoded(name),
                value => format!("{}={}", encoded(name), encoded(value)),
            })
            .collect();
        let path = encoded_path(&request.path);
        match query.is_empty() {
            true => format!("{base}{path}"),
            false => format!("{base}{path}?{}", query.join("&")),
        }
    }
}

impl Transport for Network {
    fn send(&self, request: &Request) -> Result<Answer, Failure> {
        let mut builder = http::Request::builder()
            .method(request.method.as_str())
            .uri(self.url(request));
        for (name, value) in &request.headers {
            builder = builder.header(name.as_str(), value.as_str());
        }
        let built = builder.body(request.body.clone()).map_err(|error| {
            Failure::own(ReasonKind::BadResponse, "NotARequest", error.to_string())
        })?;
        let mut response = self.agent.run(built).map_err(|error| failure(&error))?;
        let headers = response.headers().iter();
        let headers = headers
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        let body = response
            .body_mut()
            .with_config()
            .limit(MAX_BODY)
            .read_to_vec();
        Ok(Answer {
            status: response.status().as_u16(),
            headers,
            body: body.map_err(|error| failure(&error))?,
        })
    }
}

/// The system's own authorities.
fn tls() -> TlsConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let system = rustls_native_certs::load_native_certs().certs;
    let trusted: Vec<Certificate<'static>> = system
        .iter()
        .map(|der| Certificate::from_der(der).to_owned())
        .collect();
    TlsConfig::builder()
        .unversioned_rustls_crypto_provider(provider)
        .root_certs(RootCerts::from(trusted))
        .build()
}

fn failure(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::Timeout(_) => Failure::own(ReasonKind::Timeout, "", "no answer in time"),
        ureq::Error::BodyExceedsLimit(_) => {
            let why = format!("the answer has more than {MAX_BODY} bytes");
            Failure::own(ReasonKind::BadResponse, "TooLarge", why)
        }
        other => Failure::own(ReasonKind::Network, "", other.to_string()),
    }
}
