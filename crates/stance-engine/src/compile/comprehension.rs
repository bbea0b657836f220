//! Comprehensions: the macros `all`, `exists`, `exists_one`, `filter` and `map`.

use super::{Compiler, Typed};
use crate::ast::{Comprehension, Each, Node};
use crate::budget::SLOTS;
use crate::syntax::{Expr, Macro};
use crate::ty::Type;

impl Compiler<'_> {
    pub(super) fn comprehension(&mut self, at: &Expr, read: &Macro) -> Typed {
        let range = self.expr(&read.range);
        let element = match &range.ty {
            Type::List(of) => (**of).clone(),
            Type::Any => Type::Any,
            other => {
                let message = format!("{other} is no list");
                return self.fail(&read.range, message);
            }
        };
        let slot = self.variables.len();
        if slot >= SLOTS {
            return self.fail(at, format!("comprehensions nest deeper than {SLOTS}"));
        }
        self.variables
            .push((read.variable.clone(), element.clone()));
        let condition = read
            .condition
            .as_ref()
            .map(|condition| *self.boolean(condition));
        let (body, ty) = self.body(read, &element);
        self.variables.pop();
        let each = Each {
            what: read.what,
            range: range.node,
            slot,
            kind: element.kind(),
            condition,
            body,
        };
        Typed {
            node: Node::Each(Box::new(each)),
            ty,
        }
    }

    /// The body, and the type of the whole.
    fn body(&mut self, read: &Macro, element: &Type) -> (Node, Type) {
        match read.what {
            Comprehension::Quantifier(_) => (*self.boolean(&read.body), Type::Bool),
            Comprehension::Filter => (*self.boolean(&read.body), Type::list(element.clone())),
            Comprehension::Map => {
                let body = self.expr(&read.body);
                (body.node, Type::list(body.ty))
            }
        }
    }
}
