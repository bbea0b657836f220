//! The top of the page: what was scanned, what could not be read, how it falls, which checks.

use maud::{Markup, html};
use stance_model::view::{Counts, Report, Summary};
use stance_model::{Coverage, Lang, RiskLevel, Text};

use crate::coverage;
use crate::group::Group;
use crate::text::{self, plain};
use crate::verdict::Verdict;

const RISKS: [RiskLevel; 3] = [RiskLevel::High, RiskLevel::Medium, RiskLevel::Low];

pub(super) fn header(report: &Report) -> Markup {
    let lang = report.lang;
    html! {
        header {
            a.skip href="#findings" { (Text::pick(lang, "跳到检查结果", "Skip to the findings")) }
            h1 { (super::title(lang)) }
            dl.facts {
                dt { (Text::pick(lang, "时间", "Time")) } dd { time datetime=(report.at) { (plain(&report.at)) } }
                dt { (Text::pick(lang, "来源", "Source")) } dd { bdi { (plain(&report.source)) } }
                dt { (Text::pick(lang, "账号", "Accounts")) } dd { (report.summary.accounts) }
                dt { (Text::pick(lang, "资产", "Assets")) } dd { (report.summary.assets) }
                dt { (Text::pick(lang, "检查项", "Checks")) } dd { (report.summary.checks) }
            }
        }
    }
}

/// What could not be read, before anything else: the rest of the page says nothing about it.
pub(super) fn gaps(report: &Report) -> Markup {
    let lang = report.lang;
    let gaps: Vec<&Coverage> = coverage::gaps(report).collect();
    let absences: Vec<&Coverage> = coverage::absences(report).collect();
    html! {
        @if !gaps.is_empty() {
            section.warning aria-labelledby="gaps" {
                h2 #gaps { (Text::pick(lang, "以下范围未能完整读取，结果不包含其中的问题", "Not read completely: problems in these places are not in the results")) }
                (records(&gaps, lang))
            }
        }
        @if !absences.is_empty() {
            section.note aria-labelledby="absences" {
                h2 #absences { (Text::pick(lang, "未开通或地域不提供的产品", "Products not activated or not offered")) }
                (records(&absences, lang))
            }
        }
    }
}

fn records(records: &[&Coverage], lang: Lang) -> Markup {
    html! {
        table {
            thead { tr {
                @for title in columns(lang) { th scope="col" { (title) } }
            } }
            tbody { @for record in records { tr {
                td { (record.asset_type) }
                td.place { bdi { (plain(&record.account)) } }
                td.place { bdi { (plain(&record.region)) } }
                td.place { (coverage::status(record, lang)) }
                td { bdi { (coverage::reason(record, lang)) } }
            } } }
        }
    }
}

fn columns(lang: Lang) -> [&'static str; 5] {
    match lang {
        Lang::Zh => ["资产类型", "账号", "地域", "状态", "原因"],
        Lang::En => ["Asset type", "Account", "Region", "Status", "Reason"],
    }
}

pub(super) fn summary(summary: &Summary, lang: Lang) -> Markup {
    let risks = [summary.high, summary.medium, summary.low];
    html! {
        section aria-labelledby="summary" {
            h2 #summary { (Text::pick(lang, "概况", "Summary")) }
            (bar(&summary.counts, lang))
            ul.cards {
                @for (level, count) in RISKS.into_iter().zip(risks) {
                    li class={ "card " (level.key()) } { b { (count) } " " (text::risk(level, lang)) }
                }
                @for verdict in Verdict::ALL {
                    li class={ "card " (verdict.key()) } { b { (count(&summary.counts, verdict)) } " " (verdict.show(lang)) }
                }
            }
        }
    }
}

fn count(counts: &Counts, verdict: Verdict) -> i64 {
    match verdict {
        Verdict::Fail => counts.fail,
        Verdict::Unknown => counts.unknown,
        Verdict::Excepted => counts.excepted,
        Verdict::NotApplicable => counts.not_applicable,
        Verdict::Pass => counts.pass,
    }
}

/// All results as one bar, drawn in thousandths.
fn bar(counts: &Counts, lang: Lang) -> Markup {
    let total = counts.total().max(1);
    let words: Vec<String> = Verdict::ALL
        .iter()
        .map(|v| format!("{} {}", v.show(lang), count(counts, *v)))
        .collect();
    let mut before = 0;
    let parts = Verdict::ALL.map(|verdict| {
        let start = before * 1_000 / total;
        before += count(counts, verdict);
        (verdict, start, before * 1_000 / total - start)
    });
    html! {
        svg.bar role="img" viewBox="0 0 1000 24" preserveAspectRatio="none" aria-label=(words.join(", ")) {
            @for (verdict, start, width) in parts {
                @if width > 0 { rect class=(verdict.key()) x=(start) y="0" width=(width) height="24" {} }
            }
        }
    }
}

/// Boxes that show and hide by the style sheet; passes begin hidden.
pub(super) fn filters(lang: Lang) -> Markup {
    html! {
        fieldset.filters {
            legend { (Text::pick(lang, "显示", "Show")) }
            @for level in RISKS {
                label { input type="checkbox" checked id={ "show-" (level.key()) }; " " (text::risk(level, lang)) }
            }
            @for verdict in Verdict::ALL {
                label { input type="checkbox" checked[verdict.is_finding()] id={ "show-" (verdict.key()) }; " " (verdict.show(lang)) }
            }
        }
    }
}

/// The checks with their numbers, each leading to its section.
pub(super) fn checks(groups: &[Group<'_>], lang: Lang) -> Markup {
    html! {
        section aria-labelledby="checks" {
            h2 #checks { (Text::pick(lang, "检查项", "Checks")) }
            table {
                thead { tr {
                    th scope="col" { (Text::pick(lang, "风险", "Risk")) }
                    th scope="col" { (Text::pick(lang, "检查项", "Check")) }
                    @for verdict in Verdict::ALL { th.number scope="col" { (verdict.show(lang)) } }
                } }
                tbody { @for group in groups {
                    tr class=(super::findings::classes(group)) {
                        td { (text::risk(group.first.risk_level, lang)) }
                        td { a href={ "#check-" (group.first.check_id) } { bdi { (plain(group.first.title.get(lang))) } } }
                        @for verdict in Verdict::ALL { td.number { (group.count(verdict)) } }
                    }
                } }
            }
        }
        h2 #findings { (Text::pick(lang, "检查结果", "Findings")) }
    }
}
