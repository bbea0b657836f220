//! Whatever an expression or a document asks for, an answer comes soon: a refusal, a verdict, or unknown since the
//! budget is used up.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stance_engine::{Context, Document, RelatedIndex, Rule, RuleSource, Schema, Types};
use stance_model::{Outcome, ReasonKind};

const TYPE: &str = "aliyun/test/thing";

/// Far more than anything here takes, on a machine that does ten other things.
const SOON: Duration = Duration::from_secs(60);

fn compile(pass: &str) -> Result<Rule, String> {
    let calls = json!({"f": {"absent": {}, "fields": "any"}});
    let mut types = Types::default();
    types.insert(TYPE.parse().unwrap(), Schema::from_json(&calls).unwrap());
    let source = RuleSource {
        asset_type: TYPE.parse().unwrap(),
        not_applicable: Vec::new(),
        pass: pass.to_owned(),
        evidence: vec![("Value".to_owned(), pass.to_owned())],
        params: BTreeMap::new(),
    };
    Rule::compile(&source, &types).map_err(|found| found[0].message.clone())
}

/// The outcome of a predicate over these facts; the evidence is asked for, too.
fn judge(pass: &str, facts: &Value) -> Outcome {
    let rule = compile(pass).unwrap();
    let text = json!({"account": "1", "region": "r", "facts": {"f": facts}}).to_string();
    let asset: sonic_rs::Value = sonic_rs::from_str(&text).unwrap();
    let related = RelatedIndex::new(rule.lookups());
    let context = Context {
        now: "2026-06-01T00:00:00Z".parse().unwrap(),
        related: &related,
    };
    let begun = Instant::now();
    let asset = Document::of(&asset);
    let outcome = rule.evaluate(&asset, &context);
    let evidence = rule.explain(&asset, &context);
    assert!(evidence.facts.len() <= 12);
    assert!(begun.elapsed() < SOON, "{pass}: {:?}", begun.elapsed());
    outcome
}

fn is_out_of_budget(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Unknown(reason) if reason.kind == ReasonKind::Budget)
}

/// Ways to nest, `times` deep.
fn nested(times: usize) -> Vec<String> {
    let around =
        |open: &str, inner: &str, close: &str| open.repeat(times) + inner + &close.repeat(times);
    vec![
        around("(", "true", ")"),
        around("!", "true", ""),
        around("!(", "true", ")"),
        around("-", "facts.f", "") + " == 1",
        around("[", "", "]") + " == []",
        around("size([", "1", "])") + " == 1",
        around("(true ? ", "true", " : true)"),
        around("true ? true : ", "true", ""),
        around("(true && ", "true", ")"),
        around("facts.f[", "0", "]") + " == 1",
        format!("1{} > 0", " + 1".repeat(times)),
        format!("facts.f{} == 1", ".a".repeat(times)),
        format!("facts.f{} == 1", "[0]".repeat(times)),
        format!("facts.f{} == ''", ".trim()".repeat(times)),
        format!("facts.f{} == []", ".map(x, x)".repeat(times)),
    ]
}

#[test]
fn what_nests_too_deep_is_refused() {
    for times in [150, 500, 1_000] {
        for text in nested(times).into_iter().filter(|text| text.len() <= 8_000) {
            let refused = compile(&text).unwrap_err();
            assert!(refused.contains("nests deeper than"), "{refused}: {text}");
        }
    }
}

#[test]
fn what_nests_as_deep_as_it_may_needs_little_stack() {
    // Threads that evaluate have two MiB and more.
    let worked = std::thread::Builder::new().stack_size(1 << 20).spawn(|| {
        let fits = nested(56).into_iter().filter(|text| compile(text).is_ok());
        let judged = fits.map(|text| judge(&text, &json!([[[1]]])));
        assert!(judged.count() >= 10);
    });
    worked.unwrap().join().unwrap();
}

#[test]
fn a_long_expression_is_refused() {
    let terms = "true && ".repeat(2_000);
    assert!(
        compile(&(terms + "true"))
            .unwrap_err()
            .contains("longer than")
    );
    let many = "true && ".repeat(900) + "true";
    assert_eq!(judge(&many, &Value::Null), Outcome::Pass);
}

#[test]
fn loops_in_loops_end() {
    let facts = json!((0..2_000).collect::<Vec<_>>());
    let loops = "facts.f.all(a, facts.f.all(b, facts.f.all(c, a + b + c >= 0)))";
    assert!(is_out_of_budget(&judge(loops, &facts)));
    let lists = "facts.f.map(a, facts.f.map(b, a + b)).size() > 0";
    assert!(is_out_of_budget(&judge(lists, &facts)));
    let equal = "facts.f.all(a, facts.f == facts.f.map(b, b + a - a))";
    assert!(is_out_of_budget(&judge(equal, &facts)));
}

#[test]
fn what_decides_before_the_budget_ends_still_decides() {
    let facts = json!((0..2_000).collect::<Vec<_>>());
    let early = "facts.f.exists(a, a == 1) || facts.f.all(a, facts.f.all(b, facts.f.all(c, a + b + c >= 0)))";
    assert_eq!(judge(early, &facts), Outcome::Pass);
}

#[test]
fn texts_do_not_grow_without_end() {
    let facts = json!({"s": "x".repeat(1 << 20), "l": vec![0; 1_000]});
    for pass in [
        format!("size(facts.f.s{}) > 0", " + facts.f.s".repeat(50)),
        "facts.f.l.map(i, facts.f.s.upperAscii() + string(i)).size() > 0".to_owned(),
        "facts.f.l.map(i, string(i) + facts.f.s).join(',').contains('y')".to_owned(),
        "facts.f.l.all(i, (facts.f.s + string(i)).matches('y') == false)".to_owned(),
        "facts.f.l.all(i, (facts.f.s + string(i)).contains('xy') == false)".to_owned(),
        "facts.f.l.map(i, (facts.f.s + string(i)).split('x')).size() > 0".to_owned(),
    ] {
        assert!(is_out_of_budget(&judge(&pass, &facts)), "{pass}");
    }
}

#[test]
fn an_object_with_many_fields_is_no_trap() {
    let fields: serde_json::Map<String, Value> =
        (0..50_000).map(|n| (format!("k{n}"), json!(n))).collect();
    let facts = json!({"o": fields, "l": (0..50_000).collect::<Vec<_>>()});
    let pass = "facts.f.l.all(i, facts.f.o['k' + string(i)] == i)";
    assert!(is_out_of_budget(&judge(pass, &facts)));
    assert!(is_out_of_budget(&judge("facts.f.o == facts.f.o", &facts)));
}

#[test]
fn long_address_lists_are_read() {
    let list = |step: u32, count: u32| {
        let mut text = String::new();
        for number in 0..count {
            write!(
                text,
                "{},",
                std::net::Ipv4Addr::from(0x0800_0000 + number * step)
            )
            .unwrap();
        }
        text
    };
    let facts = json!({"s": list(2, 100_000), "t": list(3, 100_000)});
    assert_eq!(judge("cidr.coversAll(facts.f.s)", &facts), Outcome::Fail);
    assert_eq!(
        judge("cidr.within(facts.f.s, facts.f.t)", &facts),
        Outcome::Fail
    );
    assert_eq!(
        judge("cidr.overlaps(facts.f.s, facts.f.t)", &facts),
        Outcome::Pass
    );
}

/// Rules that each open a port of their own to an address of their own.
fn rules(count: u32) -> Value {
    let rule = |number: u32| {
        let address = std::net::Ipv4Addr::from(0x0800_0000 + number * 512);
        json!({"Direction": "ingress", "Policy": if number.is_multiple_of(2) { "Accept" } else { "Drop" },
            "Priority": number % 100 + 1, "IpProtocol": "ALL", "PortRange": format!("{}/{}", number + 1, number + 9),
            "SourceCidrIp": format!("{address}/24")})
    };
    (0..count).map(rule).collect()
}

#[test]
fn many_access_rules_are_judged_or_given_up() {
    let pass = "size(aliyun.exposedPorts(facts.f, '22,3389')) == 0";
    assert_eq!(judge(pass, &rules(1_000)), Outcome::Pass);
    let all = "size(aliyun.exposedPorts(facts.f, '1-65535')) == 0";
    for count in [1_000, 4_000, 20_000] {
        let outcome = judge(all, &rules(count));
        assert!(
            matches!(outcome, Outcome::Pass | Outcome::Unknown(_)),
            "{count}: {outcome:?}"
        );
    }
    let too_many = judge(pass, &rules(20_000));
    assert!(matches!(too_many, Outcome::Unknown(_)), "{too_many:?}");
}

#[test]
fn a_large_policy_is_given_up() {
    let statement =
        json!({"Effect": "Allow", "Principal": "*", "Action": "oss:*", "Resource": "*"});
    let small = json!({"Statement": vec![statement.clone(); 500]});
    assert_eq!(
        judge("policy.openStatements(facts.f).size() == 500", &small),
        Outcome::Pass
    );
    let large = json!({"Statement": vec![statement; 20_000]});
    let outcome = judge("policy.openStatements(facts.f).size() == 0", &large);
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
}

#[test]
fn evidence_is_short_however_much_there_is() {
    let facts = json!({"l": vec![json!({"s": "x".repeat(1_000)}); 5_000]});
    let pass = "!facts.f.l.exists(i, i.s != '')";
    assert_eq!(judge(pass, &facts), Outcome::Fail);
    assert_eq!(
        judge("facts.f.l.map(i, i.s).join('') == ''", &facts),
        Outcome::Fail
    );
}
