//! How a listing is paged: `page: {style: number, param: PageNumber, size: {PageSize: 100}, total: TotalCount}`.

use stance_model::operation::Page;

use crate::yaml::Node;

use super::fields::{Fields, entries};
use super::scalar::{int, one_of, string};
use super::sink::Sink;

/// The styles, by the words that files have for them.
#[derive(Clone, Copy)]
enum Style {
    Number,
    Offset,
    Token,
    Link,
}

const STYLES: [(&str, Style); 4] = [
    ("number", Style::Number),
    ("offset", Style::Offset),
    ("token", Style::Token),
    ("link", Style::Link),
];

pub(super) fn read_page(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Page> {
    let known = [
        "style", "param", "first", "size", "total", "from", "more", "text",
    ];
    let own = Fields::open(node, "`page`", &known, sink)?;
    match own.required("style", sink, |node, sink| one_of(node, sink, &STYLES))? {
        Style::Number => number(&own, sink),
        Style::Offset => offset(&own, sink),
        Style::Token => token(&own, sink),
        Style::Link => Some(Page::Link {
            from: own.required("from", sink, string)?,
        }),
    }
}

fn number(own: &Fields<'_, '_>, sink: &mut Sink<'_>) -> Option<Page> {
    let first = own.optional("first", sink, int);
    Some(Page::Number {
        param: own.required("param", sink, string)?,
        first: first.map_or(1, |n| u64::try_from(n).unwrap_or(1)),
        size: own.optional("size", sink, read_size),
        total: own.optional("total", sink, string),
    })
}

fn offset(own: &Fields<'_, '_>, sink: &mut Sink<'_>) -> Option<Page> {
    Some(Page::Offset {
        param: own.required("param", sink, string)?,
        size: own.required("size", sink, read_size)?,
        total: own.optional("total", sink, string),
        text: own.node("text").is_some(),
    })
}

fn token(own: &Fields<'_, '_>, sink: &mut Sink<'_>) -> Option<Page> {
    Some(Page::Token {
        param: own.required("param", sink, string)?,
        from: own.required("from", sink, string)?,
        size: own.optional("size", sink, read_size),
        more: own.optional("more", sink, string),
    })
}

/// `size: {PageSize: 100}`.
fn read_size(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<(String, u64)> {
    match entries(node, "`size`", sink)? {
        [(key, node)] => {
            let size = int(node, sink).and_then(|n| u64::try_from(n).ok())?;
            Some((key.name.clone().into_owned(), size))
        }
        _ => {
            sink.report(node.span, "`size` is one parameter with its value");
            None
        }
    }
}
