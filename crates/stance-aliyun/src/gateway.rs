//! The way of one request: bounds, claim, caller, operation, answer, and one line in the log.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::http::request::Parts;
use serde_json::{Map, Value};
use stance_service::Service;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::Options;
use crate::auth::authenticate;
use crate::error::ApiError;
use crate::incoming::Incoming;
use crate::ops::{self, Call};
use crate::params::Params;
use crate::respond;
use crate::signature::Claim;
use crate::throttle::Throttle;

/// What comes of a request.
type Answered = Result<Map<String, Value>, ApiError>;

/// The version of the API that is served.
const VERSION: &str = "2018-12-03";

/// What all requests share.
struct Gateway {
    service: Service,
    throttle: Throttle,
    places: Semaphore,
    options: Options,
}

/// What the log says of a request besides its outcome. Only the claim fills it, so that it holds nothing secret.
#[derive(Default)]
struct Seen {
    action: String,
    key_id: String,
}

/// The router of the façade.
pub(crate) fn router(service: Service, options: Options) -> Router {
    let gateway = Gateway {
        service,
        throttle: Throttle::new(options.requests_per_key),
        places: Semaphore::new(options.requests),
        options,
    };
    Router::new().fallback(answer).with_state(Arc::new(gateway))
}

/// Answers one request, whatever it is.
async fn answer(State(gateway): State<Arc<Gateway>>, request: Request) -> Response<Body> {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let request_id = respond::new_request_id();
    let (host, method) = (respond::host(&parts.headers), parts.method.clone());
    let mut seen = Seen::default();
    let outcome = timeout(
        gateway.options.timeout,
        gateway.handle(parts, body, &mut seen),
    )
    .await;
    let outcome = outcome.unwrap_or(Err(ApiError::Unavailable));
    log(
        method.as_str(),
        &seen,
        &request_id,
        outcome.as_ref().err(),
        started,
    );
    match outcome {
        Ok(data) => respond::success(&request_id, data),
        Err(error) => respond::failure(&request_id, &host, &gateway.options.help, &error),
    }
}

impl Gateway {
    async fn handle(&self, parts: Parts, body: Body, seen: &mut Seen) -> Answered {
        let limit = self.options.timeout;
        // A body that does not come is the caller's fault, an answer that does not come is ours.
        let incoming = timeout(limit, Incoming::read(parts, body))
            .await
            .unwrap_or(Err(ApiError::UnreadableBody))?;
        let claim = Claim::read(&incoming)?;
        *seen = Seen {
            action: claim.action.clone(),
            key_id: claim.key_id.clone(),
        };
        timeout(limit, self.perform(&incoming, claim))
            .await
            .unwrap_or(Err(ApiError::Unavailable))
    }

    async fn perform(&self, incoming: &Incoming, claim: Claim) -> Answered {
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|_| ApiError::Unavailable)?;
        let (version, action, key_id) = (
            claim.version.clone(),
            claim.action.clone(),
            claim.key_id.clone(),
        );
        let caller = authenticate(&self.service, claim).await?;
        let _turn = self.throttle.enter(&key_id).ok_or(ApiError::Throttled)?;
        if version != VERSION {
            return Err(ApiError::InvalidVersion);
        }
        let operation = ops::find(&action).ok_or(ApiError::ActionNotFound)?;
        let params = Params::new(incoming.parameters()?);
        (operation.handler)(Call {
            service: &self.service,
            caller: &caller,
            params: &params,
        })
        .await
    }
}

/// The one line of a request. Never the signature, a token, a secret or the body.
fn log(method: &str, seen: &Seen, request_id: &str, error: Option<&ApiError>, started: Instant) {
    let outcome = error.map_or(std::borrow::Cow::Borrowed("ok"), ApiError::code);
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    // What came from outside is written by its debug form: a line break in it must not become one in the log.
    tracing::info!(
        http.method = method,
        api.action = ?seen.action,
        request.id = request_id,
        access_key.id = ?seen.key_id,
        outcome = %outcome,
        duration_ms,
        "{method} {:?} by {:?}: {outcome} in {duration_ms} ms",
        seen.action,
        seen.key_id,
    );
}
