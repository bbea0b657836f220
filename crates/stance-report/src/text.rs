//! Texts as reports show them: neutralised, shortened, put together.

use stance_model::view::{EvidenceView, ResultView};
use stance_model::{Lang, RiskLevel, Text};

use crate::Options;
use crate::place;

/// Text of an asset or provider, safe to print: line ends and tabs become spaces; control characters, and characters
/// that turn the direction of writing or are no characters at all, become their escapes.
pub(crate) fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => safe.push(' '),
            c if is_deceptive(c) => safe.extend(c.escape_unicode()),
            c => safe.push(c),
        }
    }
    safe
}

/// Whether a terminal or page would do something with the character other than show it.
fn is_deceptive(c: char) -> bool {
    let turns = matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let none = matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    c.is_control() || turns || none
}

/// At most `limit` characters.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some(_) => text
            .chars()
            .take(limit.saturating_sub(1))
            .chain(['…'])
            .collect(),
    }
}

/// What decided a result, in one line: the places, or the check's sentence, or its named values, or the facts.
pub(crate) fn evidence(evidence: &EvidenceView, lang: Lang) -> String {
    let summary = evidence.summary.get(lang);
    if !evidence.findings.is_empty() {
        return place::line(evidence, lang);
    }
    if !summary.is_empty() {
        return summary.to_owned();
    }
    let colon = Text::pick(lang, "：", ": ");
    let named = evidence
        .items
        .iter()
        .map(|i| format!("{}{colon}{}", i.title.get(lang), i.value));
    let facts = evidence
        .facts
        .iter()
        .map(|f| format!("{} = {}", f.path, f.value));
    let parts: Vec<String> = if evidence.items.is_empty() {
        facts.collect()
    } else {
        named.collect()
    };
    parts.join(Text::pick(lang, "；", "; "))
}

/// Why a result is what it is, in one line: the reason, then the evidence. Empty for a plain pass.
pub(crate) fn explanation(result: &ResultView, lang: Lang) -> String {
    let reason = result
        .reason
        .as_ref()
        .map(|r| r.show(lang))
        .unwrap_or_default();
    let evidence = evidence(&result.evidence, lang);
    match (reason.is_empty(), evidence.is_empty()) {
        (true, _) => evidence,
        (_, true) => reason,
        _ => format!("{reason}{}{evidence}", Text::pick(lang, "；", "; ")),
    }
}

/// What a result says, in a sentence that stands alone.
pub(crate) fn sentence(result: &ResultView, lang: Lang) -> String {
    let why = explanation(result, lang);
    let colon = Text::pick(lang, "：", ": ");
    let title = result.title.get(lang);
    let subject = format!("{title}{colon}{}", name(result));
    if why.is_empty() {
        subject
    } else {
        format!("{subject} — {why}")
    }
}

/// What people call the asset: its name, and its id where that differs.
pub(crate) fn name(result: &ResultView) -> String {
    if result.asset_name.is_empty() || result.asset_name == result.asset_id {
        result.asset_id.clone()
    } else {
        format!("{} ({})", result.asset_name, result.asset_id)
    }
}

/// The text in bold where the table may use colours.
pub(crate) fn bold(text: &str, options: &Options) -> String {
    if options.colour {
        format!("\x1b[1m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

/// The risk level in words.
pub(crate) fn risk(level: RiskLevel, lang: Lang) -> &'static str {
    let (zh, en) = match level {
        RiskLevel::High => ("高危", "high"),
        RiskLevel::Medium => ("中危", "medium"),
        RiskLevel::Low => ("低危", "low"),
    };
    Text::pick(lang, zh, en)
}

/// Milliseconds since 1970 as RFC 3339; times outside the calendar become its ends.
pub(crate) fn time(ms: i64) -> String {
    let end = if ms < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    };
    jiff::Timestamp::from_millisecond(ms)
        .unwrap_or(end)
        .to_string()
}

/// The address, when it is one that a reader may be sent to.
pub(crate) fn web_address(text: &str) -> Option<&str> {
    let fits = text.starts_with("https://")
        && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    fits.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_escaped() {
        assert_eq!(
            plain("a\x1b[31mb\u{9b}c\0\u{202e}d\ne"),
            "a\\u{1b}[31mb\\u{9b}c\\u{0}\\u{202e}d e"
        );
        assert_eq!(plain("订单库 é 😀"), "订单库 é 😀");
    }

    #[test]
    fn shortening_counts_characters() {
        assert_eq!(shortened("订单库", 3), "订单库");
        assert_eq!(shortened("订单库存", 3), "订单…");
    }

    #[test]
    fn times_outside_the_calendar_do_not_panic() {
        assert_eq!(time(0), "1970-01-01T00:00:00Z");
        assert!(time(i64::MAX).starts_with("9999-"));
        assert!(time(i64::MIN).starts_with("-009999-"));
    }

    #[test]
    fn only_whole_https_addresses_are_links() {
        assert_eq!(
            web_address("https://help.example/a"),
            Some("https://help.example/a")
        );
        assert_eq!(web_address("javascript:alert(1)"), None);
        assert_eq!(web_address("https://a\n.example"), None);
    }
}
