//! The vectors that the vendors' own SDKs made.

use super::{Dialect, Moment, sign};
use crate::live::credential::Credential;
use crate::live::request::Request;

struct Vector {
    name: &'static str,
    dialect: Dialect,
    request: (&'static str, &'static str, &'static str),
    query: &'static [(&'static str, &'static str)],
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
    token: Option<&'static str>,
    signature: &'static str,
}

const PROJECT: &str = "0123456789abcdef0123456789abcdef";
const FORM: (&str, &str) = (
    "content-type",
    "application/x-www-form-urlencoded; charset=utf-8",
);
const TOKEN: Option<&str> = Some("testToken+/=");

fn aws(region: &str, service: &str) -> Dialect {
    Dialect::Aws4 {
        region: region.into(),
        service: service.into(),
    }
}

fn oss(bucket: Option<&str>) -> Dialect {
    Dialect::Oss4 {
        region: "cn-hangzhou".into(),
        bucket: bucket.map(str::to_owned),
    }
}

fn vectors() -> Vec<Vector> {
    let oss_host = "my-bucket.oss-cn-hangzhou.aliyuncs.com";
    vec![
        Vector {
            name: "Acs3 rpc",
            dialect: Dialect::Acs3,
            request: ("POST", "ecs.cn-hangzhou.aliyuncs.com", "/"),
            query: &[
                ("RegionId", "cn-hangzhou"),
                ("MaxResults", "100"),
                ("Tag.1.Key", "a b/ü*~"),
            ],
            headers: &[
                ("x-acs-action", "DescribeSecurityGroups"),
                ("x-acs-version", "2014-05-26"),
            ],
            body: "",
            token: None,
            signature: "0a3b59a707f95779357c2e0f7eeb79cead33b2c297445072c08a87bfbd6ef0e1",
        },
        Vector {
            name: "Acs3 rpc-sts",
            dialect: Dialect::Acs3,
            request: ("POST", "ecs.cn-hangzhou.aliyuncs.com", "/"),
            query: &[("RegionId", "cn-hangzhou")],
            headers: &[
                ("x-acs-action", "DescribeInstances"),
                ("x-acs-version", "2014-05-26"),
            ],
            body: "",
            token: TOKEN,
            signature: "921389232674dd96c46315ab74525ead999d03af22c8719cb802f9bede950d18",
        },
        Vector {
            name: "Acs3 roa",
            dialect: Dialect::Acs3,
            request: ("GET", "cs.cn-hangzhou.aliyuncs.com", "/api/v1/clusters"),
            query: &[("page_size", "50"), ("page_number", "1")],
            headers: &[
                ("x-acs-action", "DescribeClustersV1"),
                ("x-acs-version", "2015-12-15"),
                ("content-type", "application/json; charset=utf-8"),
            ],
            body: "",
            token: None,
            signature: "b8d0de611833c3fa143b6ec667392239b392de5bef2b0dc8ff6e1adbee275841",
        },
        Vector {
            name: "Tc3 cvm",
            dialect: Dialect::Tc3 {
                service: "cvm".into(),
            },
            request: ("POST", "cvm.tencentcloudapi.com", "/"),
            query: &[],
            headers: &[
                ("content-type", "application/json"),
                ("x-tc-action", "DescribeInstances"),
                ("x-tc-version", "2017-03-12"),
                ("x-tc-region", "ap-guangzhou"),
            ],
            body: "{\"Limit\": 20, \"Offset\": 0}",
            token: None,
            signature: "5037038d937feb02a79fe38db22ce81f6615a4d163c4be5f18836470e95e8aac",
        },
        Vector {
            name: "SdkHmac vpc",
            dialect: Dialect::SdkHmac,
            request: (
                "GET",
                "vpc.ap-southeast-1.myhuaweicloud.com",
                "/v3/0123456789abcdef0123456789abcdef/vpc/security-groups",
            ),
            query: &[("limit", "100"), ("marker", "a b")],
            headers: &[
                ("content-type", "application/json"),
                ("x-project-id", PROJECT),
            ],
            body: "",
            token: None,
            signature: "3e9cafd70d5724920ddaf306eedb4999ae19031bcd043b9eca75c944e2fcad80",
        },
        Vector {
            name: "Aws4 ec2",
            dialect: aws("us-east-1", "ec2"),
            request: ("POST", "ec2.us-east-1.amazonaws.com", "/"),
            query: &[],
            headers: &[FORM],
            body: "Action=DescribeSecurityGroups&Version=2016-11-15&MaxResults=100",
            token: None,
            signature: "8ccd63fd4f457de635a4bbdff840758b57d39a878fe00b8b86ec2aa06b38435e",
        },
        Vector {
            name: "Aws4 iam-sts",
            dialect: aws("us-east-1", "iam"),
            request: ("POST", "iam.amazonaws.com", "/"),
            query: &[],
            headers: &[FORM],
            body: "Action=ListUsers&Version=2010-05-08",
            token: TOKEN,
            signature: "d82eb12b26f26d097221c2630e2bf01349fd8d0a99cdf5cb6422ba2c608b39c3",
        },
        Vector {
            name: "Aws4 eks-path",
            dialect: aws("eu-west-1", "eks"),
            request: (
                "GET",
                "eks.eu-west-1.amazonaws.com",
                "/clusters/my cluster/node-groups",
            ),
            query: &[("maxResults", "100")],
            headers: &[],
            body: "",
            token: None,
            signature: "a32faf2783cbfb7ae33fbb11227f6d2c24759e342ed8b6ae68f66a0e2975ce22",
        },
        Vector {
            name: "Oss4 list",
            dialect: oss(None),
            request: ("GET", "oss-cn-hangzhou.aliyuncs.com", "/"),
            query: &[("max-keys", "100"), ("prefix", "a")],
            headers: &[],
            body: "",
            token: None,
            signature: "4e838288975bbaac1af9f2360da6e51ddfe9cc94740aab824aaac33178f30553",
        },
        Vector {
            name: "Oss4 acl",
            dialect: oss(Some("my-bucket")),
            request: ("GET", oss_host, "/"),
            query: &[("acl", "")],
            headers: &[],
            body: "",
            token: None,
            signature: "9c16087500c773bf83dd63ecf28f8aba0ea2dcf70c48d6a26d7fd9f7cfb34c6e",
        },
        Vector {
            name: "Oss4 enc-sts",
            dialect: oss(Some("my-bucket")),
            request: ("GET", oss_host, "/"),
            query: &[("encryption", "")],
            headers: &[],
            body: "",
            token: TOKEN,
            signature: "6321a7f64f1be29d151b01dc76a4c55bebfb9fc2b222906badd28dc144095ab8",
        },
    ]
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(own).collect()
}

/// The authorization header that we make.
fn signed(vector: &Vector) -> String {
    let (method, host, path) = vector.request;
    let mut request = Request {
        method: method.into(),
        host: host.into(),
        path: path.into(),
        query: owned(vector.query),
        headers: owned(vector.headers),
        body: vector.body.into(),
    };
    let token = vector.token.map(str::to_owned);
    let credential = Credential::new("testAccessKeyId", "testAccessKeySecret", token);
    let moment = Moment {
        now: "2026-11-22T03:04:05Z".parse().unwrap(),
        nonce: "nonce-1",
    };
    sign(&mut request, &vector.dialect, &credential, moment);
    request.header("authorization").unwrap().to_owned()
}

#[test]
fn signatures_are_those_of_the_vendors_sdks() {
    for vector in vectors() {
        let header = signed(&vector);
        assert!(
            header.ends_with(vector.signature),
            "{}: {header}",
            vector.name
        );
    }
}

#[test]
fn a_bearer_token_goes_as_it_is() {
    let mut request = Request::default();
    let moment = Moment {
        now: "2026-11-22T03:04:05Z".parse().unwrap(),
        nonce: "nonce-1",
    };
    let credential = Credential::new("", "token", None);
    sign(&mut request, &Dialect::Bearer, &credential, moment);
    assert_eq!(request.header("authorization"), Some("Bearer token"));
    assert!(!format!("{credential:?}").contains("token"));
}
