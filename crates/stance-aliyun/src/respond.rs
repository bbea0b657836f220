//! The two forms of an answer: the operation's object with `RequestId` beside its data, or the error object.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::error::ApiError;

/// How many characters of the called host an error repeats.
const HOST: usize = 255;

/// The id of a request: an upper-case UUID.
pub(crate) fn new_request_id() -> String {
    Uuid::new_v4().to_string().to_uppercase()
}

/// A success. It has no `Code`: clients of the vendor's Node core take any as an error.
pub(crate) fn success(request_id: &str, data: Map<String, Value>) -> Response<Body> {
    let mut body = Map::new();
    body.insert("RequestId".to_owned(), request_id.into());
    body.extend(data);
    response(StatusCode::OK, request_id, &Value::Object(body))
}

/// A failure. Its keys are capitalised, since the classic Python SDK reads no others.
pub(crate) fn failure(
    request_id: &str,
    host: &str,
    help: &str,
    error: &ApiError,
) -> Response<Body> {
    let code = error.code();
    let body = json!({
        "RequestId": request_id,
        "HostId": host,
        "Code": code,
        "Message": error.to_string(),
        "Recommend": format!("{help}?q={code}&product=Sas&requestId={request_id}"),
    });
    let mut response = response(error.status(), request_id, &body);
    if matches!(error, ApiError::Throttled) {
        // The current SDKs read from it how long to wait.
        response.headers_mut().insert(
            HeaderName::from_static("x-acs-retry-after"),
            HeaderValue::from_static("1000"),
        );
    }
    response
}

/// The host that was called, for `HostId`.
pub(crate) fn host(headers: &HeaderMap) -> String {
    let host = headers
        .get("host")
        .map(HeaderValue::as_bytes)
        .unwrap_or_default();
    String::from_utf8_lossy(host).chars().take(HOST).collect()
}

fn response(status: StatusCode, request_id: &str, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-acs-request-id"), id);
    }
    response
}
