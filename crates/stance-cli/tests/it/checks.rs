//! The catalogue at the command line, and checks of one's own.

use crate::place::{Place, rds};

const OWN: &str = r"
id: 900001
key: acme.rds.named
asset_type: aliyun/rds/instance
risk_level: medium
title: {zh: 数据库名称以 db 开头, en: Database names begin with db}
description: {zh: 检查数据库名称是否以 db 开头。, en: Checks that the name of a database begins with db.}
risk: {zh: 名称混乱的数据库没有人负责。, en: Nobody feels responsible for a database without a proper name.}
solution: {zh: 改名。, en: Rename it.}
repair: not_supported
sale: free
pass: asset.name.startsWith('db')
evidence:
  - name: Name
    title: {zh: 名称, en: Name}
    value: asset.name
examples:
  - {name: named so, outcome: pass, asset_name: db 1, facts: {list: {Engine: MySQL}}}
  - {name: named otherwise, outcome: fail, asset_name: x, facts: {list: {Engine: MySQL}}}
";

#[test]
fn the_builtin_catalogue_is_clean() {
    let out = Place::new().ok(&["catalog", "lint"]);
    assert!(out.starts_with("0 problems"), "{out}");
}

#[test]
fn a_check_is_shown_whole_in_both_languages() {
    let place = Place::new();
    let english = place.ok(&["check", "show", "ali.rds.whitelist_open", "--lang", "en"]);
    for words in [
        "What it checks",
        "cidr.coversAll",
        "Standards",
        "could not check",
    ] {
        assert!(english.contains(words), "{words}: {english}");
    }
    assert!(
        place
            .ok(&["check", "show", "5", "--lang", "zh"])
            .contains("白名单")
    );
    assert!(
        place
            .ok(&["check", "list"])
            .contains("ali.rds.whitelist_open")
    );
}

#[test]
fn a_new_check_passes_its_own_test_and_is_used() {
    let place = Place::new();
    let template = place.ok(&["check", "new", "acme.rds.first", "aliyun/rds/instance"]);
    place.write("own/acme.rds.first.yaml", &template);
    let done = place.run(&["check", "test", "own/acme.rds.first.yaml"]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    place.write("closed.jsonl", &rds(&["1"], 2, false));
    let report = place.json(&[
        "scan",
        "closed.jsonl",
        "--checks",
        "own",
        "--format",
        "json",
    ]);
    let mine = report["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| r["check"] == "acme.rds.first")
        .count();
    assert_eq!(mine, 2);
}

#[test]
fn problems_of_a_check_are_named_with_their_line() {
    let place = Place::new();
    let broken = OWN
        .replace(
            "asset.name.startsWith('db')",
            "facts.list.Engin == 'MySQL' && params.no",
        )
        .replace("risk_level: medium", "risk_level: medium\ncolour: red");
    place.write("own/acme.rds.named.yaml", &broken);
    let done = place.run(&["catalog", "lint", "own"]);
    assert_eq!(done.code, Some(1), "{}", done.out);
    for words in ["colour", "Engin", "params", "acme.rds.named.yaml:"] {
        assert!(done.err.contains(words), "{words}: {}", done.err);
    }
    let used = place.run(&["check", "list", "--checks", "own"]);
    assert_eq!(used.code, Some(2));
    assert!(used.err.contains("colour"), "{}", used.err);
}

#[test]
fn an_expression_that_nests_too_deeply_is_a_problem_and_no_crash() {
    let place = Place::new();
    let chains = [
        "1+".repeat(3_000) + "1 == 1",
        "facts.list".to_owned() + &"[0]".repeat(2_000) + " == 1",
    ];
    for chain in chains {
        place.write(
            "own/acme.rds.named.yaml",
            &OWN.replace("asset.name.startsWith('db')", &format!("\"{chain}\"")),
        );
        for args in [
            &["check", "test", "own/acme.rds.named.yaml"][..],
            &["catalog", "lint", "own"],
        ] {
            let done = place.run(args);
            assert_eq!(done.code, Some(1), "{args:?}: {}", done.err);
        }
        let done = place.run(&["check", "list", "--checks", "own"]);
        assert_eq!(done.code, Some(2), "{}", done.err);
    }
}
