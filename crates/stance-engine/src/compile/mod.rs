//! From CEL text to a typed, compiled expression. Every error of the text is reported, with its place.

mod call;
mod comprehension;
mod constant;
mod name;
mod operator;
mod share;

pub(crate) use share::share;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use stance_model::AssetType;

use self::constant::{as_json, constant};
use crate::ast::{Const, Node};
use crate::budget::SOURCE_BYTES;
use crate::diagnostic::{Diagnostic, Part};
use crate::param::Param;
use crate::related::Lookup;
use crate::schema::{Schema, Types};
use crate::syntax::{self, Expr, Kind};
use crate::ty::Type;

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
    /// What it gives, as far as that is known at load.
    pub(crate) ty: Type,
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
            ty: typed.ty,
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
