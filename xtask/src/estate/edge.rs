//! Anti-DDoS in front of the shop, and how it and WAF were covered. Origins are hidden, exposed, domain names, or
//! someone else's; the domains of WAF stand in a file of their own.

use std::net::IpAddr;

use serde_json::{Value, json};
use stance_model::CoverageStatus;

use super::security_groups::DDOS_RANGE;
use super::{Account, DEV, Draft, Estate, PROD, denied, token, waf};

/// The two regions in which both products have their centres: mainland China and the rest of the world.
const CENTRES: [&str; 2] = ["cn-hangzhou", "ap-southeast-1"];

pub(crate) fn add(estate: &mut Estate) {
    coverage(estate);
    anti_ddos(estate);
    waf::add(estate);
}

/// Neither product has a centre in the other regions, and the development account never opened WAF.
fn coverage(estate: &mut Estate) {
    let waf = ["aliyun/waf/domain", "aliyun/waf/product_instance"];
    estate.covers(PROD, &CENTRES, &waf);
    for account in [PROD, DEV] {
        estate.covers(account, &CENTRES, &["aliyun/ddos/instance"]);
        for region in ["cn-shanghai", "cn-beijing"] {
            let absent = CoverageStatus::NotOffered;
            estate.cover(account, region, "aliyun/ddos/instance", absent, None);
        }
    }
    for region in CENTRES {
        for asset_type in waf {
            estate.cover(DEV, region, asset_type, CoverageStatus::NotActivated, None);
        }
    }
}

fn anti_ddos(estate: &mut Estate) {
    let flash = web_rule("flash.shop.example", "https", "443", "198.51.100.76");
    let devices = port_rule(8883, "198.51.100.14");
    shield(estate, "shop-shield-1", 1, &[flash], &[devices]);
    // The ports of the game servers are open to everybody.
    let game = web_rule("game.shop.example", "https", "443", "198.51.100.72");
    let ports = port_rule(9000, "198.51.100.72");
    shield(estate, "shop-shield-2", 1, &[game], &[ports]);
    // The origin is the name by which WAF is called.
    let chained = web_rule("live.shop.example", "https", "443", "live.waf.example");
    shield(estate, "shop-shield-3", 1, &[chained], &[]);
    shield(estate, "shop-shield-old", 0, &[], &[]);
    unread_shield(estate);
}

fn shield(estate: &mut Estate, name: &str, enabled: i64, web: &[Value], ports: &[Value]) {
    let web_rules = json!({"TotalCount": web.len(), "WebRules": web});
    let network_rules = json!({"TotalCount": ports.len(), "NetworkRules": ports});
    let asset = shield_asset(PROD, name, enabled)
        .fact("web_rules", web_rules)
        .fact("network_rules", network_rules)
        .fact("back_source_cidr", json!({"Cidrs": [DDOS_RANGE]}));
    estate.asset(asset);
}

/// The instance of the development account, whose back-to-origin ranges could not be read.
fn unread_shield(estate: &mut Estate) {
    let rule = web_rule("dev.shop.example", "http", "80", "198.51.100.60");
    let asset = shield_asset(DEV, "dev-shield", 1)
        .fact("web_rules", json!({"TotalCount": 1, "WebRules": [rule]}))
        .fact(
            "network_rules",
            json!({"TotalCount": 0, "NetworkRules": []}),
        )
        .unknown("back_source_cidr", denied("NoPermission"));
    estate.asset(asset);
}

fn shield_asset(account: Account, name: &str, enabled: i64) -> Draft {
    let id = format!("ddoscoo-cn-{}", token(name, 11));
    let expiry: i64 = if enabled == 1 {
        4_073_587_199_000
    } else {
        1_701_388_799_000
    };
    let list = json!({
        "InstanceId": id, "Remark": name, "Ip": "203.0.113.240", "IpVersion": "Ipv4", "IpMode": "fnat",
        "Enabled": enabled, "Status": if enabled == 1 { 1 } else { 2 }, "Edition": 9, "DebtStatus": 0,
        "CreateTime": 1_637_751_953_000_i64, "ExpireTime": expiry, "IsFirstOpenBw": 0, "IsFirstOpenQps": 0,
    });
    Draft::new(account, "cn-hangzhou", "aliyun/ddos/instance", &id, name).fact("list", list)
}

fn web_rule(domain: &str, protocol: &str, port: &str, origin: &str) -> Value {
    let is_name = origin.parse::<IpAddr>().is_err();
    let servers = [json!({"RealServer": origin, "RsType": i64::from(is_name)})];
    json!({
        "Domain": domain, "Cname": format!("{}.ddos.example", token(domain, 16)), "ProxyEnabled": true,
        "ProxyTypes": [{"ProxyType": protocol, "ProxyPorts": [port]}], "RealServers": servers,
        "Https2HttpEnable": false, "Http2HttpsEnable": protocol == "https", "Http2Enable": true,
        "SslProtocols": "tls1.2", "SslCiphers": "strong", "Ssl13Enabled": true, "CcEnabled": true,
        "CcRuleEnabled": false, "CcTemplate": "default", "PolicyMode": "ip_hash", "CertName": "",
        "PunishStatus": false, "PunishReason": 0, "OcspEnabled": false, "WhiteList": [], "BlackList": [],
    })
}

fn port_rule(port: u16, origin: &str) -> Value {
    json!({
        "InstanceId": "", "Protocol": "tcp", "FrontendPort": port, "BackendPort": port,
        "RealServers": [origin], "IsAutoCreate": false, "PayloadRuleEnable": 0, "Remark": "",
    })
}
