//! How the requests of an API are signed.

use stance_model::operation::{Api, Style};

use super::sign::Dialect;
use super::template::Vars;

/// The dialect of an API, for a host.
pub(super) fn dialect(api: &Api, vars: &Vars<'_>, host: &str) -> Dialect {
    let signing = api.signing.as_ref().unwrap_or(&api.product);
    match api.style {
        Style::Rpc | Style::Roa => Dialect::Acs3,
        Style::Oss => oss(host),
        Style::Sls => Dialect::Log,
        Style::Obs => obs(host),
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

/// The dialect of a storage service by the word that its signatures begin with.
pub(super) fn bucket_dialect(scheme: &str, host: &str) -> Option<Dialect> {
    match scheme {
        "OSS4-HMAC-SHA256" => Some(oss(host)),
        "OBS" => Some(obs(host)),
        _ => None,
    }
}

/// The bucket in a host of OBS: `bucket.obs.cn-north-4.myhuaweicloud.com`.
fn obs(host: &str) -> Dialect {
    let bucket = host.split_once(".obs.");
    Dialect::Obs {
        bucket: bucket.map(|(bucket, _)| bucket.to_owned()),
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
    use super::*;

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
