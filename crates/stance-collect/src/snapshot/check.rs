//! What texts of a snapshot must satisfy, so that every store and door can hold them.

use super::limits::text;
use stance_model::{AssetType, Coverage, CoverageStatus, Provider, Reason};

/// Why a record is refused.
pub(super) type Refusal = String;

/// A text that must be there: not empty, not longer than `limit` bytes, without NUL characters.
pub(super) fn required<'a>(name: &str, value: &'a str, limit: usize) -> Result<&'a str, Refusal> {
    if value.is_empty() {
        return Err(format!("`{name}` is empty"));
    }
    optional(name, value, limit)
}

/// A text that may be empty: not longer than `limit` bytes, without NUL characters.
pub(super) fn optional<'a>(name: &str, value: &'a str, limit: usize) -> Result<&'a str, Refusal> {
    if value.len() > limit {
        return Err(format!("`{name}` is longer than {limit} bytes"));
    }
    // PostgreSQL cannot keep one, and in ids they only ever serve to deceive.
    if memchr::memchr(0, value.as_bytes()).is_some() {
        return Err(format!("`{name}` has a NUL character"));
    }
    Ok(value)
}

/// The provider must be the one that the asset type names.
pub(super) fn same_provider(provider: Provider, asset_type: &AssetType) -> Result<(), Refusal> {
    if asset_type.provider() == provider {
        Ok(())
    } else {
        Err(format!(
            "`type` is `{asset_type}`, but `provider` is `{provider}`"
        ))
    }
}

/// A coverage record.
pub(super) fn coverage(coverage: &Coverage) -> Result<(), Refusal> {
    required("account", &coverage.account, text::ACCOUNT)?;
    required("region", &coverage.region, text::REGION)?;
    same_provider(coverage.provider, &coverage.asset_type)?;
    if let Some(given) = &coverage.reason {
        reason("reason", given)?;
        if coverage.status == CoverageStatus::Ok {
            return Err("`status` is `ok`, but there is a `reason`".to_owned());
        }
    }
    Ok(())
}

/// A reason.
pub(super) fn reason(name: &str, reason: &Reason) -> Result<(), Refusal> {
    let parts = [
        (&reason.code, "code", text::CODE),
        (&reason.request_id, "request_id", text::CODE),
        (&reason.message, "message", text::SENTENCE),
    ];
    for (value, part, limit) in parts {
        if let Some(value) = value {
            optional(&format!("{name}.{part}"), value, limit)?;
        }
    }
    Ok(())
}

/// Text of the file for a message: shortened, control characters escaped.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 64;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
