//! Terraform's pure functions, those that configurations commonly use. Each answers none where its arguments are not
//! of the kind it takes.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::MAX_VALUE;
use super::eval::{amount, float, text, truth};

/// A function of known values.
type Function = fn(&[Value]) -> Option<Value>;

/// The functions by name. The flag says whether every part of every argument must be known.
pub(super) const FUNCTIONS: &[(&str, bool, Function)] = &[
    ("ceil", true, |a| Some(float(amount(a.first()?)?.ceil()))),
    ("compact", true, |a| {
        let kept = list(a.first()?)?.iter();
        Some(kept.filter(|v| !v.is_null() && *v != "").cloned().collect())
    }),
    ("concat", false, concat),
    ("contains", true, |a| {
        Some(list(a.first()?)?.contains(a.get(1)?).into())
    }),
    ("distinct", true, |a| Some(distinct(list(a.first()?)?))),
    ("element", false, |a| {
        let items = list(a.first()?)?;
        let index = whole(a.get(1)?)?;
        items.get(index.checked_rem(items.len())?).cloned()
    }),
    ("endswith", true, |a| {
        Some(string(a, 0)?.ends_with(string(a, 1)?).into())
    }),
    ("flatten", false, |a| {
        let mut flat = Vec::new();
        flatten(list(a.first()?)?, &mut flat, 0)?;
        Some(Value::Array(flat))
    }),
    ("floor", true, |a| Some(float(amount(a.first()?)?.floor()))),
    ("format", true, format),
    ("join", true, |a| {
        let parts: Option<Vec<String>> = list(a.get(1)?)?.iter().map(text).collect();
        Some(parts?.join(string(a, 0)?).into())
    }),
    ("jsondecode", true, |a| {
        serde_json::from_str(string(a, 0)?).ok()
    }),
    ("jsonencode", true, |a| {
        serde_json::to_string(a.first()?).ok().map(Value::from)
    }),
    ("keys", false, |a| {
        let keys = a.first()?.as_object()?.keys();
        Some(keys.map(|key| Value::from(key.as_str())).collect())
    }),
    ("length", false, |a| {
        let length = match a.first()? {
            Value::Array(items) => items.len(),
            Value::Object(map) => map.len(),
            Value::String(text) => text.chars().count(),
            _ => return None,
        };
        Some(length.into())
    }),
    ("lookup", false, |a| {
        let found = a.first()?.as_object()?.get(string(a, 1)?);
        found.or_else(|| a.get(2)).cloned()
    }),
    ("lower", true, |a| Some(string(a, 0)?.to_lowercase().into())),
    ("max", true, |a| extreme(a, f64::max)),
    ("merge", false, merge),
    ("min", true, |a| extreme(a, f64::min)),
    ("range", true, range),
    ("replace", true, |a| {
        let pattern = string(a, 1)?;
        // Between slashes it would be a regular expression.
        let plain = !(pattern.len() > 1 && pattern.starts_with('/') && pattern.ends_with('/'));
        let made = || Some(string(a, 0)?.replace(pattern, string(a, 2)?));
        made()
            .filter(|text| plain && text.len() <= MAX_VALUE)
            .map(Value::from)
    }),
    ("reverse", false, |a| {
        Some(list(a.first()?)?.iter().rev().cloned().collect())
    }),
    ("setunion", true, |a| match concat(a)? {
        Value::Array(items) => Some(distinct(&items)),
        _ => None,
    }),
    ("sort", true, |a| {
        let mut texts: Vec<String> = list(a.first()?)?.iter().map(text).collect::<Option<_>>()?;
        texts.sort();
        Some(texts.into())
    }),
    ("split", true, |a| {
        let parts = string(a, 1)?.split(string(a, 0)?);
        Some(parts.map(Value::from).collect())
    }),
    ("startswith", true, |a| {
        Some(string(a, 0)?.starts_with(string(a, 1)?).into())
    }),
    ("tobool", true, |a| Some(truth(a.first()?)?.into())),
    ("tolist", false, |a| Some(list(a.first()?)?.to_vec().into())),
    ("tomap", false, |a| {
        Some(Value::Object(a.first()?.as_object()?.clone()))
    }),
    ("tonumber", true, |a| Some(float(amount(a.first()?)?))),
    ("toset", true, |a| Some(distinct(list(a.first()?)?))),
    ("tostring", true, |a| Some(text(a.first()?)?.into())),
    ("trimprefix", true, |a| {
        let (whole, part) = (string(a, 0)?, string(a, 1)?);
        Some(whole.strip_prefix(part).unwrap_or(whole).into())
    }),
    ("trimspace", true, |a| Some(string(a, 0)?.trim().into())),
    ("trimsuffix", true, |a| {
        let (whole, part) = (string(a, 0)?, string(a, 1)?);
        Some(whole.strip_suffix(part).unwrap_or(whole).into())
    }),
    ("upper", true, |a| Some(string(a, 0)?.to_uppercase().into())),
    ("values", false, |a| {
        Some(a.first()?.as_object()?.values().cloned().collect())
    }),
    ("zipmap", false, |a| {
        let keys: Option<Vec<String>> = list(a.first()?)?.iter().map(text).collect();
        let values = list(a.get(1)?)?.iter().cloned();
        let map: Map<String, Value> = keys?.into_iter().zip(values).collect();
        Some(Value::Object(map))
    }),
];

/// The first value that will do; none when one before it is not known.
pub(super) fn first(values: &[Value], will_do: fn(&Value) -> bool) -> Option<Value> {
    let found = values.iter().find(|value| will_do(value))?;
    crate::terraform::hidden::hidden(found)
        .is_none()
        .then(|| found.clone())
}

fn list(value: &Value) -> Option<&[Value]> {
    value.as_array().map(Vec::as_slice)
}

fn string(arguments: &[Value], index: usize) -> Option<&str> {
    arguments.get(index)?.as_str()
}

fn whole(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64()?).ok()
}

fn concat(arguments: &[Value]) -> Option<Value> {
    let lists: Option<Vec<&[Value]>> = arguments.iter().map(list).collect();
    let joined = lists?.concat();
    (joined.len() <= MAX_VALUE).then_some(Value::Array(joined))
}

fn merge(arguments: &[Value]) -> Option<Value> {
    let mut merged = Map::new();
    for argument in arguments.iter().filter(|argument| !argument.is_null()) {
        merged.extend(argument.as_object()?.clone());
    }
    Some(Value::Object(merged))
}

fn distinct(items: &[Value]) -> Value {
    let mut seen = BTreeSet::new();
    let new = |item: &&Value| seen.insert(item.to_string());
    items.iter().filter(new).cloned().collect()
}

fn flatten(items: &[Value], flat: &mut Vec<Value>, depth: usize) -> Option<()> {
    if depth > 32 || flat.len() > MAX_VALUE {
        return None;
    }
    for item in items {
        match item {
            Value::Array(inner) => flatten(inner, flat, depth + 1)?,
            Value::Object(map) if crate::terraform::hidden::marker(map).is_some() => return None,
            other => flat.push(other.clone()),
        }
    }
    Some(())
}

fn extreme(arguments: &[Value], choose: fn(f64, f64) -> f64) -> Option<Value> {
    let numbers: Option<Vec<f64>> = arguments.iter().map(amount).collect();
    numbers?.into_iter().reduce(choose).map(float)
}

/// `range(end)` and `range(start, end)`.
fn range(arguments: &[Value]) -> Option<Value> {
    let number = |index: usize| arguments.get(index)?.as_i64();
    let (start, end) = match arguments.len() {
        1 => (0, number(0)?),
        2 => (number(0)?, number(1)?),
        _ => return None,
    };
    let count = usize::try_from(end.checked_sub(start)?.max(0)).ok()?;
    (count <= 1_024).then(|| (start..end).map(Value::from).collect())
}

/// `format` with `%s`, `%d`, `%v`, `%q` and `%%`; any other verb is not known.
fn format(arguments: &[Value]) -> Option<Value> {
    let mut values = arguments.iter().skip(1);
    let mut made = String::new();
    let mut rest = string(arguments, 0)?;
    while let Some((before, after)) = rest.split_once('%') {
        made.push_str(before);
        let mut verbs = after.chars();
        match verbs.next()? {
            '%' => made.push('%'),
            's' | 'v' => made.push_str(&text(values.next()?)?),
            'd' => made.push_str(&values.next()?.as_i64()?.to_string()),
            'q' => made.push_str(&Value::from(text(values.next()?)?).to_string()),
            _ => return None,
        }
        rest = verbs.as_str();
        if made.len() > MAX_VALUE {
            return None;
        }
    }
    made.push_str(rest);
    Some(made.into())
}
