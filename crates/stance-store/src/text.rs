//! Texts on their way in: bounded, and the same in both databases.

use std::borrow::Cow;

use crate::error::StoreError;

/// Ids of assets, in bytes. Both unique indexes stay below PostgreSQL's 2,704 bytes for an index entry.
pub(crate) const ID: usize = 2_048;
/// Names of assets and accounts, sources and messages of tasks, in bytes.
pub(crate) const NAME: usize = 4_096;
/// Regions, account ids, key ids and nonces, in bytes.
pub(crate) const SHORT: usize = 256;
/// Reason and evidence of one result, policies and reasons of exceptions, in bytes.
pub(crate) const LONG: usize = 16 * 1_024;

/// The text without NUL, which PostgreSQL cannot hold; the replacement character stands in its place.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text without NUL, refused when it is longer than `limit` bytes.
pub(crate) fn take<'a>(
    what: &'static str,
    text: &'a str,
    limit: usize,
) -> Result<Cow<'a, str>, StoreError> {
    let text = clean(text);
    bound(what, text.len(), limit)?;
    Ok(text)
}

/// As [`take`], for what may be absent.
pub(crate) fn take_some<'a>(
    what: &'static str,
    text: Option<&'a str>,
    limit: usize,
) -> Result<Option<Cow<'a, str>>, StoreError> {
    text.map(|t| take(what, t, limit)).transpose()
}

/// Refuses what is larger than `limit`.
pub(crate) fn bound(what: &'static str, given: usize, limit: usize) -> Result<(), StoreError> {
    if given > limit {
        Err(StoreError::TooLarge { what, given, limit })
    } else {
        Ok(())
    }
}
