//! Names and fields.

use std::sync::Arc;

use super::constant::constant;
use super::{Compiler, Typed, nothing, typed};
use crate::ast::{Fact, Node, Shape};
use crate::schema;
use crate::syntax::{Expr, Kind};
use crate::ty::{Field, Fields, Type};

impl Compiler<'_> {
    pub(super) fn ident(&mut self, at: &Expr, name: &str) -> Typed {
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

    pub(super) fn select(&mut self, at: &Expr, of: &Expr, name: &str) -> Typed {
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

    pub(super) fn has(&mut self, at: &Expr, of: &Expr, name: &str) -> Typed {
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

    pub(super) fn is_variable(&self, name: &str) -> bool {
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
