//! Where an expression stands: what its names mean.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use super::module::Module;
use super::{MAX_EXPRESSION, MAX_STEPS};
use crate::terraform::hidden::Hidden;

/// One instance of a module with the values of its variables.
#[derive(Debug)]
pub(super) struct Instance {
    /// What it is an instance of.
    pub(super) module: Rc<Module>,
    /// The values of its variables.
    pub(super) inputs: BTreeMap<String, Value>,
    /// Locals that were asked for; none: being worked out.
    pub(super) locals: RefCell<BTreeMap<String, Option<Value>>>,
    /// Steps that are left, of all instances together.
    pub(super) steps: Rc<Cell<u64>>,
}

/// The steps of a root module.
pub(super) fn steps() -> Rc<Cell<u64>> {
    Rc::new(Cell::new(MAX_STEPS))
}

/// Where an expression stands within an instance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'s> {
    /// The instance.
    pub(super) instance: &'s Instance,
    /// `each.key` and `each.value`.
    pub(super) each: Option<(&'s Value, &'s Value)>,
    /// `count.index`.
    pub(super) index: Option<u64>,
    /// Names that `for` and `dynamic` bind, the innermost first.
    pub(super) names: Option<&'s Names<'s>>,
    /// How deep it is.
    pub(super) depth: usize,
}

/// A name that is bound, and those around it.
#[derive(Debug)]
pub(super) struct Names<'s> {
    pub(super) name: &'s str,
    pub(super) value: Value,
    pub(super) outer: Option<&'s Names<'s>>,
}

impl<'s> Scope<'s> {
    /// The scope of a module's own expressions.
    pub(super) fn of(instance: &'s Instance) -> Self {
        Self {
            instance,
            each: None,
            index: None,
            names: None,
            depth: 0,
        }
    }

    /// The value that a name is bound to.
    pub(super) fn bound(&self, name: &str) -> Option<&'s Value> {
        let mut names = self.names;
        while let Some(binding) = names {
            if binding.name == name {
                return Some(&binding.value);
            }
            names = binding.outer;
        }
        None
    }

    /// The same place with names bound.
    pub(super) fn with(self, names: &'s Names<'s>) -> Self {
        Self {
            names: Some(names),
            ..self
        }
    }

    /// A level deeper; none when it is too deep, or no step is left.
    pub(super) fn deeper(self) -> Option<Self> {
        let steps = &self.instance.steps;
        let left = steps.get().checked_sub(1)?;
        steps.set(left);
        (self.depth < MAX_EXPRESSION).then_some(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

/// A value that the source alone does not tell.
pub(super) fn unresolved() -> Value {
    Hidden::Unresolved.marker()
}

/// A value that is known only after apply.
pub(super) fn after_apply() -> Value {
    Hidden::Unknown.marker()
}
