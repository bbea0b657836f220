//! Lists of places: known at load, shown whole.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stance_engine::{Context, Document, RelatedIndex, Rule, RuleSource, Schema, Types};
use stance_model::{FINDINGS, Findings};

const TYPE: &str = "image/oci/image";

fn types() -> Types {
    let at = json!({"path": "string", "line": "int?", "layer": "string?", "instruction": "string?",
        "visible": "bool", "what": "string?"});
    let sshd =
        json!({"sshd": {"fields": {"on": "bool", "options": [{"name": "string", "at": at}]}}});
    let shadow =
        json!({"shadow": {"absent": true, "fields": {"broken": [at], "entry": {"at": at}}}});
    // As readers are declared: each by itself.
    let parts = [sshd, shadow].map(|calls| Schema::from_json(&calls).unwrap());
    let mut types = Types::default();
    types.insert(TYPE.parse().unwrap(), Schema::merge(&parts));
    types
}

fn rule(value: &str) -> Rule {
    let source = RuleSource {
        asset_type: TYPE.parse().unwrap(),
        not_applicable: Vec::new(),
        pass: "false".to_owned(),
        evidence: vec![(FINDINGS.to_owned(), value.to_owned())],
        params: BTreeMap::new(),
    };
    Rule::compile(&source, &types()).unwrap_or_else(|found| panic!("{value}: {found:?}"))
}

fn shown(value: &str, facts: &Value) -> String {
    let rule = rule(value);
    let related = RelatedIndex::new(rule.lookups());
    let context = Context {
        now: "2026-06-01T00:00:00Z".parse().unwrap(),
        related: &related,
    };
    let asset =
        json!({"id": "a", "account": "a", "region": "global", "type": TYPE, "facts": facts});
    let asset = sonic_rs::from_str(&asset.to_string()).unwrap();
    let evidence = rule.explain(&Document::of(&asset), &context);
    evidence.items[0].value.clone()
}

#[test]
fn lists_of_places_are_known_whatever_they_are_made_of() {
    let options = "facts.sshd.options.filter(o, o.name == 'a').map(o, o.at)";
    for value in [
        options.to_owned(),
        "facts.shadow.broken".to_owned(),
        format!("{options} + facts.shadow.broken"),
        format!("facts.shadow.broken + {options} + {options}"),
        "facts.sshd.on ? [facts.shadow.entry.at] : []".to_owned(),
        format!("facts.sshd.on ? [] : {options}"),
        format!("(facts.shadow == null ? [] : facts.shadow.broken) + {options}"),
        format!("[] + {options}"),
    ] {
        assert!(rule(&value).lists_places(0), "{value}");
    }
    for value in [
        "[]",
        "facts.sshd.options",
        "facts.shadow.entry.at",
        "['/etc/shadow']",
    ] {
        assert!(!rule(value).lists_places(0), "{value}");
    }
    assert!(!rule("facts.shadow.broken").lists_places(1));
}

#[test]
fn places_are_shown_whole_in_their_order() {
    let facts = json!({
        "sshd": {"on": true, "options": [
            {"name": "a", "at": {"path": "/etc/ssh/sshd_config", "line": 3, "visible": true, "what": "A \u{1b}[31myes"}},
            {"name": "b", "at": {"path": "/b", "visible": true}},
        ]},
        "shadow": {"broken": [{"path": "/etc/shadow", "layer": "sha256:0", "instruction": "RUN a\nb", "visible": false}],
            "entry": null},
    });
    let value = "facts.sshd.options.filter(o, o.name == 'a').map(o, o.at) + facts.shadow.broken";
    let wanted = r#"[{"path":"/etc/ssh/sshd_config","line":3,"visible":true,"what":"A  [31myes"},{"path":"/etc/shadow","layer":"sha256:0","instruction":"RUN a b","visible":false}]"#;
    assert_eq!(shown(value, &facts), wanted);
    assert_eq!(Findings::parse(wanted).places.len(), 2);
    assert_eq!(
        shown("facts.sshd.options.filter(o, false).map(o, o.at)", &facts),
        "[]"
    );
    let unread = json!({"sshd": {"options": []}});
    assert_eq!(shown("facts.shadow.broken", &unread), "? NOT_COLLECTED");
}

#[test]
fn what_does_not_fit_is_counted() {
    let broken: Vec<Value> = (0..5_000)
        .map(|line| json!({"path": format!("/{}", "p".repeat(2_000)), "line": line, "visible": true}))
        .collect();
    let shown = shown(
        "facts.shadow.broken",
        &json!({"shadow": {"broken": broken}}),
    );
    assert!(shown.len() < 33 * 1024, "{}", shown.len());
    let findings = Findings::parse(&shown);
    assert_eq!(findings.places.len() as u64 + findings.more, 5_000);
    assert!(findings.places.len() > 10);
    assert_eq!(findings.places[9].line, Some(9));
    assert!(findings.places[0].path.ends_with('…'));
}
