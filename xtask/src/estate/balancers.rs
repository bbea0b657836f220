//! The load balancers of the shop, and what is special about each.

use super::{Account, DEV, PROD};

/// What is wrong with a load balancer, or special about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Its HTTP listener redirects to HTTPS.
    Redirects,
    /// It delivers its access log.
    Logged,
    LogUnread,
    /// It uses the account's own TLS policy.
    OwnTls,
    /// One of its additional domains has an expired certificate.
    ExpiredDomain,
}

use Mark::{ExpiredDomain, LogUnread, Logged, OwnTls, Redirects};

/// One listener; `acl` names its whitelist, empty where access control is off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listener {
    pub(super) protocol: &'static str,
    pub(super) port: u16,
    pub(super) backend: u16,
    pub(super) acl: &'static str,
    pub(super) status: &'static str,
}

/// One load balancer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Balancer {
    pub(super) account: Account,
    pub(super) region: &'static str,
    pub(super) name: &'static str,
    /// `internet` or `intranet`.
    pub(super) kind: &'static str,
    pub(super) address: &'static str,
    pub(super) listeners: &'static [Listener],
    pub(super) backends: &'static [&'static str],
    /// The certificate of its HTTPS listeners.
    pub(super) certificate: &'static str,
    marks: &'static [Mark],
}

impl Balancer {
    pub(super) fn has(&self, wanted: Mark) -> bool {
        self.marks.contains(&wanted)
    }
}

const fn on(protocol: &'static str, port: u16, backend: u16, acl: &'static str) -> Listener {
    Listener {
        protocol,
        port,
        backend,
        acl,
        status: "running",
    }
}

const fn stopped(protocol: &'static str, port: u16, backend: u16) -> Listener {
    Listener {
        protocol,
        port,
        backend,
        acl: "",
        status: "stopped",
    }
}

const HZ: &str = "cn-hangzhou";
const SH: &str = "cn-shanghai";
const BJ: &str = "cn-beijing";
const SG: &str = "ap-southeast-1";

const HTTP: Listener = on("http", 80, 8080, "");
const HTTPS: Listener = on("https", 443, 8080, "");

/// All load balancers, a paragraph each.
#[rustfmt::skip]
pub(super) const BALANCERS: [Balancer; 16] = [
    Balancer { account: PROD, region: HZ, name: "shop-web", kind: "internet", address: "198.51.100.10",
        listeners: &[on("http", 80, 8080, "waf"), on("https", 443, 8080, "waf")],
        backends: &["shop-web-01", "shop-web-02", "shop-web-03"], certificate: "shop", marks: &[Redirects, Logged] },
    Balancer { account: PROD, region: HZ, name: "shop-mobile", kind: "internet", address: "198.51.100.11",
        listeners: &[HTTP, HTTPS],
        backends: &["shop-web-01", "shop-web-02"], certificate: "shop", marks: &[ExpiredDomain, Logged] },
    Balancer { account: PROD, region: HZ, name: "shop-api", kind: "internet", address: "198.51.100.12",
        listeners: &[HTTPS],
        backends: &["shop-app-01", "shop-app-02"], certificate: "api", marks: &[OwnTls, Logged] },
    Balancer { account: PROD, region: HZ, name: "shop-flash-sale", kind: "intranet", address: "10.0.0.240",
        listeners: &[on("https", 443, 8080, "anti-ddos")],
        backends: &["shop-web-01", "shop-web-03"], certificate: "shop", marks: &[Logged] },
    Balancer { account: PROD, region: HZ, name: "shop-devices", kind: "internet", address: "198.51.100.14",
        listeners: &[on("tcp", 8883, 8883, "anti-ddos")],
        backends: &["shop-app-01"], certificate: "", marks: &[] },
    Balancer { account: PROD, region: HZ, name: "shop-jump", kind: "internet", address: "198.51.100.15",
        listeners: &[on("tcp", 22, 22, "offices")],
        backends: &["shop-bastion-01"], certificate: "", marks: &[] },
    // The whitelist is on and empty: everybody passes.
    Balancer { account: PROD, region: HZ, name: "shop-db-export", kind: "internet", address: "198.51.100.16",
        listeners: &[on("tcp", 3306, 3306, "nobody")],
        backends: &["shop-app-02"], certificate: "", marks: &[] },
    Balancer { account: PROD, region: HZ, name: "shop-inside", kind: "intranet", address: "10.0.0.241",
        listeners: &[HTTP, on("tcp", 6379, 6379, "")],
        backends: &["shop-app-01", "shop-app-02"], certificate: "", marks: &[] },
    Balancer { account: PROD, region: SH, name: "shop-web-east", kind: "internet", address: "198.51.100.20",
        listeners: &[HTTP, HTTPS],
        backends: &["shop-web-11", "shop-web-12"], certificate: "shop-2023", marks: &[Redirects, Logged] },
    Balancer { account: PROD, region: SH, name: "shop-ftp-legacy", kind: "internet", address: "198.51.100.21",
        listeners: &[on("tcp", 21, 21, ""), on("udp", 69, 69, ""), stopped("tcp", 3389, 3389)],
        backends: &["shop-cache-11"], certificate: "", marks: &[] },
    Balancer { account: PROD, region: BJ, name: "shop-reports", kind: "internet", address: "198.51.100.30",
        listeners: &[HTTPS],
        backends: &["shop-report-01", "shop-report-02"], certificate: "reports", marks: &[LogUnread] },
    Balancer { account: PROD, region: BJ, name: "shop-search-partner", kind: "internet", address: "198.51.100.31",
        listeners: &[on("tcp", 9200, 9200, "partners")],
        backends: &["shop-search-01"], certificate: "", marks: &[] },
    // A whitelist of the two halves of the IPv6 internet.
    Balancer { account: PROD, region: SG, name: "shop-push", kind: "internet", address: "2001:db8:40::10",
        listeners: &[on("tcp", 8883, 8883, "halves-v6")],
        backends: &["shop-web-sg-01"], certificate: "", marks: &[] },
    Balancer { account: DEV, region: HZ, name: "dev-web", kind: "internet", address: "198.51.100.60",
        listeners: &[HTTP],
        backends: &["dev-web-01"], certificate: "", marks: &[] },
    Balancer { account: DEV, region: HZ, name: "dev-desktop", kind: "internet", address: "198.51.100.61",
        listeners: &[on("tcp", 3389, 3389, "")],
        backends: &["dev-win-01"], certificate: "", marks: &[] },
    Balancer { account: DEV, region: SG, name: "dev-preview", kind: "internet", address: "198.51.100.62",
        listeners: &[HTTPS],
        backends: &["dev-preview-01"], certificate: "preview", marks: &[] },
];
