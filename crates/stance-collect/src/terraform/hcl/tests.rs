//! Expressions and their values, and what hostile source does.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::eval::eval;
use super::module::Module;
use super::scope::{Instance, Scope, steps};
use super::text::Text;
use crate::terraform::hidden::hidden;

/// The value of the attribute `x` in a module of this text.
fn value(text: &str) -> Value {
    let text = Text::parse("x.tf".into(), text).unwrap();
    let mut module = Module::default();
    for block in text.body.get_blocks("locals") {
        for local in block.body.attributes() {
            let name = local.key.as_str().to_owned();
            module.locals.insert(name, local.value.clone());
        }
    }
    let instance = Instance {
        module: Rc::new(module),
        inputs: BTreeMap::from([("known".to_owned(), json!("k"))]),
        locals: RefCell::default(),
        steps: steps(),
    };
    let x = text.body.get_attribute("x").unwrap();
    eval(&x.value, Scope::of(&instance))
}

#[test]
fn expressions_have_the_values_that_terraform_gives_them() {
    for (text, wanted) in [
        ("x = 1 + 2 * 3", json!(7)),
        ("x = 7 / 2", json!(3.5)),
        ("x = -(-4) % 3", json!(1)),
        ("x = !false && 1 < 2", json!(true)),
        ("x = \"a-${var.known}-${1 + 1}\"", json!("a-k-2")),
        ("x = \"${[1, 2]}\"", json!([1, 2])),
        ("x = <<EOT\na ${var.known}\nEOT\n", json!("a k\n")),
        ("x = \"%{ if true }yes%{ else }no%{ endif }\"", json!("yes")),
        (
            "x = \"%{ for i in [1, 2] }<${i}>%{ endfor }\"",
            json!("<1><2>"),
        ),
        ("x = { a = 1, \"b\" = [2] }.b[0]", json!(2)),
        ("x = [for v in [1, 2, 3] : v * 2 if v != 2]", json!([2, 6])),
        ("x = {for k, v in {a = 1} : upper(k) => v}", json!({"A": 1})),
        ("x = [{a = 1}, {a = 2}][*].a", json!([1, 2])),
        ("x = true ? \"a\" : \"b\"", json!("a")),
        (
            "x = merge({a = 1}, {b = 2}, {a = 3})",
            json!({"a": 3, "b": 2}),
        ),
        ("x = format(\"%s:%d\", \"a\", 5)", json!("a:5")),
        ("x = toset([\"b\", \"b\"])", json!(["b"])),
        ("x = concat([[1], [2, 3]]...)", json!([1, 2, 3])),
        (
            "x = {for v in [\"a\", \"b\"] : \"k\" => v...}",
            json!({"k": ["a", "b"]}),
        ),
        ("x = lookup({a = 1}, \"b\", 9)", json!(9)),
        ("x = jsonencode({a = [true]})", json!("{\"a\":[true]}")),
        ("x = coalesce(null, \"\", \"c\")", json!("c")),
        ("x = element([1, 2], 3)", json!(2)),
        ("x = range(3)", json!([0, 1, 2])),
        ("locals {\n a = local.b\n b = 5\n}\nx = local.a", json!(5)),
    ] {
        assert_eq!(value(text), wanted, "{text}");
    }
}

#[test]
fn what_is_not_known_stays_so_whatever_is_made_of_it() {
    for text in [
        "x = var.none",
        "x = \"a${var.none}\"",
        "x = var.none == 1",
        "x = var.none && true",
        "x = [for v in var.none : v]",
        "x = {for v in [var.none] : v => 1}",
        "x = join(\",\", [var.none])",
        "x = length(var.none)",
        "x = timestamp()",
        "x = file(\"/etc/passwd\")",
        "x = templatefile(\"/etc/passwd\", {})",
        "x = provider::x::y(1)",
        "x = data.a.b.c",
        "x = module.a.b",
        "x = path.module",
        "x = a.b.c",
        "x = 1 / 0",
        "x = [1][5]",
        "x = {a = 1}.b",
        "x = replace(\"a\", \"/a/\", \"b\")",
        "locals { a = local.a }\nx = local.a",
        "locals {\n a = [local.b]\n b = [local.a]\n}\nx = local.a",
        "x = try(var.none, \"d\")",
    ] {
        assert!(hidden(&value(text)).is_some(), "{text}: {}", value(text));
    }
}

#[test]
fn one_side_that_decides_is_enough() {
    assert_eq!(value("x = var.none && false"), json!(false));
    assert_eq!(value("x = true || var.none"), json!(true));
    assert_eq!(value("x = var.none ? 1 : 1"), json!(1));
    assert_eq!(value("x = length([var.none])"), json!(1));
}

#[test]
fn growth_is_bounded() {
    let mut text = String::from("locals {\n a0 = [1, 1, 1, 1, 1, 1, 1, 1]\n");
    for n in 1..30 {
        let p = n - 1;
        text.push_str(&format!(
            " a{n} = concat(local.a{p}, local.a{p}, local.a{p}, local.a{p})\n"
        ));
    }
    text.push_str("}\nx = local.a29");
    assert!(hidden(&value(&text)).is_some());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[ -~\\n]{0,200}") {
        if let Ok(text) = Text::parse("x.tf".into(), &text) {
            let instance = Instance {
                module: Rc::default(),
                inputs: BTreeMap::new(),
                locals: RefCell::default(),
                steps: steps(),
            };
            for attribute in text.body.attributes() {
                eval(&attribute.value, Scope::of(&instance));
            }
        }
    }
}
