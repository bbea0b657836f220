//! Failures in each provider's own form, with its own codes.

use serde_json::json;
use stance_model::operation::Style;

use crate::live::answer::Answer;

/// A failure as a provider tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told<'t> {
    pub(super) status: u16,
    pub(super) code: &'t str,
}

/// What a failure can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Throttled,
    Denied,
    Expired,
    Signature,
    Key,
    Clock,
    NotFound,
    NotRecorded,
}

/// The status and code that a provider documents.
pub(super) fn told(style: Style, about: About) -> Told<'static> {
    let (status, code) = match style {
        Style::Rpc | Style::Roa => aliyun(about),
        Style::Sls => log_service(about),
        Style::Oss | Style::Obs | Style::AwsRestXml => bucket(about),
        Style::Tc3 => tencent(about),
        Style::Huawei => huawei(about),
        Style::Arm | Style::Graph => azure(about),
        Style::AwsQuery | Style::AwsEc2 | Style::AwsJson | Style::AwsRestJson => aws(about),
    };
    Told { status, code }
}

fn aliyun(about: About) -> (u16, &'static str) {
    match about {
        About::Throttled => (400, "Throttling.User"),
        About::Denied => (403, "Forbidden.RAM"),
        About::Expired => (400, "InvalidSecurityToken.Expired"),
        About::Signature => (400, "SignatureDoesNotMatch"),
        About::Key => (404, "InvalidAccessKeyId.NotFound"),
        About::Clock => (400, "InvalidTimeStamp.Expired"),
        About::NotFound => (404, "InvalidInstanceId.NotFound"),
        About::NotRecorded => (404, "NotRecorded"),
    }
}

fn log_service(about: About) -> (u16, &'static str) {
    match about {
        About::Throttled => (403, "ReadQuotaExceed"),
        About::Denied | About::Key => (401, "Unauthorized"),
        About::Expired => (401, "SecurityTokenExpired"),
        About::Signature => (401, "SignatureNotMatch"),
        About::Clock => (400, "RequestTimeExpired"),
        About::NotFound => (404, "ProjectNotExist"),
        About::NotRecorded => (404, "NotRecorded"),
    }
}

fn bucket(about: About) -> (u16, &'static str) {
    match about {
        About::Throttled => (503, "SlowDown"),
        About::Denied => (403, "AccessDenied"),
        About::Expired => (403, "SecurityTokenExpired"),
        About::Signature => (403, "SignatureDoesNotMatch"),
        About::Key => (403, "InvalidAccessKeyId"),
        About::Clock => (403, "RequestTimeTooSkewed"),
        About::NotFound => (404, "NoSuchBucket"),
        About::NotRecorded => (404, "NotRecorded"),
    }
}

fn tencent(about: About) -> (u16, &'static str) {
    let code = match about {
        About::Throttled => "RequestLimitExceeded",
        About::Denied => "UnauthorizedOperation",
        About::Expired => "AuthFailure.TokenFailure",
        About::Signature => "AuthFailure.SignatureFailure",
        About::Key => "AuthFailure.SecretIdNotFound",
        About::Clock => "AuthFailure.SignatureExpire",
        About::NotFound => "ResourceNotFound",
        About::NotRecorded => "NotRecorded",
    };
    (200, code)
}

fn huawei(about: About) -> (u16, &'static str) {
    match about {
        About::Throttled => (429, "APIGW.0308"),
        About::Denied => (403, "APIGW.0302"),
        About::Expired => (401, "APIGW.0307"),
        About::Signature | About::Key | About::Clock => (401, "APIGW.0301"),
        About::NotFound => (404, "DBS.200823"),
        About::NotRecorded => (404, "NotRecorded"),
    }
}

fn azure(about: About) -> (u16, &'static str) {
    match about {
        About::Throttled => (429, "TooManyRequests"),
        About::Denied => (403, "AuthorizationFailed"),
        About::Expired => (401, "ExpiredAuthenticationToken"),
        About::Signature | About::Key | About::Clock => (401, "InvalidAuthenticationTokenTenant"),
        About::NotFound => (404, "ResourceNotFound"),
        About::NotRecorded => (404, "NotRecorded"),
    }
}

fn aws(about: About) -> (u16, &'static str) {
    match about {
        About::Throttled => (400, "Throttling"),
        About::Denied => (403, "AccessDenied"),
        About::Expired => (400, "ExpiredToken"),
        About::Signature | About::Clock => (403, "SignatureDoesNotMatch"),
        About::Key => (403, "InvalidClientTokenId"),
        About::NotFound => (404, "ResourceNotFoundException"),
        About::NotRecorded => (404, "NotRecorded"),
    }
}

/// The failure in the provider's form.
pub(super) fn failure(style: Style, told: Told<'_>) -> Answer {
    let (code, message, id) = (told.code, "told by a replay", "replay-1");
    let body = match style {
        Style::Rpc | Style::Roa => {
            json!({"Code": code, "Message": message, "RequestId": id}).to_string()
        }
        Style::Tc3 => {
            json!({"Response": {"Error": {"Code": code, "Message": message}, "RequestId": id}})
                .to_string()
        }
        Style::Sls => json!({"errorCode": code, "errorMessage": message}).to_string(),
        Style::Huawei => {
            json!({"error_code": code, "error_msg": message, "request_id": id}).to_string()
        }
        Style::Arm | Style::Graph => {
            json!({"error": {"code": code, "message": message}}).to_string()
        }
        Style::AwsJson | Style::AwsRestJson => {
            json!({"__type": code, "message": message}).to_string()
        }
        Style::Oss | Style::Obs | Style::AwsRestXml => format!(
            "<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{id}</RequestId></Error>"
        ),
        Style::AwsQuery | Style::AwsEc2 => format!(
            "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error><RequestId>{id}</RequestId></ErrorResponse>"
        ),
    };
    Answer {
        status: told.status,
        headers: Vec::new(),
        body: body.into_bytes(),
    }
}
