//! The façade of Alibaba Cloud Security Center, version 2018-12-03: signatures, dispatch, operations.
//!
//! It only translates: a signed request becomes a question to the [`Service`], its answer becomes the JSON that the
//! vendor documents. It knows neither the store nor the catalogue, and takes no decision of its own about data.
//!
//! One request passes, in this order: `gateway` (bounds, log line, envelope) → `incoming` (bytes to parameters) →
//! `signature` (what the caller claims) → `auth` (whether to believe it) → `ops` (the table of operations).

mod auth;
mod encode;
mod error;
mod gateway;
mod incoming;
mod ops;
mod params;
mod regions;
mod respond;
mod serve;
mod signature;
mod throttle;

use std::time::Duration;

use axum::Router;
use stance_service::Service;

pub use serve::{ServeLimits, serve};

/// What can be set about the façade.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long the body of a request may take to come, and then its answer. The vendor's Node clients give up after
    /// 3 seconds, the Python ones after 10.
    pub timeout: Duration,
    /// How many requests one access key may have running at a time; one more gets `Throttling.User`.
    pub requests_per_key: usize,
    /// How many requests may be worked on at a time over all keys; others wait, within their time.
    pub requests: usize,
    /// Where `Recommend` of an error points to.
    pub help: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            requests_per_key: 64,
            requests: 256,
            help: "https://api.aliyun.com/troubleshoot".to_owned(),
        }
    }
}

/// The façade as a router that answers every path: clients given an endpoint with a path call `/path/`, and sign `/`
/// all the same.
pub fn router(service: Service, options: Options) -> Router {
    gateway::router(service, options)
}
