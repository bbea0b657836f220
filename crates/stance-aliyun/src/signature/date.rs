//! The time stamp of both schemes.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::error::ApiError;

/// Reads `YYYY-MM-DDThh:mm:ssZ` and nothing else.
pub(super) fn read(text: &str) -> Result<Timestamp, ApiError> {
    if text.len() != "2026-01-15T08:30:00Z".len() {
        return Err(ApiError::TimeFormat);
    }
    let at = DateTime::strptime("%Y-%m-%dT%H:%M:%SZ", text).map_err(|_| ApiError::TimeFormat)?;
    TimeZone::UTC
        .to_timestamp(at)
        .map_err(|_| ApiError::TimeFormat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_documented_form_is_read() {
        assert_eq!(
            read("2026-01-15T08:30:00Z").unwrap().as_second(),
            1_768_465_800
        );
        for bad in [
            "",
            "2026-01-15T08:30:00",
            "2026-01-15 08:30:00Z",
            "2026-13-15T08:30:00Z",
            "2026-01-15T08:30:0xZ",
            "20260115T083000Z0000",
        ] {
            assert!(matches!(read(bad), Err(ApiError::TimeFormat)), "{bad}");
        }
    }
}
