//! `files` and `image` of an example: a small root file system.

use std::collections::BTreeMap;

use crate::example::{ExampleFile, FilesExample};
use crate::yaml::{Key, Node, Value};

use super::fields::{Fields, entries};
use super::scalar::{int, string, word};
use super::sink::Sink;

/// How many files an example may have.
const MAX_FILES: usize = 100;

/// Reads the files of an example; none where it has none.
pub(crate) fn read_files(fields: &Fields<'_, '_>, sink: &mut Sink<'_>) -> Option<FilesExample> {
    let (files, image) = (fields.node("files"), fields.node("image"));
    if files.is_none() && image.is_none() {
        return None;
    }
    if let Some(node) = fields.node("facts") {
        sink.report(node.span, "an example has `facts` or files, not both");
    }
    let files = fields.optional("files", sink, |node, sink| {
        let entries = entries(node, "`files`", sink)?;
        if entries.len() > MAX_FILES {
            let message = format!("an example has at most {MAX_FILES} files");
            sink.report(node.span, message);
        }
        let files = entries
            .iter()
            .filter_map(|(key, node)| Some((path(key, sink), read_file(node, sink)?)));
        Some(files.collect::<BTreeMap<_, _>>())
    });
    let image = fields.optional("image", sink, |node, sink| {
        Fields::open(node, "`image`", &["config", "history", "reference"], sink)?;
        Some(node.to_json())
    });
    Some(FilesExample {
        files: files.unwrap_or_default(),
        image,
    })
}

fn path(key: &Key<'_>, sink: &mut Sink<'_>) -> String {
    let path = key.name.as_ref();
    let odd = |segment: &str| matches!(segment, "" | "." | "..");
    let below = path.strip_prefix('/');
    if below.is_none_or(|below| below.split('/').any(odd)) {
        let help = "such as /etc/shadow".to_owned();
        sink.report_with(key.span, format!("`{path}` is no path"), help);
    }
    path.to_owned()
}

fn read_file(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<ExampleFile> {
    if let Value::Str(scalar) = &node.value {
        return Some(ExampleFile {
            text: scalar.text.clone().into_owned(),
            ..ExampleFile::default()
        });
    }
    let known = ["text", "mode", "uid", "gid", "link", "dir"];
    let fields = Fields::open(node, "a file", &known, sink)?;
    let text = fields.optional("text", sink, |node, sink| match node.as_str() {
        Some("") => Some(String::new()),
        _ => word(node, sink).map(str::to_owned),
    });
    let file = ExampleFile {
        text: text.unwrap_or_default(),
        mode: fields.optional("mode", sink, mode),
        uid: fields.optional("uid", sink, owner).unwrap_or(0),
        gid: fields.optional("gid", sink, owner).unwrap_or(0),
        link: fields.optional("link", sink, string),
        dir: matches!(
            fields.node("dir").map(|node| &node.value),
            Some(Value::Bool(true))
        ),
    };
    let kinds = [fields.node("text").is_some(), file.link.is_some(), file.dir];
    if kinds.into_iter().filter(|is| *is).count() > 1 {
        let message = "a file has only one of `text`, `link` and `dir: true`";
        sink.report(node.span, message);
    }
    Some(file)
}

/// Octal digits in quotes: YAML would read them as decimal ones.
fn mode(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<u32> {
    let text = word(node, sink)?;
    let mode = u32::from_str_radix(text, 8).ok();
    let mode = mode.filter(|mode| *mode <= 0o7777);
    if mode.is_none() {
        let help = "octal digits in quotes, such as '0644'".to_owned();
        sink.report_with(node.span, format!("`{text}` is no mode"), help);
    }
    mode
}

fn owner(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<u64> {
    let number = int(node, sink)?;
    if number < 0 {
        sink.report(node.span, "an owner is a number from 0");
    }
    u64::try_from(number).ok()
}
