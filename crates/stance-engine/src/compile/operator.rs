//! Operators: types and nodes.

use sonic_rs::{JsonContainerTrait, JsonValueTrait};

use super::{Compiler, Typed};
use crate::ast::{Arithmetic, Comparison, Const, Node};
use crate::syntax::{Binary, Expr, Kind};
use crate::ty::{self, Type};

impl Compiler<'_> {
    pub(super) fn operator(&mut self, at: &Expr) -> Typed {
        let node = match &at.kind {
            Kind::Not(a) => Node::Not(self.boolean(a)),
            Kind::And(operands) => Node::And(self.booleans(operands)),
            Kind::Or(operands) => Node::Or(self.booleans(operands)),
            Kind::Negate(a) => return self.negate(a),
            Kind::Conditional(test, a, b) => return self.conditional(test, a, b),
            Kind::Index(base, index) => return self.index(at, base, index),
            Kind::Binary(operator, a, b) => return self.binary(at, *operator, a, b),
            _ => return self.fail(at, "is no operator".to_owned()),
        };
        Typed {
            node,
            ty: Type::Bool,
        }
    }

    fn binary(&mut self, at: &Expr, operator: Binary, a: &Expr, b: &Expr) -> Typed {
        match operator {
            Binary::Compare(comparison) => self.compare(at, comparison, a, b),
            Binary::Arithmetic(arithmetic) => self.arithmetic(at, arithmetic, a, b),
            Binary::In => self.membership(at, a, b),
        }
    }

    fn conditional(&mut self, test: &Expr, a: &Expr, b: &Expr) -> Typed {
        let test = self.boolean(test);
        let [a, b] = self.two(a, b);
        let ty = a.ty.join(&b.ty);
        Typed {
            node: Node::Cond(test, Box::new(a.node), Box::new(b.node)),
            ty,
        }
    }

    /// Two operands. What an empty list might hold is no news beside a list, so it takes the type of that.
    fn two(&mut self, a: &Expr, b: &Expr) -> [Typed; 2] {
        let is_empty = [a, b].map(is_empty_list);
        let [mut a, mut b] = [self.expr(a), self.expr(b)];
        match (is_empty, &a.ty, &b.ty) {
            ([true, _], _, Type::List(_)) => a.ty = b.ty.clone(),
            ([_, true], Type::List(_), _) => b.ty = a.ty.clone(),
            _ => {}
        }
        [a, b]
    }

    fn booleans(&mut self, operands: &[Expr]) -> Vec<Node> {
        operands
            .iter()
            .map(|operand| *self.boolean(operand))
            .collect()
    }

    /// An operand that must be a bool.
    pub(super) fn boolean(&mut self, expr: &Expr) -> Box<Node> {
        let typed = self.expr(expr);
        if !matches!(typed.ty, Type::Bool | Type::Any) {
            self.problem(expr, format!("must be bool, but is {}", typed.ty), None);
        }
        Box::new(typed.node)
    }

    fn negate(&mut self, expr: &Expr) -> Typed {
        let typed = self.expr(expr);
        match &typed.ty {
            Type::Int | Type::Double | Type::Any => Typed {
                ty: typed.ty,
                node: Node::Negate(Box::new(typed.node)),
            },
            other => {
                let message = format!("{other} cannot be negated");
                self.fail(expr, message)
            }
        }
    }

    fn compare(&mut self, at: &Expr, comparison: Comparison, a: &Expr, b: &Expr) -> Typed {
        let (a, b) = (self.expr(a), self.expr(b));
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let ordered = |ty: &Type| {
            matches!(
                ty,
                Type::Int | Type::Double | Type::Str | Type::Time | Type::Duration | Type::Any
            )
        };
        let fits = a.ty.comparable(&b.ty) && (equality || (ordered(&a.ty) && ordered(&b.ty)));
        if !fits {
            self.problem(at, format!("{} does not compare with {}", a.ty, b.ty), None);
        }
        let kind = match (&a.ty, &b.ty) {
            (Type::List(a), Type::List(b)) if a.kind() == b.kind() => a.kind(),
            _ => Type::Any.kind(),
        };
        Typed {
            node: comparing(comparison, a.node, b.node, kind),
            ty: Type::Bool,
        }
    }

    fn arithmetic(&mut self, at: &Expr, arithmetic: Arithmetic, a: &Expr, b: &Expr) -> Typed {
        let [a, b] = self.two(a, b);
        let Some(ty) = result(arithmetic, &a.ty, &b.ty) else {
            let message = format!("{} and {} do not go together here", a.ty, b.ty);
            return self.fail(at, message);
        };
        Typed {
            node: Node::Arithmetic(arithmetic, Box::new(a.node), Box::new(b.node)),
            ty,
        }
    }

    fn membership(&mut self, at: &Expr, a: &Expr, b: &Expr) -> Typed {
        let (a, b) = (self.expr(a), self.expr(b));
        let kind = match &b.ty {
            Type::List(of) => of.kind(),
            _ => Type::Any.kind(),
        };
        let fits = match &b.ty {
            Type::List(of) => a.ty.comparable(of),
            Type::Any => true,
            Type::Map(_) => matches!(a.ty, Type::Str | Type::Any),
            _ => false,
        };
        if !fits {
            self.problem(at, format!("{} is never in {}", a.ty, b.ty), None);
        }
        let node = match texts(&b.node) {
            Some(texts) => Node::OneOf {
                of: Box::new(a.node),
                texts,
                wanted: true,
            },
            None => Node::In(Box::new(a.node), Box::new(b.node), kind),
        };
        Typed {
            node,
            ty: Type::Bool,
        }
    }

    fn index(&mut self, at: &Expr, base: &Expr, index: &Expr) -> Typed {
        let (base, index) = (self.expr(base), self.expr(index));
        let ty = match (&base.ty, &index.ty) {
            (Type::List(of), Type::Int | Type::Any) => (**of).clone(),
            (Type::Map(of), Type::Str | Type::Any) => (**of).clone(),
            (Type::Any, Type::Int | Type::Str | Type::Any) => Type::Any,
            (base, index) => {
                let message = format!("{base} cannot be indexed by {index}");
                return self.fail(at, message);
            }
        };
        let kind = ty.kind();
        Typed {
            node: Node::Index {
                base: Box::new(base.node),
                index: Box::new(index.node),
                kind,
            },
            ty,
        }
    }
}

fn is_empty_list(expr: &Expr) -> bool {
    matches!(&expr.kind, Kind::List(elements) if elements.is_empty())
}

/// A comparison; equality with a constant text has a node of its own.
fn comparing(comparison: Comparison, a: Node, b: Node, kind: ty::Kind) -> Node {
    let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    match (a, b) {
        (Node::Const(Const::Str(text)), of) | (of, Node::Const(Const::Str(text))) if equality => {
            Node::OneOf {
                of: Box::new(of),
                texts: vec![text],
                wanted: comparison == Comparison::Equal,
            }
        }
        (a, b) => Node::Compare(comparison, Box::new(a), Box::new(b), kind),
    }
}

/// The texts of a constant list that has nothing else.
fn texts(node: &Node) -> Option<Vec<String>> {
    let Node::Const(Const::List(list)) = node else {
        return None;
    };
    let texts = list
        .as_array()?
        .iter()
        .map(|text| text.as_str().map(str::to_owned));
    texts.collect()
}

fn result(arithmetic: Arithmetic, a: &Type, b: &Type) -> Option<Type> {
    use Arithmetic::{Add, Subtract};
    Some(match (arithmetic, a, b) {
        (_, Type::Any, _) | (_, _, Type::Any) => Type::Any,
        (_, Type::Int, Type::Int) => Type::Int,
        (Arithmetic::Modulo, ..) => return None,
        (_, Type::Int | Type::Double, Type::Int | Type::Double) => Type::Double,
        (Add, Type::Str, Type::Str) => Type::Str,
        (Add, Type::List(a), Type::List(b)) => Type::list(a.join(b)),
        (Add, Type::Time, Type::Duration) | (Add, Type::Duration, Type::Time) => Type::Time,
        (Subtract, Type::Time, Type::Duration) => Type::Time,
        (Subtract, Type::Time, Type::Time) => Type::Duration,
        (Add | Subtract, Type::Duration, Type::Duration) => Type::Duration,
        _ => return None,
    })
}
