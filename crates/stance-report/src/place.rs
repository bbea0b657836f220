//! The places where an item of a baseline found something.

use stance_model::view::EvidenceView;
use stance_model::{Finding, Lang, Text};

/// The most places that one line lists.
const LISTED: usize = 5;

/// One place in a line: where, what, which layer.
pub(crate) fn show(place: &Finding, lang: Lang) -> String {
    let mut parts = vec![place.at()];
    if !place.what.is_empty() {
        parts.push(place.what.clone());
    }
    let layer = origin(place, lang);
    if !layer.is_empty() {
        parts.push(format!("({layer})"));
    }
    parts.join("  ")
}

/// Which layer brought it, by which line of the build history; empty where there are no layers.
pub(crate) fn origin(place: &Finding, lang: Lang) -> String {
    let mut parts = Vec::new();
    if let Some(layer) = place.short_layer() {
        parts.push(format!("{} {layer}", Text::pick(lang, "镜像层", "layer")));
    }
    if !place.visible {
        let gone = Text::pick(
            lang,
            "后续层已删除，但仍可取出",
            "deleted by a later layer, still in the image",
        );
        parts.push(gone.to_owned());
    }
    if let Some(instruction) = &place.instruction {
        parts.push(instruction.clone());
    }
    parts.join(Text::pick(lang, "，", ", "))
}

/// The first places in one line; empty where there is none.
pub(crate) fn line(evidence: &EvidenceView, lang: Lang) -> String {
    let findings = &evidence.findings;
    let places = findings.places.iter().take(LISTED);
    let mut parts: Vec<String> = places.map(|place| show(place, lang)).collect();
    if let Some(more) = more(evidence, parts.len(), lang) {
        parts.push(more);
    }
    parts.join(Text::pick(lang, "；", "; "))
}

/// How many there are beside those that are shown.
pub(crate) fn more(evidence: &EvidenceView, shown: usize, lang: Lang) -> Option<String> {
    let kept = evidence.findings.places.len() as u64;
    let rest = (kept + evidence.findings.more).saturating_sub(shown as u64);
    (rest > 0).then(|| match lang {
        Lang::Zh => format!("另有 {rest} 处"),
        Lang::En => format!("and {rest} more"),
    })
}
