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
    let steps = steps(document)?;
    let makes = steps.iter().filter(|step| !step.empty_layer).count();
    // Where the numbers differ it is not known which step made which layer.
    let mut made = layers.iter().filter(|_| makes == layers.len());
    let facts = steps.iter().enumerate().map(|(index, step)| {
        let layer = if step.empty_layer { None } else { made.next() };
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

/// The steps that made the layers, one for each of `layers` layers, secrets masked; empty lines where it is not known
/// which step made which layer.
pub(crate) fn instructions(document: &Value, layers: usize) -> Vec<String> {
    let steps = steps(document).unwrap_or_default();
    let made: Vec<&Step<'_>> = steps.iter().filter(|step| !step.empty_layer).collect();
    if made.len() != layers {
        return vec![String::new(); layers];
    }
    made.into_iter().map(Step::shown).collect()
}

struct Step<'d> {
    created_by: &'d str,
    empty_layer: bool,
}

impl Step<'_> {
    fn shown(&self) -> String {
        let line: String = self.created_by.chars().take(LINE).collect();
        mask_text(&line)
    }
}

fn steps(document: &Value) -> Result<Vec<Step<'_>>, Reason> {
    let list = match document.get("history") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(mistyped("`history` is no list")),
    };
    if list.len() > STEPS {
        let message = format!("the history has {} steps, more than {STEPS}", list.len());
        return Err(Reason::new(ReasonKind::Budget, message));
    }
    let steps: Option<Vec<Step<'_>>> = list.iter().map(step).collect();
    steps.ok_or_else(|| mistyped("`history` has steps that are not as documented"))
}

fn step(value: &Value) -> Option<Step<'_>> {
    let object = value.as_object()?;
    let created_by = object.get("created_by").filter(|value| !value.is_null());
    let empty_layer = object.get("empty_layer").filter(|value| !value.is_null());
    Some(Step {
        created_by: created_by.map_or(Some(""), Value::as_str)?,
        empty_layer: empty_layer.map_or(Some(false), Value::as_bool)?,
    })
}
