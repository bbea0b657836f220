//! `facts.history`: how the image was built, step by step.

use serde_json::{Value, json};
use stance_model::{Reason, ReasonKind};

use super::mask::mask_text;
use super::mistyped;
use crate::root::Place;
use crate::source::LayerSource;

/// The most steps; a longer history is not said.
const STEPS: usize = 10_000;
/// The most characters of a step that are shown.
const LINE: usize = 4_096;

/// The facts; null where the configuration has no history.
///
/// # Errors
/// The history is no list of steps, or longer than anybody's.
pub(super) fn facts(document: &Value, layers: &[LayerSource]) -> Result<Value, Reason> {
    // Without a list nothing is known of the steps, which is not the same as that there were none.
    if document.get("history").is_none_or(Value::is_null) {
        return Ok(Value::Null);
    }
    let steps = written(document)?;
    let made = made_layers(&steps, layers.len());
    let facts = steps
        .iter()
        .zip(made)
        .enumerate()
        .map(|(index, (step, layer))| {
            let layer = layer.and_then(|layer| layers.get(layer));
            let digest = layer.map(LayerSource::shown_digest);
            let digest = digest.filter(|digest| !digest.is_empty());
            let line = step.shown();
            json!({
                "empty_layer": step.empty_layer,
                "layer": digest,
                "at": Place {
                    path: format!("history:{}", index + 1),
                    layer: digest.map(str::to_owned),
                    visible: true,
                    what: line.clone(),
                    ..Place::default()
                },
                "created_by": line,
            })
        });
    Ok(json!({ "steps": facts.collect::<Vec<_>>() }))
}

/// One step of the build history.
pub(crate) struct Step {
    /// The layer that it made, from 0; none where it made none, and where that is not known.
    pub(crate) layer: Option<usize>,
    /// Its line, secrets masked.
    pub(crate) line: String,
}

/// The steps of an image of so many layers; none where the history cannot be read.
pub(crate) fn steps(document: &Value, layers: usize) -> Vec<Step> {
    let steps = written(document).unwrap_or_default();
    let made = made_layers(&steps, layers);
    let step = |(step, layer): (&Written<'_>, Option<usize>)| Step {
        layer,
        line: step.shown(),
    };
    steps.iter().zip(made).map(step).collect()
}

/// The layer that each step made. Where the numbers differ it is not known which step made which layer.
fn made_layers(steps: &[Written<'_>], layers: usize) -> Vec<Option<usize>> {
    let makes = steps.iter().filter(|step| !step.empty_layer).count();
    let mut made = (0..layers).filter(|_| makes == layers);
    let layer = |step: &Written<'_>| (!step.empty_layer).then(|| made.next()).flatten();
    steps.iter().map(layer).collect()
}

/// The steps that made the layers, one for each of `layers` layers, secrets masked; empty lines where it is not known
/// which step made which layer.
pub(crate) fn instructions(document: &Value, layers: usize) -> Vec<String> {
    let steps = written(document).unwrap_or_default();
    let made: Vec<&Written<'_>> = steps.iter().filter(|step| !step.empty_layer).collect();
    if made.len() != layers {
        return vec![String::new(); layers];
    }
    made.into_iter().map(Written::shown).collect()
}

struct Written<'d> {
    created_by: &'d str,
    empty_layer: bool,
}

impl Written<'_> {
    fn shown(&self) -> String {
        let line: String = self.created_by.chars().take(LINE).collect();
        mask_text(&line)
    }
}

fn written(document: &Value) -> Result<Vec<Written<'_>>, Reason> {
    let list = match document.get("history") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(mistyped("`history` is no list")),
    };
    if list.len() > STEPS {
        let message = format!("the history has {} steps, more than {STEPS}", list.len());
        return Err(Reason::new(ReasonKind::Budget, message));
    }
    let steps: Option<Vec<Written<'_>>> = list.iter().map(step).collect();
    steps.ok_or_else(|| mistyped("`history` has steps that are not as documented"))
}

fn step(value: &Value) -> Option<Written<'_>> {
    let object = value.as_object()?;
    let created_by = object.get("created_by").filter(|value| !value.is_null());
    let empty_layer = object.get("empty_layer").filter(|value| !value.is_null());
    Some(Written {
        created_by: created_by.map_or(Some(""), Value::as_str)?,
        empty_layer: empty_layer.map_or(Some(false), Value::as_bool)?,
    })
}
