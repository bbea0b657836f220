//! Less knowledge never gives another verdict: whatever is taken away from what is known of an asset and of those
//! around it, a verdict stays or becomes unknown, and what was unknown stays so.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stance_engine::{Context, Document, RelatedIndex, Rule, RuleSource, Schema, Types};
use stance_model::{Coverage, CoverageStatus, Outcome, Provider, Reason, ReasonKind, ResultStatus};

use crate::expressions::{CALLS, OTHER, OTHER_CALLS, Writer};
use crate::random::Random;

/// Each number makes one rule and several worlds.
const SEEDS: std::ops::Range<u64> = 0..1_500;
/// Numbers that once failed.
const FAILED: [u64; 1] = [5_750];
const WORLDS: usize = 4;
const CUTS: usize = 6;

const TYPE: &str = "aliyun/test/thing";

/// An asset, those around it, and whether they were not all listed.
#[derive(Clone)]
struct World {
    asset: Value,
    others: Vec<Value>,
    incomplete: bool,
}

fn types() -> Types {
    let mut types = Types::default();
    for (name, calls) in [(TYPE, CALLS), (OTHER, OTHER_CALLS)] {
        let calls: Value = serde_json::from_str(calls).unwrap();
        types.insert(name.parse().unwrap(), Schema::from_json(&calls).unwrap());
    }
    types
}

fn rule(pass: String, types: &Types) -> Option<Rule> {
    let source = RuleSource {
        asset_type: TYPE.parse().unwrap(),
        not_applicable: Vec::new(),
        evidence: vec![("Value".to_owned(), pass.clone())],
        pass,
        params: BTreeMap::new(),
    };
    Rule::compile(&source, types).ok()
}

fn judge(rule: &Rule, world: &World) -> Outcome {
    let mut related = RelatedIndex::new(rule.lookups());
    related.assume_complete();
    for other in &world.others {
        related.insert(sonic_rs::from_str(&other.to_string()).unwrap());
    }
    if world.incomplete {
        related.cover(&gap());
    }
    let context = Context {
        now: "2026-06-01T00:00:00Z".parse().unwrap(),
        related: &related,
    };
    let asset: sonic_rs::Value = sonic_rs::from_str(&world.asset.to_string()).unwrap();
    let asset = Document::of(&asset);
    let outcome = rule.evaluate(&asset, &context);
    assert_eq!(outcome, rule.evaluate(&asset, &context));
    let evidence = rule.explain(&asset, &context);
    assert_eq!(evidence, rule.explain(&asset, &context));
    assert!(evidence.facts.len() <= 12);
    outcome
}

fn gap() -> Coverage {
    Coverage {
        provider: Provider::Aliyun,
        account: "1".to_owned(),
        region: "r".to_owned(),
        asset_type: OTHER.parse().unwrap(),
        status: CoverageStatus::Partial,
        reason: Some(Reason::new(ReasonKind::Throttled, "others")),
    }
}

#[test]
fn less_knowledge_never_gives_another_verdict() {
    let types = types();
    let mut seen = BTreeMap::new();
    for seed in SEEDS.chain(FAILED) {
        let mut random = Random(seed);
        let text = Writer::new(&mut random).condition();
        let Some(rule) = rule(text.clone(), &types) else {
            continue;
        };
        for _ in 0..WORLDS {
            let world = world(&mut random);
            let before = judge(&rule, &world).status();
            *seen.entry(format!("{before:?}")).or_insert(0) += 1;
            for _ in 0..CUTS {
                let (less, what) = cut(&world, &mut random);
                let after = judge(&rule, &less).status();
                let honest = after == before || after == ResultStatus::Unknown;
                assert!(
                    honest,
                    "seed {seed}: {before:?} became {after:?} by {what}\n{text}\n{}",
                    show(&world)
                );
            }
        }
    }
    // A test that only ever saw one of them would show nothing.
    assert!(
        seen.len() == 3 && seen.values().all(|count| *count > 300),
        "{seen:?}"
    );
}

fn show(world: &World) -> String {
    let others: Vec<String> = world.others.iter().map(Value::to_string).collect();
    format!("{}\n{}", world.asset, others.join("\n"))
}

fn world(random: &mut Random) -> World {
    let others = (0..random.below(4)).map(|number| {
        let region = random.pick(&["r", "global", "elsewhere"]);
        json!({"provider": "aliyun", "account": "1", "region": region, "type": OTHER, "id": format!("o-{number}"),
            "name": "o", "facts": facts(OTHER_CALLS, random)})
    });
    let others = others.collect();
    let asset = json!({"provider": "aliyun", "account": "1", "region": "r", "type": TYPE, "id": "o-1", "name": "t",
        "facts": facts(CALLS, random)});
    World {
        asset,
        others,
        incomplete: random.one_in(8),
    }
}

fn facts(calls: &str, random: &mut Random) -> Value {
    let calls: Value = serde_json::from_str(calls).unwrap();
    let mut facts = serde_json::Map::new();
    for (call, shape) in calls.as_object().unwrap() {
        let absent = shape.get("absent").is_some() && random.one_in(4);
        let answer = if absent {
            Value::Null
        } else {
            value(&shape["fields"], random)
        };
        facts.insert(call.clone(), answer);
    }
    Value::Object(facts)
}

/// A value of a shape; now and then one that the shape does not allow.
fn value(shape: &Value, random: &mut Random) -> Value {
    match shape {
        Value::String(name) => scalar(name, random),
        Value::Array(of) => (0..random.below(4))
            .map(|_| value(&of[0], random))
            .collect(),
        Value::Object(fields) => match fields.get("*") {
            Some(of) => json!({"k": value(of, random)}),
            None => object(fields, random),
        },
        _ => Value::Null,
    }
}

fn object(fields: &serde_json::Map<String, Value>, random: &mut Random) -> Value {
    let mut object = serde_json::Map::new();
    for (key, shape) in fields {
        let left_out = is_optional(shape) && random.one_in(3);
        if !left_out && !random.one_in(60) {
            object.insert(key.clone(), value(shape, random));
        }
    }
    Value::Object(object)
}

fn is_optional(shape: &Value) -> bool {
    shape.as_str().is_some_and(|name| name.ends_with('?'))
}

fn scalar(name: &str, random: &mut Random) -> Value {
    if random.one_in(60) {
        return odd(random);
    }
    match name.trim_end_matches('?') {
        "bool" => json!(random.one_in(2)),
        "int" => json!(random.below(5)),
        "double" => json!([0.0, 0.5, 2.0, 4.5][random.below(4)]),
        "any" => match random.below(4) {
            0 => json!(random.one_in(2)),
            1 => json!({"y": 1}),
            2 => json!(["a", 1]),
            _ => Value::Null,
        },
        _ => {
            let texts = [
                "a",
                "b",
                "ab",
                "",
                "22",
                "o-0",
                "o-1",
                "a,b",
                "0.0.0.0/0",
                "10.0.0.1",
                "2020-01-01",
            ];
            json!(random.pick(&texts))
        }
    }
}

/// A value of a type that nothing declares.
fn odd(random: &mut Random) -> Value {
    if random.one_in(2) {
        json!({"odd": [1]})
    } else {
        json!([[{}]])
    }
}

/// A world of which less is known, and what was taken away.
fn cut(world: &World, random: &mut Random) -> (World, String) {
    let mut less = world.clone();
    let what = match random.below(6) {
        0 | 1 => unread(&mut less.asset, random),
        2 | 3 => spoil(&mut less.asset["facts"], CALLS, random),
        4 if !less.others.is_empty() => cut_other(&mut less, random),
        _ => {
            less.incomplete = true;
            "not listing all neighbours".to_owned()
        }
    };
    (less, what)
}

fn cut_other(less: &mut World, random: &mut Random) -> String {
    let at = random.below(less.others.len());
    let what = match random.below(3) {
        0 => unread(&mut less.others[at], random),
        1 => spoil(&mut less.others[at]["facts"], OTHER_CALLS, random),
        _ => {
            less.others.remove(at);
            less.incomplete = true;
            "not listing it".to_owned()
        }
    };
    format!("{what} of the neighbour {at}")
}

fn unread(asset: &mut Value, random: &mut Random) -> String {
    let calls: Vec<String> = asset["facts"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let call = &calls[random.below(calls.len())];
    asset["unknown"][call] = json!({"kind": "no_permission"});
    if random.one_in(2) {
        asset["facts"].as_object_mut().unwrap().remove(call);
    }
    format!("not reading {call}")
}

/// Takes away something that must be there, or puts something in its place that cannot be.
fn spoil(facts: &mut Value, calls: &str, random: &mut Random) -> String {
    let calls: Value = serde_json::from_str(calls).unwrap();
    let calls = calls.as_object().unwrap();
    let names: Vec<&str> = calls.keys().map(String::as_str).collect();
    let call = random.pick(&names);
    if facts.get(call).is_none() {
        return "nothing".to_owned();
    }
    let path = format!("facts.{call}");
    spoil_at(&mut facts[call], &calls[call]["fields"], &path, random)
}

fn spoil_at(value: &mut Value, shape: &Value, path: &str, random: &mut Random) -> String {
    match (value, shape) {
        (Value::Array(items), Value::Array(of)) if !items.is_empty() => {
            let at = random.below(items.len());
            spoil_at(&mut items[at], &of[0], &format!("{path}[{at}]"), random)
        }
        (Value::Object(object), Value::Object(fields)) if fields.get("*").is_none() => {
            spoil_field(object, fields, path, random)
        }
        (value, Value::String(name)) if name != "any" && !name.ends_with('?') => {
            *value = odd(random);
            format!("another type at {path}")
        }
        _ => format!("nothing ({path})"),
    }
}

fn spoil_field(
    object: &mut serde_json::Map<String, Value>,
    fields: &serde_json::Map<String, Value>,
    path: &str,
    random: &mut Random,
) -> String {
    let required = |key: &&String| !is_optional(&fields[*key]) && fields[*key] != "any";
    let keys: Vec<&String> = fields.keys().filter(required).collect();
    let key = keys[random.below(keys.len())];
    let path = format!("{path}.{key}");
    match object.get_mut(key) {
        Some(inner) if fields[key].is_string() && random.one_in(2) => {
            *inner = odd(random);
            format!("another type at {path}")
        }
        Some(inner) if random.one_in(2) => spoil_at(inner, &fields[key], &path, random),
        _ => {
            object.remove(key);
            format!("nothing at {path}")
        }
    }
}
