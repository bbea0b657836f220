//! Where a listing goes on: parameters for the next page, or its address.

use serde_json::Value;

use super::build::decoded;

/// What the request for one page has besides the call's own parameters.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Turn {
    /// Parameters.
    pub(super) parameters: Vec<(String, Value)>,
    /// Path and query that stand instead of the call's own.
    pub(super) address: Option<Address>,
}

/// The address of a page: where it is on its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// The host; none: the one that was asked.
    pub(super) host: Option<String>,
    /// The path.
    pub(super) path: String,
    /// The query.
    pub(super) query: Vec<(String, String)>,
}

impl Address {
    /// Reads an address of an answer: `https://host/path?query`, or without a host. None for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (host, rest) = match text.strip_prefix("https://") {
            Some(rest) => {
                let end = rest.find(['/', '?']).unwrap_or(rest.len());
                let (host, rest) = rest.split_at_checked(end)?;
                (Some(host.to_ascii_lowercase()), rest)
            }
            None if text.starts_with('/') && !text.starts_with("//") => (None, text),
            None => return None,
        };
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let path = match path {
            "" => "/".to_owned(),
            path => decoded(path)?,
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((
                decoded(&name.replace('+', " "))?,
                decoded(&value.replace('+', " "))?,
            ))
        };
        Some(Self {
            host,
            path,
            query: pairs.map(pair).collect::<Option<_>>()?,
        })
    }

    /// Whether it lies on this host.
    pub(super) fn is_on(&self, host: &str) -> bool {
        let own = |named: &String| named.trim_end_matches(":443") == host.to_ascii_lowercase();
        self.host.as_ref().is_none_or(own)
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_is_read_and_held_to_its_host() {
        let text = "https://Management.azure.com/subscriptions/1/x?api-version=2&$skiptoken=a%2Bb";
        let address = Address::parse(text).unwrap();
        assert!(address.is_on("management.azure.com"));
        assert!(!address.is_on("example.com"));
        assert_eq!(address.path, "/subscriptions/1/x");
        let token = ("$skiptoken".to_owned(), "a+b".to_owned());
        assert_eq!(address.query.last(), Some(&token));
        assert!(Address::parse("/next").unwrap().is_on("any"));
        for other in ["http://management.azure.com/", "//evil/", "next", ""] {
            assert_eq!(Address::parse(other), None);
        }
    }
}
