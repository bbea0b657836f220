//! Places where something was found: shown whole, as JSON, so that who reads them need not guess.

use sonic_rs::Value;
use stance_model::Finding;

use crate::value::{List, Val};

use super::printable;

/// How many bytes the list may have; what is beyond is counted.
const SHOWN_BYTES: usize = 32 * 1024;

/// How many characters of one text of a place are shown.
const SHOWN_CHARS: usize = 1_000;

/// The list of places as JSON, `{"more": n}` last where `n` more were found; none: it is no list.
pub(super) fn list(value: Val<'_>) -> Option<String> {
    let List { items, .. } = value.as_list()?;
    let mut text = String::from("[");
    let mut more = 0_usize;
    for item in items.iter() {
        let place = place(item).filter(|place| text.len() + place.len() < SHOWN_BYTES);
        match place {
            Some(place) if more == 0 => {
                if text.len() > 1 {
                    text.push(',');
                }
                text.push_str(&place);
            }
            _ => more += 1,
        }
    }
    if more > 0 {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&format!("{{\"more\":{more}}}"));
    }
    text.push(']');
    Some(text)
}

/// A place as JSON, without characters that a database or terminal cannot take.
fn place(item: Val<'_>) -> Option<String> {
    let Val::Object(json) = item else { return None };
    let mut place = read(json)?;
    for text in [Some(&mut place.path), Some(&mut place.what)]
        .into_iter()
        .chain([place.layer.as_mut(), place.instruction.as_mut()])
        .flatten()
    {
        *text = clean(text);
    }
    serde_json::to_string(&place).ok()
}

fn read(json: &Value) -> Option<Finding> {
    sonic_rs::from_str(&sonic_rs::to_string(json).ok()?).ok()
}

fn clean(text: &str) -> String {
    let text = printable(text);
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}
