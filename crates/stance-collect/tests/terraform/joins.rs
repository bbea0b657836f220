//! Resources that together make one asset.

use serde_json::{Value, json};

use crate::support::{Created, asset, plan};

fn group(address: &'static str) -> Created {
    Created {
        address,
        values: json!({"name": "web"}),
        unknown: json!({"id": true}),
        expressions: json!({}),
    }
}

fn rule(address: &'static str, references: &Value) -> Created {
    Created {
        address,
        values: json!({"type": "ingress", "ip_protocol": "tcp", "policy": "accept", "priority": 1,
            "port_range": "22/22", "cidr_ip": "0.0.0.0/0"}),
        unknown: json!({"id": true, "security_group_id": true}),
        expressions: json!({"security_group_id": {"references": references}}),
    }
}

fn rules(created: &[Created], id: &str) -> Result<usize, String> {
    let found = asset(&plan(created), id);
    match found.facts.get("attribute") {
        Some(facts) => Ok(facts["Permissions"]["Permission"].as_array().unwrap().len()),
        None => Err(found.unknown["attribute"].message.clone().unwrap()),
    }
}

#[test]
fn a_reference_joins_in_a_plan() {
    let created = [
        group("alicloud_security_group.a"),
        group("alicloud_security_group.b"),
        rule(
            "alicloud_security_group_rule.x",
            &json!(["alicloud_security_group.a.id", "alicloud_security_group.a"]),
        ),
    ];
    assert_eq!(rules(&created, "alicloud_security_group.a"), Ok(1));
    assert_eq!(rules(&created, "alicloud_security_group.b"), Ok(0));
}

#[test]
fn instances_join_by_a_literal_key_or_by_their_own() {
    let by_key = json!(["alicloud_security_group.a", "each.key"]);
    let literal = json!([
        "alicloud_security_group.a[\"y\"].id",
        "alicloud_security_group.a[\"y\"]",
        "alicloud_security_group.a"
    ]);
    let created = [
        group("alicloud_security_group.a[\"x\"]"),
        group("alicloud_security_group.a[\"y\"]"),
        rule("alicloud_security_group_rule.each[\"x\"]", &by_key),
        rule("alicloud_security_group_rule.one", &literal),
        rule("alicloud_security_group_rule.two", &literal),
    ];
    assert_eq!(rules(&created, "alicloud_security_group.a[\"x\"]"), Ok(1));
    assert_eq!(rules(&created, "alicloud_security_group.a[\"y\"]"), Ok(2));
}

#[test]
fn a_reference_that_cannot_be_followed_leaves_the_rules_unknown() {
    for references in [
        json!(["var.group"]),
        json!([
            "var.create",
            "alicloud_security_group.a.id",
            "alicloud_security_group.a"
        ]),
        json!(["module.net.group_id", "module.net"]),
        json!([
            "alicloud_security_group.a.id",
            "alicloud_security_group.b.id"
        ]),
        json!([]),
    ] {
        let created = [
            group("alicloud_security_group.a"),
            group("alicloud_security_group.b"),
            rule("alicloud_security_group_rule.x", &references),
        ];
        let message = rules(&created, "alicloud_security_group.a").unwrap_err();
        assert!(
            message.contains("alicloud_security_group_rule.x"),
            "{references}: {message}"
        );
    }
}
