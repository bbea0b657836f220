//! The identity of a result over runs, files and stores.

use sha2::{Digest, Sha256};
use stance_model::view::ResultView;

/// The same text for the same check and asset, whenever and wherever it was checked; 32 hexadecimal digits.
pub(crate) fn of(result: &ResultView) -> String {
    digest(&[
        &result.check,
        result.provider.key(),
        &result.account,
        &result.region,
        result.asset_type.as_str(),
        &result.asset_id,
    ])
}

/// A digest of several texts. None of them has a NUL character, so that it separates them.
pub(crate) fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex::encode(hash.finalize().get(..16).unwrap_or_default())
}
