//! Addresses of a registry, and where it may send us.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

/// The most bytes of an address.
const LENGTH: usize = 16 << 10;

/// An address by HTTP or HTTPS, without user and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url {
    tls: bool,
    authority: String,
    /// Path and query; begins with a slash.
    path: String,
}

impl Url {
    /// The address of a path at a host.
    pub(super) fn at(tls: bool, authority: &str, path: &str) -> Option<Self> {
        let scheme = if tls { "https" } else { "http" };
        Self::parse(&format!("{scheme}://{authority}{path}"))
    }

    /// An absolute address; none where it is something else, or has a user.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.len() > LENGTH {
            return None;
        }
        let text = text.split_once('#').map_or(text, |(address, _)| address);
        let uri: Uri = text.parse().ok()?;
        let tls = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = uri.authority()?.as_str();
        if authority.contains('@') || uri.host()?.is_empty() {
            return None;
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let slash = if path.starts_with('/') { "" } else { "/" };
        Some(Self {
            tls,
            authority: authority.to_ascii_lowercase(),
            path: format!("{slash}{path}"),
        })
    }

    /// Where a `Location` leads from here.
    pub(super) fn join(&self, location: &str) -> Option<Self> {
        if location.contains("://") && !location.starts_with('/') {
            return Self::parse(location);
        }
        if location.starts_with("//") {
            return Self::parse(&format!("{}:{location}", self.scheme()));
        }
        if location.starts_with('/') {
            return Self::at(self.tls, &self.authority, location);
        }
        let path = self.path.split('?').next().unwrap_or_default();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        Self::at(self.tls, &self.authority, &format!("{folder}/{location}"))
    }

    /// With further parts of its query.
    pub(super) fn with_query(mut self, parts: &[(&str, &str)]) -> Self {
        for (name, value) in parts {
            self.path
                .push(if self.path.contains('?') { '&' } else { '?' });
            self.path.push_str(name);
            self.path.push('=');
            self.path.push_str(&encoded(value));
        }
        self
    }

    /// Why we do not go there from `self`; none: we may.
    pub(super) fn refuses(&self, to: &Self) -> Option<&'static str> {
        if self.tls && !to.tls {
            return Some("from HTTPS to an address without TLS");
        }
        let inside = |url: &Self| url.is_loopback() || url.is_link_local();
        if inside(to) && !self.is_loopback() {
            return Some("to an address of this very host or its link");
        }
        None
    }

    /// Whether two addresses are of one server, so that credentials for one are for the other.
    pub(super) fn same_server(&self, other: &Self) -> bool {
        self.tls == other.tls && self.host() == other.host() && self.port() == other.port()
    }

    /// Whether it is spoken to by TLS.
    pub(super) fn tls(&self) -> bool {
        self.tls
    }

    /// Host and port.
    pub(super) fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether the host is this machine by its name or address.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(self.host())
    }

    fn is_link_local(&self) -> bool {
        match self.address() {
            Some(IpAddr::V4(v4)) => v4.is_link_local() || v4.is_unspecified(),
            Some(IpAddr::V6(v6)) => v6.is_unicast_link_local() || v6.is_unspecified(),
            None => false,
        }
    }

    fn address(&self) -> Option<IpAddr> {
        address(self.host())
    }

    fn host(&self) -> &str {
        host(&self.authority)
    }

    fn port(&self) -> u16 {
        let after = self.authority.get(self.host().len()..).unwrap_or_default();
        let port = after.strip_prefix(':').and_then(|port| port.parse().ok());
        port.unwrap_or(if self.tls { 443 } else { 80 })
    }

    fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme(), self.authority, self.path)
    }
}

/// The host of host and port; an IPv6 address keeps its brackets.
fn host(authority: &str) -> &str {
    if authority.starts_with('[') {
        let end = authority.find(']').map_or(authority.len(), |at| at + 1);
        return authority.get(..end).unwrap_or(authority);
    }
    authority.split(':').next().unwrap_or(authority)
}

fn address(host: &str) -> Option<IpAddr> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let address: IpAddr = bare.parse().ok()?;
    Some(address.to_canonical())
}

/// Whether a host, with or without a port, is this machine by its name or address.
pub(super) fn is_loopback(authority: &str) -> bool {
    let host = host(authority);
    let host = host.strip_suffix('.').unwrap_or(host);
    host == "localhost"
        || host.ends_with(".localhost")
        || address(host).is_some_and(|address| address.is_loopback())
}

/// A text as part of a query or a form.
pub(super) fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn locations_lead_where_they_say() {
        let from = url("https://r.example:5000/v2/a/blobs/x?y");
        for (location, wanted) in [
            ("/b?c=d", "https://r.example:5000/b?c=d"),
            ("z", "https://r.example:5000/v2/a/blobs/z"),
            ("//other/b", "https://other/b"),
            ("http://Other:80/b#f", "http://other:80/b"),
            ("/b?u=http://x", "https://r.example:5000/b?u=http://x"),
        ] {
            assert_eq!(from.join(location).unwrap().to_string(), wanted);
        }
        for location in [
            "ftp://x/",
            "https://user:pw@x/",
            "https://",
            "file:///etc/passwd",
        ] {
            assert_eq!(from.join(location), None, "{location}");
        }
    }

    #[test]
    fn what_is_less_safe_is_refused() {
        let registry = url("https://r.example/");
        assert!(registry.refuses(&url("http://r.example/")).is_some());
        for inside in [
            "https://127.0.0.1/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/",
            "https://localhost./",
            "https://0.0.0.0/",
        ] {
            assert!(registry.refuses(&url(inside)).is_some(), "{inside}");
        }
        assert_eq!(registry.refuses(&url("https://cdn.example/")), None);
        assert_eq!(registry.refuses(&url("https://10.0.0.1/")), None);
        assert_eq!(
            url("http://127.0.0.1:1/").refuses(&url("http://[::1]:2/")),
            None
        );
    }

    #[test]
    fn credentials_are_for_one_server() {
        assert!(url("https://a/").same_server(&url("https://A:443/x")));
        assert!(!url("https://a/").same_server(&url("https://a:444/")));
        assert!(!url("https://a/").same_server(&url("http://a:443/")));
        assert!(url("http://[::1]:5000/").same_server(&url("http://[::1]:5000/x")));
        assert_eq!(
            url("https://a/b").with_query(&[("s", "a b:c")]).to_string(),
            "https://a/b?s=a%20b%3Ac"
        );
    }
}
