//! The grammar of image references, as the distribution project and Docker write it.
//!
//! `[host[:port]/]path[/path…][:tag][@algorithm:hex]`: a first part is a host only if it has a dot, a colon or an
//! upper-case letter, or is `localhost`; without one it is Docker Hub's, where a lone name is below `library/`.

use super::ReferenceError;
use crate::source::digest::Digest;

/// The most bytes of host and path together.
const NAME: usize = 255;
/// The most bytes of a tag.
const TAG: usize = 128;

/// A reference taken apart; borrowed from the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts<'t> {
    pub(super) host: Option<&'t str>,
    pub(super) path: &'t str,
    pub(super) tag: Option<&'t str>,
    pub(super) digest: Option<&'t str>,
}

/// Takes a reference apart and checks every part.
pub(super) fn parse(text: &str) -> Result<Parts<'_>, ReferenceError> {
    let bad = |why: &str| ReferenceError::new(text, why);
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    let (name, tag) = split_tag(rest);
    let (host, path) = split_host(name);
    if name.is_empty() {
        return Err(bad("it is empty"));
    }
    if name.len() > NAME {
        return Err(bad("its name is longer than 255 bytes"));
    }
    if let Some(host) = host {
        check_host(host).map_err(|why| bad(&why))?;
    }
    check_path(path).map_err(|why| bad(&why))?;
    if host.is_none() && path.len() == 64 && path.bytes().all(is_hex) {
        return Err(bad("it is an image id; name the repository"));
    }
    if tag.is_some_and(|tag| !is_tag(tag)) {
        return Err(bad(
            "its tag has other characters than letters, digits, `_`, `.` and `-`, or more than 128",
        ));
    }
    if digest.is_some_and(|digest| Digest::parse(digest).is_none()) {
        return Err(bad(
            "its digest is not `sha256:` with 64 or `sha512:` with 128 lower-case hexadecimal digits",
        ));
    }
    Ok(Parts {
        host,
        path,
        tag,
        digest,
    })
}

/// The name and its tag: what follows a colon in the last segment.
pub(super) fn split_tag(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((name, tag)) if !tag.contains(['/', ']']) => (name, Some(tag)),
        _ => (text, None),
    }
}

fn split_host(name: &str) -> (Option<&str>, &str) {
    match name.split_once('/') {
        Some((first, rest)) if is_host(first) => (Some(first), rest),
        _ => (None, name),
    }
}

/// Whether the first part of a name is a host.
pub(super) fn is_host(first: &str) -> bool {
    first == "localhost"
        || first.contains(['.', ':', '['])
        || first.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn check_host(host: &str) -> Result<(), String> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']').unwrap_or(("", rest));
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return Err(format!("`{host}` is no IPv6 address in brackets"));
            }
            if !after.is_empty() && !after.starts_with(':') {
                return Err(format!("`{host}` has no port after its address"));
            }
            (None, after.strip_prefix(':'))
        }
        None => match host.split_once(':') {
            Some((name, port)) => (Some(name), Some(port)),
            None => (Some(host), None),
        },
    };
    if name.is_some_and(|name| !name.split('.').all(is_label)) {
        return Err(format!("`{host}` is no host name"));
    }
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    match port {
        Some(port) if !digits(port) || !port.parse::<u16>().is_ok_and(|port| port > 0) => {
            Err(format!("`{port}` is no port"))
        }
        _ => Ok(()),
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn check_path(path: &str) -> Result<(), String> {
    if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(format!("`{path}` has upper-case letters"));
    }
    match path.split('/').find(|segment| !is_segment(segment)) {
        None => Ok(()),
        Some("") => Err("it has an empty segment".to_owned()),
        Some(segment) => Err(format!(
            "`{segment}` is not of lower-case letters and digits, parted by `.`, `_`, `__` or `-`"
        )),
    }
}

/// Words of lower-case letters and digits, parted by one dot, one or two underscores, or any dashes.
fn is_segment(segment: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !segment.starts_with(is_word) || !segment.ends_with(is_word) {
        return false;
    }
    segment
        .split(is_word)
        .all(|gap| matches!(gap, "" | "." | "_" | "__") || gap.bytes().all(|byte| byte == b'-'))
}

fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= TAG
        && tag.bytes().next().is_some_and(is_word)
        && tag
            .bytes()
            .all(|byte| is_word(byte) || b".-".contains(&byte))
}

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}
