//! A request, read within bounds: nothing about it is believed yet.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use bytes::Bytes;

use crate::encode::{Pairs, pairs};
use crate::error::ApiError;

/// How many bytes a body may have.
const BODY: usize = 1 << 20;
/// How many bytes a query may have, and a form body: far more than a page of filters needs.
const PARAMETERS: usize = 64 << 10;
/// How many bytes the headers may have, names and values together; a security token takes one or two thousand.
const HEADERS: usize = 32 << 10;

/// A request with its parameters decoded.
#[derive(Debug)]
pub(crate) struct Incoming {
    /// GET or POST.
    pub(crate) method: Method,
    /// The headers, with `Host` as the bytes that came: the current Python SDK sends an endpoint written as
    /// `http://h:p` as the host and signs it so.
    pub(crate) headers: HeaderMap,
    /// The parameters of the query, in order.
    pub(crate) query: Pairs,
    /// The body, which V3 signs by its hash.
    pub(crate) body: Bytes,
    /// The parameters of the body, where it is a form.
    pub(crate) form: Pairs,
}

impl Incoming {
    /// Reads the parts and the body of a request.
    pub(crate) async fn read(parts: Parts, body: Body) -> Result<Self, ApiError> {
        if parts.method != Method::GET && parts.method != Method::POST {
            return Err(ApiError::Method);
        }
        let headers: usize = parts
            .headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        within(headers, HEADERS, "headers")?;
        let query = parameters(parts.uri.query().unwrap_or_default().as_bytes(), "query")?;
        let body = read_body(&parts.headers, body).await?;
        let form = if is_form(&parts.headers) {
            parameters(&body, "form body")?
        } else {
            Pairs::new()
        };
        Ok(Self {
            method: parts.method,
            headers: parts.headers,
            query,
            body,
            form,
        })
    }

    /// The parameters of query and form by name. A form parameter replaces one of the query, as the classic Python
    /// SDK signs it; a name that comes twice in the same place is refused, for readers might differ over which holds.
    pub(crate) fn parameters(&self) -> Result<BTreeMap<String, String>, ApiError> {
        let mut all = unique(&self.query)?;
        all.extend(unique(&self.form)?);
        Ok(all)
    }

    /// The value of a header as text, trimmed; none when it is absent, comes twice or is not ASCII.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?;
        if values.next().is_some() {
            None
        } else {
            value.to_str().ok().map(str::trim)
        }
    }
}

fn within(size: usize, limit: usize, what: &str) -> Result<(), ApiError> {
    if size > limit {
        Err(ApiError::TooLarge(format!("{what} above {limit} bytes")))
    } else {
        Ok(())
    }
}

fn parameters(text: &[u8], what: &str) -> Result<Pairs, ApiError> {
    within(text.len(), PARAMETERS, what)?;
    pairs(text)
}

fn unique(pairs: &Pairs) -> Result<BTreeMap<String, String>, ApiError> {
    let mut all = BTreeMap::new();
    for (name, value) in pairs {
        if all.insert(name.clone(), value.clone()).is_some() {
            return Err(ApiError::InvalidParameter(
                "a parameter is given twice".to_owned(),
            ));
        }
    }
    Ok(all)
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the bounded body reader; the limit stands right here"
)]
async fn read_body(headers: &HeaderMap, body: Body) -> Result<Bytes, ApiError> {
    let declared = headers
        .get(CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    within(declared.unwrap_or(0), BODY, "body")?;
    axum::body::to_bytes(body, BODY)
        .await
        .map_err(|_| ApiError::UnreadableBody)
}
