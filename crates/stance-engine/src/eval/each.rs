//! Comprehensions over lists, which may have elements missing. Elements are handed on one by one: a list is made only
//! where one is wanted.

use super::Eval;
use crate::ast::{Comprehension, Each, Node, Quantifier};
use crate::ty::Kind;
use crate::value::{Items, List, Val, Why};

/// What to do after an element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    Stop,
}

/// Why elements may be missing; or the value that stands in the way of the list.
type Visited<'a> = Result<Option<Why<'a>>, Val<'a>>;

impl<'a> Eval<'a> {
    /// The list that a node is, or the value that stands in its way.
    pub(crate) fn range(&self, node: &'a Node) -> Result<List<'a>, Val<'a>> {
        let value = self.value(node);
        match (value.as_list(), value) {
            (Some(list), _) => Ok(list),
            (None, Val::Unknown(_)) => Err(value),
            (None, other) => Err(self.mismatch(&node.describe(), other.type_name())),
        }
    }

    /// Binds the variable of a comprehension.
    pub(crate) fn bind_element(&self, each: &Each, item: Val<'a>) {
        self.bind(each.slot, item);
    }

    /// An element that is not what the schema declares is unknown. A list of the document has no nulls, one that was
    /// made may have them.
    fn element(&self, item: Val<'a>, kind: Kind, listed: bool, range: &Node) -> Val<'a> {
        match item {
            Val::Null if listed && kind != Kind::Any => self.mismatch(&range.describe(), "null"),
            _ if item.fits(kind) => item,
            _ => self.mismatch(&range.describe(), item.type_name()),
        }
    }

    /// Visits the elements of the list that a node is, each of a kind.
    fn visit(
        &self,
        node: &'a Node,
        kind: Kind,
        visitor: &mut dyn FnMut(Val<'a>) -> Then,
    ) -> Visited<'a> {
        match node {
            Node::Each(each) if !matches!(each.what, Comprehension::Quantifier(_)) => {
                self.visit_each(each, visitor)
            }
            _ => self.visit_items(node, self.range(node)?, kind, visitor),
        }
    }

    fn visit_items(
        &self,
        node: &Node,
        list: List<'a>,
        kind: Kind,
        visitor: &mut dyn FnMut(Val<'a>) -> Then,
    ) -> Visited<'a> {
        let listed = matches!(list.items, Items::Json(_)) && !matches!(node, Node::Const(_));
        for item in list.items.iter() {
            self.spend(1);
            if self.is_spent() {
                return Err(self.out_of_budget());
            }
            if visitor(self.element(item, kind, listed, node)) == Then::Stop {
                break;
            }
        }
        Ok(list.incomplete)
    }

    /// The elements that `filter` and `map` give. One of which it is not known whether it belongs leaves a gap.
    fn visit_each(&self, each: &'a Each, visitor: &mut dyn FnMut(Val<'a>) -> Then) -> Visited<'a> {
        let mut gap = None;
        let below = self.visit(&each.range, each.kind, &mut |item| {
            self.bind(each.slot, item);
            let taken = match each.what {
                Comprehension::Map => each.condition.as_ref(),
                _ => Some(&each.body),
            };
            match taken.map(|taken| self.as_bool(self.value(taken))) {
                Some(Val::Unknown(why)) => gap = gap.or(Some(why)),
                Some(Val::Bool(false)) => {}
                _ if each.what == Comprehension::Map => return visitor(self.value(&each.body)),
                _ => return visitor(item),
            }
            Then::GoOn
        })?;
        Ok(below.or(gap))
    }

    #[inline(never)]
    pub(super) fn each_value(&self, each: &'a Each) -> Val<'a> {
        match each.what {
            Comprehension::Quantifier(quantifier) => self.quantifier(quantifier, each),
            Comprehension::Filter | Comprehension::Map => self.collected(each),
        }
    }

    /// The value of a node, where it is a list with its elements looked at: one that is not of the kind is unknown.
    pub(super) fn with_elements(&self, node: &'a Node, kind: Kind) -> Val<'a> {
        let value = self.value(node);
        let list = match value.as_list() {
            Some(list) if kind != Kind::Any => list,
            _ => return value,
        };
        let mut items = self.room();
        let visited = self.visit_items(node, list, kind, &mut |item| {
            items.push(item);
            Then::GoOn
        });
        match visited {
            Ok(incomplete) => self.hand(items.into_bump_slice(), incomplete),
            Err(value) => value,
        }
    }

    fn collected(&self, each: &'a Each) -> Val<'a> {
        let mut items = self.room();
        let visited = self.visit_each(each, &mut |item| {
            items.push(item);
            Then::GoOn
        });
        match visited {
            Ok(incomplete) => self.hand(items.into_bump_slice(), incomplete),
            Err(value) => value,
        }
    }

    /// How many elements `filter` or `map` give.
    pub(super) fn count(&self, each: &'a Each) -> Val<'a> {
        let mut count = 0_i64;
        let visited = self.visit_each(each, &mut |_| {
            count += 1;
            Then::GoOn
        });
        match visited {
            Ok(None) => Val::Int(count),
            Ok(Some(why)) => Val::Unknown(why),
            Err(value) => value,
        }
    }

    fn quantifier(&self, quantifier: Quantifier, each: &'a Each) -> Val<'a> {
        let mut unknown = None;
        let mut held = 0_u32;
        let mut settled = None;
        let visited = self.visit(&each.range, each.kind, &mut |item| {
            self.bind(each.slot, item);
            match (quantifier, self.as_bool(self.value(&each.body))) {
                (Quantifier::Exists, Val::Bool(true)) => settled = Some(true),
                (Quantifier::All, Val::Bool(false)) => settled = Some(false),
                (Quantifier::ExistsOne, Val::Bool(true)) => {
                    held += 1;
                    settled = (held > 1).then_some(false);
                }
                (_, Val::Unknown(why)) => unknown = unknown.or(Some(why)),
                _ => {}
            }
            if settled.is_some() {
                Then::Stop
            } else {
                Then::GoOn
            }
        });
        let otherwise = match quantifier {
            Quantifier::Exists => false,
            Quantifier::All => true,
            Quantifier::ExistsOne => held == 1,
        };
        match (settled, visited) {
            (Some(settled), _) => Val::Bool(settled),
            (None, Err(value)) => value,
            (None, Ok(gap)) => gap.or(unknown).map_or(Val::Bool(otherwise), Val::Unknown),
        }
    }

    /// Whether a value is among the elements of a list, or the keys of an object.
    #[inline(never)]
    pub(super) fn membership(&self, a: &'a Node, b: &'a Node, kind: Kind) -> Val<'a> {
        let needle = self.value(a);
        if let Val::Unknown(_) = needle {
            return needle;
        }
        if let Node::Each(each) = b
            && !matches!(each.what, Comprehension::Quantifier(_))
        {
            return self.contained(needle, |visitor| self.visit_each(each, visitor));
        }
        let hay = self.value(b);
        match (hay.as_list(), needle, hay) {
            (Some(list), ..) => {
                self.contained(needle, |visitor| self.visit_items(b, list, kind, visitor))
            }
            (None, _, Val::Unknown(_)) => hay,
            (None, Val::Str(key), Val::Object(json)) => Val::Bool(self.get(json, key).is_some()),
            (None, _, other) => self.mismatch("in", other.type_name()),
        }
    }

    fn contained(
        &self,
        needle: Val<'a>,
        visit: impl FnOnce(&mut dyn FnMut(Val<'a>) -> Then) -> Visited<'a>,
    ) -> Val<'a> {
        let mut unknown = None;
        let mut found = false;
        let visited = visit(&mut |item| {
            match self.equal(needle, item) {
                Val::Bool(true) => found = true,
                Val::Unknown(why) => unknown = unknown.or(Some(why)),
                _ => {}
            }
            if found { Then::Stop } else { Then::GoOn }
        });
        match visited {
            _ if found => Val::Bool(true),
            Ok(gap) => gap.or(unknown).map_or(Val::Bool(false), Val::Unknown),
            Err(value) => value,
        }
    }
}
