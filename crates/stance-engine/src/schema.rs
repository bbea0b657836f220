//! Schemas: which facts an asset type has, as `catalog/operations` declares them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use stance_model::AssetType;

use crate::related::{Route, Step};
use crate::ty::{Field, Fields, Type};

/// How deep a schema may nest.
const DEPTH: usize = 16;

/// The facts of one asset type: its calls and what each answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    facts: Arc<Fields>,
    asset: Arc<Fields>,
}

/// What is wrong with a schema, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: {message}")]
pub struct SchemaError {
    /// Where in the `calls` mapping, keys joined by dots.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// The schemas of all asset types.
#[derive(Debug, Clone, Default)]
pub struct Types {
    of: BTreeMap<AssetType, Schema>,
}

impl Types {
    /// Adds the schema of a type, replacing an earlier one.
    pub fn insert(&mut self, asset_type: AssetType, schema: Schema) {
        self.of.insert(asset_type, schema);
    }

    /// The schema of a type.
    #[must_use]
    pub fn get(&self, asset_type: &AssetType) -> Option<&Schema> {
        self.of.get(asset_type)
    }

    /// The types that have a schema.
    pub fn names(&self) -> impl Iterator<Item = &AssetType> {
        self.of.keys()
    }
}

impl Schema {
    /// Reads the `calls` mapping of an asset type: call name → `{action, fields, absent?}`.
    ///
    /// # Errors
    /// [`SchemaError`] names the first place that is not a field type.
    pub fn from_json(calls: &Value) -> Result<Self, SchemaError> {
        let calls = calls
            .as_object()
            .ok_or_else(|| error("calls", "must map call names to calls"))?;
        let mut facts = Fields {
            name: "facts".to_owned(),
            of: BTreeMap::new(),
        };
        for (name, call) in calls {
            let fields = call
                .get("fields")
                .ok_or_else(|| error(name, "has no `fields`"))?;
            let ty = read(fields, &format!("{name}.fields"), DEPTH)?;
            let field = field(ty, call.get("absent").is_some());
            facts.of.insert(name.clone(), field);
        }
        Ok(Self::of(facts))
    }

    /// The calls of all of them together; of two calls with one name the later stands.
    #[must_use]
    pub fn merge<'s>(parts: impl IntoIterator<Item = &'s Self>) -> Self {
        let calls = parts.into_iter().flat_map(|part| part.facts.of.clone());
        Self::of(Fields {
            name: "facts".to_owned(),
            of: calls.collect(),
        })
    }

    fn of(facts: Fields) -> Self {
        let facts = Arc::new(facts);
        Self {
            asset: Arc::new(asset(&facts)),
            facts,
        }
    }

    /// The names of the calls.
    pub fn calls(&self) -> impl Iterator<Item = &str> {
        self.facts.of.keys().map(String::as_str)
    }

    /// The type of `facts`.
    pub(crate) fn facts(&self) -> &Arc<Fields> {
        &self.facts
    }

    /// What stands at a path, through lists and maps; none when no asset of this type can have anything there.
    pub(crate) fn route(&self, path: &str) -> Option<Route> {
        let mut ty = Type::Object(Arc::clone(&self.asset));
        let mut steps = Vec::new();
        for segment in path.split('.') {
            ty = element(ty);
            let (field, step) = match ty {
                Type::Object(fields) => {
                    let found = fields.of.get(segment)?.clone();
                    let step = if found.optional {
                        Step::Optional
                    } else {
                        Step::Required
                    };
                    (found, step)
                }
                Type::Map(of) => (field((*of).clone(), true), Step::Optional),
                Type::Any => (field(Type::Any, true), Step::Free),
                _ => return None,
            };
            steps.push(step);
            ty = field.ty;
        }
        let texts = element(ty) == Type::Str;
        Some(Route { steps, texts })
    }

    /// The type of a whole asset of this type.
    pub(crate) fn asset(&self) -> &Arc<Fields> {
        &self.asset
    }
}

/// What the elements of lists in lists are; what is no list is its own.
fn element(mut ty: Type) -> Type {
    while let Type::List(of) = ty {
        ty = (*of).clone();
    }
    ty
}

/// The type of a whole asset with these facts.
fn asset(facts: &Arc<Fields>) -> Fields {
    let tags = Type::Map(Arc::new(Type::Str));
    let of = [
        ("id", field(Type::Str, false)),
        ("account", field(Type::Str, false)),
        ("region", field(Type::Str, false)),
        ("type", field(Type::Str, false)),
        ("name", field(Type::Str, true)),
        ("zone", field(Type::Str, true)),
        ("tags", field(tags, true)),
        ("facts", field(Type::Object(Arc::clone(facts)), false)),
    ];
    Fields {
        name: "asset".to_owned(),
        of: of.map(|(name, field)| (name.to_owned(), field)).into(),
    }
}

fn read(value: &Value, path: &str, depth: usize) -> Result<Type, SchemaError> {
    if depth == 0 {
        return Err(error(path, "nests too deeply"));
    }
    match value {
        Value::String(name) => scalar(name).ok_or_else(|| {
            error(
                path,
                &format!(
                    "`{name}` is no field type; use string, string(A|B), int, double, bool or any"
                ),
            )
        }),
        Value::Array(of) => match of.as_slice() {
            [element] => Ok(Type::list(read(element, &format!("{path}[]"), depth - 1)?)),
            _ => Err(error(
                path,
                "a list type has exactly one element, the type of its elements",
            )),
        },
        Value::Object(fields) => match fields.get("*") {
            Some(of) if fields.len() == 1 => Ok(Type::Map(Arc::new(read(
                of,
                &format!("{path}.*"),
                depth - 1,
            )?))),
            _ => object(fields, path, depth),
        },
        _ => Err(error(path, "is no field type")),
    }
}

fn object(
    fields: &serde_json::Map<String, Value>,
    path: &str,
    depth: usize,
) -> Result<Type, SchemaError> {
    let mut of = BTreeMap::new();
    for (key, value) in fields {
        let (name, by_key) = key
            .strip_suffix('?')
            .map_or((key.as_str(), false), |name| (name, true));
        let at = format!("{path}.{name}");
        let (value, by_type) = match value.as_str().and_then(|text| text.strip_suffix('?')) {
            Some(text) => (Value::String(text.to_owned()), true),
            None => (value.clone(), false),
        };
        let words = value.as_str().and_then(words);
        let ty = match &words {
            Some(_) => Type::Str,
            None => read(&value, &at, depth - 1)?,
        };
        let optional = by_key || by_type;
        of.insert(
            name.to_owned(),
            Field {
                ty,
                optional,
                words,
            },
        );
    }
    Ok(Type::Object(Arc::new(Fields {
        name: path.to_owned(),
        of,
    })))
}

/// The texts of `string(A|B|C)`: all that the documentation names.
fn words(name: &str) -> Option<Arc<[String]>> {
    let inner = name.strip_prefix("string(")?.strip_suffix(')')?;
    Some(
        inner
            .split('|')
            .map(|word| word.trim().to_owned())
            .collect(),
    )
}

pub(crate) fn field(ty: Type, optional: bool) -> Field {
    Field {
        ty,
        optional,
        words: None,
    }
}

fn scalar(name: &str) -> Option<Type> {
    Some(match name {
        "string" => Type::Str,
        "int" => Type::Int,
        "double" => Type::Double,
        "bool" => Type::Bool,
        "any" => Type::Any,
        _ => return None,
    })
}

fn error(path: &str, message: &str) -> SchemaError {
    SchemaError {
        path: path.to_owned(),
        message: message.to_owned(),
    }
}
