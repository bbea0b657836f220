//! Calls of functions: by signature, and the few that need literals.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue};
use regex::RegexBuilder;

use super::{Compiler, Typed};
use crate::ast::{Const, Node};
use crate::functions::{self, Argument, Signature};
use crate::related::Lookup;
use crate::ty::Type;

/// The largest compiled regular expression, in bytes.
const REGEX_BYTES: usize = 1 << 20;

impl Compiler<'_> {
    pub(super) fn function(&mut self, at: &IdedExpr, call: &CallExpr) -> Typed {
        let (name, receiver) = self.full_name(call);
        match name.as_str() {
            "related" | "relatedInAccount" | "relatedAll" => return self.related(at, &name, call),
            "matches" => return self.matches(at, call),
            "duration" => return self.duration(at, call),
            _ => {}
        }
        let args: Vec<&IdedExpr> = receiver.into_iter().chain(&call.args).collect();
        let Some(signature) = functions::signature(&name, args.len()) else {
            let help = functions::close_to(&name);
            self.problem(
                at,
                format!("there is no function `{name}` of {} arguments", args.len()),
                help,
            );
            return Typed {
                node: Node::Const(Const::Null),
                ty: Type::Any,
            };
        };
        self.apply(signature, &args)
    }

    /// The function's name with its namespace, and the receiver where there is one.
    fn full_name<'e>(&self, call: &'e CallExpr) -> (String, Option<&'e IdedExpr>) {
        match call.target.as_deref() {
            Some(target) => match &target.expr {
                Expr::Ident(space)
                    if functions::is_namespace(space) && !self.is_variable(space) =>
                {
                    (format!("{space}.{}", call.func_name), None)
                }
                _ => (call.func_name.clone(), Some(target)),
            },
            None => (call.func_name.clone(), None),
        }
    }

    fn apply(&mut self, signature: &'static Signature, args: &[&IdedExpr]) -> Typed {
        let mut nodes = Vec::new();
        let mut types = Vec::new();
        for (expr, wanted) in args.iter().zip(signature.args) {
            let typed = self.expr(expr);
            if !accepts(*wanted, &typed.ty) {
                let message = format!(
                    "`{}` takes {} here, not {}",
                    signature.name,
                    wanted.name(),
                    typed.ty
                );
                self.problem(expr, message, None);
            }
            nodes.push(typed.node);
            types.push(typed.ty);
        }
        self.lookups.extend(signature.function.lookups());
        Typed {
            node: Node::Call(signature.function, nodes),
            ty: signature.result.ty(),
        }
    }

    fn related(&mut self, at: &IdedExpr, name: &str, call: &CallExpr) -> Typed {
        let (type_arg, path_arg, key_arg) = match (name, call.args.as_slice()) {
            ("relatedAll", [a]) => (a, None, None),
            ("related" | "relatedInAccount", [a, path, key]) => (a, Some(path), Some(key)),
            _ => return self.fail(at, format!("`{name}` has the wrong number of arguments")),
        };
        let Some(asset_type) = self.named_type(type_arg) else {
            return Typed {
                node: Node::Const(Const::Null),
                ty: Type::Any,
            };
        };
        let path = match path_arg.map(|path| self.path(path)) {
            Some(None) => {
                return Typed {
                    node: Node::Const(Const::Null),
                    ty: Type::Any,
                };
            }
            Some(path) => path,
            None => None,
        };
        let key = key_arg.map(|key| {
            let typed = self.expr(key);
            if !matches!(typed.ty, Type::Str | Type::Any) {
                self.problem(
                    key,
                    format!("the key must be string, but is {}", typed.ty),
                    None,
                );
            }
            Box::new(typed.node)
        });
        let element = self
            .scope
            .types
            .get(&asset_type)
            .map_or(Type::Any, |s| Type::Object(s.asset()));
        let lookup = Lookup { asset_type, path };
        self.lookups.insert(lookup.clone());
        let node = Node::Related {
            lookup,
            key,
            whole_account: name == "relatedInAccount",
        };
        Typed {
            node,
            ty: Type::list(element),
        }
    }

    /// A literal path to look up by.
    fn path(&mut self, at: &IdedExpr) -> Option<String> {
        let text = match &at.expr {
            Expr::Literal(LiteralValue::String(text)) => text.inner().to_owned(),
            _ => String::new(),
        };
        if text == "id" || text == "name" || text.starts_with("facts.") {
            return Some(text);
        }
        self.problem(
            at,
            "must be a literal path: 'id', 'name' or 'facts.…'".to_owned(),
            None,
        );
        None
    }

    fn matches(&mut self, at: &IdedExpr, call: &CallExpr) -> Typed {
        let (Some(target), [pattern]) = (call.target.as_deref(), call.args.as_slice()) else {
            return self.fail(at, "write it as `text.matches('pattern')`".to_owned());
        };
        let text = self.expr(target);
        if !matches!(text.ty, Type::Str | Type::Any) {
            self.problem(target, format!("must be string, but is {}", text.ty), None);
        }
        let Expr::Literal(LiteralValue::String(pattern_text)) = &pattern.expr else {
            return self.fail(pattern, "the pattern must be a literal".to_owned());
        };
        match RegexBuilder::new(pattern_text.inner())
            .size_limit(REGEX_BYTES)
            .build()
        {
            Ok(regex) => Typed {
                node: Node::Matches(Box::new(text.node), regex),
                ty: Type::Bool,
            },
            Err(error) => {
                let text = error.to_string();
                let last = text
                    .lines()
                    .last()
                    .unwrap_or("is no regular expression")
                    .trim();
                self.fail(pattern, last.trim_start_matches("error: ").to_owned())
            }
        }
    }

    fn duration(&mut self, at: &IdedExpr, call: &CallExpr) -> Typed {
        let literal = match call.args.as_slice() {
            [
                IdedExpr {
                    expr: Expr::Literal(LiteralValue::String(text)),
                    ..
                },
            ] => functions::duration_millis(text.inner()),
            _ => None,
        };
        match literal {
            Some(millis) => Typed {
                node: Node::Const(Const::Duration(millis)),
                ty: Type::Duration,
            },
            None => self.fail(
                at,
                "takes a literal such as '720h', '30m' or '10s'".to_owned(),
            ),
        }
    }
}

/// Whether an argument of that type is taken.
fn accepts(wanted: Argument, ty: &Type) -> bool {
    if *ty == Type::Any {
        return true;
    }
    let texts = |ty: &Type| matches!(ty, Type::List(of) if matches!(**of, Type::Str | Type::Any));
    match wanted {
        Argument::Str => *ty == Type::Str,
        Argument::Int => *ty == Type::Int,
        Argument::Texts => *ty == Type::Str || texts(ty),
        Argument::TextList => texts(ty),
        Argument::List => matches!(ty, Type::List(_)),
        Argument::Ports => {
            matches!(ty, Type::Int | Type::Str)
                || matches!(ty, Type::List(of) if matches!(**of, Type::Int | Type::Str | Type::Any))
        }
        Argument::Sized => matches!(
            ty,
            Type::Str | Type::List(_) | Type::Map(_) | Type::Object(_)
        ),
        Argument::Scalar => matches!(ty, Type::Str | Type::Int | Type::Double | Type::Bool),
        Argument::Document => matches!(ty, Type::Str | Type::Map(_) | Type::Object(_)),
        Argument::TimeText => matches!(ty, Type::Str | Type::Time),
    }
}
