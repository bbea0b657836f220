//! Signing requests in the dialects of the five clouds. All but Azure's bearer token are the same idea: a canonical
//! form of the request is hashed, and the hash signed with a key made of the secret.

mod acs3;
mod aws4;
mod canonical;
mod log;
mod obs;
mod oss4;
mod sdk_hmac;
mod tc3;
#[cfg(test)]
mod tests;

pub(super) use canonical::{encoded, encoded_path};
use jiff::Timestamp;

use super::credential::Credential;
use super::request::Request;

/// How a request is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Alibaba Cloud, RPC and ROA: `ACS3-HMAC-SHA256`.
    Acs3,
    /// Alibaba Cloud OSS: `OSS4-HMAC-SHA256`. The bucket is part of what is signed although not of the path.
    Oss4 {
        /// The region of the bucket, without `oss-`.
        region: String,
        /// The bucket; none for listing buckets.
        bucket: Option<String>,
    },
    /// Alibaba Cloud Log Service: `LOG`, with HMAC-SHA256.
    Log,
    /// Tencent Cloud: `TC3-HMAC-SHA256`.
    Tc3 {
        /// The product, as in the host.
        service: String,
    },
    /// Huawei Cloud: `SDK-HMAC-SHA256`.
    SdkHmac,
    /// Huawei Cloud OBS: `OBS`, with HMAC-SHA1. The bucket is part of what is signed although not of the path.
    Obs {
        /// The bucket; none for listing buckets.
        bucket: Option<String>,
    },
    /// AWS: `AWS4-HMAC-SHA256`.
    Aws4 {
        /// The region that signs; `us-east-1` for global services.
        region: String,
        /// The service that signs.
        service: String,
    },
    /// A token that goes with each request as it is: ARM and Microsoft Graph.
    Bearer,
}

/// What changes from request to request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment<'m> {
    /// When it is signed.
    pub(crate) now: Timestamp,
    /// A word that no other request has.
    pub(crate) nonce: &'m str,
}

/// Adds the dialect's headers to the request, its signature among them.
pub(crate) fn sign(
    request: &mut Request,
    dialect: &Dialect,
    credential: &Credential,
    moment: Moment<'_>,
) {
    match dialect {
        Dialect::Acs3 => acs3::sign(request, credential, moment),
        Dialect::Oss4 { region, bucket } => {
            oss4::sign(request, credential, moment, region, bucket.as_deref());
        }
        Dialect::Log => log::sign(request, credential, moment),
        Dialect::Tc3 { service } => tc3::sign(request, credential, moment, service),
        Dialect::SdkHmac => sdk_hmac::sign(request, credential, moment),
        Dialect::Obs { bucket } => obs::sign(request, credential, moment, bucket.as_deref()),
        Dialect::Aws4 { region, service } => {
            aws4::sign(request, credential, moment, region, service);
        }
        Dialect::Bearer => {
            let token = format!("Bearer {}", credential.secret());
            request.set("host", request.host.clone());
            request.set("authorization", token);
        }
    }
}
