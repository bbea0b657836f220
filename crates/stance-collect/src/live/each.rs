//! The elements of an earlier fact that a call is made for.

use serde_json::Value;
use stance_model::operation::Each;

use super::answer::not_documented;
use super::failure::Failure;
use super::follow::{Facts, holds};
use super::path;

/// These elements. A fact that is null has none; one without the list is not what the API documents.
pub(super) fn elements<'f>(each: &Each, facts: &'f Facts) -> Result<Vec<&'f Value>, Failure> {
    let fact = facts.known.get(&each.fact).unwrap_or(&Value::Null);
    let list = match path::get(fact, &each.path).and_then(Value::as_array) {
        Some(list) => list,
        None if fact.is_null() => return Ok(Vec::new()),
        None => {
            let why = format!("`{}` has no list at `{}`", each.fact, each.path);
            return Err(not_documented("NoItems", &why));
        }
    };
    let mut list = list.iter().collect::<Vec<_>>();
    list.retain(|element| each.when.iter().all(|when| holds(when, element)));
    let Some(newest) = &each.newest else {
        return Ok(list);
    };
    let age = |element: &Value| {
        let number = path::get(element, newest).and_then(path::text);
        number.and_then(|text| text.parse::<i64>().ok())
    };
    let why = || not_documented("NoNumber", &format!("an element has no number `{newest}`"));
    let ages: Option<Vec<i64>> = list.iter().map(|element| age(element)).collect();
    let last = ages.ok_or_else(why)?.into_iter().max();
    list.retain(|element| age(element) == last);
    Ok(list)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stance_model::ReasonKind;
    use stance_model::operation::Condition;

    use super::*;

    fn each(path: &str) -> Each {
        Each {
            fact: "tags".to_owned(),
            path: path.to_owned(),
            key: Some("Tag".to_owned()),
            when: Vec::new(),
            newest: None,
        }
    }

    fn names(each: &Each, facts: &Facts) -> Vec<Value> {
        let found = elements(each, facts).unwrap();
        found.into_iter().map(|one| one["Tag"].clone()).collect()
    }

    #[test]
    fn a_call_is_made_for_the_elements_that_are_wanted() {
        let images = json!({"Images": [
            {"Tag": "v1", "At": "9"}, {"Tag": "v2", "At": "10"}, {"Tag": "old", "At": "1"}, {"Tag": "v3", "At": "10"}
        ]});
        let mut facts = Facts::default();
        facts.known.insert("tags".to_owned(), images);
        let mut wanted = each("Images");
        assert_eq!(names(&wanted, &facts), ["v1", "v2", "old", "v3"]);
        wanted.newest = Some("At".to_owned());
        assert_eq!(names(&wanted, &facts), ["v2", "v3"]);
        wanted.when = vec![Condition {
            path: "Tag".to_owned(),
            one_of: vec![json!("v2")],
            negated: true,
        }];
        assert_eq!(names(&wanted, &facts), ["v3"]);
    }

    #[test]
    fn an_earlier_fact_without_a_list_is_no_empty_list() {
        let mut facts = Facts::default();
        facts
            .known
            .insert("tags".to_owned(), json!({"Images": [{"Tag": "v1"}]}));
        let kind = |each: &Each, facts: &Facts| elements(each, facts).unwrap_err().kind;
        assert_eq!(kind(&each("Other"), &facts), ReasonKind::BadResponse);
        let mut newest = each("Images");
        newest.newest = Some("At".to_owned());
        assert_eq!(kind(&newest, &facts), ReasonKind::BadResponse);
        facts.known.insert("tags".to_owned(), Value::Null);
        assert!(elements(&each("Images"), &facts).unwrap().is_empty());
    }
}
