//! HCL through the built binary: the cases of `tests/terraform` written as source, and what only source has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::Value;

use crate::place::Place;
use crate::terraform::{cases, verdicts};

/// What the source of a case says otherwise than a state: it has no ids, and what the service decides is not in it.
struct Source {
    text: String,
    /// The name of the asset here, by the id that the case gives it.
    names: BTreeMap<String, String>,
}

/// Attributes that only the service gives.
const GIVEN: [&str; 12] = [
    "id",
    "arn",
    "owner",
    "owner_id",
    "creation_date",
    "creator",
    "public_ip",
    "instance_state",
    "status",
    "address",
    "connection_string",
    "public_ips",
];

/// Attributes that give the id before the resource exists, or the id of the whole of which it is a part.
const KNOWN: [&str; 6] = [
    "bucket",
    "instance_id",
    "db_instance_id",
    "db_cluster_id",
    "load_balancer_id",
    "access_group_name",
];

fn source(resources: &[Value]) -> Source {
    let address = |r: &Value| format!("{}.{}", text(&r["type"]), text(&r["name"]));
    let mut names = BTreeMap::new();
    for r in resources {
        let values = r["values"].as_object().unwrap();
        let named = |id: &str| {
            KNOWN
                .iter()
                .any(|name| values.get(*name).is_some_and(|v| v == id))
        };
        if let Some(id) = values
            .get("id")
            .and_then(Value::as_str)
            .filter(|id| !named(id))
        {
            names.entry(id.to_owned()).or_insert_with(|| address(r));
        }
    }
    let mut written = String::from("variable \"unknown\" {}\n");
    for r in resources {
        writeln!(written, "\nresource {} {} {{", r["type"], r["name"]).unwrap();
        for (name, value) in r["values"].as_object().unwrap() {
            let chosen = name == "status" && r["type"] == "alicloud_oss_bucket_versioning";
            if chosen || !GIVEN.contains(&name.as_str()) {
                attribute(name, value, &names, 1, &mut written);
            }
        }
        written.push_str("}\n");
    }
    Source {
        text: written,
        names,
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn attribute(
    name: &str,
    value: &Value,
    ids: &BTreeMap<String, String>,
    depth: usize,
    out: &mut String,
) {
    let indent = "  ".repeat(depth);
    if let Some(blocks) = value
        .as_array()
        .filter(|items| items.iter().any(Value::is_object))
    {
        for block in blocks {
            writeln!(out, "{indent}{name} {{").unwrap();
            for (name, value) in block.as_object().unwrap() {
                attribute(name, value, ids, depth + 1, out);
            }
            writeln!(out, "{indent}}}").unwrap();
        }
    } else if let Some(expression) = match value {
        // A name that happens to be somebody's id.
        Value::String(name_of) if name.ends_with("name") => {
            Some(Value::from(name_of.as_str()).to_string())
        }
        value => expression(value, ids),
    } {
        writeln!(out, "{indent}{name} = {expression}").unwrap();
    }
}

/// A value as an expression; none for what is left out.
fn expression(value: &Value, ids: &BTreeMap<String, String>) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::String(id) if ids.contains_key(id) => format!("{}.id", ids[id]),
        Value::Object(map) if map.contains_key("$ref") => text(&map["$ref"]).to_owned(),
        Value::Object(map) if map.contains_key("$unknown") => return None,
        Value::Object(map) if map.contains_key("$sensitive") => "var.unknown".to_owned(),
        Value::Object(map) => {
            let members = map.iter().filter_map(|(key, value)| {
                Some(format!(
                    "{} = {}",
                    Value::from(key.as_str()),
                    expression(value, ids)?
                ))
            });
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(|v| expression(v, ids)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::String(text) => Value::from(text.replace("${", "$${")).to_string(),
        other => other.to_string(),
    })
}

/// Results that a state has for a reason which is in no source: a snapshot policy that expired, an address that was
/// bound by hand.
const ONLY_SERVICE: [(&str, &str); 2] = [
    ("ali.ecs.auto_snapshot", "d-bad"),
    ("hw.rds.public", "rds-bad"),
];

/// Checks that source cannot decide one way: what they look at is decided or told by the service.
const ONE_SIDED: &[(&str, &str)] = &[
    ("ali.ack.private_endpoint", "NOT_PASS"),
    ("ali.ecs.sas_agent_online", "NOT_CHECK"),
    ("ali.ecs.unattached_disk_encrypted", "NOT_CHECK"),
    ("ali.kms.rotation", "NOT_CHECK"),
    ("ali.mongodb.ssl", "NOT_PASS"),
    ("ali.nas.access_group_open", "NOT_CHECK"),
    ("ali.oss.crr", "NOT_PASS"),
    ("ali.rds.ssl", "NOT_PASS"),
    ("ali.redis.ssl", "NOT_PASS"),
    ("ali.slb.health", "NOT_CHECK"),
    ("hw.ecs.key_pair", "NOT_CHECK"),
];

#[test]
fn source_never_contradicts_a_state_or_a_plan_and_decides_every_check_both_ways() {
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, case) in cases() {
        let place = Place::new();
        let source = source(case["resources"].as_array().unwrap());
        place.write("infra/main.tf", &source.text);
        let report = place.json(&[
            "scan",
            "infra",
            "--format",
            "json",
            "--now",
            "2026-06-01T00:00:00Z",
        ]);
        let verdicts = verdicts(&report);
        for (check, assets) in case["expect"].as_object().unwrap() {
            for (asset, status) in assets.as_object().unwrap() {
                let here = source.names.get(asset).unwrap_or(asset);
                let got = verdicts
                    .get(&(check.clone(), here.clone()))
                    .or_else(|| verdicts.get(&(check.clone(), asset.clone())))
                    // What stands for an account goes by the account, which source does not know.
                    .or_else(|| verdicts.get(&(check.clone(), "terraform".to_owned())));
                let (got, wanted) = (got.map_or("NOT_CHECK", String::as_str), text(status));
                let service = ONLY_SERVICE.contains(&(check.as_str(), asset.as_str()));
                if !service && got != wanted && got != "NOT_CHECK" && wanted != "NOT_CHECK" {
                    wrong.push(format!("{name}: {check} of {asset} is {got}, not {wanted}"));
                }
                shown
                    .entry(check.clone())
                    .or_default()
                    .insert(got.to_owned());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let single: Vec<(&str, &str)> = shown
        .iter()
        .filter_map(|(check, statuses)| {
            match (statuses.contains("PASS"), statuses.contains("NOT_PASS")) {
                (true, true) => None,
                (true, false) => Some((check.as_str(), "PASS")),
                (false, true) => Some((check.as_str(), "NOT_PASS")),
                _ => Some((check.as_str(), "NOT_CHECK")),
            }
        })
        .collect();
    assert_eq!(single, ONE_SIDED);
}

/// The statuses of one check, by asset.
fn of(report: &Value, check: &str) -> BTreeMap<String, String> {
    let all = verdicts(report).into_iter();
    all.filter(|((key, _), _)| key == check)
        .map(|((_, asset), status)| (asset, status))
        .collect()
}

fn scanned(files: &[(&str, &str)]) -> Value {
    let place = Place::new();
    for (name, text) in files {
        place.write(&format!("infra/{name}"), text);
    }
    place.json(&["scan", "infra", "--format", "json"])
}

fn expected(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = pairs
        .iter()
        .map(|(a, s)| ((*a).to_owned(), (*s).to_owned()));
    owned.collect()
}

const GROUP: &str = r#"
resource "alicloud_security_group" "web" {
  security_group_name = "web"
  vpc_id              = "vpc-1"
}
"#;

#[test]
fn variables_locals_copies_and_dynamic_blocks_are_resolved() {
    let report = scanned(&[
        (
            "main.tf",
            r#"
variable "protect" { default = false }
variable "names"   { default = ["a", "b"] }
variable "given"   {}
locals {
  open   = join(".", ["0", "0", "0", "0"])
  ranges = { shut = "10.0.0.0/8", open = "${local.open}/0" }
}
resource "alicloud_db_instance" "one" {
  for_each            = toset(var.names)
  engine              = "MySQL"
  engine_version      = "8.0"
  security_ips        = ["10.0.0.0/8"]
  deletion_protection = each.key == "a" ? true : var.protect
}
resource "alicloud_db_instance" "many" {
  count               = length(local.ranges)
  engine              = "MySQL"
  engine_version      = "8.0"
  security_ips        = [values(local.ranges)[count.index]]
  deletion_protection = var.given
}
resource "azurerm_network_security_group" "web" {
  name                = "web"
  location            = "East US"
  resource_group_name = "rg"
  dynamic "security_rule" {
    for_each = { ssh = "22" }
    content {
      name                       = security_rule.key
      priority                   = 100
      direction                  = "Inbound"
      access                     = "Allow"
      protocol                   = "Tcp"
      source_port_range          = "*"
      source_address_prefix      = "*"
      destination_port_range     = security_rule.value
      destination_address_prefix = "*"
    }
  }
}
"#,
        ),
        ("terraform.tfvars", "given = true\n"),
    ]);
    assert_eq!(
        of(&report, "ali.rds.deletion_protection"),
        expected(&[
            ("alicloud_db_instance.one[\"a\"]", "PASS"),
            ("alicloud_db_instance.one[\"b\"]", "NOT_PASS"),
            ("alicloud_db_instance.many[0]", "PASS"),
            ("alicloud_db_instance.many[1]", "PASS"),
        ])
    );
    let open = of(&report, "ali.rds.whitelist_open");
    assert_eq!(open["alicloud_db_instance.many[0]"], "PASS");
    assert_eq!(open["alicloud_db_instance.many[1]"], "NOT_PASS");
    let admin = of(&report, "az.network.nsg_ssh");
    assert_eq!(
        admin,
        expected(&[("azurerm_network_security_group.web", "NOT_PASS")])
    );
}

#[test]
fn what_cannot_be_resolved_is_not_checked() {
    let report = scanned(&[(
        "main.tf",
        r#"
variable "without" {}
variable "secret" {
  default   = true
  sensitive = true
}
data "alicloud_zones" "all" {}
locals { turning = local.turning }
resource "alicloud_db_instance" "variable" { deletion_protection = var.without }
resource "alicloud_db_instance" "sensitive" { deletion_protection = var.secret }
resource "alicloud_db_instance" "data" { deletion_protection = data.alicloud_zones.all.ids[0] == "x" }
resource "alicloud_db_instance" "file" { deletion_protection = fileexists("x") }
resource "alicloud_db_instance" "turning" { deletion_protection = local.turning }
resource "alicloud_db_instance" "perhaps" {
  count               = var.without ? 1 : 0
  deletion_protection = true
}
resource "alicloud_db_instance" "either" { deletion_protection = var.without ? true : true }
"#,
    )]);
    let found = of(&report, "ali.rds.deletion_protection");
    for (asset, status) in &found {
        let wanted = if asset.ends_with("either") {
            "PASS"
        } else {
            "NOT_CHECK"
        };
        assert_eq!(status, wanted, "{asset}");
    }
    assert_eq!(found.len(), 7, "{found:?}");
}

#[test]
fn local_modules_are_entered_and_others_are_not() {
    let module = r#"
variable "open" { default = false }
resource "alicloud_security_group" "own" {
  security_group_name = "own"
  vpc_id              = "vpc-1"
}
resource "alicloud_security_group_rule" "ssh" {
  count             = var.open ? 1 : 0
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "22/22"
  cidr_ip           = "0.0.0.0/0"
  security_group_id = alicloud_security_group.own.id
}
"#;
    let report = scanned(&[
        ("modules/group/main.tf", module),
        (
            "prod/main.tf",
            r#"
provider "alicloud" { region = "cn-beijing" }
module "shut" { source = "../modules/group" }
module "open" {
  source = "../modules/group"
  open   = true
}
module "away" { source = "terraform-alicloud-modules/vpc/alicloud" }
module "outside" { source = "../../../etc" }
"#,
        ),
        ("test/main.tf", GROUP),
    ]);
    assert_eq!(
        of(&report, "ali.ecs.sg_ssh"),
        expected(&[
            ("module.shut.alicloud_security_group.own", "PASS"),
            ("module.open.alicloud_security_group.own", "NOT_PASS"),
            ("alicloud_security_group.web", "PASS"),
        ])
    );
    let open = report["results"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["check"] == "ali.ecs.sg_ssh" && r["status"] == "NOT_PASS");
    let open = open.unwrap();
    assert!(
        text(&open["file"]).ends_with("modules/group/main.tf"),
        "{open}"
    );
    assert_eq!(open["line"], 3);
    assert_eq!(open["region"], "cn-beijing");
    assert_eq!(open["account"], "terraform/prod");
}

#[test]
fn a_broken_file_is_refused_with_its_line_and_one_file_stands_for_its_folder() {
    let place = Place::new();
    place.write("infra/good.tf", GROUP);
    place.write(
        "infra/bad.tf",
        "resource \"alicloud_vpc\" \"x\" {\n  cidr = = 1\n}\n",
    );
    let ended = place.run(&["scan", "infra/good.tf"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.err.contains("bad.tf") && ended.err.contains("line 2"),
        "{}",
        ended.err
    );
    place.write("infra/bad.tf", &format!("a = {}", "[".repeat(100_000)));
    let ended = place.run(&["scan", "infra"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("nesting"), "{}", ended.err);
}
