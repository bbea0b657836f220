//! What is asked about each asset after the listing: calls of its own, calls for each element of an earlier fact, and
//! what is looked up once for all assets.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};
use stance_model::operation::{CallSpec, Condition, Each};

use super::answer::not_documented;
use super::caller::Caller;
use super::each::elements;
use super::failure::Failure;
use super::gather::{fact, gather};
use super::job::Job;
use super::page::Listed;
use super::path;
use super::template::Vars;

/// A call after the listing.
pub(super) struct Follow<'f> {
    job: &'f Job<'f>,
    pub(super) call: &'f CallSpec,
    /// What was looked up once for all assets.
    once: Option<Result<Once, Failure>>,
}

/// What is looked up once for all assets.
enum Once {
    /// The elements of a listing that is joined, by what they are joined on.
    Joined(HashMap<String, Value>),
    /// The same fact for all.
    Same(Value),
}

/// The facts of an asset so far.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) known: Map<String, Value>,
    pub(super) failed: BTreeMap<String, Failure>,
}

/// The calls that somebody reads, and those whose facts they go through.
pub(super) fn needed<'f>(job: &Job<'_>, calls: &'f [CallSpec]) -> Vec<&'f CallSpec> {
    let read = |call: &CallSpec| job.wanted.contains(&call.name);
    let leads = |call: &CallSpec| {
        let mut others = calls.iter().filter(|other| read(other));
        others.any(|other| matches!(&other.each, Some(each) if each.fact == call.name))
    };
    calls
        .iter()
        .filter(|call| read(call) || leads(call))
        .collect()
}

impl<'f> Follow<'f> {
    /// The call; what it gives for all of these elements is looked up now.
    pub(super) fn new(
        job: &'f Job<'f>,
        caller: &Caller<'_>,
        call: &'f CallSpec,
        parents: &[Value],
        items: &[Value],
    ) -> Self {
        let mut follow = Self {
            job,
            call,
            once: None,
        };
        if items.iter().any(|item| is_called(call, item)) {
            let vars = job.vars(parents, None, &job.place.region);
            follow.once = follow.look_up(caller, &vars);
        }
        follow
    }

    fn look_up(&self, caller: &Caller<'_>, vars: &Vars<'_>) -> Option<Result<Once, Failure>> {
        match &self.call.join {
            Some((theirs, _)) => Some(self.join(caller, vars, theirs)),
            None if self.differs() => None,
            None => Some(self.answer(caller, vars).map(Once::Same)),
        }
    }

    fn join(&self, caller: &Caller<'_>, vars: &Vars<'_>, theirs: &str) -> Result<Once, Failure> {
        let api = self.job.api(self.call);
        let listed = gather(caller, self.call, api, vars, self.job.regions);
        if let Some(failure) = listed.failure {
            return Err(failure);
        }
        let keyed = |item: Value| {
            let key = path::get(&item, theirs).and_then(path::text);
            let why = || not_documented("NoKey", &format!("an element has no `{theirs}`"));
            Ok((key.ok_or_else(why)?, item))
        };
        let all: Result<_, Failure> = listed.items.into_iter().map(keyed).collect();
        all.map(Once::Joined)
    }

    /// Whether it is another call for each asset.
    fn differs(&self) -> bool {
        let call = self.call;
        let regions = self.job.collection.region.is_some();
        let own = |text: &str| text.contains("{item") || (regions && text.contains("{region}"));
        let mut values = call.query.iter().map(|(_, value)| value.to_string());
        let host = &self.job.api(call).host;
        call.each.is_some() || own(&call.path) || own(host) || values.any(|text| own(&text))
    }

    /// The fact about an element of the listing.
    pub(super) fn fact(
        &self,
        caller: &Caller<'_>,
        item: &Value,
        vars: &Vars<'_>,
        facts: &Facts,
    ) -> Result<Value, Failure> {
        if !is_called(self.call, item) {
            return Ok(self.call.otherwise.clone().unwrap_or(Value::Null));
        }
        let found = match (&self.once, &self.call.each) {
            (Some(Err(failure)), _) => Err(failure.clone()),
            (Some(Ok(Once::Joined(found))), _) => self.of_join(found, item),
            (Some(Ok(Once::Same(value))), _) => Ok(value.clone()),
            (None, Some(each)) => self.for_each(caller, each, vars, facts),
            (None, None) => self.answer(caller, vars),
        };
        found.map(|value| self.job.kept(self.call, value))
    }

    fn of_join(&self, found: &HashMap<String, Value>, item: &Value) -> Result<Value, Failure> {
        let ours = self.call.join.as_ref().map_or("", |(_, ours)| ours);
        let Some(key) = path::get(item, ours).and_then(path::text) else {
            let why = format!("the element has no `{ours}`");
            return Err(not_documented("NoKey", &why));
        };
        Ok(found.get(&key).cloned().unwrap_or(Value::Null))
    }

    /// What the answers for the elements of an earlier fact make together.
    fn for_each(
        &self,
        caller: &Caller<'_>,
        each: &Each,
        vars: &Vars<'_>,
        facts: &Facts,
    ) -> Result<Value, Failure> {
        if let Some(failure) = facts.failed.get(&each.fact) {
            return Err(failure.clone());
        }
        let elements = elements(each, facts)?;
        match &each.key {
            Some(key) => self.by_name(caller, key, &elements, vars),
            None => self.joined(caller, &elements, vars),
        }
    }

    /// The answers by the names of the elements; without members where there is none.
    fn by_name(
        &self,
        caller: &Caller<'_>,
        key: &str,
        elements: &[&Value],
        vars: &Vars<'_>,
    ) -> Result<Value, Failure> {
        let mut answers = Map::new();
        for element in elements {
            let name = path::get(element, key).and_then(path::text);
            let why = || not_documented("NoKey", &format!("an element has no `{key}`"));
            let vars = Vars {
                each: Some(element),
                ..*vars
            };
            let answer = match self.answer(caller, &vars)? {
                Value::Null => Value::Object(Map::new()),
                answer => answer,
            };
            answers.insert(name.ok_or_else(why)?, answer);
        }
        Ok(Value::Object(answers))
    }

    /// The elements of all answers; null where nobody was asked for, or where there is nothing of any.
    fn joined(
        &self,
        caller: &Caller<'_>,
        elements: &[&Value],
        vars: &Vars<'_>,
    ) -> Result<Value, Failure> {
        let api = self.job.api(self.call);
        let mut all: Option<Listed> = None;
        for element in elements {
            let vars = Vars {
                each: Some(element),
                ..*vars
            };
            let part = gather(caller, self.call, api, &vars, self.job.regions);
            match (part.failure, &mut all) {
                (Some(failure), _) if failure.is_one_of(&self.call.absent_on) => {}
                (Some(failure), _) => return Err(failure),
                (None, Some(all)) => all.items.extend(part.items),
                (None, None) => {
                    all = Some(Listed {
                        failure: None,
                        ..part
                    });
                }
            }
        }
        all.map_or(Ok(Value::Null), |all| fact(self.call, all))
    }

    /// What the call gives; null where the provider says that there is none.
    fn answer(&self, caller: &Caller<'_>, vars: &Vars<'_>) -> Result<Value, Failure> {
        let api = self.job.api(self.call);
        let listed = gather(caller, self.call, api, vars, self.job.regions);
        match fact(self.call, listed) {
            Err(failure) if failure.is_one_of(&self.call.absent_on) => Ok(Value::Null),
            found => found,
        }
    }
}

/// Whether a call is made for an element of the listing; of a listing that leads to others, whether it leads there.
pub(super) fn is_called(call: &CallSpec, item: &Value) -> bool {
    let mut conditions = call.when.iter();
    conditions.all(|condition| holds(condition, item))
}

/// Whether a condition holds for an element.
pub(super) fn holds(condition: &Condition, item: &Value) -> bool {
    let value = path::get(item, &condition.path).unwrap_or(&Value::Null);
    condition.one_of.contains(value) != condition.negated
}
