//! `facts.secrets`: what was found in files, in the configuration and in the build history.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::image::{self, Step};
use crate::layer::{Finding, Merged};
use crate::limits::Limits;
use crate::root::{Layer, Place};
use crate::secret::SecretScanner;
use crate::source::ImageMeta;

/// The most bytes of an instruction in a place.
const INSTRUCTION: usize = 400;

/// The fact. `whole` says that all was looked at; it is left out where something could not be read.
pub(super) fn facts(
    meta: &ImageMeta,
    merged: &Merged,
    scanner: &SecretScanner,
    limits: &Limits,
) -> Value {
    let key = |rule: usize| scanner.rules().get(rule).map(|rule| rule.key.as_str());
    let files = merged.findings.iter().map(
        |(path, finding)| json!({"rule": key(finding.rule), "at": place(merged, path, finding)}),
    );
    let mut findings: Vec<Value> = files.collect();
    let mut more = merged.findings.more().clone();
    for (rule, place) in said(
        (meta, &merged.root.layers),
        scanner,
        limits.findings,
        &mut more,
    ) {
        findings.push(json!({"rule": key(rule), "at": place}));
    }
    let more = more
        .into_iter()
        .filter_map(|(rule, count)| Some((key(rule)?.to_owned(), json!(count))));
    let more: Map<String, Value> = more.collect();
    let mut facts = json!({"findings": findings, "more": more});
    let left_out = merged
        .root
        .incomplete
        .as_ref()
        .or(merged.unscanned.as_ref())
        .or(meta.config_unread.as_ref());
    if let (None, Some(facts)) = (left_out, facts.as_object_mut()) {
        facts.insert("whole".into(), true.into());
    }
    facts
}

fn place(merged: &Merged, path: &[u8], finding: &Finding) -> Place {
    let layer = usize::try_from(finding.layer).ok();
    let layer = layer.and_then(|layer| merged.root.layers.get(layer));
    Place {
        path: format!("/{}", String::from_utf8_lossy(path)),
        line: finding.line,
        layer: layer.and_then(|layer| text(&layer.digest)),
        instruction: layer.and_then(|layer| text(&layer.instruction)),
        visible: finding.visible,
        what: finding.masked.clone(),
    }
}

/// The layer and the instruction of the step that a path like `history:3` names.
fn step_of(path: &str, steps: &[Place]) -> Place {
    let number = path.strip_prefix("history:").and_then(|n| n.parse().ok());
    let step = number.and_then(|number: usize| steps.get(number.checked_sub(1)?));
    step.cloned().unwrap_or_default()
}

/// The layer and the instruction of each step of the build history.
fn step_places(config: &Value, layers: &[Layer]) -> Vec<Place> {
    let place = |step: Step| {
        let layer = step.layer.and_then(|layer| layers.get(layer));
        Place {
            layer: layer.and_then(|layer| text(&layer.digest)),
            instruction: text(&step.line),
            ..Place::default()
        }
    };
    let steps = image::steps(config, layers.len());
    steps.into_iter().map(place).collect()
}

/// A text of bounded length; none where it is empty.
fn text(text: &str) -> Option<String> {
    let text: String = text.chars().take(INSTRUCTION).collect();
    Some(text).filter(|text| !text.is_empty())
}

/// What the configuration and the build history say; at most `most` of each rule are kept, the rest is counted.
fn said(
    (meta, layers): (&ImageMeta, &[Layer]),
    scanner: &SecretScanner,
    most: usize,
    more: &mut BTreeMap<usize, u64>,
) -> Vec<(usize, Place)> {
    let (mut found, mut hits) = (Vec::new(), Vec::new());
    let steps = meta
        .config
        .as_ref()
        .map(|config| step_places(config, layers));
    let steps = steps.unwrap_or_default();
    let mut kept: BTreeMap<usize, usize> = BTreeMap::new();
    let mut stream = scanner.stream();
    for (path, text) in meta.config.as_ref().map(image::said).unwrap_or_default() {
        stream.begin(path.as_bytes());
        stream.feed(text.as_bytes());
        stream.finish(&mut hits);
        for hit in hits.drain(..) {
            let kept = kept.entry(hit.rule).or_default();
            if *kept >= most {
                *more.entry(hit.rule).or_default() += 1;
                continue;
            }
            *kept += 1;
            let place = Place {
                path: path.clone(),
                visible: true,
                what: hit.masked,
                ..step_of(&path, &steps)
            };
            found.push((hit.rule, place));
        }
    }
    found
}
