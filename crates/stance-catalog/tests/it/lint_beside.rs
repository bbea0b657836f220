//! The rules for operations, for standards, and for files beside each other.

use crate::folder::{CHECK, Folder, OPERATIONS, STANDARD, spoil};

#[test]
fn a_key_and_its_asset_type_are_of_one_provider() {
    let folder = Folder::new();
    folder.write(
        "checks/aws/aws.rds.copy.yaml",
        &folder
            .text(CHECK)
            .replace("ali.rds.whitelist_open", "aws.rds.copy"),
    );
    let problems = folder.problems().join("\n");
    assert!(
        problems.contains("3:13: `aliyun/rds/instance` does not go with the key `aws.rds.copy`"),
        "{problems}"
    );
    assert!(
        problems.contains("1:5: id `5` is taken already, in"),
        "{problems}"
    );
}

#[test]
fn operations() {
    spoil(
        OPERATIONS,
        "Engine: string",
        "Engine: strin",
        "13:46: unknown type `strin` (help: did you mean `string`?)",
    );
    spoil(
        OPERATIONS,
        "'Hosts?': [string]",
        "'Hosts?': [string, int]",
        "23:60: a list type names the type",
    );
    spoil(
        OPERATIONS,
        "{'*': string}",
        "{'*': string, b: int}",
        "23:76: `*` stands for all keys",
    );
    spoil(
        OPERATIONS,
        "instance_type: RDS",
        "instance_type: rds",
        "2:18: `rds` is not in capitals",
    );
    spoil(
        OPERATIONS,
        "asset_type_number: 3",
        "asset_type_number: 9",
        "4:22: 9 is no AssetType of the API",
    );
    spoil(
        OPERATIONS,
        "{id}",
        "{ids}",
        "6:12: unknown placeholder `{ids}`",
    );
    spoil(
        OPERATIONS,
        "scope: global",
        "scope: world",
        "30:10: `world` is not known here",
    );
    spoil(
        OPERATIONS,
        "      action: GetAccountMFAInfo\n",
        "",
        "33:7: a call lacks the field `action`",
    );
    let twice = "24:9: asset type `aliyun/rds/instance` is taken already";
    spoil(
        OPERATIONS,
        "type: aliyun/ram/account",
        "type: aliyun/rds/instance",
        twice,
    );
    spoil(
        OPERATIONS,
        "type: aliyun/ram/account",
        "type: aws/iam/account",
        "24:9: `aws/iam/account` is declared",
    );
}

#[test]
fn standards() {
    let dangling = "13:18: there is no check `ali.rds.whitelist_opn` (help: did you mean `ali.rds.whitelist_open`?)";
    spoil(
        STANDARD,
        "[ali.rds.whitelist_open]",
        "[ali.rds.whitelist_opn]",
        dangling,
    );
    let twice = "13:42: the section names `ali.rds.whitelist_open` twice";
    spoil(
        STANDARD,
        "[ali.rds.whitelist_open]",
        "[ali.rds.whitelist_open, ali.rds.whitelist_open]",
        twice,
    );
    spoil(
        STANDARD,
        "id: 10102",
        "id: 10101",
        "14:13: section number `10101` is taken already",
    );
    spoil(
        STANDARD,
        "type: risk",
        "type: law",
        "3:7: `law` is not known here",
    );
    spoil(
        STANDARD,
        "provider: aliyun",
        "provider: aws",
        "13:18: `ali.rds.whitelist_open` is no check of aws",
    );
    spoil(
        STANDARD,
        "key: best",
        "key: worst",
        "2:6: the key is not the file name `best`",
    );
    let folder = Folder::new();
    folder.edit(STANDARD, "[ali.rds.whitelist_open]", "[]");
    assert_eq!(
        folder.problems(),
        [format!(
            "{CHECK}:2:6: no standard names the check `ali.rds.whitelist_open`"
        )]
    );
}

#[test]
fn numbers_of_standards_are_unique_over_all() {
    let folder = Folder::new();
    folder.write(
        "standards/more.yaml",
        &folder.text(STANDARD).replace("key: best", "key: more"),
    );
    let problems = folder.problems().join("\n");
    for (place, what) in [
        ("1:5", "standard"),
        ("7:9", "requirement"),
        ("10:13", "section"),
        ("14:13", "section"),
    ] {
        assert!(
            problems.contains(&format!("standards/more.yaml:{place}: {what} number")),
            "{place}\n{problems}"
        );
    }
}

#[test]
fn all_problems_of_all_files_come_in_one_run() {
    let folder = Folder::new();
    folder.edit(CHECK, "risk_level: high", "risk_level: grave");
    folder.edit(
        CHECK,
        "facts.list.DBInstanceType",
        "facts.list.DBInstanceTyp",
    );
    folder.edit(CHECK, "sale: free", "sale: cheap");
    folder.edit(OPERATIONS, "scope: global", "scope: world");
    folder.edit(STANDARD, "type: risk", "type: law");
    folder.write("checks/aliyun/broken.yaml", "id: [1\n");
    let report = folder.lint();
    let mut files: Vec<_> = report
        .problems
        .iter()
        .map(|problem| problem.file.clone())
        .collect();
    files.dedup();
    assert_eq!(files.len(), 4, "{report}");
    assert!(report.problems.len() >= 6, "{report}");
    assert_eq!(report.reports().count(), report.problems.len());
}
