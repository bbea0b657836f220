//! A call of the catalogue → a request in its API's style.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use stance_model::operation::{Api, CallSpec, Style};

use super::answer::not_documented;
use super::dialect::dialect;
use super::failure::Failure;
use super::path;
use super::request::Request;
use super::sign::{Dialect, encoded};
use super::template::{NoValue, Vars};
use super::turn::Turn;

/// A request that is ready to be signed, and how it is signed.
#[derive(Debug, Clone)]
pub(super) struct Built {
    pub(super) request: Request,
    pub(super) dialect: Dialect,
}

/// The request of a call, for the page that `turn` says.
///
/// # Errors
/// BadResponse where an earlier answer lacks a value that the call needs, or has one that would lead to another host.
pub(super) fn build(
    call: &CallSpec,
    api: &Api,
    vars: &Vars<'_>,
    turn: &Turn,
) -> Result<Built, Failure> {
    let mut parameters = Vec::new();
    for (name, value) in &call.query {
        parameters.push((
            name.clone(),
            vars.fill_value(value).map_err(|name| missing(&name))?,
        ));
    }
    parameters.extend(turn.parameters.iter().cloned());
    let mut request = Request {
        method: call.method.clone(),
        host: host(api, vars)?,
        path: vars.fill(&call.path).map_err(|name| missing(&name))?,
        ..Request::default()
    };
    write(&mut request, call, api, vars, parameters);
    if let Some(address) = &turn.address {
        if !address.is_on(&request.host) {
            return Err(foreign());
        }
        request.path.clone_from(&address.path);
        request.query.clone_from(&address.query);
    }
    let dialect = dialect(api, vars, &request.host);
    Ok(Built { request, dialect })
}

/// The host of a call. Values of answers are part of some hosts: one that is no part of a host name leads elsewhere.
fn host(api: &Api, vars: &Vars<'_>) -> Result<String, Failure> {
    let host = api.hosts.get(vars.region).unwrap_or(&api.host);
    let host = vars.fill(host).map_err(|name| missing(&name))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    match host.chars().all(plain) {
        true => Ok(host),
        false => Err(foreign()),
    }
}

fn missing(name: &NoValue) -> Failure {
    let why = format!(
        "`{}` is not in the answer that the call needs it from",
        name.0
    );
    not_documented("MissingValue", &why)
}

/// Keys never go to a host that an answer names.
fn foreign() -> Failure {
    not_documented("ForeignHost", "an answer leads to another host")
}

/// A percent-encoded text in plain; none where that is no UTF-8.
pub(super) fn decoded(text: &str) -> Option<String> {
    let plain = percent_decode_str(text).decode_utf8().ok()?;
    Some(plain.into_owned())
}

fn write(
    request: &mut Request,
    call: &CallSpec,
    api: &Api,
    vars: &Vars<'_>,
    parameters: Vec<(String, Value)>,
) {
    match api.style {
        Style::Rpc | Style::Roa => {
            request.query = flat(parameters, ".");
            request.set("x-acs-action", call.action.clone());
            request.set("x-acs-version", api.version.clone());
            request.set("accept", "application/json");
        }
        Style::Oss | Style::Sls | Style::Obs | Style::AwsRestXml | Style::AwsRestJson => {
            request.query = flat(parameters, ".");
            // S3 Control wants the account of its host in a header, too.
            if let Some((account, _)) = request.host.clone().split_once(".s3-control.") {
                request.set("x-amz-account-id", account);
            }
        }
        Style::Tc3 => {
            json(request, parameters, "application/json");
            request.set("x-tc-action", call.action.clone());
            request.set("x-tc-version", api.version.clone());
            if let Some(region) = tencent_region(vars.region, &request.host) {
                request.set("x-tc-region", region);
            }
        }
        Style::Huawei => huawei(request, vars, parameters),
        Style::Arm | Style::Graph => {
            request.query = flat(parameters, ".");
            let versioned = request.query.iter().any(|(name, _)| name == "api-version");
            if api.style == Style::Arm && !versioned {
                let version = ("api-version".to_owned(), api.version.clone());
                request.query.push(version);
            }
        }
        Style::AwsQuery | Style::AwsEc2 => form(request, call, api, parameters),
        Style::AwsJson => {
            json(request, parameters, "application/x-amz-json-1.1");
            request.set("x-amz-target", format!("{}.{}", api.version, call.action));
        }
    }
}

fn json(request: &mut Request, parameters: Vec<(String, Value)>, kind: &str) {
    let body: Map<String, Value> = parameters.into_iter().collect();
    request.body = Value::Object(body).to_string().into_bytes();
    request.set("content-type", kind);
}

fn form(request: &mut Request, call: &CallSpec, api: &Api, parameters: Vec<(String, Value)>) {
    let lists = match api.style {
        Style::AwsQuery => ".member.",
        _ => ".",
    };
    let mut pairs = vec![
        ("Action".to_owned(), call.action.clone()),
        ("Version".to_owned(), api.version.clone()),
    ];
    pairs.extend(flat(parameters, lists));
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    request.body = pairs.collect::<Vec<_>>().join("&").into_bytes();
    let kind = "application/x-www-form-urlencoded; charset=utf-8";
    request.set("content-type", kind);
}

/// Parameters as pairs of texts; lists are numbered from 1.
fn flat(parameters: Vec<(String, Value)>, lists: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, value) in parameters {
        put(name, &value, lists, &mut pairs);
    }
    pairs
}

fn put(name: String, value: &Value, lists: &str, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => {
            for (number, item) in (1..).zip(items) {
                put(format!("{name}{lists}{number}"), item, lists, pairs);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                put(format!("{name}.{key}"), item, lists, pairs);
            }
        }
        scalar => pairs.extend(path::text(scalar).map(|text| (name, text))),
    }
}

/// The region that a call of Tencent Cloud names: that of the assets; of products without regions, that of the host,
/// such as `cloudaudit.ap-guangzhou.tencentcloudapi.com`, or none.
fn tencent_region(region: &str, host: &str) -> Option<String> {
    if region != "global" {
        return Some(region.to_owned());
    }
    let labels: Vec<&str> = host.split('.').collect();
    match labels.as_slice() {
        [_, region, "tencentcloudapi", _] => Some((*region).to_owned()),
        _ => None,
    }
}

/// A request of Huawei Cloud. Calls of a region name its project, those of no region the account.
fn huawei(request: &mut Request, vars: &Vars<'_>, parameters: Vec<(String, Value)>) {
    if request.method == "POST" {
        json(request, parameters, "application/json");
    } else {
        request.query = flat(parameters, ".");
        request.set("content-type", "application/json");
    }
    if !vars.project.is_empty() {
        request.set("x-project-id", vars.project);
    } else if !vars.account.is_empty() {
        request.set("x-domain-id", vars.account);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_objects_are_numbered() {
        let parameters = vec![("Filter".to_owned(), json!([{"Name": "a", "Value": [1, 2]}]))];
        let flat = flat(parameters, ".");
        let shown: Vec<String> = flat.iter().map(|(n, v)| format!("{n}={v}")).collect();
        assert_eq!(
            shown,
            [
                "Filter.1.Name=a",
                "Filter.1.Value.1=1",
                "Filter.1.Value.2=2"
            ]
        );
    }

    #[test]
    fn products_without_regions_name_that_of_their_host() {
        let of = |region, host| tencent_region(region, host);
        let tokyo = of("ap-tokyo", "cvm.ap-tokyo.tencentcloudapi.com");
        assert_eq!(tokyo.as_deref(), Some("ap-tokyo"));
        assert_eq!(of("global", "cam.tencentcloudapi.com"), None);
        let audit = of("global", "cloudaudit.ap-guangzhou.tencentcloudapi.com");
        assert_eq!(audit.as_deref(), Some("ap-guangzhou"));
    }
}
