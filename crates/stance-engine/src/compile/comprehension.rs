//! Comprehensions: the macros `all`, `exists`, `exists_one`, `filter` and `map`, read back from what the parser
//! expands them to.

use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, operators};

use super::{Compiler, Typed};
use crate::ast::{Node, Quantifier};
use crate::budget::SLOTS;
use crate::ty::{Kind, Type};

/// A macro with the parts that were written.
#[derive(Clone, Copy)]
enum Macro<'e> {
    Quantifier(Quantifier, &'e IdedExpr),
    Filter(&'e IdedExpr),
    Map(Option<&'e IdedExpr>, &'e IdedExpr),
}

/// The variable that is bound while a body compiles.
struct Bound {
    range: Box<Node>,
    slot: usize,
    kind: Kind,
    element: Type,
}

impl Compiler<'_> {
    pub(super) fn comprehension(&mut self, at: &IdedExpr, expr: &ComprehensionExpr) -> Typed {
        let Some(read) = recognise(expr) else {
            return self.fail(
                at,
                "this comprehension is not part of the language".to_owned(),
            );
        };
        let range = self.expr(&expr.iter_range);
        let element = match &range.ty {
            Type::List(of) => (**of).clone(),
            Type::Any => Type::Any,
            other => {
                let message = format!("{other} is no list");
                return self.fail(&expr.iter_range, message);
            }
        };
        let slot = self.variables.len();
        if slot >= SLOTS {
            return self.fail(at, format!("comprehensions nest deeper than {SLOTS}"));
        }
        let bound = Bound {
            range: Box::new(range.node),
            slot,
            kind: element.kind(),
            element,
        };
        self.variables
            .push((expr.iter_var.clone(), bound.element.clone()));
        let typed = self.body(read, bound);
        self.variables.pop();
        typed
    }

    fn body(&mut self, read: Macro<'_>, bound: Bound) -> Typed {
        let Bound {
            range,
            slot,
            kind,
            element,
        } = bound;
        match read {
            Macro::Quantifier(quantifier, body) => {
                let body = self.boolean(body);
                Typed {
                    node: Node::Quantifier {
                        quantifier,
                        range,
                        slot,
                        body,
                        kind,
                    },
                    ty: Type::Bool,
                }
            }
            Macro::Filter(body) => {
                let body = self.boolean(body);
                Typed {
                    node: Node::Filter {
                        range,
                        slot,
                        body,
                        kind,
                    },
                    ty: Type::list(element),
                }
            }
            Macro::Map(condition, body) => {
                let condition = condition.map(|condition| self.boolean(condition));
                let body = self.expr(body);
                let node = Node::Map {
                    range,
                    slot,
                    condition,
                    body: Box::new(body.node),
                    kind,
                };
                Typed {
                    node,
                    ty: Type::list(body.ty),
                }
            }
        }
    }
}

fn recognise(expr: &ComprehensionExpr) -> Option<Macro<'_>> {
    if expr.iter_var2.is_some() {
        return None;
    }
    let Expr::Call(step) = &expr.loop_step.expr else {
        return None;
    };
    match (step.func_name.as_str(), step.args.as_slice()) {
        (operators::LOGICAL_OR, [_, body]) => Some(Macro::Quantifier(Quantifier::Exists, body)),
        (operators::LOGICAL_AND, [_, body]) => Some(Macro::Quantifier(Quantifier::All, body)),
        (operators::ADD, [_, element]) => Some(Macro::Map(None, single(element)?)),
        (operators::CONDITIONAL, [condition, grown, _]) => match single_added(grown) {
            Some(element) if is_variable(element, &expr.iter_var) => Some(Macro::Filter(condition)),
            Some(element) => Some(Macro::Map(Some(condition), element)),
            None => Some(Macro::Quantifier(Quantifier::ExistsOne, condition)),
        },
        _ => None,
    }
}

fn single_added(grown: &IdedExpr) -> Option<&IdedExpr> {
    match &grown.expr {
        Expr::Call(call) => call.args.get(1).and_then(single),
        _ => None,
    }
}

fn single(list: &IdedExpr) -> Option<&IdedExpr> {
    match &list.expr {
        Expr::List(list) => list.elements.first(),
        _ => None,
    }
}

fn is_variable(expr: &IdedExpr, name: &str) -> bool {
    matches!(&expr.expr, Expr::Ident(ident) if ident == name)
}
