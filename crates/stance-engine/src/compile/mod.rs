//! From CEL text to a typed, compiled expression. Every error of the text is reported, with its place.

mod call;
mod comprehension;
mod operator;
mod share;

pub(crate) use share::share;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use sonic_rs::Value;
use stance_model::AssetType;

use crate::ast::{Const, Fact, Node, Shape};
use crate::budget::SOURCE_BYTES;
use crate::diagnostic::{Diagnostic, Part};
use crate::param::Param;
use crate::related::Lookup;
use crate::schema::{self, Schema, Types};
use crate::syntax::{self, Expr, Kind};
use crate::ty::{Field, Fields, Type};

/// What an expression may name.
pub(crate) struct Scope<'s> {
    pub(crate) schema: &'s Schema,
    pub(crate) types: &'s Types,
    pub(crate) params: &'s BTreeMap<String, Param>,
}

/// A compiled expression with what it reads.
#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) root: Node,
    pub(crate) calls: BTreeSet<String>,
    pub(crate) lookups: BTreeSet<Lookup>,
}

/// A node with its type, while compiling.
pub(super) struct Typed {
    node: Node,
    ty: Type,
}

/// The state of one compilation.
pub(super) struct Compiler<'s> {
    scope: &'s Scope<'s>,
    part: Part,
    variables: Vec<(String, Type)>,
    calls: BTreeSet<String>,
    lookups: BTreeSet<Lookup>,
    problems: Vec<Diagnostic>,
}

/// Compiles one expression. `wanted` is the type it must have; `None`: any.
pub(crate) fn compile(
    source: &str,
    part: Part,
    wanted: Option<&Type>,
    scope: &Scope<'_>,
) -> Result<Expression, Vec<Diagnostic>> {
    let expr = parse(source, part)?;
    let mut compiler = Compiler {
        scope,
        part,
        variables: Vec::new(),
        calls: BTreeSet::new(),
        lookups: BTreeSet::new(),
        problems: Vec::new(),
    };
    let typed = compiler.expr(&expr);
    if let Some(wanted) = wanted
        && typed.ty != *wanted
        && typed.ty != Type::Any
    {
        compiler.problem(
            &expr,
            format!("must be {wanted}, but is {}", typed.ty),
            None,
        );
    }
    if compiler.problems.is_empty() {
        Ok(Expression {
            root: typed.node,
            calls: compiler.calls,
            lookups: compiler.lookups,
        })
    } else {
        Err(compiler.problems)
    }
}

fn parse(source: &str, part: Part) -> Result<Expr, Vec<Diagnostic>> {
    let problem = |span: Option<Range<usize>>, message: String| {
        vec![Diagnostic {
            part,
            span,
            message,
            help: None,
        }]
    };
    if source.len() > SOURCE_BYTES {
        let message = format!("the expression is longer than {SOURCE_BYTES} bytes");
        return Err(problem(None, message));
    }
    syntax::parse(source).map_err(|error| problem(Some(error.span), error.message))
}

/// A constant with its type.
fn typed(constant: Const, ty: Type) -> Typed {
    Typed {
        node: Node::Const(constant),
        ty,
    }
}

/// What stands in for a part that could not be compiled.
fn nothing() -> Typed {
    typed(Const::Null, Type::Any)
}

impl Compiler<'_> {
    /// Notes a problem at an expression.
    fn problem(&mut self, at: &Expr, message: String, help: Option<String>) {
        self.problems.push(Diagnostic {
            part: self.part,
            span: Some(at.span.clone()),
            message,
            help,
        });
    }

    /// A problem, and a node that stands in for what could not be compiled.
    fn fail(&mut self, at: &Expr, message: String) -> Typed {
        self.problem(at, message, None);
        nothing()
    }

    /// Compiles an expression.
    fn expr(&mut self, expr: &Expr) -> Typed {
        match &expr.kind {
            Kind::Null => typed(Const::Null, Type::Null),
            Kind::Bool(flag) => typed(Const::Bool(*flag), Type::Bool),
            Kind::Int(number) => typed(Const::Int(*number), Type::Int),
            Kind::Double(number) => typed(Const::Double(*number), Type::Double),
            Kind::Text(text) => typed(Const::Str(text.clone()), Type::Str),
            Kind::Name(name) => self.ident(expr, name),
            Kind::Select(of, field) => self.select(expr, of, field),
            Kind::Has(of, field) => self.has(expr, of, field),
            Kind::Call {
                receiver,
                name,
                args,
            } => self.function(expr, receiver.as_deref(), name, args),
            Kind::List(elements) => self.list(elements),
            Kind::Macro(read) => self.comprehension(expr, read),
            Kind::Index(..)
            | Kind::Not(_)
            | Kind::Negate(_)
            | Kind::And(_)
            | Kind::Or(_)
            | Kind::Conditional(..)
            | Kind::Binary(..) => self.operator(expr),
        }
    }

    fn ident(&mut self, at: &Expr, name: &str) -> Typed {
        if let Some(slot) = self
            .variables
            .iter()
            .rposition(|(variable, _)| variable == name)
        {
            let ty = self
                .variables
                .get(slot)
                .map_or(Type::Any, |(_, ty)| ty.clone());
            return Typed {
                node: Node::Slot {
                    slot,
                    name: name.to_owned(),
                },
                ty,
            };
        }
        match name {
            "asset" => Typed {
                node: Node::Asset,
                ty: Type::Object(Arc::clone(self.scope.schema.asset())),
            },
            "facts" => Typed {
                node: Node::Facts,
                ty: Type::Object(Arc::clone(self.scope.schema.facts())),
            },
            "now" => Typed {
                node: Node::Now,
                ty: Type::Time,
            },
            "params" => self.fail(at, "name a parameter: `params.NAME`".to_owned()),
            _ => {
                let help = "an expression may name `facts`, `asset`, `params`, `now` and its own variables";
                self.problem(at, format!("`{name}` is not known"), Some(help.to_owned()));
                nothing()
            }
        }
    }

    fn select(&mut self, at: &Expr, of: &Expr, name: &str) -> Typed {
        if self.is_params(of) {
            return self.param(at, name);
        }
        let base = self.expr(of);
        let Some(field) = self.field(at, &base.ty, name) else {
            return nothing();
        };
        let shape = Shape {
            kind: field.ty.kind(),
            optional: field.optional,
            words: field.words,
        };
        let node = match base.node {
            // The facts by way of the asset are the facts.
            Node::Asset if name == "facts" => Node::Facts,
            Node::Facts => {
                self.calls.insert(name.to_owned());
                Node::Fact(Fact {
                    call: name.to_owned(),
                    shape,
                })
            }
            base => Node::Field {
                base: Box::new(base),
                key: name.to_owned(),
                shape,
            },
        };
        Typed { node, ty: field.ty }
    }

    fn has(&mut self, at: &Expr, of: &Expr, name: &str) -> Typed {
        if self.is_params(of) {
            return self.fail(at, "a parameter is always there".to_owned());
        }
        let base = self.expr(of);
        let Some(Field { optional, .. }) = self.field(at, &base.ty, name) else {
            return nothing();
        };
        if matches!(base.node, Node::Facts) {
            self.calls.insert(name.to_owned());
        }
        Typed {
            node: Node::Has {
                base: Box::new(base.node),
                key: name.to_owned(),
                optional,
            },
            ty: Type::Bool,
        }
    }

    fn is_params(&self, of: &Expr) -> bool {
        matches!(&of.kind, Kind::Name(name) if name == "params") && !self.is_variable("params")
    }

    fn is_variable(&self, name: &str) -> bool {
        self.variables.iter().any(|(variable, _)| variable == name)
    }

    fn field(&mut self, at: &Expr, base: &Type, name: &str) -> Option<Field> {
        match base {
            Type::Object(fields) => {
                let found = fields.of.get(name).cloned();
                if found.is_none() {
                    let help = nearest(fields, name);
                    self.problem(at, format!("`{}` has no field `{name}`", fields.name), help);
                }
                found
            }
            Type::Map(of) => Some(schema::field((**of).clone(), true)),
            Type::Any => Some(schema::field(Type::Any, true)),
            other => {
                self.problem(at, format!("{other} has no fields"), None);
                None
            }
        }
    }

    fn param(&mut self, at: &Expr, name: &str) -> Typed {
        let Some(param) = self.scope.params.get(name) else {
            let known: Vec<&str> = self.scope.params.keys().map(String::as_str).collect();
            let help = if known.is_empty() {
                "the check has no parameters".to_owned()
            } else {
                format!("the check has {}", known.join(", "))
            };
            self.problem(at, format!("there is no parameter `{name}`"), Some(help));
            return nothing();
        };
        typed(constant(&param.value), param.kind.ty())
    }

    fn list(&mut self, elements: &[Expr]) -> Typed {
        let typed: Vec<Typed> = elements.iter().map(|element| self.expr(element)).collect();
        let ty = typed
            .iter()
            .map(|t| t.ty.clone())
            .reduce(|a, b| a.join(&b))
            .unwrap_or(Type::Any);
        let constants: Option<Vec<serde_json::Value>> =
            typed.iter().map(|t| as_json(&t.node)).collect();
        let node = match constants {
            Some(values) => Node::Const(constant(&serde_json::Value::Array(values))),
            None => Node::List(typed.into_iter().map(|t| t.node).collect()),
        };
        Typed {
            node,
            ty: Type::list(ty),
        }
    }

    /// The asset type that a literal argument names.
    fn named_type(&mut self, at: &Expr) -> Option<AssetType> {
        let Kind::Text(text) = &at.kind else {
            self.problem(
                at,
                "must be the literal name of an asset type".to_owned(),
                None,
            );
            return None;
        };
        let asset_type: Option<AssetType> = text.parse().ok();
        let known = asset_type.filter(|t| self.scope.types.get(t).is_some());
        if known.is_none() {
            self.problem(at, format!("there is no asset type `{}`", text), None);
        }
        known
    }
}

/// A constant from JSON.
fn constant(value: &serde_json::Value) -> Const {
    match value {
        serde_json::Value::Bool(flag) => Const::Bool(*flag),
        serde_json::Value::String(text) => Const::Str(text.clone()),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Const::Int(number),
            None => Const::Double(number.as_f64().unwrap_or_default()),
        },
        serde_json::Value::Array(_) => {
            // A serde_json value is always valid JSON text.
            Const::List(
                sonic_rs::from_str(&value.to_string()).unwrap_or_else(|_| Value::new_null()),
            )
        }
        serde_json::Value::Null | serde_json::Value::Object(_) => Const::Null,
    }
}

fn as_json(node: &Node) -> Option<serde_json::Value> {
    let Node::Const(constant) = node else {
        return None;
    };
    Some(match constant {
        Const::Null => serde_json::Value::Null,
        Const::Bool(flag) => (*flag).into(),
        Const::Int(number) => (*number).into(),
        Const::Double(number) => (*number).into(),
        Const::Str(text) => text.clone().into(),
        Const::List(list) => serde_json::from_str(&sonic_rs::to_string(list).ok()?).ok()?,
        Const::Duration(_) | Const::Ports(_) | Const::Blocks(_) => return None,
    })
}

/// A hint at the field that was perhaps meant.
fn nearest(fields: &Fields, name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let close = fields
        .of
        .keys()
        .find(|key| key.to_ascii_lowercase() == lower);
    if let Some(key) = close {
        return Some(format!("did you mean `{key}`?"));
    }
    let known: Vec<&str> = fields.of.keys().take(12).map(String::as_str).collect();
    (!known.is_empty()).then(|| format!("declared there: {}", known.join(", ")))
}
