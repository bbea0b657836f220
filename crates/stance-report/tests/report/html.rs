use stance_model::Lang;
use stance_report::Format;

use crate::scene::{empty, report, written};

/// The page without its style sheet, a tag a line.
fn page(lang: Lang) -> String {
    let page = written(&report(lang), Format::Html);
    let (before, rest) = page.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    format!("{before}{after}").replace("><", ">\n<")
}

#[test]
fn the_page_in_english_and_chinese() {
    insta::assert_snapshot!("html_en", page(Lang::En));
    insta::assert_snapshot!("html_zh", page(Lang::Zh));
}

#[test]
fn no_text_becomes_markup_or_a_link_or_a_request() {
    let page = written(&report(Lang::En), Format::Html);
    for forbidden in [
        "<script",
        "javascript:",
        "src=",
        "@import",
        "url(",
        "<link",
        "examples/estate <b>",
        "\u{1b}",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("&lt;script&gt;"));
}

#[test]
fn gaps_stand_before_the_summary() {
    let page = written(&report(Lang::En), Format::Html);
    let place = |text: &str| page.find(text).unwrap();
    assert!(place("id=\"gaps\"") < place("id=\"summary\""));
    assert!(!written(&empty(), Format::Html).contains("id=\"gaps\""));
}

#[test]
fn every_tag_is_closed() {
    let page = page(Lang::En);
    for tag in [
        "section", "table", "tr", "td", "ul", "li", "dl", "dd", "p", "bdi", "main", "body",
    ] {
        let opened =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}
