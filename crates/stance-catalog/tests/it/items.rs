//! Items of baselines: readers, classes, the rules for items, examples with files.

use std::collections::BTreeMap;

use serde_json::{Map, json};
use stance_catalog::{FilesExample, ReadFacts, RootReader, lint};
use stance_model::secret::SecretRule;

use crate::folder::{CLASSES, Folder, IMAGES, ITEM, READER, SECRET, problems, spoil_in};

/// A reader of `/etc/shadow` and of nothing else; a line that ends in `:` is an account without a password.
struct Little;

impl RootReader for Little {
    fn facts(&self, example: &FilesExample, secrets: &[SecretRule]) -> ReadFacts {
        let at = |path: &str| json!({"path": path, "visible": true});
        let mut facts = Map::new();
        let shadow = example.files.get("/etc/shadow");
        let shadow = shadow.map(|file| {
            let empty = |line: &str| json!({"name": line, "empty": line.ends_with(':'), "at": at("/etc/shadow")});
            json!({"entries": file.text.split_terminator('\n').map(empty).collect::<Vec<_>>()})
        });
        facts.insert("shadow".to_owned(), shadow.into());
        let hits = secrets.iter().flat_map(|rule| {
            let literal = rule.forms[0].literals[0].clone();
            let found = example
                .files
                .iter()
                .filter(move |(_, file)| file.text.contains(&literal));
            found.map(|(path, _)| json!({"rule": rule.key, "at": at(path)}))
        });
        let hits: Vec<_> = hits.collect();
        facts.insert(
            "secrets".to_owned(),
            json!({"findings": hits, "more": {}, "whole": true}),
        );
        (facts, BTreeMap::new())
    }
}

fn spoil(file: &str, from: &str, to: &str, wanted: &str) {
    spoil_in(&Folder::with_items(), file, from, to, wanted);
}

#[test]
fn examples_with_files_are_run_by_a_reader_and_counted_without_one() {
    let folder = Folder::with_items();
    let report = lint(folder.dir(), Some(&Little));
    assert!(report.is_clean(), "{report}");
    assert_eq!(
        (report.checks, report.examples, report.examples_left),
        (3, 12, 0)
    );
    let report = folder.lint();
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.examples, report.examples_left), (7, 5));
    assert!(
        report
            .to_string()
            .ends_with("7 examples run, 5 with files only read)"),
        "{report}"
    );
}

#[test]
fn an_example_with_files_that_comes_out_otherwise_is_a_problem() {
    let folder = Folder::with_items();
    folder.edit(ITEM, "text: \"root:\\n\"", "text: \"root:x\\n\"");
    let found = problems(&lint(folder.dir(), Some(&Little)), folder.dir());
    let wanted = format!("{ITEM}:23:14: example `none`: wanted fail, got pass");
    assert!(
        found.len() == 1 && found[0].starts_with(&wanted),
        "{found:?}"
    );
}

#[test]
fn fields_of_items() {
    spoil(
        ITEM,
        "targets:",
        "tragets:",
        "9:1: unknown field `tragets` (help: did you mean `targets`?)",
    );
    spoil(
        ITEM,
        "targets: [image]",
        "targets: [image, ship]",
        "9:18: `ship` is not known here",
    );
    spoil(
        ITEM,
        "targets: [image]",
        "targets: [image, image]",
        "9:10: name at least one target",
    );
    spoil(
        ITEM,
        "id: 6101",
        "id: 7000",
        "1:5: id 7000 is out of range: the catalogue's own items have 6000 to 6999",
    );
    spoil(
        ITEM,
        "key: non_pwd_user",
        "key: Non.pwd",
        "2:6: `Non.pwd` is no key of an item",
    );
    spoil(
        ITEM,
        "key: non_pwd_user",
        "key: other",
        "2:6: the key is not the file name",
    );
    spoil(
        ITEM,
        "risk: {zh: 任何人都能登录。, ",
        "risk: {",
        "6:7: a text lacks the field `zh`",
    );
    spoil(
        ITEM,
        "huawei_hss: empty_password",
        "Huawei: 5",
        "8:14: `Huawei` is no key of a collection",
    );
    spoil(
        ITEM,
        "huawei_hss: empty_password",
        "huawei_hss: 5",
        "8:26: expected a string, found a number",
    );
    spoil(ITEM, "e.empty)'", "e.emtpy)'", "13:40:");
    let folder = Folder::with_items();
    folder.edit(SECRET, "id: 6001", "id: 6101");
    let wanted = format!("{ITEM}:1:5: id `6101` is taken already, in {SECRET}");
    assert_eq!(folder.problems(), [wanted]);
}

#[test]
fn the_first_evidence_lists_places() {
    let wanted = "15:5: the first evidence of an item is `Findings`";
    spoil(ITEM, "name: Findings", "name: Places", wanted);
    spoil(ITEM, ".map(e, e.at)", ".map(e, e.name)", wanted);
    spoil(ITEM, ".map(e, e.at)", "", wanted);
    let folder = Folder::with_items();
    folder.edit(
        ITEM,
        ".map(e, e.at)'",
        ".map(e, e.at) + (facts.secrets.whole ? [] : facts.secrets.findings.map(f, f.at))'",
    );
    assert_eq!(folder.problems(), [] as [&str; 0]);
}

#[test]
fn examples_of_items() {
    spoil(
        ITEM,
        "outcome: not_applicable",
        "outcome: pass",
        "19:3: no example has the outcome `not_applicable`",
    );
    spoil(
        ITEM,
        "mode: '0640'",
        "mode: 640",
        "24:50: expected a string, found a number",
    );
    spoil(
        ITEM,
        "mode: '0640'",
        "mode: '0698'",
        "24:50: `0698` is no mode",
    );
    spoil(
        ITEM,
        "/etc/shadow: \"root",
        "etc/shadow: \"root",
        "21:13: `etc/shadow` is no path",
    );
    spoil(
        ITEM,
        "{dir: true}",
        "{dir: true, link: a}",
        "27:19: a file has only one of",
    );
    spoil(
        ITEM,
        "    facts: {}\n",
        "    facts: {}\n    files: {}\n",
        "30:12: an example has `facts` or files, not both",
    );
    spoil(
        SECRET,
        "image: {config:",
        "image: {confg:",
        "22:13: unknown field `confg`",
    );
    spoil(
        ITEM,
        "{shadow: {kind: truncated}}",
        "{shadwo: {kind: truncated}}",
        "31:15: `image/oci/image` declares no call `shadwo`",
    );
}

#[test]
fn secrets() {
    spoil(
        SECRET,
        "literals: [own_]",
        "literals: [ow]",
        "10:18: `ow` has fewer than 3 bytes",
    );
    spoil(
        SECRET,
        "literals: [own_]",
        "literals: []",
        "10:17: a form has at least one literal",
    );
    spoil(
        SECRET,
        "[0-9a-f]{16}",
        "[0-9a-f{16}",
        "11:16: this is no regular expression",
    );
    spoil(
        SECRET,
        "'own_0+'",
        "'own_(0+'",
        "13:11: this is no regular expression",
    );
    spoil(
        SECRET,
        "entropy: 2.5",
        "entropy: 25",
        "12:16: entropy is 0 to 8",
    );
    spoil(
        SECRET,
        "entropy: 2.5",
        "near_bytes: 20",
        "12:19: `near_bytes` says how far",
    );
    spoil(
        SECRET,
        "'usr/share/doc/**'",
        "'/usr/**'",
        "14:10: paths are without a leading slash (help: write usr/**)",
    );
    spoil(
        SECRET,
        "secret:\n",
        "pass: 'true'\nsecret:\n",
        "8:7: `pass` follows from `secret`",
    );
    spoil(SECRET, "  forms:", "  froms:", "9:3: unknown field `froms`");
}

#[test]
fn classes() {
    spoil(
        CLASSES,
        "class: ak_leak",
        "class: identification",
        "5:10: `identification` stands twice",
    );
    spoil(
        CLASSES,
        "name: token",
        "name: Token",
        "8:14: `Token` is no key",
    );
    spoil(
        CLASSES,
        "name: nothing",
        "name: token",
        "9:14: `token` stands twice",
    );
    let folder = Folder::with_items();
    folder.edit(CLASSES, "name: token", "name: tokens");
    let wanted = format!("{SECRET}:1:1: the folder `ak_leak/token` is no baseline");
    assert!(
        folder.problems()[0].starts_with(&wanted),
        "{:?}",
        folder.problems()
    );
    spoil(
        ITEM,
        "targets: [image]",
        "baseline: {class: a, name: b}",
        "9:11: the folder says which baseline",
    );
}

#[test]
fn readers() {
    spoil(
        READER,
        "name: shadow",
        "name: shadows",
        "1:7: the name is not the file name `shadow`",
    );
    spoil(
        READER,
        "empty: bool",
        "empty: boole",
        "7:14: unknown type `boole`",
    );
    spoil(READER, "absent:", "abesnt:", "3:1: unknown field `abesnt`");
    spoil(
        IMAGES,
        "readers: true",
        "readers: some",
        "8:12: `readers` is `true`, or left out",
    );
    let folder = Folder::with_items();
    folder.edit(
        READER,
        "absent: {zh: 没有口令文件, en: there is no password file}\n",
        "",
    );
    // Without `absent` nothing can be said of a root file system that has none.
    assert!(!lint(folder.dir(), Some(&Little)).is_clean());
}
