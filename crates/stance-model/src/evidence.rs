//! What decided an outcome.

use serde::{Deserialize, Serialize};

/// Why the outcome is what it is. Kept with the result as language-free JSON; the check's file gives the words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// Values that the check's file asks for, by the names it gives them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<EvidenceItem>,
    /// The facts and list elements that decided the predicate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactLine>,
}

/// One named value of the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceItem {
    /// The name in the check's file; `Config[].Name` on the wire.
    pub name: String,
    /// The value as text.
    pub value: String,
}

/// One fact that decided the outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactLine {
    /// Where it stands, for example `facts.ip_array.Items.DBInstanceIPArray[1].SecurityIPList`.
    pub path: String,
    /// Its value as JSON text, shortened.
    pub value: String,
}
