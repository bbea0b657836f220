//! What a plain scalar means, after the core schema of YAML 1.2.

use std::borrow::Cow;

use serde_saphyr::granit_parser::ScalarStyle;

use super::node::{Scalar, Value};

/// The value of a scalar. `yes`, `on`, `0755`, `1_000` and numbers beyond 64 bits stay strings, since facts spell
/// switches and account numbers so.
pub(crate) fn resolve(text: Cow<'_, str>, style: ScalarStyle) -> Value<'_> {
    if style == ScalarStyle::Plain
        && let Some(value) = plain(&text)
    {
        return value;
    }
    Value::Str(Scalar { text, style })
}

fn plain(text: &str) -> Option<Value<'static>> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => number(text),
    }
}

fn number(text: &str) -> Option<Value<'static>> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let spelled = digits
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+'));
    let leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !spelled || leading_zero {
        return None;
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().map(Value::Int);
    }
    text.parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
        .map(Value::Double)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match resolve(Cow::Borrowed(text), ScalarStyle::Plain) {
            Value::Str(scalar) => format!("'{}'", scalar.text),
            Value::Int(value) => format!("{value}"),
            Value::Double(value) => format!("{value:?}"),
            Value::Bool(value) => format!("{value}"),
            Value::Null => "null".to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn only_the_core_schema_gives_types() {
        for (text, wanted) in [
            ("", "null"),
            ("~", "null"),
            ("true", "true"),
            ("yes", "'yes'"),
            ("on", "'on'"),
            ("5", "5"),
            ("-5", "-5"),
            ("0", "0"),
            ("1.5", "1.5"),
            ("1e3", "1000.0"),
            ("0755", "'0755'"),
            ("1_000", "'1_000'"),
            ("10.0.0.0", "'10.0.0.0'"),
            ("2014-08-15", "'2014-08-15'"),
            ("99999999999999999999", "'99999999999999999999'"),
            ("1e999", "'1e999'"),
            ("-", "'-'"),
            ("-1/-1", "'-1/-1'"),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }
}
