//! Telling exports from other files by their first bytes.

use crate::terraform::first_key;

/// The keys with which the object of an export may begin. None of them begins a record of a snapshot or a file of
/// Terraform.
const KEYS: [&[u8]; 17] = [
    b"$skipToken",
    b"DiscoveredResourceDetail",
    b"RequestId",
    b"Results",
    b"baseConfigurationItems",
    b"configSnapshotId",
    b"configurationItems",
    b"count",
    b"data",
    b"facets",
    b"fileVersion",
    b"nextLink",
    b"resultTruncated",
    b"skip_token",
    b"totalRecords",
    b"total_records",
    b"value",
];

/// What stands near the beginning of an export, and of no other file that begins with such a key.
const MARKS: [&[u8]; 6] = [
    b"/subscriptions/",
    b"\"columns\"",
    b"AWS::",
    b"ACS::",
    b"configurationItems\"",
    b"DiscoveredResourceDetail\"",
];

/// Whether the bytes begin like an export in JSON. Some hundred of them say more than a few.
#[must_use]
pub fn is_export(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = head.trim_ascii_start();
    let begins = match text.strip_prefix(b"[") {
        Some(list) => list.trim_ascii_start().starts_with(b"{"),
        None => first_key(text).is_some_and(|key| KEYS.contains(&key)),
    };
    begins
        && MARKS
            .iter()
            .any(|mark| memchr::memmem::find(text, mark).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_and_a_mark_decide() {
        for export in [
            r#"{"count": 1, "data": [{"id": "/subscriptions/s/x"}]}"#,
            r#"[{"extendedLocation": null, "id": "/subscriptions/s/x"}]"#,
            r#"{"fileVersion":"1.0","configurationItems":[]}"#,
            r#"{"RequestId":"x","DiscoveredResourceDetail":{}}"#,
        ] {
            assert!(is_export(export.as_bytes()), "{export}");
        }
        for other in [
            r#"{"asset":{"id":"/subscriptions/s"}}"#,
            r#"{"version":4,"resources":["/subscriptions/s"]}"#,
            r#"{"data":[1,2]}"#,
            r#"["/subscriptions/s"]"#,
            "",
        ] {
            assert!(!is_export(other.as_bytes()), "{other}");
        }
    }
}
