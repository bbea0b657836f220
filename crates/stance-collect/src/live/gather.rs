//! Everything that one call lists: for all values of its variants, in all its regions, on all pages.

use std::collections::HashSet;

use rayon::prelude::*;
use serde_json::Value;
use stance_model::ReasonKind;
use stance_model::operation::{Api, CallSpec, Take};

use super::answer::not_documented;
use super::caller::Caller;
use super::failure::Failure;
use super::page::{Listed, list};
use super::path;
use super::template::Vars;

/// Lists it all. What could be read before or beside a failure is kept.
pub(super) fn gather(
    caller: &Caller<'_>,
    call: &CallSpec,
    api: &Api,
    vars: &Vars<'_>,
    regions: &[String],
) -> Listed {
    let here = [vars.region.to_owned()];
    let regions = if call.everywhere { regions } else { &here };
    let calls = variants(call);
    let parts: Vec<Listed> = regions
        .par_iter()
        .flat_map_iter(|region| {
            let vars = Vars { region, ..*vars };
            calls
                .iter()
                .map(move |call| list(caller, call, api, &vars))
                .collect::<Vec<_>>()
        })
        .collect();
    let mut all = Listed {
        total: Some(0),
        ..Listed::default()
    };
    for part in parts {
        let failure = part.failure.filter(|failure| !is_nothing(call, failure));
        all.items.extend(part.items);
        all.whole = all.whole.or(part.whole);
        all.failure = all.failure.or(failure);
        all.total = all.total.zip(part.total).map(|(all, part)| all + part);
    }
    if call.everywhere {
        // Some answer for all regions in each of them.
        let mut seen = HashSet::new();
        all.items.retain(|item| seen.insert(item.to_string()));
    }
    all
}

/// Whether a failure says that a region has nothing to list.
fn is_nothing(call: &CallSpec, failure: &Failure) -> bool {
    call.everywhere && failure.kind == ReasonKind::NotOffered
}

/// The call with each value of the parameter that it is called for in turn.
fn variants(call: &CallSpec) -> Vec<CallSpec> {
    let Some((name, values)) = &call.variants else {
        return vec![call.clone()];
    };
    let varied = |value: &Value| {
        let mut varied = call.clone();
        varied.query.push((name.clone(), value.clone()));
        varied
    };
    values.iter().map(varied).collect()
}

/// The first answer with the elements of all in it.
///
/// # Errors
/// When there was no answer.
pub(super) fn whole(call: &CallSpec, listed: Listed) -> Result<Value, Failure> {
    let missing = || not_documented("NoItems", "the answer has nowhere to put the elements");
    let whole = listed.whole.ok_or_else(missing)?;
    match call.items.as_deref() {
        Some(at) => with_elements(whole, at, listed.items).ok_or_else(missing),
        None => Ok(whole),
    }
}

/// The answer with these elements at a path.
fn with_elements(mut whole: Value, at: &str, items: Vec<Value>) -> Option<Value> {
    let (parent, name) = at.rsplit_once('.').unwrap_or(("", at));
    let mut holder = &mut whole;
    for segment in parent.split('.').filter(|segment| !segment.is_empty()) {
        holder = holder.get_mut(segment)?;
    }
    let members = holder.as_object_mut()?;
    members.insert(name.to_owned(), Value::Array(items));
    Some(whole)
}

/// What a listing that did not fail is as a fact.
///
/// # Errors
/// Its failure.
pub(super) fn fact(call: &CallSpec, mut listed: Listed) -> Result<Value, Failure> {
    if let Some(failure) = listed.failure.take() {
        return Err(failure);
    }
    let value = match call.take {
        _ if call.items.is_none() => whole(call, listed)?,
        Take::Whole => whole(call, listed)?,
        Take::First => listed.items.into_iter().next().unwrap_or(Value::Null),
        Take::Elements => Value::Array(listed.items),
    };
    let at = call.at.as_deref().unwrap_or_default();
    match path::get(&value, at) {
        Some(found) => Ok(found.clone()),
        None if value.is_null() => Ok(value),
        None => {
            let why = format!("the answer has no `{at}`");
            Err(not_documented("NoFact", &why))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::with_elements;

    #[test]
    fn all_elements_go_where_those_of_the_first_page_were() {
        let answer = json!({"Policy": "Accept", "Rules": {"Rule": [1], "More": true}});
        let items = vec![json!(1), json!(2)];
        assert_eq!(
            with_elements(answer.clone(), "Rules.Rule", items.clone()),
            Some(json!({"Policy": "Accept", "Rules": {"Rule": [1, 2], "More": true}}))
        );
        assert_eq!(
            with_elements(json!({}), "Rules", items.clone()),
            Some(json!({"Rules": [1, 2]}))
        );
        for nowhere in ["Policy.Rule", "Other.Rule"] {
            assert_eq!(with_elements(answer.clone(), nowhere, items.clone()), None);
        }
    }
}
