//! Operators: types and nodes.

use cel::common::ast::{CallExpr, IdedExpr, operators};

use super::{Compiler, Typed};
use crate::ast::{Arithmetic, Comparison, Const, Node};
use crate::ty::Type;

/// An operator of the language.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operator {
    Not,
    Negate,
    And,
    Or,
    Conditional,
    Compare(Comparison),
    Arithmetic(Arithmetic),
    In,
    Index,
}

/// The operator that the parser's name stands for.
pub(super) fn of(name: &str) -> Option<Operator> {
    Some(match name {
        operators::LOGICAL_NOT => Operator::Not,
        operators::NEGATE => Operator::Negate,
        operators::LOGICAL_AND => Operator::And,
        operators::LOGICAL_OR => Operator::Or,
        operators::CONDITIONAL => Operator::Conditional,
        operators::EQUALS => Operator::Compare(Comparison::Equal),
        operators::NOT_EQUALS => Operator::Compare(Comparison::NotEqual),
        operators::LESS => Operator::Compare(Comparison::Less),
        operators::LESS_EQUALS => Operator::Compare(Comparison::LessEqual),
        operators::GREATER => Operator::Compare(Comparison::Greater),
        operators::GREATER_EQUALS => Operator::Compare(Comparison::GreaterEqual),
        operators::ADD => Operator::Arithmetic(Arithmetic::Add),
        operators::SUBSTRACT => Operator::Arithmetic(Arithmetic::Subtract),
        operators::MULTIPLY => Operator::Arithmetic(Arithmetic::Multiply),
        operators::DIVIDE => Operator::Arithmetic(Arithmetic::Divide),
        operators::MODULO => Operator::Arithmetic(Arithmetic::Modulo),
        operators::IN => Operator::In,
        operators::INDEX => Operator::Index,
        _ => return None,
    })
}

impl Compiler<'_> {
    pub(super) fn operator(&mut self, at: &IdedExpr, operator: Operator, call: &CallExpr) -> Typed {
        match (operator, call.args.as_slice()) {
            (Operator::Not, [a]) => {
                let a = self.boolean(a);
                Typed {
                    node: Node::Not(a),
                    ty: Type::Bool,
                }
            }
            (Operator::Negate, [a]) => self.negate(a),
            (Operator::And, [a, b]) => {
                let (a, b) = (self.boolean(a), self.boolean(b));
                Typed {
                    node: Node::And(a, b),
                    ty: Type::Bool,
                }
            }
            (Operator::Or, [a, b]) => {
                let (a, b) = (self.boolean(a), self.boolean(b));
                Typed {
                    node: Node::Or(a, b),
                    ty: Type::Bool,
                }
            }
            (Operator::Conditional, [test, a, b]) => {
                let (test, a, b) = (self.boolean(test), self.expr(a), self.expr(b));
                let ty = a.ty.join(&b.ty);
                Typed {
                    node: Node::Cond(test, Box::new(a.node), Box::new(b.node)),
                    ty,
                }
            }
            (Operator::Compare(comparison), [a, b]) => self.compare(at, comparison, a, b),
            (Operator::Arithmetic(arithmetic), [a, b]) => self.arithmetic(at, arithmetic, a, b),
            (Operator::In, [a, b]) => self.membership(at, a, b),
            (Operator::Index, [a, b]) => self.index(at, a, b),
            _ => self.fail(at, "has the wrong number of operands".to_owned()),
        }
    }

    /// An operand that must be a bool.
    pub(super) fn boolean(&mut self, expr: &IdedExpr) -> Box<Node> {
        let typed = self.expr(expr);
        if !matches!(typed.ty, Type::Bool | Type::Any) {
            self.problem(expr, format!("must be bool, but is {}", typed.ty), None);
        }
        Box::new(typed.node)
    }

    fn negate(&mut self, expr: &IdedExpr) -> Typed {
        let typed = self.expr(expr);
        match (&typed.ty, &typed.node) {
            (_, Node::Const(Const::Int(number))) => Typed {
                node: Node::Const(Const::Int(number.wrapping_neg())),
                ty: Type::Int,
            },
            (Type::Int | Type::Double | Type::Any, _) => Typed {
                ty: typed.ty,
                node: Node::Negate(Box::new(typed.node)),
            },
            (other, _) => {
                let message = format!("{other} cannot be negated");
                self.fail(expr, message)
            }
        }
    }

    fn compare(
        &mut self,
        at: &IdedExpr,
        comparison: Comparison,
        a: &IdedExpr,
        b: &IdedExpr,
    ) -> Typed {
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
        Typed {
            node: Node::Compare(comparison, Box::new(a.node), Box::new(b.node)),
            ty: Type::Bool,
        }
    }

    fn arithmetic(
        &mut self,
        at: &IdedExpr,
        arithmetic: Arithmetic,
        a: &IdedExpr,
        b: &IdedExpr,
    ) -> Typed {
        let (a, b) = (self.expr(a), self.expr(b));
        let Some(ty) = result(arithmetic, &a.ty, &b.ty) else {
            let message = format!("{} and {} do not go together here", a.ty, b.ty);
            return self.fail(at, message);
        };
        Typed {
            node: Node::Arithmetic(arithmetic, Box::new(a.node), Box::new(b.node)),
            ty,
        }
    }

    fn membership(&mut self, at: &IdedExpr, a: &IdedExpr, b: &IdedExpr) -> Typed {
        let (a, b) = (self.expr(a), self.expr(b));
        let fits = match &b.ty {
            Type::List(of) => a.ty.comparable(of),
            Type::Any => true,
            Type::Map(_) => matches!(a.ty, Type::Str | Type::Any),
            _ => false,
        };
        if !fits {
            self.problem(at, format!("{} is never in {}", a.ty, b.ty), None);
        }
        Typed {
            node: Node::In(Box::new(a.node), Box::new(b.node)),
            ty: Type::Bool,
        }
    }

    fn index(&mut self, at: &IdedExpr, base: &IdedExpr, index: &IdedExpr) -> Typed {
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
