//! WAF in front of the shop: domains added by CNAME, and cloud products led through it.

use serde_json::{Value, json};

use super::balancers::BALANCERS;
use super::security_groups::WAF_RANGE;
use super::slb::balancer_id;
use super::{Draft, Estate, PROD, denied, token};

pub(crate) fn add(estate: &mut Estate) {
    domains(estate);
    product_instances(estate);
}

/// One domain behind the WAF of the production account.
struct Domain {
    region: &'static str,
    name: &'static str,
    status: i64,
    /// Its listeners: HTTP beside HTTPS or HTTPS alone.
    http: bool,
    origins: &'static [&'static str],
    /// HTTPS is passed on as HTTP.
    plain_origin: bool,
    /// The port of the origin where it is not the listener's.
    origin_port: Option<u16>,
}

fn domains(estate: &mut Estate) {
    for domain in list_domains() {
        estate.asset(domain.draft());
    }
    let unread = https("cn-hangzhou", "beta.shop.example", &["198.51.100.10"]).bare();
    let unread = unread.unknown("detail", denied("Forbidden.RAM"));
    estate.asset(unread.fact("source_ips", source_ips()));
}

/// The domains: hidden origins, exposed ones, one led through WAF itself, one that is a name, one that is foreign.
#[rustfmt::skip]
fn list_domains() -> Vec<Domain> {
    let (hz, sg) = ("cn-hangzhou", "ap-southeast-1");
    vec![
        Domain { http: true, ..https(hz, "www.shop.example", &["198.51.100.10"]) },
        Domain { http: true, ..https(hz, "m.shop.example", &["198.51.100.11"]) },
        Domain { plain_origin: true, ..https(hz, "pay.shop.example", &["198.51.100.73"]) },
        https(hz, "api.shop.example", &["198.51.100.12"]),
        https(hz, "static.shop.example", &["static.origin.example"]),
        https(hz, "partner.shop.example", &["203.0.113.77"]),
        Domain { status: 5, ..https(hz, "old.shop.example", &["198.51.100.11"]) },
        https(sg, "sg.shop.example", &["198.51.100.120"]),
        Domain { origin_port: Some(8443), ..https(sg, "ops.shop.example", &["198.51.100.120"]) },
    ]
}

fn https(region: &'static str, name: &'static str, origins: &'static [&'static str]) -> Domain {
    Domain {
        region,
        name,
        status: 1,
        http: false,
        origins,
        plain_origin: false,
        origin_port: None,
    }
}

impl Domain {
    fn draft(&self) -> Draft {
        self.bare()
            .fact("detail", self.detail())
            .fact("source_ips", source_ips())
    }

    fn bare(&self) -> Draft {
        Draft::new(PROD, self.region, "aliyun/waf/domain", self.name, self.name)
            .fact("list", self.list())
    }

    fn http_ports(&self) -> &'static [u16] {
        if self.http { &[80] } else { &[] }
    }

    fn list(&self) -> Value {
        let origins: Vec<Value> = self
            .origins
            .iter()
            .map(|origin| json!({"Backend": origin}))
            .collect();
        let http = if self.http {
            origins.clone()
        } else {
            Vec::new()
        };
        json!({
            "Domain": self.name, "DomainId": format!("{}-waf", self.name), "Status": self.status,
            "Cname": format!("{}.waf.example", token(self.name, 16)), "ResourceManagerResourceGroupId": "",
            "ListenPorts": {"Http": self.http_ports(), "Https": [443]},
            "Backeds": {"Http": http, "Https": origins},
        })
    }

    fn detail(&self) -> Value {
        let backends: Vec<Value> = self
            .origins
            .iter()
            .map(|origin| json!({"Backend": origin}))
            .collect();
        let ports = self.origin_port.map_or_else(
            || json!([]),
            |port| json!([{"ListenPort": 443, "BackendPort": port, "Protocol": "https"}]),
        );
        json!({
            "Domain": self.name, "Status": self.status,
            "Listen": {
                "HttpPorts": self.http_ports(), "HttpsPorts": [443], "TLSVersion": "tlsv1.2", "EnableTLSv3": true,
                "CipherSuite": 2, "CustomCiphers": [], "Http2Enabled": true, "FocusHttps": self.http,
                "IPv6Enabled": false, "ProtectionResource": "share", "ExclusiveIp": false, "XffHeaderMode": 0,
            },
            "Redirect": {
                "Backends": backends, "BackendPorts": ports, "FocusHttpBackend": self.plain_origin,
                "Loadbalance": "iphash", "SniEnabled": false, "ConnectTimeout": 5, "ReadTimeout": 120,
                "WriteTimeout": 120, "Keepalive": true, "Retry": true, "XffProto": true, "RequestHeaders": [],
            },
            "CertDetail": {"Name": "shop", "CommonName": self.name, "EndTime": 4_073_587_199_000_i64},
        })
    }
}

fn source_ips() -> Value {
    json!({"WafSourceIp": {"IPv4": [WAF_RANGE], "IPv6": ["2001:db8:af00::/56"]}})
}

/// The load balancer of the API is led through WAF as a cloud product; another one is not.
fn product_instances(estate: &mut Estate) {
    for balancer in BALANCERS
        .iter()
        .filter(|b| matches!(b.name, "shop-api" | "shop-mobile"))
    {
        let behind = balancer.name == "shop-api";
        let ports = if behind {
            json!([{"Port": 443, "Protocol": "https", "CertificateIds": []}])
        } else {
            json!([])
        };
        let id = balancer_id(balancer);
        let list = json!({
            "ResourceInstanceId": id, "ResourceInstanceName": balancer.name, "ResourceProduct": "clb7",
            "ResourceInstanceIp": balancer.address, "ResourceRegionId": balancer.region,
            "ResourceInstanceAccessStatus": if behind { "all" } else { "non" },
            "AccessPortAndProtocols": ports, "OwnerUserId": PROD.id, "ResourceInstanceEdition": "",
        });
        let asset = Draft::new(
            PROD,
            "cn-hangzhou",
            "aliyun/waf/product_instance",
            &id,
            balancer.name,
        );
        estate.asset(asset.fact("list", list));
    }
}
