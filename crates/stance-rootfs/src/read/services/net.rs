//! Addresses that services listen on.

use std::net::IpAddr;

/// Whether an address (a host name, an IP address with or without brackets and port, a socket path) is reached from
/// this machine only.
pub(super) fn is_loopback(address: &str) -> bool {
    let address = address.trim().trim_start_matches('-');
    if address.starts_with('/') || address.starts_with("unix:") || address.starts_with("fd:") {
        return true;
    }
    let host = host(address).to_ascii_lowercase();
    if matches!(
        host.as_str(),
        "localhost" | "_local_" | "ip6-localhost" | "localhost.localdomain"
    ) {
        return true;
    }
    host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The host of `host:port`, `[host]:port` or `host`.
pub(super) fn host(address: &str) -> &str {
    if let Some(rest) = address.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    match address.split_once(':') {
        Some((host, port)) if !port.contains(':') => host,
        _ => address,
    }
}

/// Whether any of the addresses is reached from other machines. No address: `unset`.
pub(super) fn exposed<'a>(addresses: impl IntoIterator<Item = &'a str>, unset: bool) -> bool {
    let mut addresses = addresses
        .into_iter()
        .filter(|a| !a.trim().is_empty())
        .peekable();
    if addresses.peek().is_none() {
        return unset;
    }
    addresses.any(|address| !is_loopback(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_in_every_form() {
        for address in [
            "127.0.0.1",
            "-::1",
            "[::1]:80",
            "localhost:6379",
            "127.9.9.9:1",
            "/run/x.sock",
            "_local_",
        ] {
            assert!(is_loopback(address), "{address}");
        }
        for address in [
            "0.0.0.0", "*", "::", "[::]:80", "10.0.0.1", "_site_", ":2375",
        ] {
            assert!(!is_loopback(address), "{address}");
        }
    }

    #[test]
    fn without_an_address_it_is_as_the_program_does() {
        assert!(exposed([], true) && !exposed([], false));
        assert!(exposed(["127.0.0.1", "10.0.0.1"], false));
    }
}
