//! Texts in both languages, and the rules for them.

use stance_model::Text;

use crate::yaml::Node;

use super::fields::Fields;
use super::scalar::word;
use super::sink::Sink;

/// What a text is for, which says how long it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A name.
    Title,
    /// One or more sentences.
    Prose,
    /// An address to read more at.
    Link,
}

impl Role {
    fn limits(self) -> (usize, usize) {
        match self {
            Self::Title => (60, 100),
            Self::Prose => (2000, 4000),
            Self::Link => (500, 500),
        }
    }
}

/// A name.
pub(crate) fn title(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Text> {
    text(node, sink, Role::Title)
}

/// One or more sentences.
pub(crate) fn prose(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Text> {
    text(node, sink, Role::Prose)
}

/// An address to read more at.
pub(crate) fn link(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Text> {
    text(node, sink, Role::Link)
}

fn text(node: &Node<'_>, sink: &mut Sink<'_>, role: Role) -> Option<Text> {
    let fields = Fields::open(node, "a text", &["zh", "en"], sink)?;
    let (most_zh, most_en) = role.limits();
    let zh = fields.required("zh", sink, |node, sink| {
        let zh = language(node, sink, role, most_zh)?;
        if role != Role::Link && !zh.chars().any(is_chinese) {
            sink.report(node.span, "the Chinese text has no Chinese character");
        }
        Some(zh)
    });
    let en = fields.required("en", sink, |node, sink| {
        let en = language(node, sink, role, most_en)?;
        if role == Role::Title && en.starts_with("Ensure") {
            let help =
                "say what is checked, such as `RDS whitelists`, not what is to be done".to_owned();
            sink.report_with(node.span, "a title does not start with `Ensure`", help);
        }
        Some(en)
    });
    Some(Text { zh: zh?, en: en? })
}

fn language(node: &Node<'_>, sink: &mut Sink<'_>, role: Role, most: usize) -> Option<String> {
    let text = word(node, sink)?.trim();
    let length = text.chars().count();
    if length > most {
        sink.report(
            node.span,
            format!("the text has {length} characters, at most {most} are shown"),
        );
    }
    if role == Role::Link && (!text.starts_with("https://") || text.contains(char::is_whitespace)) {
        sink.report(
            node.span,
            format!("`{text}` is not an address that starts with https://"),
        );
    }
    if role == Role::Title && text.contains('\n') {
        sink.report(node.span, "a title is one line");
    }
    Some(text.to_owned())
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2ebef}')
}
