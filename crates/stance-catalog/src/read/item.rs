//! What an item of a baseline has besides the fields of checks: its baseline, its targets, its references.

use std::collections::BTreeMap;

use stance_model::Text;

use crate::baseline::{Baseline, Classes, Target};
use crate::suggest::did_you_mean;
use crate::yaml::{Node, Span};

use super::check::Origin;
use super::fields::{Fields, entries, list};
use super::scalar::{is_name, one_of, string, word};
use super::sink::Sink;
use super::text::title;

/// The fields of an item. Users' own ones name their baseline, since no folder does.
pub(crate) const ITEM_FIELDS: [&str; 19] = [
    "id",
    "key",
    "risk_level",
    "baseline",
    "title",
    "description",
    "risk",
    "solution",
    "help",
    "references",
    "targets",
    "remediation",
    "parameters",
    "not_applicable",
    "pass",
    "secret",
    "message",
    "evidence",
    "examples",
];

/// The baseline of an item: by its folder in the catalogue, by its field `baseline` elsewhere.
pub(crate) fn read_baseline(
    fields: &Fields<'_, '_>,
    origin: Origin,
    classes: &Classes,
    sink: &mut Sink<'_>,
) -> Option<Baseline> {
    if origin == Origin::Builtin {
        if let Some(node) = fields.node("baseline") {
            sink.report(node.span, "the folder says which baseline the item is of");
        }
        return by_folder(fields.span(), classes, sink);
    }
    fields.required("baseline", sink, |node, sink| by_field(node, classes, sink))
}

/// `…/<class>/<name>/<item>.yaml`.
fn by_folder(at: Span, classes: &Classes, sink: &mut Sink<'_>) -> Option<Baseline> {
    let mut folders = sink.source().path.rsplit(['/', '\\']).skip(1);
    let name = folders.next().unwrap_or_default().to_owned();
    let class = folders.next().unwrap_or_default().to_owned();
    let info = classes.get(&class);
    let found = info.and_then(|info| Some((&info.title, info.title_of(&name)?)));
    let Some((class_title, name_title)) = found else {
        if !classes.broken {
            let message = format!("the folder `{class}/{name}` is no baseline");
            let help = "classes and names are declared in baselines/classes.yaml".to_owned();
            sink.report_with(at, message, help);
        }
        return None;
    };
    Some(Baseline {
        class_title: class_title.clone(),
        name_title: name_title.clone(),
        class,
        name,
    })
}

fn by_field(node: &Node<'_>, classes: &Classes, sink: &mut Sink<'_>) -> Option<Baseline> {
    let known = ["class", "name", "class_title", "name_title"];
    let fields = Fields::open(node, "a baseline", &known, sink)?;
    let class = fields.required("class", sink, key)?;
    let name = fields.required("name", sink, key)?;
    let info = classes.get(&class);
    let keys = classes.all.iter().map(|info| info.key.as_str());
    let declared = info.map(|info| &info.title);
    let class_title = own_title(&fields, "class", &class, declared, keys, sink);
    let names = info.into_iter().flat_map(|info| &info.names);
    let keys = names.map(|(key, _)| key.as_str());
    let declared = info.and_then(|info| info.title_of(&name));
    let name_title = own_title(&fields, "name", &name, declared, keys, sink);
    Some(Baseline {
        class,
        name,
        class_title: class_title?,
        name_title: name_title?,
    })
}

/// The title of a class or a name: the catalogue's where it declares one, else that of the file.
fn own_title<'k>(
    fields: &Fields<'_, '_>,
    what: &'static str,
    key: &str,
    declared: Option<&Text>,
    keys: impl Iterator<Item = &'k str>,
    sink: &mut Sink<'_>,
) -> Option<Text> {
    let field = format!("{what}_title");
    let own = fields.optional(&field, sink, title);
    match (declared, fields.node(&field)) {
        (Some(declared), None) => Some(declared.clone()),
        (Some(_), Some(node)) => {
            let message = format!("the catalogue says what the {what} `{key}` is called");
            sink.report(node.span, message);
            None
        }
        (None, Some(_)) => own,
        (None, None) => {
            let at = fields.node(what).map_or(fields.span(), |node| node.span);
            let help = did_you_mean(key, keys)
                .unwrap_or_else(|| format!("give a {what} of your own a `{field}`"));
            sink.report_with(at, format!("there is no {what} `{key}`"), help);
            None
        }
    }
}

fn key(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let key = word(node, sink)?;
    if !is_name(key) {
        let message = format!("`{key}` is no key: lower-case letters, digits and _");
        sink.report(node.span, message);
    }
    Some(key.to_owned())
}

/// What the item judges; all where it does not say.
pub(crate) fn read_targets(fields: &Fields<'_, '_>, sink: &mut Sink<'_>) -> Vec<Target> {
    let words = Target::ALL.map(|target| (target.key(), target));
    let targets = fields.optional("targets", sink, |node, sink| {
        let mut targets = list(node, sink, |node, sink| one_of(node, sink, &words))?;
        let given = targets.len();
        targets.sort_unstable();
        targets.dedup();
        if targets.is_empty() || targets.len() < given {
            sink.report(node.span, "name at least one target, each once");
        }
        Some(targets)
    });
    targets.unwrap_or_else(|| Target::ALL.to_vec())
}

/// Where other collections of rules have the same, by the key of the collection.
pub(crate) fn read_references(
    fields: &Fields<'_, '_>,
    sink: &mut Sink<'_>,
) -> BTreeMap<String, String> {
    let references = fields.optional("references", sink, |node, sink| {
        let mut references = BTreeMap::new();
        for (key, node) in entries(node, "`references`", sink)? {
            if !is_name(&key.name) {
                let message = format!("`{}` is no key of a collection", key.name);
                let help = "such as cis_docker: lower-case letters, digits and _".to_owned();
                sink.report_with(key.span, message, help);
            }
            if let Some(text) = string(node, sink) {
                references.insert(key.name.to_string(), text);
            }
        }
        Some(references)
    });
    references.unwrap_or_default()
}
