//! A call of the catalogue → a request in its API's style.

use serde_json::{Map, Value};
use stance_model::operation::{Api, CallSpec, Style};

use super::path;
use super::request::Request;
use super::sign::{Dialect, encoded};
use super::template::{NoValue, Vars};

/// A request that is ready to be signed, and how it is signed.
#[derive(Debug, Clone)]
pub(super) struct Built {
    pub(super) request: Request,
    pub(super) dialect: Dialect,
}

/// The request of a call, with the parameters of its page.
pub(super) fn build(
    call: &CallSpec,
    api: &Api,
    vars: &Vars<'_>,
    page: &[(String, Value)],
) -> Result<Built, NoValue> {
    let host = api.hosts.get(vars.region).unwrap_or(&api.host);
    let mut parameters = Vec::new();
    for (name, value) in &call.query {
        parameters.push((name.clone(), vars.fill_value(value)?));
    }
    parameters.extend(page.iter().cloned());
    let mut request = Request {
        method: call.method.clone(),
        host: vars.fill(host)?,
        path: vars.fill(&call.path)?,
        ..Request::default()
    };
    write(&mut request, call, api, vars, parameters);
    let dialect = dialect(api, vars, &request.host);
    Ok(Built { request, dialect })
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
        Style::Oss | Style::AwsRestXml | Style::AwsRestJson => {
            request.query = flat(parameters, ".");
        }
        Style::Tc3 => {
            json(request, parameters, "application/json");
            request.set("x-tc-action", call.action.clone());
            request.set("x-tc-version", api.version.clone());
            request.set("x-tc-region", vars.region);
        }
        Style::Huawei => {
            request.query = flat(parameters, ".");
            request.set("content-type", "application/json");
            if !vars.project.is_empty() {
                request.set("x-project-id", vars.project);
            }
        }
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

fn dialect(api: &Api, vars: &Vars<'_>, host: &str) -> Dialect {
    let signing = api.signing.as_ref().unwrap_or(&api.product);
    match api.style {
        Style::Rpc | Style::Roa => Dialect::Acs3,
        Style::Oss => oss(host),
        Style::Tc3 => Dialect::Tc3 {
            service: signing.clone(),
        },
        Style::Huawei => Dialect::SdkHmac,
        Style::Arm | Style::Graph => Dialect::Bearer,
        Style::AwsQuery
        | Style::AwsEc2
        | Style::AwsJson
        | Style::AwsRestJson
        | Style::AwsRestXml => Dialect::Aws4 {
            // Global services are signed for the region that they live in.
            region: match vars.region {
                "global" => "us-east-1".to_owned(),
                region => region.to_owned(),
            },
            service: signing.clone(),
        },
    }
}

/// The bucket and the region in a host of OSS: `bucket.oss-cn-hangzhou.aliyuncs.com`.
fn oss(host: &str) -> Dialect {
    let (bucket, rest) = match host.split_once(".oss-") {
        Some((bucket, rest)) => (Some(bucket.to_owned()), rest),
        None => (None, host.strip_prefix("oss-").unwrap_or(host)),
    };
    let region = rest.split('.').next().unwrap_or_default();
    Dialect::Oss4 {
        region: region.trim_end_matches("-internal").to_owned(),
        bucket,
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
    fn the_host_of_a_bucket_says_its_region() {
        let bucket = Dialect::Oss4 {
            region: "cn-beijing".into(),
            bucket: Some("shop".into()),
        };
        assert_eq!(oss("shop.oss-cn-beijing.aliyuncs.com"), bucket);
        let list = Dialect::Oss4 {
            region: "cn-hangzhou".into(),
            bucket: None,
        };
        assert_eq!(oss("oss-cn-hangzhou.aliyuncs.com"), list);
    }
}
