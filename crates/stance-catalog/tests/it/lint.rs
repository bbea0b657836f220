//! The rules for a check, on a small catalogue that is spoilt in one place.

use crate::folder::{CHECK, Folder, spoil};

#[test]
fn nothing_is_wrong_with_the_small_catalogue() {
    let report = Folder::new().lint();
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.files, report.checks, report.examples), (3, 1, 5));
}

#[test]
fn fields() {
    let unknown = "4:1: unknown field `risk_levle` (help: did you mean `risk_level`?)";
    spoil(CHECK, "risk_level:", "risk_levle:", unknown);
    spoil(
        CHECK,
        "risk_level: high\n",
        "",
        "1:1: a check lacks the field `risk_level`",
    );
    spoil(
        CHECK,
        "risk_level: high",
        "risk_level:",
        "4:1: field `risk_level` is empty",
    );
    spoil(
        CHECK,
        "risk_level: high",
        "risk_level: grave",
        "4:13: `grave` is not known here (help: one of high",
    );
    spoil(
        CHECK,
        "sale: free",
        "sale: free\nsale: free",
        "15:1: `sale` stands twice",
    );
    spoil(CHECK, "legacy: {group: 2,", "legacy: [2,", "5:");
    spoil(
        CHECK,
        "help: {",
        "help: 5 #",
        "10:7: a text must be a mapping, this is a number",
    );
}

#[test]
fn texts() {
    spoil(
        CHECK,
        "title: {zh: RDS 白名单, en",
        "title: {en",
        "6:8: a text lacks the field `zh`",
    );
    spoil(
        CHECK,
        ", en: RDS whitelists}",
        "}",
        "6:8: a text lacks the field `en`",
    );
    spoil(
        CHECK,
        "en: RDS whitelists",
        "en: ''",
        "6:26: the text is empty",
    );
    spoil(
        CHECK,
        "zh: RDS 白名单",
        "zh: RDS whitelists",
        "6:13: the Chinese text has no Chinese character",
    );
    spoil(
        CHECK,
        "en: RDS whitelists",
        "en: Ensure that",
        "6:26: a title does not start with `Ensure`",
    );
    let long = format!("zh: {}", "长".repeat(61));
    spoil(
        CHECK,
        "zh: RDS 白名单",
        &long,
        "6:13: the text has 61 characters, at most 60 are shown",
    );
    spoil(
        CHECK,
        "'https://help.aliyun.com/zh/rds'",
        "'http://x'",
        "10:12: `http://x` is not an address",
    );
}

#[test]
fn names_and_numbers() {
    let file = "2:6: the key is not the file name `ali.rds.whitelist_open`";
    spoil(
        CHECK,
        "key: ali.rds.whitelist_open",
        "key: ali.rds.other",
        file,
    );
    spoil(
        CHECK,
        "key: ali.rds.whitelist_open",
        "key: Ali.RDS",
        "2:6: `Ali.RDS` is no key of a check",
    );
    spoil(
        CHECK,
        "id: 5",
        "id: 900000",
        "1:5: id 900000 is out of range",
    );
    spoil(CHECK, "id: 5", "id: 0", "1:5: id 0 is out of range");
    spoil(
        CHECK,
        "id: 5",
        "id: '5'",
        "1:5: expected a whole number, found a string",
    );
    spoil(
        CHECK,
        "group: 2",
        "group: 7",
        "5:17: group 7 is not one of 1 to 6",
    );
    spoil(
        CHECK,
        "asset_type: RDS}",
        "asset_type: RDX}",
        "5:32: `RDX` is not known here (help: did you mean `RDS`?)",
    );
    let kind = "3:13: unknown asset type `aliyun/rds/instances` (help: did you mean `aliyun/rds/instance`?)";
    spoil(
        CHECK,
        "asset_type: aliyun/rds/instance",
        "asset_type: aliyun/rds/instances",
        kind,
    );
    spoil(
        CHECK,
        "asset_type: aliyun/rds/instance",
        "asset_type: rds",
        "3:13: `rds` is not a valid asset type",
    );
}

#[test]
fn parameters() {
    spoil(
        CHECK,
        "type: list(string)",
        "type: list(str)",
        "17:11: `list(str)` is not known here",
    );
    let default = "18:14: the default is not of type list(string)";
    spoil(
        CHECK,
        "default: ['0.0.0.0/0']",
        "default: 0.0.0.0/0",
        default,
    );
    spoil(
        CHECK,
        "default: ['0.0.0.0/0']",
        "default: []",
        "18:14: the default is less than 1 long",
    );
    spoil(CHECK, "max: 3", "max: 0", "20:10: min 1 is more than max 0");
    spoil(
        CHECK,
        "  open:\n",
        "  Open:\n",
        "16:3: `Open` is no parameter name",
    );
    spoil(
        CHECK,
        "params: {open: [::/0]}",
        "params: {opne: [::/0]}",
        "45:14: example `another spelling",
    );
    spoil(
        CHECK,
        "params: {open: [::/0]}",
        "params: {open: []}",
        "45:14: example `another spelling",
    );
}

#[test]
fn a_parameter_that_nothing_reads() {
    let folder = Folder::new();
    folder.edit(CHECK, "    title: {zh: 视为", "    title: &t {zh: 视为");
    folder.edit(
        CHECK,
        "not_applicable:",
        "  spare: {type: int, default: 1, title: *t}\nnot_applicable:",
    );
    assert_eq!(
        folder.problems(),
        [format!(
            "{CHECK}:22:3: no expression reads the parameter `spare`"
        )]
    );
}

#[test]
fn evidence_and_message() {
    spoil(
        CHECK,
        "name: Groups",
        "name: groups",
        "30:11: `groups` is not in UpperCamel case",
    );
    let placeholder = "28:38: `{Group}` names no evidence item (help: did you mean `Groups`?)";
    spoil(CHECK, "group {Groups} is", "group {Group} is", placeholder);
    spoil(
        CHECK,
        "group {Groups} is",
        "group {Groups is",
        "28:38: a `{` without its `}`",
    );
    let folder = Folder::new();
    let item = "  - {name: Groups, title: {zh: 再一次, en: Again}, value: asset.id}\nexamples:";
    folder.edit(CHECK, "examples:", item);
    assert_eq!(
        folder.problems(),
        [format!("{CHECK}:33:12: a second evidence item `Groups`")]
    );
}

#[test]
fn examples_are_complete() {
    spoil(
        CHECK,
        "outcome: unknown",
        "outcome: fail",
        "34:3: no example has the outcome `unknown`",
    );
    spoil(
        CHECK,
        "outcome: not_applicable",
        "outcome: pass",
        "34:3: no example has the outcome `not_applicable`",
    );
    spoil(
        CHECK,
        "name: denied",
        "name: open",
        "50:5: a second example `open`",
    );
}

#[test]
fn facts_of_examples_fit_the_operations() {
    let kind = "37:48: `facts.list.Engine` is a number, but the operation declares a string (help: put it in quotes)";
    spoil(CHECK, "Engine: MySQL", "Engine: 5", kind);
    let call =
        "38:7: `aliyun/rds/instance` declares no call `ip_arry` (help: did you mean `ip_array`?)";
    spoil(CHECK, "ip_array: {Items", "ip_arry: {Items", call);
    spoil(
        CHECK,
        "unknown: {ip_array:",
        "unknown: {ip_arrays:",
        "53:15: `aliyun/rds/instance` declares no call",
    );
    spoil(
        CHECK,
        "kind: no_permission",
        "kind: forbidden",
        "53:32: `forbidden` is not known here",
    );
    let related = "facts: {list: *list}\n    related: [{type: aliyun/rds/instances, facts: {}}]";
    spoil(
        CHECK,
        "facts: {list: *list}",
        related,
        "53:22: unknown asset type `aliyun/rds/instances`",
    );
}

#[test]
fn a_file_of_nothing_but_problems_ends_soon() {
    let folder = Folder::new();
    let fields: String = (0..20_000)
        .map(|number| format!("no_such_field_{number}: 1\n"))
        .collect();
    folder.edit(CHECK, "id: 5\n", &format!("id: 5\n{fields}"));
    let report = folder.lint();
    assert_eq!(report.problems.len(), 1001);
    assert!(report.to_string().contains("more than 1000 problems"));
}
