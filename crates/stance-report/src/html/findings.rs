//! The sections of the page: a check with its results.

use maud::{Markup, html};
use stance_model::view::{CheckView, Report, ResultView};
use stance_model::{FINDINGS, Lang, Text};

use crate::group::Group;
use crate::place;
use crate::text::{self, plain, web_address};
use crate::verdict::Verdict;

/// The risk, and the verdict when all results share it, by which the style sheet shows and hides.
pub(super) fn classes(group: &Group<'_>) -> String {
    let mut verdicts = Verdict::ALL.into_iter().filter(|v| group.count(*v) > 0);
    let risk = format!("risk-{}", group.first.risk_level.key());
    match (verdicts.next(), verdicts.next()) {
        (Some(only), None) => format!("{risk} {}", only.key()),
        _ => risk,
    }
}

pub(super) fn section(group: &Group<'_>, report: &Report) -> Markup {
    let lang = report.lang;
    let first = group.first;
    let check = report.checks.iter().find(|c| c.id == first.check_id);
    html! {
        section id={ "check-" (first.check_id) } class={ "check " (classes(group)) } aria-labelledby={ "title-" (first.check_id) } {
            h3 id={ "title-" (first.check_id) } {
                span class={ "badge " (first.risk_level.key()) } { (text::risk(first.risk_level, lang)) }
                " " bdi { (plain(first.title.get(lang))) }
            }
            p.key { code { (plain(&first.check)) } " · " (first.provider.show_name(lang)) " · " (first.asset_type) }
            @if let Some(check) = check { (texts(check, lang)) }
            (solution(first, lang))
            table {
                thead { tr { @for title in columns(lang) { th scope="col" { (title) } } } }
                tbody { @for result in &group.results { (row(result, lang)) } }
            }
        }
    }
}

fn columns(lang: Lang) -> [&'static str; 5] {
    match lang {
        Lang::Zh => ["结果", "资产", "账号与地域", "依据", "首次与最近检查"],
        Lang::En => [
            "Result",
            "Asset",
            "Account and region",
            "Why",
            "First and last checked",
        ],
    }
}

fn texts(check: &CheckView, lang: Lang) -> Markup {
    let risk = check.risk.get(lang);
    html! {
        @if !check.description.get(lang).is_empty() { p { (plain(check.description.get(lang))) } }
        @if !risk.is_empty() { p { b { (Text::pick(lang, "风险：", "Risk: ")) } (plain(risk)) } }
        @if !check.policies.is_empty() {
            ul.policies { @for policy in &check.policies {
                li { (plain(policy.standard.get(lang))) " · " (plain(policy.section.get(lang))) }
            } }
        }
    }
}

fn solution(result: &ResultView, lang: Lang) -> Markup {
    let solution = result.solution.get(lang);
    html! {
        @if !solution.is_empty() {
            p { b { (Text::pick(lang, "处理建议：", "Solution: ")) } (plain(solution)) }
        }
        @if let Some(address) = web_address(result.help.get(lang)) {
            p { a href=(address) rel="noopener noreferrer" { (Text::pick(lang, "帮助文档", "Documentation")) } }
        }
    }
}

fn row(result: &ResultView, lang: Lang) -> Markup {
    let verdict = Verdict::of(result);
    let (first, last) = (text::time(result.first_ms), text::time(result.last_ms));
    html! {
        tr class=(verdict.key()) {
            td { span class={ "badge " (verdict.key()) } { (verdict.show(lang)) } }
            td { (asset(result)) }
            td.place {
                bdi { (plain(&result.account)) }
                @if result.account_name != result.account { br; bdi { (plain(&result.account_name)) } }
                br; bdi { (plain(&result.region)) }
            }
            td { (why(result, lang)) }
            td.place { time datetime=(first) { (first) } br; time datetime=(last) { (last) } }
        }
    }
}

fn asset(result: &ResultView) -> Markup {
    html! {
        bdi { (plain(&result.asset_name)) }
        @if result.asset_name != result.asset_id { br; code { (plain(&result.asset_id)) } }
        @if let Some(file) = &result.file {
            br; code { (plain(file)) @if let Some(line) = result.line { ":" (line) } }
        }
    }
}

/// The reason, the sentence, the named values, the facts.
fn why(result: &ResultView, lang: Lang) -> Markup {
    let evidence = &result.evidence;
    let summary = evidence.summary.get(lang);
    html! {
        @if let Some(reason) = &result.reason { p { bdi { (plain(&reason.show(lang))) } } }
        @if !summary.is_empty() { p { bdi { (plain(summary)) } } }
        @if !evidence.items.is_empty() {
            dl.facts { @for item in evidence.items.iter().filter(|item| item.name != FINDINGS) {
                dt { (plain(item.title.get(lang))) } dd { bdi { (plain(&item.value)) } }
            } }
        }
        @if !evidence.findings.is_empty() {
            ul.paths {
                @for place in &evidence.findings.places { li { code { (plain(&place::show(place, lang))) } } }
                @if let Some(more) = place::more(evidence, evidence.findings.places.len(), lang) { li { (more) } }
            }
        }
        @if evidence.findings.is_empty() && !evidence.facts.is_empty() {
            ul.paths { @for fact in &evidence.facts {
                li { code { (plain(&fact.path)) " = " (plain(&fact.value)) } }
            } }
        }
    }
}
