//! HTML: one page to read, send and print.
//!
//! Self-contained: no script, no outside resource, filters by style sheet alone. Every text is escaped by `maud`;
//! characters that turn the direction of writing are neutralised before.

mod findings;
mod overview;

use std::io::Write;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use stance_model::view::Report;
use stance_model::{Lang, Text};

use crate::error::ReportError;
use crate::group::by_check;
use crate::text::plain;

const STYLE: &str = include_str!("style.css");

/// The page may do nothing but be read.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes the report as HTML, a section at a time.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let groups = by_check(&report.results);
    put(out, html! { (DOCTYPE) })?;
    out.write_all(opening(report.lang).as_bytes())?;
    put(out, head(report))?;
    out.write_all(b"<body>")?;
    put(out, overview::header(report))?;
    out.write_all(b"<main>")?;
    put(out, overview::gaps(report))?;
    put(out, overview::summary(&report.summary, report.lang))?;
    put(out, overview::filters(report.lang))?;
    put(out, overview::checks(&groups, report.lang))?;
    for group in &groups {
        put(out, findings::section(group, report))?;
    }
    out.write_all(b"</main></body></html>\n")?;
    Ok(())
}

fn put(out: &mut dyn Write, markup: Markup) -> Result<(), ReportError> {
    out.write_all(markup.into_string().as_bytes())?;
    out.write_all(b"\n")?;
    Ok(())
}

fn opening(lang: Lang) -> String {
    format!("<html lang=\"{}\">", Text::pick(lang, "zh-CN", "en"))
}

fn head(report: &Report) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { (title(report.lang)) " – " (plain(&report.source)) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// The name of the page.
fn title(lang: Lang) -> &'static str {
    Text::pick(lang, "Stance 安全检查报告", "Stance security check report")
}
