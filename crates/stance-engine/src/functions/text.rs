//! Functions over text, sizes and conversions, and how values are shown in evidence.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sonic_rs::JsonContainerTrait;

use crate::budget::SHOWN_CHARS;
use crate::eval::Eval;
use crate::value::{List, Val};

pub(super) fn size<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let count = match (value.as_list(), value) {
        (Some(list), _) => match list.incomplete {
            Some(why) => return Val::Unknown(why),
            None => list.items.len(),
        },
        (None, Val::Str(text)) => {
            eval.spend_reading(text.len());
            text.chars().count()
        }
        (None, Val::Object(object)) => object.as_object().map_or(0, |fields| fields.len()),
        (None, other) => return eval.mismatch("size", other.type_name()),
    };
    Val::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

pub(super) fn to_string<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    match value {
        Val::Str(_) => value,
        Val::Int(_) | Val::Double(_) | Val::Bool(_) => Val::Str(eval.text(&show(value))),
        other => eval.mismatch("string", other.type_name()),
    }
}

pub(super) fn to_int<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    match value {
        Val::Int(_) => value,
        Val::Bool(flag) => Val::Int(i64::from(flag)),
        Val::Str(text) => match text.trim().parse() {
            Ok(number) => Val::Int(number),
            Err(_) => eval.mismatch("int", "a text that is no number"),
        },
        Val::Double(number) => match format!("{:.0}", number.trunc()).parse() {
            Ok(number) => Val::Int(number),
            Err(_) => eval.mismatch("int", "a number out of range"),
        },
        other => eval.mismatch("int", other.type_name()),
    }
}

pub(super) fn to_double<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let parsed: Option<f64> = match value {
        Val::Double(_) => return value,
        Val::Int(_) | Val::Str(_) => show(value).trim().parse().ok(),
        other => return eval.mismatch("double", other.type_name()),
    };
    match parsed.filter(|number| number.is_finite()) {
        Some(number) => Val::Double(number),
        None => eval.mismatch("double", "a text that is no number"),
    }
}

pub(super) fn test<'a>(
    a: Val<'a>,
    b: Val<'a>,
    eval: &Eval<'a>,
    holds: impl Fn(&str, &str) -> bool,
) -> Val<'a> {
    match (a, b) {
        (Val::Str(a), Val::Str(b)) => {
            eval.spend_reading(a.len() + b.len());
            Val::Bool(holds(a, b))
        }
        (Val::Str(_), other) | (other, _) => eval.mismatch("a text function", other.type_name()),
    }
}

pub(super) fn change<'a>(value: Val<'a>, eval: &Eval<'a>, to: impl Fn(&str) -> String) -> Val<'a> {
    match value {
        Val::Str(text) => eval.made_text(text.len(), || to(text)),
        other => eval.mismatch("a text function", other.type_name()),
    }
}

/// The text that a Base64 text stands for.
pub(super) fn from_base64<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let Val::Str(text) = value else {
        return eval.mismatch("text.fromBase64", value.type_name());
    };
    eval.spend_reading(text.len());
    let bytes = STANDARD.decode(text.trim()).ok();
    match bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(decoded) => Val::Str(eval.text(&decoded)),
        None => eval.mismatch("text.fromBase64", "a text that is not Base64"),
    }
}

pub(super) fn trim<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    match value {
        Val::Str(text) => Val::Str(text.trim()),
        other => eval.mismatch("trim", other.type_name()),
    }
}

pub(super) fn split<'a>(value: Val<'a>, separator: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    match (value, separator) {
        (Val::Str(text), Val::Str(separator)) if !separator.is_empty() => {
            eval.spend_reading(text.len());
            eval.list(text.split(separator).map(Val::Str))
        }
        (other, _) => eval.mismatch("split", other.type_name()),
    }
}

pub(super) fn join<'a>(value: Val<'a>, separator: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let (Some(list), Val::Str(separator)) = (value.as_list(), separator) else {
        return eval.mismatch("join", value.type_name());
    };
    if let Some(why) = list.incomplete {
        return Val::Unknown(why);
    }
    let mut texts = Vec::new();
    let mut length = 0;
    for item in list.items.iter() {
        match item {
            Val::Str(text) => {
                length += text.len() + separator.len();
                texts.push(text);
            }
            Val::Unknown(_) => return item,
            other => return eval.mismatch("join", other.type_name()),
        }
    }
    eval.made_text(length, || texts.join(separator))
}

/// A value as text for people; long ones are shortened.
pub(crate) fn show(value: Val<'_>) -> String {
    shorten(match value {
        Val::Null => String::new(),
        Val::Bool(flag) => flag.to_string(),
        Val::Int(number) => number.to_string(),
        Val::Double(number) => number.to_string(),
        Val::Str(text) => text.to_owned(),
        Val::Time(millis) => Timestamp::from_millisecond(millis)
            .map_or_else(|_| millis.to_string(), |at| at.to_string()),
        Val::Duration(millis) => format!("{}s", millis / 1_000),
        Val::Json(_) | Val::Made(_) => value.as_list().map(show_list).unwrap_or_default(),
        Val::Object(json) | Val::Asset(json) | Val::Facts(json) => {
            sonic_rs::to_string(json).unwrap_or_default()
        }
        Val::Ports(_) | Val::Blocks(_) => String::new(),
        Val::Unknown(why) => format!("? {}", why.0.kind.wire()),
    })
}

fn show_list(list: List<'_>) -> String {
    let mut length = 0;
    let mut parts: Vec<String> = Vec::new();
    for item in list.items.iter() {
        let text = show(item);
        length += text.len() + 2;
        parts.push(text);
        if length > SHOWN_CHARS {
            break;
        }
    }
    if let Some(why) = list.incomplete {
        parts.push(format!("? {}", why.0.kind.wire()));
    } else if parts.len() < list.items.len() {
        parts.push("…".to_owned());
    }
    parts.join(", ")
}

fn shorten(text: String) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}
