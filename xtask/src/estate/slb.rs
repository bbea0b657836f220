//! Classic load balancers with their listeners, backends and logs.

use serde_json::{Value, json};
use stance_model::ReasonKind;

use super::balancers::{BALANCERS, Balancer, Listener, Mark};
use super::slb_parts::{self, acl_id, certificate_id};
use super::{
    DEV, Draft, Estate, PROD, REGIONS, ali_id, instance_id, reason, vpc_id, vswitch_id, with, zone,
};

pub(crate) fn add(estate: &mut Estate) {
    let types = [
        "aliyun/slb/load_balancer",
        "aliyun/slb/acl",
        "aliyun/slb/server_certificate",
        "aliyun/slb/tls_cipher_policy",
    ];
    for account in [PROD, DEV] {
        estate.covers(account, &REGIONS, &types);
    }
    for balancer in &BALANCERS {
        add_balancer(estate, balancer);
    }
    slb_parts::add(estate);
}

/// The id of the load balancer called `name`.
pub(super) fn balancer_id(balancer: &Balancer) -> String {
    let seed = format!("{} {}", balancer.account.name, balancer.name);
    ali_id("lb", balancer.region, &seed)
}

fn add_balancer(estate: &mut Estate, balancer: &Balancer) {
    let id = balancer_id(balancer);
    let asset = Draft::new(
        balancer.account,
        balancer.region,
        "aliyun/slb/load_balancer",
        &id,
        balancer.name,
    );
    let asset = asset
        .zone(&zone(balancer.region))
        .fact("list", list(balancer, &id))
        .fact("listeners", listeners(balancer, &id))
        .fact("domain_extensions", domain_extensions(balancer))
        .fact("health", health(balancer));
    estate.asset(access_log(asset, balancer, &id));
}

fn list(balancer: &Balancer, id: &str) -> Value {
    let version = if balancer.address.contains(':') {
        "ipv6"
    } else {
        "ipv4"
    };
    json!({
        "LoadBalancerId": id, "LoadBalancerName": balancer.name, "LoadBalancerStatus": "active",
        "AddressType": balancer.kind, "Address": balancer.address, "AddressIPVersion": version,
        "NetworkType": if balancer.kind == "internet" { "classic" } else { "vpc" },
        "VpcId": vpc_id(balancer.account, balancer.region),
        "VSwitchId": vswitch_id(balancer.account, balancer.region),
        "RegionId": balancer.region, "RegionIdAlias": balancer.region,
        "MasterZoneId": zone(balancer.region), "SlaveZoneId": zone(balancer.region),
        "LoadBalancerSpec": "slb.s2.small", "InstanceChargeType": "PayBySpec",
        "InternetChargeType": "4", "PayType": "PayOnDemand", "Bandwidth": -1,
        "CreateTime": "2023-03-02T02:49:05Z", "CreateTimeStamp": 1_677_725_345_000_i64,
        "DeleteProtection": "on", "ModificationProtectionStatus": "ConsoleProtection",
        "ResourceGroupId": "", "Tags": {"Tag": []},
    })
}

fn listeners(balancer: &Balancer, id: &str) -> Value {
    let listeners: Vec<Value> = balancer
        .listeners
        .iter()
        .map(|listener| listener_item(balancer, listener, id))
        .collect();
    json!({"Listeners": listeners, "TotalCount": listeners.len(), "MaxResults": 100})
}

fn listener_item(balancer: &Balancer, listener: &Listener, id: &str) -> Value {
    let acl = listener.acl;
    let ids: Vec<String> = Some(acl)
        .filter(|acl| !acl.is_empty())
        .map(|acl| acl_id(balancer.account, balancer.region, acl))
        .into_iter()
        .collect();
    let item = json!({
        "LoadBalancerId": id, "ListenerPort": listener.port, "ListenerProtocol": listener.protocol,
        "BackendServerPort": listener.backend, "Status": listener.status, "Bandwidth": -1,
        "Scheduler": "wrr", "Description": format!("{}_{}", listener.protocol, listener.port),
        "AclStatus": if acl.is_empty() { "off" } else { "on" }, "AclIds": ids, "Tags": [],
    });
    let item = if acl.is_empty() {
        item
    } else {
        let id = acl_id(balancer.account, balancer.region, acl);
        with(with(item, "AclType", json!("white")), "AclId", json!(id))
    };
    let (field, config) = config(balancer, listener);
    with(item, field, config)
}

/// The part of a listener that belongs to its protocol.
fn config(balancer: &Balancer, listener: &Listener) -> (&'static str, Value) {
    let redirects = listener.protocol == "http" && balancer.has(Mark::Redirects);
    let checked = if redirects { "off" } else { "on" };
    match listener.protocol {
        "http" => {
            let config = json!({
                "ListenerForward": if redirects { "on" } else { "off" }, "HealthCheck": checked,
                "HealthCheckURI": "/ping", "XForwardedFor": "on", "Gzip": "on", "IdleTimeout": 15,
                "RequestTimeout": 60, "StickySession": "off",
            });
            let config = if redirects {
                with(config, "ForwardPort", json!(443))
            } else {
                config
            };
            ("HTTPListenerConfig", config)
        }
        "https" => {
            let certificate =
                certificate_id(balancer.account, balancer.region, balancer.certificate);
            let config = json!({
                "ServerCertificateId": certificate, "TLSCipherPolicy": tls_policy(balancer),
                "EnableHttp2": "on", "HealthCheck": checked, "HealthCheckURI": "/ping",
                "XForwardedFor": "on", "Gzip": "on", "IdleTimeout": 15, "RequestTimeout": 60,
                "StickySession": "off",
            });
            ("HTTPSListenerConfig", config)
        }
        "udp" => (
            "UDPListenerConfig",
            json!({"HealthCheck": checked, "HealthCheckInterval": 5}),
        ),
        _ => (
            "TCPListenerConfig",
            json!({
                "HealthCheck": checked, "HealthCheckType": "tcp", "EstablishedTimeout": 900,
                "HealthCheckInterval": 2, "PersistenceTimeout": 0,
            }),
        ),
    }
}

fn tls_policy(balancer: &Balancer) -> String {
    if balancer.has(Mark::OwnTls) {
        slb_parts::tls_policy_id()
    } else {
        "tls_cipher_policy_1_2_strict".to_owned()
    }
}

/// Additional domains are there only where an HTTPS listener is.
fn domain_extensions(balancer: &Balancer) -> Value {
    if balancer
        .listeners
        .iter()
        .all(|listener| listener.protocol != "https")
    {
        return Value::Null;
    }
    let extensions = if balancer.has(Mark::ExpiredDomain) {
        json!([{
            "DomainExtensionId": "de-bp1rp7ta19wz2", "Domain": "coupons.shop.example",
            "ServerCertificateId": certificate_id(balancer.account, balancer.region, "coupons"),
        }])
    } else {
        json!([])
    };
    json!({"DomainExtensions": {"DomainExtension": extensions}})
}

fn health(balancer: &Balancer) -> Value {
    let mut servers = Vec::new();
    for listener in balancer.listeners {
        let redirects = listener.protocol == "http" && balancer.has(Mark::Redirects);
        let backends = if redirects { &[] } else { balancer.backends };
        for backend in backends {
            servers.push(json!({
                "ListenerPort": listener.port, "Protocol": listener.protocol, "Port": listener.backend,
                "ServerId": instance_id(balancer.account, balancer.region, backend),
                "ServerIp": super::host_ip(balancer.account, balancer.region, backend),
                "ServerHealthStatus": "normal", "Type": "ecs",
            }));
        }
    }
    json!({"BackendServers": {"BackendServer": servers}})
}

fn access_log(asset: Draft, balancer: &Balancer, id: &str) -> Draft {
    if balancer.has(Mark::LogUnread) {
        let slow = reason(ReasonKind::Throttled, "Throttling.User");
        return asset.unknown("access_log", slow);
    }
    let records = if balancer.has(Mark::Logged) {
        json!([{
            "LoadBalancerId": id, "LogType": "layer7", "LogProject": "shop-access-logs",
            "LogStore": "slb-layer7", "Region": balancer.region,
        }])
    } else {
        json!([])
    };
    asset.fact(
        "access_log",
        json!({"LogsDownloadAttributes": {"LogsDownloadAttribute": records}}),
    )
}
