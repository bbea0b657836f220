//! From CEL text to a typed, compiled expression. Every error of the text is reported, with its place.

mod call;
mod comprehension;
mod operator;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, SourceInfo};
use cel::parser::Parser;
use sonic_rs::Value;
use stance_model::AssetType;

use crate::ast::{Const, Node};
use crate::budget::SOURCE_BYTES;
use crate::diagnostic::{Diagnostic, Part};
use crate::param::Param;
use crate::related::Lookup;
use crate::schema::{Schema, Types};
use crate::ty::{Fields, Type};

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
    source: &'s str,
    info: SourceInfo,
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
    let (expr, info) = parse(source, part)?;
    let mut compiler = Compiler {
        scope,
        part,
        source,
        info,
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

fn parse(source: &str, part: Part) -> Result<(IdedExpr, SourceInfo), Vec<Diagnostic>> {
    let whole = |message: String| {
        vec![Diagnostic {
            part,
            span: None,
            message,
            help: None,
        }]
    };
    if source.len() > SOURCE_BYTES {
        return Err(whole(format!(
            "the expression is longer than {SOURCE_BYTES} bytes"
        )));
    }
    Parser::new()
        .parse_with_source_info(source)
        .map_err(|errors| {
            let of = |error: &cel::ParseError| Diagnostic {
                part,
                span: position(source, error.pos),
                message: error
                    .msg
                    .lines()
                    .next()
                    .unwrap_or("is no CEL expression")
                    .to_owned(),
                help: None,
            };
            errors.errors.iter().map(of).collect()
        })
}

/// The byte range of a (line, column) of the parser, both from 1.
fn position(source: &str, (line, column): (isize, isize)) -> Option<Range<usize>> {
    let line = usize::try_from(line).ok()?.checked_sub(1)?;
    let column = usize::try_from(column).ok()?.saturating_sub(1);
    let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let text = source.get(start..)?.lines().next()?;
    let offset = text
        .char_indices()
        .nth(column)
        .map_or(text.len(), |(at, _)| at);
    Some(start + offset..(start + offset + 1).min(source.len()))
}

impl Compiler<'_> {
    /// Notes a problem at an expression.
    fn problem(&mut self, at: &IdedExpr, message: String, help: Option<String>) {
        let span = self.span(at);
        self.problems.push(Diagnostic {
            part: self.part,
            span,
            message,
            help,
        });
    }

    /// A problem, and a node that stands in for what could not be compiled.
    fn fail(&mut self, at: &IdedExpr, message: String) -> Typed {
        self.problem(at, message, None);
        Typed {
            node: Node::Const(Const::Null),
            ty: Type::Any,
        }
    }

    /// The bytes of the source that an expression stands for, its children included.
    fn span(&self, at: &IdedExpr) -> Option<Range<usize>> {
        let own = self
            .info
            .offset_for(at.id)
            .map(|(start, stop)| self.byte(start as usize)..self.byte(stop as usize + 1));
        let below = match &at.expr {
            Expr::Select(select) => self.span(&select.operand),
            Expr::Call(call) => call
                .target
                .as_deref()
                .or(call.args.first())
                .and_then(|e| self.span(e)),
            _ => None,
        };
        match (own, below) {
            (Some(own), Some(below)) => Some(own.start.min(below.start)..own.end.max(below.end)),
            (own, below) => own.or(below),
        }
    }

    /// The parser counts characters; spans count bytes.
    fn byte(&self, character: usize) -> usize {
        self.source
            .char_indices()
            .nth(character)
            .map_or(self.source.len(), |(at, _)| at)
    }

    /// Compiles an expression.
    fn expr(&mut self, expr: &IdedExpr) -> Typed {
        match &expr.expr {
            Expr::Literal(literal) => self.literal(expr, literal),
            Expr::Ident(name) => self.ident(expr, name),
            Expr::Select(select) => self.select(expr, select),
            Expr::Call(call) => self.call(expr, call),
            Expr::List(list) => self.list(&list.elements),
            Expr::Comprehension(comprehension) => self.comprehension(expr, comprehension),
            Expr::Map(_) | Expr::Struct(_) => self.fail(
                expr,
                "object literals are not part of the language".to_owned(),
            ),
            Expr::Unspecified => self.fail(expr, "is no expression".to_owned()),
        }
    }

    fn literal(&mut self, at: &IdedExpr, literal: &LiteralValue) -> Typed {
        let (constant, ty) = match literal {
            LiteralValue::Boolean(flag) => (Const::Bool(**flag), Type::Bool),
            LiteralValue::Int(number) => (Const::Int(**number), Type::Int),
            LiteralValue::Double(number) => (Const::Double(**number), Type::Double),
            LiteralValue::String(text) => (Const::Str(text.inner().to_owned()), Type::Str),
            LiteralValue::Null => (Const::Null, Type::Null),
            LiteralValue::UInt(_) | LiteralValue::Bytes(_) => {
                return self.fail(
                    at,
                    "unsigned and bytes literals are not part of the language".to_owned(),
                );
            }
        };
        Typed {
            node: Node::Const(constant),
            ty,
        }
    }

    fn ident(&mut self, at: &IdedExpr, name: &str) -> Typed {
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
                ty: Type::Object(self.scope.schema.asset()),
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
                Typed {
                    node: Node::Const(Const::Null),
                    ty: Type::Any,
                }
            }
        }
    }

    fn select(&mut self, at: &IdedExpr, select: &SelectExpr) -> Typed {
        if matches!(&select.operand.expr, Expr::Ident(name) if name == "params" && !self.is_variable(name))
        {
            return self.param(at, &select.field);
        }
        let base = self.expr(&select.operand);
        if matches!(base.node, Node::Facts) {
            self.calls.insert(select.field.clone());
        }
        let Some((ty, optional)) = self.field(at, &base.ty, &select.field) else {
            return Typed {
                node: Node::Const(Const::Null),
                ty: Type::Any,
            };
        };
        let (base, key) = (Box::new(base.node), select.field.clone());
        if select.test {
            return Typed {
                node: Node::Has { base, key },
                ty: Type::Bool,
            };
        }
        Typed {
            node: Node::Field {
                base,
                key,
                kind: ty.kind(),
                optional,
            },
            ty,
        }
    }

    fn is_variable(&self, name: &str) -> bool {
        self.variables.iter().any(|(variable, _)| variable == name)
    }

    fn field(&mut self, at: &IdedExpr, base: &Type, name: &str) -> Option<(Type, bool)> {
        match base {
            Type::Object(fields) => match fields.of.get(name) {
                Some(field) => Some((field.ty.clone(), field.optional)),
                None => {
                    let help = nearest(fields, name);
                    self.problem(at, format!("`{}` has no field `{name}`", fields.name), help);
                    None
                }
            },
            Type::Map(of) => Some(((**of).clone(), true)),
            Type::Any => Some((Type::Any, true)),
            other => {
                self.problem(at, format!("{other} has no fields"), None);
                None
            }
        }
    }

    fn param(&mut self, at: &IdedExpr, name: &str) -> Typed {
        let Some(param) = self.scope.params.get(name) else {
            let known: Vec<&str> = self.scope.params.keys().map(String::as_str).collect();
            let help = if known.is_empty() {
                "the check has no parameters".to_owned()
            } else {
                format!("the check has {}", known.join(", "))
            };
            self.problem(at, format!("there is no parameter `{name}`"), Some(help));
            return Typed {
                node: Node::Const(Const::Null),
                ty: Type::Any,
            };
        };
        Typed {
            node: Node::Const(constant(&param.value)),
            ty: param.kind.ty(),
        }
    }

    fn list(&mut self, elements: &[IdedExpr]) -> Typed {
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

    fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Typed {
        match operator::of(&call.func_name) {
            Some(operator) => self.operator(at, operator, call),
            None => self.function(at, call),
        }
    }

    /// The asset type that a literal argument names.
    fn named_type(&mut self, at: &IdedExpr) -> Option<AssetType> {
        let Expr::Literal(LiteralValue::String(text)) = &at.expr else {
            self.problem(
                at,
                "must be the literal name of an asset type".to_owned(),
                None,
            );
            return None;
        };
        let asset_type: Option<AssetType> = text.inner().parse().ok();
        let known = asset_type.filter(|t| self.scope.types.get(t).is_some());
        if known.is_none() {
            self.problem(
                at,
                format!("there is no asset type `{}`", text.inner()),
                None,
            );
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
        Const::Duration(_) => return None,
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
