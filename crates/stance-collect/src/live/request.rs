//! A request before it is signed and sent.

/// A request. Path and query are plain text; they are encoded when they are signed and sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`.
    pub method: String,
    /// The host, as it is signed.
    pub host: String,
    /// The path, beginning with a slash.
    pub path: String,
    /// The parameters in the query, in any order.
    pub query: Vec<(String, String)>,
    /// The headers, names in lower case, each once.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// Sets a header; one of the same name goes.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.into()));
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}
