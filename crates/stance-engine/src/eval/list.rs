//! Comprehensions over lists, which may have elements missing.

use super::Eval;
use crate::ast::{Node, Quantifier};
use crate::ty::Kind;
use crate::value::{Items, List, Val, Why};

impl<'a> Eval<'a> {
    /// The list that a range is, or the value that stands in its way.
    pub(crate) fn range(&self, range: &'a Node) -> Result<List<'a>, Val<'a>> {
        match self.value(range) {
            Val::List(list) => Ok(list),
            Val::Unknown(why) => Err(Val::Unknown(why)),
            other => Err(self.mismatch(&range.describe(), other.type_name())),
        }
    }

    /// Binds an element; one that is not what the schema declares is unknown.
    fn element(&self, slot: usize, item: Val<'a>, kind: Kind, range: &Node) {
        let item = if item.fits(kind) {
            item
        } else {
            self.mismatch(&range.describe(), item.type_name())
        };
        self.bind(slot, item);
    }

    pub(super) fn quantifier(
        &self,
        quantifier: Quantifier,
        range: &'a Node,
        slot: usize,
        body: &'a Node,
        kind: Kind,
    ) -> Val<'a> {
        let list = match self.range(range) {
            Ok(list) => list,
            Err(unknown) => return unknown,
        };
        let mut unknown = list.incomplete;
        let mut held = 0_u32;
        for item in list.items.iter() {
            self.element(slot, item, kind, range);
            match (quantifier, self.as_bool(self.value(body))) {
                (Quantifier::Exists, Val::Bool(true)) => return Val::Bool(true),
                (Quantifier::All, Val::Bool(false)) => return Val::Bool(false),
                (Quantifier::ExistsOne, Val::Bool(true)) => held += 1,
                (_, Val::Unknown(why)) => unknown = unknown.or(Some(why)),
                _ => {}
            }
            if held > 1 {
                return Val::Bool(false);
            }
        }
        let settled = match quantifier {
            Quantifier::Exists => false,
            Quantifier::All => true,
            Quantifier::ExistsOne => held == 1,
        };
        unknown.map_or(Val::Bool(settled), Val::Unknown)
    }

    /// The elements that hold. One of which it is not known leaves the list incomplete.
    pub(super) fn filter(
        &self,
        range: &'a Node,
        slot: usize,
        body: &'a Node,
        kind: Kind,
    ) -> Val<'a> {
        let list = match self.range(range) {
            Ok(list) => list,
            Err(unknown) => return unknown,
        };
        let mut kept = Vec::new();
        let mut incomplete = list.incomplete;
        for item in list.items.iter() {
            self.element(slot, item, kind, range);
            match self.as_bool(self.value(body)) {
                Val::Bool(true) => kept.push(item),
                Val::Unknown(why) => incomplete = incomplete.or(Some(why)),
                _ => {}
            }
        }
        self.with_gap(kept, incomplete)
    }

    pub(super) fn map(
        &self,
        range: &'a Node,
        slot: usize,
        condition: Option<&'a Node>,
        body: &'a Node,
        kind: Kind,
    ) -> Val<'a> {
        let list = match self.range(range) {
            Ok(list) => list,
            Err(unknown) => return unknown,
        };
        let mut mapped = Vec::new();
        let mut incomplete = list.incomplete;
        for item in list.items.iter() {
            self.element(slot, item, kind, range);
            match condition.map(|condition| self.as_bool(self.value(condition))) {
                None | Some(Val::Bool(true)) => mapped.push(self.value(body)),
                Some(Val::Unknown(why)) => incomplete = incomplete.or(Some(why)),
                Some(_) => {}
            }
        }
        self.with_gap(mapped, incomplete)
    }

    fn with_gap(&self, values: Vec<Val<'a>>, incomplete: Option<Why<'a>>) -> Val<'a> {
        match self.list(values) {
            Val::List(List { items, .. }) => Val::List(List { items, incomplete }),
            _ => Val::List(List {
                items: Items::Vals(&[]),
                incomplete,
            }),
        }
    }
}
