//! Parameters of checks: values that a user may set.

use serde_json::Value;
use stance_engine::ParamType;
use stance_model::Text;

/// A value that the predicate reads as `params.<name>`.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: ParamType,
    /// The value that the check's file gives.
    pub default: Value,
    /// The least: of a number its value, of a string or list its length.
    pub min: Option<f64>,
    /// The most: of a number its value, of a string or list its length.
    pub max: Option<f64>,
    /// What people call it.
    pub title: Text,
    /// The value in force.
    pub value: Value,
}

/// How long a string or list may be where the check's file does not say.
const MAX_LENGTH: f64 = 1000.0;

impl Parameter {
    /// Whether a value may be set.
    ///
    /// # Errors
    /// Why not, as a sentence that goes on after the value: "is not …".
    pub fn accept(&self, value: &Value) -> Result<(), String> {
        let measured = measure(self.kind, value)
            .ok_or_else(|| format!("is not of type {}", self.kind.key()))?;
        let max = self.max.or((!is_number(self.kind)).then_some(MAX_LENGTH));
        let what = if is_number(self.kind) { "" } else { " long" };
        if let Some(min) = self.min
            && measured < min
        {
            return Err(format!("is less than {min}{what}"));
        }
        if let Some(max) = max
            && measured > max
        {
            return Err(format!("is more than {max}{what}"));
        }
        Ok(())
    }
}

/// Whether bounds are of the value rather than of its length.
pub(crate) fn is_number(kind: ParamType) -> bool {
    matches!(kind, ParamType::Int | ParamType::Double)
}

/// What bounds are compared with: the value of a number, the length of anything else; none for another type.
fn measure(kind: ParamType, value: &Value) -> Option<f64> {
    match kind {
        ParamType::Bool => value.as_bool().map(|_| 0.0),
        ParamType::Int => value.as_i64().and_then(|_| value.as_f64()),
        ParamType::Double => value.as_f64(),
        ParamType::Str => value.as_str().map(|text| length(text.chars().count())),
        ParamType::ListStr => elements(value, Value::is_string),
        ParamType::ListInt => elements(value, Value::is_i64),
    }
}

fn elements(value: &Value, fits: impl FnMut(&Value) -> bool) -> Option<f64> {
    let items = value.as_array()?;
    items.iter().all(fits).then(|| length(items.len()))
}

#[expect(clippy::cast_precision_loss, reason = "a length is far below 2^52")]
fn length(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parameter(kind: ParamType, min: Option<f64>, max: Option<f64>) -> Parameter {
        let (name, title) = ("x".to_owned(), Text::new("值", "value"));
        Parameter {
            name,
            kind,
            default: Value::Null,
            min,
            max,
            title,
            value: Value::Null,
        }
    }

    #[test]
    fn the_type_and_the_bounds_are_kept() {
        for (kind, value, wanted) in [
            (ParamType::Int, json!(5), Ok(())),
            (ParamType::Int, json!(0), Err("is less than 1")),
            (ParamType::Int, json!(11), Err("is more than 10")),
            (ParamType::Int, json!("5"), Err("is not of type int")),
            (ParamType::Int, json!(5.5), Err("is not of type int")),
            (ParamType::Double, json!(5), Ok(())),
            (ParamType::Str, json!(""), Err("is less than 1 long")),
            (ParamType::ListStr, json!(["a"]), Ok(())),
            (
                ParamType::ListStr,
                json!([1]),
                Err("is not of type list(string)"),
            ),
            (ParamType::ListInt, json!([1, 2]), Ok(())),
            (ParamType::ListInt, json!([]), Err("is less than 1 long")),
        ] {
            let wanted: Result<(), String> = wanted.map_err(str::to_owned);
            assert_eq!(
                parameter(kind, Some(1.0), Some(10.0)).accept(&value),
                wanted,
                "{value}"
            );
        }
        assert_eq!(
            parameter(ParamType::Bool, None, None).accept(&json!(true)),
            Ok(())
        );
    }
}
