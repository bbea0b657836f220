//! A check as a page of text.

use stance_catalog::Check;
use stance_model::view::PolicyView;
use stance_model::{Lang, ResultStatus, Text};

use super::heading;

/// Everything that a person wants to know of a check.
pub(super) fn text(check: &Check, policies: &[PolicyView], lang: Lang) -> String {
    let mut page = format!("{}  {}\n{}\n\n", check.id, check.key, check.title.get(lang));
    let mut line = |name: &str, value: &str| page.push_str(&format!("{name}: {value}\n"));
    line(
        heading(lang, "风险等级", "risk level"),
        check.risk_level.key(),
    );
    line(
        heading(lang, "资产类型", "asset type"),
        check.asset_type.as_str(),
    );
    line(
        "InstanceType",
        &format!("{} / {}", check.instance_type, check.instance_sub_type),
    );
    line(heading(lang, "文件", "file"), &check.path);
    for (name, body) in [
        (heading(lang, "说明", "What it checks"), &check.description),
        (heading(lang, "风险", "What a failure means"), &check.risk),
        (heading(lang, "处理", "What to do"), &check.solution),
        (heading(lang, "参考", "Where to read more"), &check.help),
    ] {
        page.push_str(&format!(
            "\n{name}\n  {}\n",
            body.get(lang).trim().replace('\n', "\n  ")
        ));
    }
    page.push_str(&remediation(check, lang));
    page.push_str(&predicate(check, lang));
    page.push_str(&parameters(check, lang));
    page.push_str(&standards(policies, lang));
    page.push_str(&examples(check, lang));
    page
}

fn remediation(check: &Check, lang: Lang) -> String {
    let Some(remediation) = &check.remediation else {
        return String::new();
    };
    let mut text = format!("\n{}\n", heading(lang, "修复命令", "Commands"));
    for body in [&remediation.cli, &remediation.terraform]
        .into_iter()
        .flatten()
    {
        text.push_str(&format!("  {}\n", body.trim().replace('\n', "\n  ")));
    }
    text
}

fn predicate(check: &Check, lang: Lang) -> String {
    let mut text = format!("\n{}\n", heading(lang, "判定", "How it decides"));
    for (when, reason) in &check.source.not_applicable {
        let name = heading(lang, "不适用", "not applicable");
        text.push_str(&format!(
            "  {name} ({}): {}\n",
            reason.get(lang),
            indent(when)
        ));
    }
    text.push_str(&format!(
        "  {}: {}\n",
        heading(lang, "通过", "pass"),
        indent(&check.source.pass)
    ));
    text
}

fn indent(expression: &str) -> String {
    expression.trim().replace('\n', "\n    ")
}

fn parameters(check: &Check, lang: Lang) -> String {
    if check.parameters.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", heading(lang, "参数", "Parameters"));
    for parameter in &check.parameters {
        let (name, kind) = (&parameter.name, parameter.kind.key());
        text.push_str(&format!(
            "  {name} ({kind}) = {}: {}\n",
            parameter.value,
            parameter.title.get(lang)
        ));
    }
    text
}

fn standards(policies: &[PolicyView], lang: Lang) -> String {
    if policies.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", heading(lang, "标准", "Standards"));
    for policy in policies {
        let words =
            [&policy.standard, &policy.requirement, &policy.section].map(|t: &Text| t.get(lang));
        text.push_str(&format!("  {}\n", words.join(" / ")));
    }
    text
}

fn examples(check: &Check, lang: Lang) -> String {
    let mut text = format!("\n{}\n", heading(lang, "示例", "Examples"));
    for example in &check.examples {
        let wanted = match example.wanted {
            ResultStatus::Pass => "pass",
            ResultStatus::Fail => "fail",
            ResultStatus::NotApplicable => "not applicable",
            ResultStatus::Unknown => "could not check",
        };
        text.push_str(&format!("  {wanted:<15}  {}\n", example.name));
    }
    text
}
