//! Whatever a file holds: no panic, bounded work, documents that a snapshot admits.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use stance_collect::snapshot::{Limits, RawLine, parse_line};
use stance_model::record::Record;

use crate::support::{held, records, state};

fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/terraform");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    let texts = files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e != "md"));
    texts.map(|f| std::fs::read_to_string(f).unwrap()).collect()
}

/// Every record that comes out is one that a snapshot admits.
fn admitted(records: &[Record]) {
    for record in records {
        let line = RawLine::new(1, serde_json::to_vec(record).unwrap());
        if let Err(problem) = parse_line(&line, &Limits::default()) {
            panic!("{problem}: {}", String::from_utf8_lossy(&line.bytes));
        }
    }
}

fn mutate(value: &mut Value, seeds: &mut impl Iterator<Item = u32>) {
    let seed = seeds.next().unwrap_or(1);
    if seed.is_multiple_of(23) {
        let others = [
            json!(null),
            json!(true),
            json!(-1),
            json!("x\u{0}y"),
            json!([]),
            json!({}),
            json!([{}]),
            json!(""),
        ];
        *value = others[usize::try_from(seed / 23).unwrap() % others.len()].clone();
        return;
    }
    match value {
        Value::Object(map) => map.values_mut().for_each(|v| mutate(v, seeds)),
        Value::Array(items) => items.iter_mut().for_each(|v| mutate(v, seeds)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn mutated_values_never_panic(seeds in prop::collection::vec(any::<u32>(), 64..2_000)) {
        for text in examples() {
            let mut document: Value = serde_json::from_str(&text).unwrap();
            let mut cycle = seeds.iter().copied().cycle();
            if let Some(root) = document.as_object_mut() {
                for (_, value) in root.iter_mut().filter(|(key, _)| !key.ends_with("version")) {
                    mutate(value, &mut cycle);
                }
            }
            if let Ok(records) = records(&document.to_string()) {
                admitted(&records);
            }
        }
    }

    #[test]
    fn mutated_bytes_never_panic(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        for text in examples() {
            let mut bytes = text.into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if cut {
                bytes.truncate(at);
            }
            if let Ok(records) = records(&String::from_utf8_lossy(&bytes)) {
                admitted(&records);
            }
        }
    }
}

#[test]
fn deep_and_many_are_refused() {
    let deep = format!(
        "{{\"version\":4,\"resources\":{}{}}}",
        "[".repeat(200),
        "]".repeat(200)
    );
    assert!(
        records(&deep)
            .unwrap_err()
            .to_string()
            .contains("levels of nesting")
    );
    let mut many = held("random_id", &json!({}));
    many["instances"] = json!(vec![json!({"attributes": {}}); 100_001]);
    let error = records(&state(&[many]).to_string()).unwrap_err();
    assert!(error.to_string().contains("100000 resources"), "{error}");
    let mut module = json!({"address": "m", "resources": []});
    for _ in 0..40 {
        module = json!({"address": "m", "child_modules": [module]});
    }
    let modules = json!({"format_version": "1.2", "planned_values": {"root_module": module}});
    assert!(records(&modules.to_string()).is_err());
}

#[test]
fn many_resources_of_one_id_do_not_multiply() {
    let instances = |attributes: Value| json!(vec![json!({"attributes": attributes}); 5_000]);
    let mut groups = held("alicloud_security_group", &json!({}));
    groups["instances"] = instances(json!({"id": "sg-1", "vpc_id": ""}));
    let mut rules = held("alicloud_security_group_rule", &json!({}));
    rules["instances"] = instances(
        json!({"security_group_id": "sg-1", "type": "ingress", "ip_protocol": "tcp",
        "policy": "accept", "priority": 1, "port_range": "22/22", "cidr_ip": "10.0.0.0/8"}),
    );
    let found = records(&state(&[groups, rules]).to_string()).unwrap();
    let bytes: usize = found
        .iter()
        .map(|r| serde_json::to_vec(r).unwrap().len())
        .sum();
    assert!(bytes < 30 << 20, "{bytes}");
}

#[test]
fn texts_that_a_snapshot_cannot_hold_are_left_out() {
    let long = "x".repeat(5_000);
    let bucket = |id: &str, owner: &str| json!({"id": id, "bucket": id, "owner": owner, "tags": {"k": long}});
    let resources = [
        held("alicloud_oss_bucket", &bucket(&long, "1")),
        held("alicloud_oss_bucket", &bucket("a\u{0}b", "1")),
        held("alicloud_oss_bucket", &bucket("b", "1")),
    ];
    let found = records(&state(&resources).to_string()).unwrap();
    admitted(&found);
    assert_eq!(crate::support::only_assets(found).len(), 1);
}
