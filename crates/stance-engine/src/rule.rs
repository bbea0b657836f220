//! A compiled check.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use stance_model::{AssetType, Evidence, Outcome, ReasonKind, Text};

use crate::arena;
use crate::ast::Node;
use crate::compile::{Expression, Scope, compile, share};
use crate::diagnostic::{Diagnostic, Part};
use crate::document::Document;
use crate::eval::Eval;
use crate::explain;
use crate::param::Param;
use crate::related::{Lookup, RelatedIndex};
use crate::schema::Types;
use crate::ty::Type;
use crate::value::{Val, Why, WhyText};

/// The expressions of a check as they are written.
#[derive(Debug, Clone)]
pub struct RuleSource {
    /// The type of the assets it judges.
    pub asset_type: AssetType,
    /// Conditions under which it says nothing about an asset, each with the reason; the first that holds wins.
    pub not_applicable: Vec<(String, Text)>,
    /// True: the asset passes; false: it fails.
    pub pass: String,
    /// The values that a result carries, by name.
    pub evidence: Vec<(String, String)>,
    /// The parameters with their values.
    pub params: BTreeMap<String, Param>,
}

/// What an evaluation may look at besides the asset.
#[derive(Debug)]
pub struct Context<'a> {
    /// The task's time.
    pub now: Timestamp,
    /// The assets that others relate to.
    pub related: &'a RelatedIndex,
}

/// A compiled check.
#[derive(Debug)]
pub struct Rule {
    pass: Expression,
    not_applicable: Vec<(Expression, Text)>,
    evidence: Vec<(String, Expression)>,
    calls: BTreeSet<String>,
    lookups: Vec<Lookup>,
    /// How many values are kept while it is evaluated.
    kept: usize,
    /// The same with the evidence.
    kept_in_all: usize,
}

impl Rule {
    /// Parses and type-checks the expressions against the schema of the asset type and the parameters.
    ///
    /// # Errors
    /// Every problem of every expression.
    pub fn compile(source: &RuleSource, types: &Types) -> Result<Self, Vec<Diagnostic>> {
        let Some(schema) = types.get(&source.asset_type) else {
            let message = format!("there is no asset type `{}`", source.asset_type);
            return Err(vec![Diagnostic {
                part: Part::Pass,
                span: None,
                message,
                help: None,
            }]);
        };
        let scope = Scope {
            schema,
            types,
            params: &source.params,
        };
        let mut problems = Vec::new();
        let mut keep = |result: Result<Expression, Vec<Diagnostic>>| match result {
            Ok(expression) => Some(expression),
            Err(found) => {
                problems.extend(found);
                None
            }
        };
        let pass = keep(compile(&source.pass, Part::Pass, Some(&Type::Bool), &scope));
        let mut not_applicable = Vec::new();
        for (number, (when, reason)) in source.not_applicable.iter().enumerate() {
            let when = keep(compile(
                when,
                Part::NotApplicable(number),
                Some(&Type::Bool),
                &scope,
            ));
            not_applicable.extend(when.map(|when| (when, reason.clone())));
        }
        let mut evidence = Vec::new();
        for (number, (name, value)) in source.evidence.iter().enumerate() {
            let value = keep(compile(value, Part::Evidence(number), None, &scope));
            evidence.extend(value.map(|value| (name.clone(), value)));
        }
        match pass {
            Some(pass) if problems.is_empty() => Ok(Self::assemble(pass, not_applicable, evidence)),
            _ => Err(problems),
        }
    }

    fn assemble(
        pass: Expression,
        not_applicable: Vec<(Expression, Text)>,
        evidence: Vec<(String, Expression)>,
    ) -> Self {
        let mut rule = Self {
            calls: pass.calls.clone(),
            lookups: Vec::new(),
            kept: 0,
            kept_in_all: 0,
            pass,
            not_applicable,
            evidence,
        };
        let mut lookups = rule.pass.lookups.clone();
        let conditions = rule.not_applicable.iter().map(|(when, _)| when);
        for other in conditions.chain(rule.evidence.iter().map(|(_, value)| value)) {
            rule.calls.extend(other.calls.iter().cloned());
            lookups.extend(other.lookups.iter().cloned());
        }
        rule.lookups = lookups.into_iter().collect();
        rule.share();
        rule
    }

    /// Marks what need be evaluated only once: in the conditions and the predicate together, in each value of the
    /// evidence by itself.
    fn share(&mut self) {
        let conditions = self
            .not_applicable
            .iter_mut()
            .map(|(when, _)| &mut when.root);
        let mut judged: Vec<&mut Node> = conditions.chain([&mut self.pass.root]).collect();
        share(&mut judged, &mut self.kept);
        self.kept_in_all = self.kept;
        for (_, value) in &mut self.evidence {
            share(&mut [&mut value.root], &mut self.kept_in_all);
        }
    }

    /// The calls whose facts it reads.
    #[must_use]
    pub fn calls(&self) -> &BTreeSet<String> {
        &self.calls
    }

    /// The ways in which it looks up related assets.
    #[must_use]
    pub fn lookups(&self) -> &[Lookup] {
        &self.lookups
    }

    /// The types of the related assets.
    #[must_use]
    pub fn related_types(&self) -> BTreeSet<AssetType> {
        self.lookups
            .iter()
            .map(|lookup| lookup.asset_type.clone())
            .collect()
    }

    /// Whether the value of the evidence with this number, from 0, is a list of places, as
    /// [`Finding`](stance_model::Finding) has them.
    #[must_use]
    pub fn lists_places(&self, number: usize) -> bool {
        let value = self.evidence.get(number);
        value.is_some_and(|(_, value)| value.ty.is_places())
    }

    /// What the check says of an asset.
    #[must_use]
    pub fn evaluate(&self, asset: &Document<'_>, context: &Context<'_>) -> Outcome {
        arena::with(|bump| self.outcome(&Eval::new(asset, context, bump, self.kept)))
    }

    fn outcome<'a>(&'a self, eval: &Eval<'a>) -> Outcome {
        for (when, reason) in &self.not_applicable {
            match eval.value(&when.root) {
                Val::Bool(true) => return Outcome::NotApplicable(reason.clone()),
                Val::Bool(false) => {}
                // Whether the check speaks of this asset at all is not known.
                other => return Outcome::Unknown(no_verdict(other)),
            }
        }
        match eval.value(&self.pass.root) {
            Val::Bool(true) => Outcome::Pass,
            Val::Bool(false) => Outcome::Fail,
            other => Outcome::Unknown(no_verdict(other)),
        }
    }

    /// The evidence for an asset: the named values, and the facts that decided `pass`.
    #[must_use]
    pub fn explain(&self, asset: &Document<'_>, context: &Context<'_>) -> Evidence {
        arena::with(|bump| {
            let facts = explain::facts(
                &self.pass.root,
                &Eval::new(asset, context, bump, self.kept_in_all),
            );
            let items = self.evidence.iter().map(|(name, value)| {
                let eval = Eval::new(asset, context, bump, self.kept_in_all);
                explain::item(name, &value.root, &eval)
            });
            Evidence {
                items: items.collect(),
                facts,
            }
        })
    }
}

fn no_verdict(value: Val<'_>) -> stance_model::Reason {
    match value {
        Val::Unknown(why) => why.to_reason(),
        other => Why(&WhyText {
            kind: ReasonKind::TypeMismatch,
            message: other.type_name(),
            code: None,
            request_id: None,
        })
        .to_reason(),
    }
}
