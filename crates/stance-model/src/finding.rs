//! Places where something was found, as the evidence of a baseline item carries them.

use serde::{Deserialize, Serialize};

/// The name of the evidence that lists them.
pub const FINDINGS: &str = "Findings";

/// One place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Finding {
    /// The path with its leading slash; `config:Env` and the like for an image's configuration.
    pub path: String,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The digest of the layer that brought it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// The line of the build history that made the layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    /// False: a later layer deleted or replaced it.
    pub visible: bool,
    /// What is there, secrets masked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub what: String,
}

/// The places of one result.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Findings {
    /// Those that were kept, in their order.
    pub places: Vec<Finding>,
    /// How many more there are.
    pub more: u64,
}

/// An element of the list: a place, or how many were left out.
#[derive(Deserialize)]
#[serde(untagged)]
enum Element {
    More { more: u64 },
    Place(Finding),
}

impl Findings {
    /// Reads the value of the evidence: a JSON list of places, of which the last element may be `{"more": N}`. What is
    /// no such list gives none.
    #[must_use]
    pub fn parse(value: &str) -> Self {
        let elements: Vec<serde_json::Value> = serde_json::from_str(value).unwrap_or_default();
        let mut findings = Self::default();
        // A list would pass for an element, too: its members for the fields.
        for element in elements.into_iter().filter(serde_json::Value::is_object) {
            match serde_json::from_value(element) {
                Ok(Element::More { more }) => findings.more = findings.more.saturating_add(more),
                Ok(Element::Place(place)) => findings.places.push(place),
                Err(_) => {}
            }
        }
        findings
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.more == 0
    }
}

impl Finding {
    /// Path and line, such as `/etc/shadow:3`.
    #[must_use]
    pub fn at(&self) -> String {
        self.line
            .map_or_else(|| self.path.clone(), |line| format!("{}:{line}", self.path))
    }

    /// The beginning of the layer's digest that people use to name it.
    #[must_use]
    pub fn short_layer(&self) -> Option<String> {
        let digest = self.layer.as_deref()?;
        let hex = digest.split_once(':').map_or(digest, |(_, hex)| hex);
        Some(hex.chars().take(12).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_what_was_left_out_are_read() {
        let value = r#"[{"path":"/etc/shadow","line":3,"layer":"sha256:0123456789abcdef","visible":true,"what":"app"},{"more":7}]"#;
        let findings = Findings::parse(value);
        assert_eq!(findings.more, 7);
        assert_eq!(findings.places[0].at(), "/etc/shadow:3");
        assert_eq!(
            findings.places[0].short_layer().as_deref(),
            Some("0123456789ab")
        );
    }

    #[test]
    fn anything_else_is_none() {
        for value in ["", "root, app", "{}", "[1]", "[[]]", "null"] {
            assert!(Findings::parse(value).is_empty(), "{value}");
        }
    }
}
