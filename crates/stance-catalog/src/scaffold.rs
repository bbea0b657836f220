//! A template for people who write their own checks.

use crate::baseline::Target;
use crate::operation::AssetTypeInfo;
use crate::read::Shape;

/// The text of a new check file for assets of a type, to be saved as `<key>.yaml`. It is whole: it loads, and its
/// examples come out as they say, so that its author changes something that works. For images and containers a key
/// without dots gives an item of a baseline.
#[must_use]
pub fn new_check_yaml(key: &str, info: &AssetTypeInfo) -> String {
    let is_item = Target::ALL
        .into_iter()
        .any(|target| target.asset_type() == info.asset_type.as_str());
    if is_item && !key.contains('.') {
        return ITEM_TEMPLATE.replace("{KEY}", key);
    }
    let (kind, path) = find_fact(info);
    TEMPLATE
        .replace("{PARAMETERS}", kind.parameters)
        .replace("{PASS}", kind.pass)
        .replace("{VALUE}", kind.value)
        .replace("{GOOD}", &document(&path, kind.good))
        .replace("{BAD}", &document(&path, kind.bad))
        .replace("{PATH}", &path.join("."))
        .replace("{NAME}", path.last().map_or("Value", String::as_str))
        .replace("{CALL}", path.first().map_or("list", String::as_str))
        .replace("{KEY}", key)
        .replace("{ASSET_TYPE}", info.asset_type.as_str())
}

/// The facts of an example that has `value` at a path.
fn document(path: &[String], value: &str) -> String {
    let open: String = path.iter().map(|name| format!("{{{name}: ")).collect();
    format!("{open}{value}{}", "}".repeat(path.len()))
}

/// A first predicate, by the kind of the fact it is about.
struct Kind {
    fits: fn(&Shape) -> bool,
    pass: &'static str,
    value: &'static str,
    good: &'static str,
    bad: &'static str,
    parameters: &'static str,
}

/// The best first: a text shows parameters too.
const KINDS: [Kind; 5] = [
    Kind {
        fits: |shape| *shape == Shape::Str,
        pass: "params.allowed.exists(value, facts.{PATH} == value)",
        value: "facts.{PATH}",
        good: "good",
        bad: "bad",
        parameters: PARAMETERS,
    },
    Kind {
        fits: |shape| *shape == Shape::Bool,
        pass: "facts.{PATH}",
        value: "facts.{PATH}",
        good: "true",
        bad: "false",
        parameters: "",
    },
    Kind {
        fits: |shape| *shape == Shape::Int,
        pass: "facts.{PATH} > 0",
        value: "facts.{PATH}",
        good: "1",
        bad: "0",
        parameters: "",
    },
    Kind {
        fits: |shape| matches!(shape, Shape::List(_)),
        pass: "facts.{PATH}.size() > 0",
        value: "facts.{PATH}.size()",
        good: "[null]",
        bad: "[]",
        parameters: "",
    },
    Kind {
        fits: |_| true,
        pass: "facts.{PATH} != null",
        value: "facts.{PATH} != null",
        good: "{}",
        bad: "null",
        parameters: "",
    },
];

/// The first fact of the kind that a predicate is best written about, and its path: the call, then the fields.
fn find_fact(info: &AssetTypeInfo) -> (&'static Kind, Vec<String>) {
    let [.., last] = &KINDS;
    for kind in &KINDS {
        for call in &info.calls {
            let mut path = vec![call.name.clone()];
            if info
                .shapes
                .get(&call.name)
                .is_some_and(|shape| descend(shape, kind.fits, &mut path))
            {
                return (kind, path);
            }
        }
    }
    (
        last,
        info.calls
            .iter()
            .map(|call| call.name.clone())
            .take(1)
            .collect(),
    )
}

fn descend(shape: &Shape, fits: fn(&Shape) -> bool, path: &mut Vec<String>) -> bool {
    if fits(shape) {
        return true;
    }
    let Shape::Object(fields) = shape else {
        return false;
    };
    // Shallow facts first: they read better.
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(_, shape)| !fits(shape));
    fields.into_iter().any(|(name, shape)| {
        path.push(name.clone());
        let found = descend(shape, fits, path);
        if !found {
            path.pop();
        }
        found
    })
}

const PARAMETERS: &str = "\
parameters:                     # what users may set; leave it out if there is nothing
  allowed:
    type: list(string)          # bool, int, double, string, list(string) or list(int)
    default: [good]
    min: 1
    max: 20
    title: {zh: 允许的取值, en: Allowed values}
";

const TEMPLATE: &str = r#"# A check of your own. Save it as {KEY}.yaml in a directory and name that with --checks.
# `stance check test {KEY}.yaml` says what is wrong with it and runs its examples.
id: 900001                      # 900000 to 999999, one for each check
key: {KEY}
asset_type: {ASSET_TYPE}
risk_level: medium              # high, medium or low
title: {zh: 检查 {NAME} 的取值, en: Value of {NAME}}
description:
  zh: 检查 {NAME} 是否为允许的取值。
  en: Looks whether {NAME} has an allowed value.
risk:
  zh: 请写明不通过意味着什么。
  en: Say what a failure means.
solution:
  zh: 请写明如何整改。
  en: Say what to do about it.
{PARAMETERS}# not_applicable:               # the first that is true wins
#   - when: asset.name == ''
#     reason: {zh: 资源没有名称, en: the asset has no name}
pass: >-
  {PASS}
message: {zh: '{NAME} 的取值是 {Value}', en: '{NAME} is {Value}'}
evidence:                       # what a result carries; `message` uses the names
  - name: Value
    title: {zh: 当前取值, en: Current value}
    value: {VALUE}
examples:                       # at least one for each outcome: pass, fail, unknown
  - name: an allowed value
    outcome: pass
    facts: {GOOD}
  - name: another value
    outcome: fail
    facts: {BAD}
  - name: the call was denied
    outcome: unknown
    facts: {}
    unknown: {{CALL}: {kind: no_permission, code: Forbidden}}
"#;

const ITEM_TEMPLATE: &str = r#"# An item of your own. Save it as {KEY}.yaml in a directory and name that with --checks.
# `stance check test {KEY}.yaml` says what is wrong with it and runs its examples.
id: 900001                      # 900000 to 999999, one for each item
key: {KEY}
baseline: {class: image_config, name: image_config}   # or one of your own, with class_title and name_title
risk_level: medium              # high, medium or low
title: {zh: 镜像指定了运行用户, en: The image names a user}
description:
  zh: 检查镜像配置是否指定了运行用户。
  en: Looks whether the image's configuration names a user.
risk:
  zh: 请写明不通过意味着什么。
  en: Say what a failure means.
solution:
  zh: 请写明如何整改。
  en: Say what to do about it.
# targets: [image, container]   # left out: both
not_applicable:                 # the first that is true wins
  - when: facts.config == null
    reason: {zh: 目录没有镜像配置, en: a folder has no image configuration}
pass: >-
  facts.config.User != ''
evidence:                       # the first one is Findings, a list of places
  - name: Findings
    title: {zh: 位置, en: Places}
    value: "facts.config.User == '' ? [facts.config.at] : []"
examples:                       # at least one for each outcome
  - name: a user
    outcome: pass
    image: {config: {User: app}}
  - name: no user
    outcome: fail
    files: {/etc/hostname: "app\n"}   # files by path; the readers make facts of them
    image: {config: {}}
  - name: a folder
    outcome: not_applicable
    files: {/etc/hostname: "app\n"}
  - name: it could not be read
    outcome: unknown
    facts: {}
    unknown: {config: {kind: truncated}}
"#;
