//! Calls of functions: by signature, and the few that need literals.

use std::sync::Arc;

use regex::RegexBuilder;
use stance_model::AssetType;

use super::{Compiler, Typed, nothing, typed};
use crate::ast::{Const, Node, Pattern, Related};
use crate::functions::{self, Argument, Signature};
use crate::related::{Lookup, Route};
use crate::syntax::{Expr, Kind};
use crate::ty::Type;

/// The largest compiled regular expression, in bytes.
const REGEX_BYTES: usize = 1 << 20;

impl Compiler<'_> {
    pub(super) fn function(
        &mut self,
        at: &Expr,
        receiver: Option<&Expr>,
        name: &str,
        args: &[Expr],
    ) -> Typed {
        match name {
            "matches" => return self.matches(at, receiver, args),
            "related" | "relatedInAccount" | "relatedAll" if receiver.is_none() => {
                return self.related(at, name, args);
            }
            "duration" if receiver.is_none() => return self.duration(at, args),
            _ => {}
        }
        let (name, receiver) = self.full_name(receiver, name);
        let args: Vec<&Expr> = receiver.into_iter().chain(args).collect();
        let Some(signature) = functions::signature(&name, args.len()) else {
            let help = functions::close_to(&name);
            self.problem(
                at,
                format!("there is no function `{name}` of {} arguments", args.len()),
                help,
            );
            return nothing();
        };
        self.apply(signature, &args)
    }

    /// The function's name with its namespace, and the receiver where there is one.
    fn full_name<'e>(&self, receiver: Option<&'e Expr>, name: &str) -> (String, Option<&'e Expr>) {
        match receiver.map(|receiver| &receiver.kind) {
            Some(Kind::Name(space))
                if functions::is_namespace(space) && !self.is_variable(space) =>
            {
                (format!("{space}.{name}"), None)
            }
            _ => (name.to_owned(), receiver),
        }
    }

    fn apply(&mut self, signature: &'static Signature, args: &[&Expr]) -> Typed {
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
            nodes.push(functions::prepared(*wanted, typed.node));
            types.push(typed.ty);
        }
        self.lookups.extend(signature.function.lookups());
        Typed {
            node: Node::Call(signature.function, nodes),
            ty: signature.result.ty(),
        }
    }

    fn related(&mut self, at: &Expr, name: &str, args: &[Expr]) -> Typed {
        let (type_arg, path_arg, key_arg) = match (name, args) {
            ("relatedAll", [a]) => (a, None, None),
            ("related" | "relatedInAccount", [a, path, key]) => (a, Some(path), Some(key)),
            _ => return self.fail(at, format!("`{name}` has the wrong number of arguments")),
        };
        let Some(asset_type) = self.named_type(type_arg) else {
            return nothing();
        };
        let (path, route) = match path_arg.map(|path| self.path(&asset_type, path)) {
            Some(None) => return nothing(),
            Some(Some((path, route))) => (Some(path), route),
            None => (None, Route::default()),
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
            .map_or(Type::Any, |s| Type::Object(Arc::clone(s.asset())));
        let lookup = Lookup {
            asset_type,
            path,
            route,
        };
        self.lookups.insert(lookup.clone());
        let related = Related {
            lookup,
            key,
            whole_account: name == "relatedInAccount",
        };
        Typed {
            node: Node::Related(related),
            ty: Type::list(element),
        }
    }

    /// A literal path to look up by, which assets of the type must be able to have.
    fn path(&mut self, asset_type: &AssetType, at: &Expr) -> Option<(String, Route)> {
        let text = match &at.kind {
            Kind::Text(text) => text.as_str(),
            _ => "",
        };
        if !(text == "id" || text == "name" || text.starts_with("facts.")) {
            let message = "must be a literal path: 'id', 'name' or 'facts.…'".to_owned();
            self.problem(at, message, None);
            return None;
        }
        let schema = self.scope.types.get(asset_type);
        let route = schema.and_then(|schema| schema.route(text));
        if route.is_none() {
            self.problem(at, format!("`{asset_type}` has no `{text}`"), None);
        }
        Some((text.to_owned(), route?))
    }

    fn matches(&mut self, at: &Expr, receiver: Option<&Expr>, args: &[Expr]) -> Typed {
        let (Some(target), [pattern]) = (receiver, args) else {
            return self.fail(at, "write it as `text.matches('pattern')`".to_owned());
        };
        let text = self.expr(target);
        if !matches!(text.ty, Type::Str | Type::Any) {
            self.problem(target, format!("must be string, but is {}", text.ty), None);
        }
        let Kind::Text(pattern_text) = &pattern.kind else {
            return self.fail(pattern, "the pattern must be a literal".to_owned());
        };
        match RegexBuilder::new(pattern_text)
            .size_limit(REGEX_BYTES)
            .build()
        {
            Ok(regex) => Typed {
                node: Node::Matches(Box::new(text.node), Pattern(regex)),
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

    fn duration(&mut self, at: &Expr, args: &[Expr]) -> Typed {
        let literal = match args {
            [
                Expr {
                    kind: Kind::Text(text),
                    ..
                },
            ] => functions::duration_millis(text),
            _ => None,
        };
        match literal {
            Some(millis) => typed(Const::Duration(millis), Type::Duration),
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
        // The entries of several lists count together, such as those of one listener.
        Argument::Texts => {
            *ty == Type::Str || texts(ty) || matches!(ty, Type::List(of) if texts(of))
        }
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
        Argument::Document => is_document(ty),
        Argument::Documents => match ty {
            Type::List(inner) => accepts(wanted, inner),
            _ => is_document(ty),
        },
        Argument::TimeText => matches!(ty, Type::Str | Type::Time),
    }
}

/// Whether a policy document may be of that type.
fn is_document(ty: &Type) -> bool {
    matches!(ty, Type::Str | Type::Map(_) | Type::Object(_))
}
