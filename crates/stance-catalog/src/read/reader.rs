//! Files of `readers`: the facts that one reader of root file systems gives.

use stance_engine::Schema;

use crate::operation::Call;
use crate::yaml::{Node, Span};

use super::fields::Fields;
use super::scalar::{is_name, word};
use super::shape::{Shape, read_shape};
use super::sink::Sink;
use super::text::{prose, title};

/// What was read of a reader: its name and its place, and the rest when nothing is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct ReaderFile {
    pub(crate) name: Option<(String, Span)>,
    pub(crate) whole: Option<Reader>,
}

/// A reader of root file systems.
#[derive(Debug)]
pub(crate) struct Reader {
    /// As a call, which it is for the asset types that have readers.
    pub(crate) call: Call,
    pub(crate) shape: Shape,
    /// The same for the engine.
    pub(crate) schema: Schema,
}

const FIELDS: [&str; 4] = ["name", "title", "absent", "fields"];

/// Reads the declaration of a reader.
pub(crate) fn read_reader(root: &Node<'_>, sink: &mut Sink<'_>) -> ReaderFile {
    let before = sink.count();
    let Some(fields) = Fields::open(root, "a reader", &FIELDS, sink) else {
        return ReaderFile::default();
    };
    let name = fields.required("name", sink, |node, sink| {
        Some((read_name(node, sink)?, node.span))
    });
    fields.required("title", sink, title);
    let absent = fields.optional("absent", sink, prose);
    let shape = fields.required("fields", sink, read_shape);
    let clean = sink.count() == before;
    let schema = name.as_ref().filter(|_| clean);
    let schema = schema.and_then(|(name, _)| read_schema(name, root, sink));
    let whole = name.as_ref().zip(shape).zip(schema);
    let whole = whole.map(|(((name, _), shape), schema)| Reader {
        call: Call {
            name: name.clone(),
            action: "read".to_owned(),
            absent,
        },
        shape,
        schema,
    });
    ReaderFile { name, whole }
}

/// The engine's own reading of the same.
fn read_schema(name: &str, root: &Node<'_>, sink: &mut Sink<'_>) -> Option<Schema> {
    let alone = serde_json::json!({ name: root.to_json() });
    match Schema::from_json(&alone) {
        Ok(schema) => Some(schema),
        Err(error) => {
            sink.report(root.key_span("fields"), error.to_string());
            None
        }
    }
}

fn read_name(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let name = word(node, sink)?;
    if !is_name(name) {
        let message = format!("`{name}` is no name: lower-case letters, digits and _");
        sink.report(node.span, message);
    }
    let stem = sink.source().stem();
    if stem != name {
        let help = format!("name the file {name}.yaml, or change the name");
        sink.report_with(
            node.span,
            format!("the name is not the file name `{stem}`"),
            help,
        );
    }
    Some(name.to_owned())
}
