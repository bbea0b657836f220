//! Reading facts and fields.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};
use stance_model::ReasonKind;

use super::Eval;
use crate::ast::{Fact, Node, Shape};
use crate::document::is_same;
use crate::ty::Kind;
use crate::value::Val;

/// How many fields of an object cost a step when one of them is looked for.
const FIELDS: usize = 64;

impl<'a> Eval<'a> {
    #[inline(never)]
    pub(super) fn field(&self, node: &Node, base: &'a Node, key: &str, shape: &Shape) -> Val<'a> {
        let of = match base {
            // By far the most fields are those of what a call answered.
            Node::Fact(fact) => self.fact_of(base, fact),
            _ => self.value(base),
        };
        let value = match of {
            Val::Facts(asset) => self.answer(asset, key, shape.optional),
            Val::Asset(asset) if key == "facts" => return Val::Facts(asset),
            Val::Object(json) | Val::Asset(json) => self.get(json, key).map_or(Val::Null, Val::of),
            Val::Unknown(why) => return Val::Unknown(why),
            other => return self.mismatch(&node.describe(), other.type_name()),
        };
        self.checked(node, value, shape)
    }

    /// A value, if it is what its schema says. Null where there must be something is no answer.
    #[inline]
    pub(super) fn checked(&self, node: &Node, value: Val<'a>, shape: &Shape) -> Val<'a> {
        if shape.words.is_none() && !matches!(value, Val::Null) && value.fits(shape.kind) {
            return value;
        }
        self.judged_by(node, value, shape)
    }

    fn judged_by(&self, node: &Node, value: Val<'a>, shape: &Shape) -> Val<'a> {
        match (value, &shape.words) {
            (Val::Null, _) if shape.optional || shape.kind == Kind::Any => value,
            (Val::Null, _) => Val::Unknown(self.why(ReasonKind::MissingFact, &node.describe())),
            (Val::Str(text), Some(words)) if words.iter().all(|word| word != text) => {
                let found = format!("`{text}`, which is not among the documented values");
                self.mismatch(&node.describe(), &found)
            }
            _ if value.fits(shape.kind) => value,
            _ => self.mismatch(&node.describe(), value.type_name()),
        }
    }

    /// A field of an object; the first of those with that name.
    pub(super) fn get(&self, json: &'a Value, key: &str) -> Option<&'a Value> {
        let mut fields = json.as_object()?.iter();
        self.spend((fields.len() / FIELDS) as u64);
        fields
            .find(|(name, _)| is_same(name, key))
            .map(|(_, value)| value)
    }

    /// What a call answered for the asset under check.
    #[inline(never)]
    pub(super) fn fact_of(&self, node: &Node, fact: &Fact) -> Val<'a> {
        let value = self.own_answer(&fact.call, fact.shape.optional);
        self.checked(node, value, &fact.shape)
    }

    fn own_answer(&self, call: &str, optional: bool) -> Val<'a> {
        self.spend((self.document.len() / FIELDS) as u64);
        let unknown = self.document.unknown(call);
        self.judged(unknown, self.document.answer(call), call, optional)
    }

    /// What a call answered for an asset.
    fn answer(&self, asset: &'a Value, call: &str, optional: bool) -> Val<'a> {
        let within = |part: &str| asset.get(part).and_then(|of| self.get(of, call));
        self.judged(
            within("unknown"),
            within("facts").map(Val::of),
            call,
            optional,
        )
    }

    /// An entry under `unknown` wins over one under `facts`.
    fn judged(
        &self,
        unknown: Option<&'a Value>,
        answer: Option<Val<'a>>,
        call: &str,
        optional: bool,
    ) -> Val<'a> {
        if let Some(reason) = unknown {
            return Val::Unknown(self.why_stored(reason, call));
        }
        let kind = match answer {
            Some(Val::Null) if !optional => ReasonKind::MissingFact,
            Some(value) => return value,
            None => ReasonKind::NotCollected,
        };
        Val::Unknown(self.why(kind, &format!("facts.{call}")))
    }

    /// What a call that must have answered says of an asset.
    pub(crate) fn fact(&self, asset: &'a Value, call: &str) -> Val<'a> {
        self.answer(asset, call, false)
    }

    /// Whether there is something. Where the schema says that there must be, nothing is no answer.
    #[inline(never)]
    pub(super) fn has(&self, node: &Node, base: &'a Node, key: &str, optional: bool) -> Val<'a> {
        match self.had(base, key, optional) {
            Some(Val::Unknown(why)) => Val::Unknown(why),
            Some(Val::Null) if !optional => {
                Val::Unknown(self.why(ReasonKind::MissingFact, &node.describe()))
            }
            None | Some(Val::Null) => Val::Bool(false),
            Some(_) => Val::Bool(true),
        }
    }

    /// What a field is, where absent and null are the same; `None`: what should have it is null.
    pub(crate) fn had(&self, base: &'a Node, key: &str, optional: bool) -> Option<Val<'a>> {
        if let Node::Facts = base {
            return Some(self.own_answer(key, optional));
        }
        Some(match self.value(base) {
            Val::Null => return None,
            Val::Unknown(why) => Val::Unknown(why),
            Val::Facts(asset) => self.answer(asset, key, optional),
            Val::Asset(asset) if key == "facts" => Val::Facts(asset),
            Val::Object(json) | Val::Asset(json) => self.get(json, key).map_or(Val::Null, Val::of),
            other => self.mismatch(&base.describe(), other.type_name()),
        })
    }
}
