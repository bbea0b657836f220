//! Every item's own examples, and its literals.

use crate::catalogue::{ITEMS, found};

#[test]
fn every_example_has_its_outcome() {
    let mut wrong = Vec::new();
    for item in ITEMS.iter() {
        for example in item.examples.iter().filter(|e| e.outcome != "unknown") {
            let contents = example.contents();
            let keys: Vec<String> = contents
                .iter()
                .flat_map(|(path, text)| found(path, text.as_bytes()))
                .collect();
            if keys.contains(&item.key) != (example.outcome == "fail") {
                wrong.push(format!(
                    "{} / {}: {} wanted, found {keys:?}",
                    item.key, example.name, example.outcome
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_enough_items_and_each_has_all_kinds_of_examples() {
    assert!(ITEMS.len() >= 45);
    for item in ITEMS.iter() {
        for outcome in ["pass", "fail", "unknown"] {
            assert!(
                item.examples.iter().any(|e| e.outcome == outcome),
                "{} {outcome}",
                item.key
            );
        }
    }
}
