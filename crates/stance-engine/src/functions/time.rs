//! Time: the spellings that providers use, always judged against the task's clock.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::eval::Eval;
use crate::value::Val;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Reads RFC 3339, `YYYY-MM-DD` (its first moment, UTC) and `YYYY-MM-DD HH:MM:SS` (UTC).
pub(super) fn timestamp<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    match value {
        Val::Time(_) => value,
        Val::Str(text) => match parse(text.trim()) {
            Some(millis) => Val::Time(millis),
            None => eval.mismatch("timestamp", "a text that is no time"),
        },
        other => eval.mismatch("timestamp", other.type_name()),
    }
}

fn parse(text: &str) -> Option<i64> {
    let minute = text
        .strip_suffix('Z')
        .filter(|t| t.len() == "2026-01-01T00:00".len());
    if let Some(minute) = minute {
        return parse(&format!("{minute}:00Z"));
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millisecond());
    }
    let civil = text
        .parse::<Date>()
        .map(|date| date.at(0, 0, 0, 0))
        .or_else(|_| text.parse::<DateTime>())
        .ok()?;
    Some(
        civil
            .to_zoned(TimeZone::UTC)
            .ok()?
            .timestamp()
            .as_millisecond(),
    )
}

/// A number of units since 1970.
pub(super) fn scaled<'a>(value: Val<'a>, unit: i64, eval: &Eval<'a>) -> Val<'a> {
    match value {
        Val::Int(number) => match number.checked_mul(unit) {
            Some(millis) => Val::Time(millis),
            None => eval.mismatch("time", "a number out of range"),
        },
        other => eval.mismatch("time", other.type_name()),
    }
}

/// A number of days.
pub(super) fn days<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    match value {
        Val::Int(number) => match number.checked_mul(DAY_MILLIS) {
            Some(millis) => Val::Duration(millis),
            None => eval.mismatch("time.days", "a number out of range"),
        },
        other => eval.mismatch("time.days", other.type_name()),
    }
}

/// A duration literal such as `720h` in milliseconds.
pub(crate) fn duration_millis(text: &str) -> Option<i64> {
    let duration: SignedDuration = text.parse().ok()?;
    i64::try_from(duration.as_millis()).ok()
}
