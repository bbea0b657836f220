//! Telling Terraform's files from snapshots by their first bytes.

/// The keys with which the object of a state or a plan may begin. None of them begins a record of a snapshot, so that
/// the first key decides. Terraform itself begins with `version` or `format_version`; tools that sort keys begin with
/// one of the others.
const KEYS: [&[u8]; 20] = [
    b"applyable",
    b"check_results",
    b"checks",
    b"complete",
    b"configuration",
    b"errored",
    b"format_version",
    b"lineage",
    b"output_changes",
    b"outputs",
    b"planned_values",
    b"prior_state",
    b"relevant_attributes",
    b"resource_changes",
    b"resource_drift",
    b"resources",
    b"serial",
    b"terraform_version",
    b"values",
    b"version",
];

/// Whether the bytes begin like a Terraform state or a plan in JSON.
#[must_use]
pub fn is_terraform(head: &[u8]) -> bool {
    first_key(head).is_some_and(|key| KEYS.contains(&key))
}

/// The first key of the object that the bytes begin with.
pub(crate) fn first_key(head: &[u8]) -> Option<&[u8]> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let object = head.trim_ascii_start().strip_prefix(b"{")?;
    let key = object.trim_ascii_start().strip_prefix(b"\"")?;
    let end = memchr::memchr(b'"', key)?;
    key.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_decides() {
        assert!(is_terraform(b"{\n  \"version\": 4,"));
        assert!(is_terraform(b"{\"format_version\":\"1.2\""));
        assert!(is_terraform(b"\xef\xbb\xbf { \"lineage\" : \"x\""));
        for other in [
            "{\"asset\":{}}",
            "{\"snapshot\":{}}",
            "{\"end\":{}}",
            "[]",
            "{",
            "",
            "{\"vers",
        ] {
            assert!(!is_terraform(other.as_bytes()), "{other}");
        }
    }
}
