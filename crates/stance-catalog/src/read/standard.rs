//! Files of standards.

use std::collections::BTreeMap;

use stance_model::{CheckId, Provider, StandardType};

use crate::standard::{Requirement, Section, Standard};
use crate::suggest::did_you_mean;
use crate::yaml::{Node, Span};

use super::check::key_prefix;
use super::fields::{Fields, list};
use super::scalar::{int, is_name, one_of, string, word};
use super::sink::Sink;
use super::text::title;

const TYPES: [(&str, StandardType); 3] = [
    ("risk", StandardType::Risk),
    ("compliance", StandardType::Compliance),
    ("identity_permission", StandardType::IdentityPermission),
];

/// The checks that a standard may name, by key; without a number where the check's file is broken.
pub(crate) type Keys = BTreeMap<String, Option<CheckId>>;

/// What was read of a file: the standard when nothing is wrong with its frame, and the places of its numbers.
#[derive(Debug, Default)]
pub(crate) struct StandardFile {
    pub(crate) standard: Option<Standard>,
    /// The standard's own number.
    pub(crate) id: Option<(i64, Span)>,
    /// The numbers of its requirements.
    pub(crate) requirements: Vec<(i64, Span)>,
    /// The numbers of its sections.
    pub(crate) sections: Vec<(i64, Span)>,
}

/// Reads a standard; the checks it names are looked up in `keys`.
pub(crate) fn read_standard(root: &Node<'_>, keys: &Keys, sink: &mut Sink<'_>) -> StandardFile {
    let mut reader = Reader {
        keys,
        provider: None,
        file: StandardFile::default(),
    };
    reader.file.standard = reader.standard(root, sink);
    reader.file
}

struct Reader<'k> {
    keys: &'k Keys,
    provider: Option<Provider>,
    file: StandardFile,
}

impl Reader<'_> {
    fn standard(&mut self, root: &Node<'_>, sink: &mut Sink<'_>) -> Option<Standard> {
        let known = ["id", "key", "type", "provider", "title", "requirements"];
        let fields = Fields::open(root, "a standard", &known, sink)?;
        let id = fields.required("id", sink, number);
        self.file.id = id;
        let key = fields.required("key", sink, read_key);
        let standard_type = fields.required("type", sink, |node, sink| one_of(node, sink, &TYPES));
        self.provider = fields.optional("provider", sink, |node, sink| {
            one_of(
                node,
                sink,
                &Provider::ALL.map(|provider| (provider.key(), provider)),
            )
        });
        let title = fields.required("title", sink, title);
        let requirements = fields.required("requirements", sink, |node, sink| {
            list(node, sink, |node, sink| self.requirement(node, sink))
        });
        Some(Standard {
            id: id?.0,
            key: key?,
            standard_type: standard_type?,
            provider: self.provider,
            title: title?,
            requirements: requirements?,
        })
    }

    fn requirement(&mut self, node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Requirement> {
        let fields = Fields::open(node, "a requirement", &["id", "title", "sections"], sink)?;
        let id = fields.required("id", sink, number);
        self.file.requirements.extend(id);
        let title = fields.required("title", sink, title);
        let sections = fields.required("sections", sink, |node, sink| {
            list(node, sink, |node, sink| self.section(node, sink))
        });
        Some(Requirement {
            id: id?.0,
            title: title?,
            sections: sections?,
        })
    }

    fn section(&mut self, node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Section> {
        let fields = Fields::open(
            node,
            "a section",
            &["id", "title", "number", "checks"],
            sink,
        )?;
        let id = fields.required("id", sink, number);
        self.file.sections.extend(id);
        let title = fields.required("title", sink, title);
        let number = fields.optional("number", sink, string);
        let mut checks = Vec::new();
        fields.list("checks", sink, |node, sink| {
            checks.extend(self.entry(node, &checks, sink));
            Some(())
        });
        Some(Section {
            id: id?.0,
            title: title?,
            number,
            checks,
        })
    }

    fn entry(&self, node: &Node<'_>, seen: &[CheckId], sink: &mut Sink<'_>) -> Option<CheckId> {
        let key = word(node, sink)?;
        let Some(id) = self.keys.get(key) else {
            let help = did_you_mean(key, self.keys.keys().map(String::as_str));
            sink.report_with(node.span, format!("there is no check `{key}`"), help);
            return None;
        };
        if id.is_some_and(|id| seen.contains(&id)) {
            sink.report(node.span, format!("the section names `{key}` twice"));
            return None;
        }
        if let Some(provider) = self.provider
            && key.split('.').next() != Some(key_prefix(provider))
        {
            sink.report(
                node.span,
                format!("`{key}` is no check of {provider}, which the standard is for"),
            );
        }
        *id
    }
}

fn number(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<(i64, Span)> {
    let id = int(node, sink)?;
    if !(1..=i64::from(i32::MAX)).contains(&id) {
        sink.report(
            node.span,
            format!("number {id} is out of range: 1 to {}", i32::MAX),
        );
    }
    Some((id, node.span))
}

fn read_key(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let key = word(node, sink)?;
    if !is_name(key) {
        sink.report(
            node.span,
            format!("`{key}` is no key of a standard: lower-case letters, digits and _"),
        );
    }
    if sink.source().stem() != key {
        let help = format!("name the file {key}.yaml, or change the key");
        sink.report_with(
            node.span,
            format!("the key is not the file name `{}`", sink.source().stem()),
            help,
        );
    }
    Some(key.to_owned())
}
