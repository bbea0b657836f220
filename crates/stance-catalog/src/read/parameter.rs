//! `parameters` of a check.

use stance_engine::ParamType;

use crate::parameter::{Parameter, is_number};
use crate::yaml::{Key, Node};

use super::fields::{Fields, entries};
use super::scalar::{is_name, number, one_of};
use super::sink::Sink;
use super::text::title;

/// How many parameters a check may have.
const MAX_PARAMETERS: usize = 50;

/// Reads all parameters, in the order of the file.
pub(crate) fn read_parameters(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Vec<Parameter>> {
    let entries = entries(node, "`parameters`", sink)?;
    if entries.len() > MAX_PARAMETERS {
        sink.report(
            node.span,
            format!("a check has at most {MAX_PARAMETERS} parameters"),
        );
        return None;
    }
    Some(
        entries
            .iter()
            .filter_map(|(key, node)| read_parameter(key, node, sink))
            .collect(),
    )
}

fn read_parameter(key: &Key<'_>, node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Parameter> {
    if !is_name(&key.name) {
        sink.report(
            key.span,
            format!(
                "`{}` is no parameter name: lower-case letters, digits and _",
                key.name
            ),
        );
    }
    let fields = Fields::open(
        node,
        "a parameter",
        &["type", "default", "min", "max", "title"],
        sink,
    )?;
    let kind = fields.required("type", sink, |node, sink| {
        one_of(node, sink, &ParamType::ALL.map(|kind| (kind.key(), kind)))
    });
    let default = fields.required("default", sink, |node, _| Some(node));
    let min = fields.optional("min", sink, number);
    let max = fields.optional("max", sink, number);
    let title = fields.required("title", sink, title);
    let (kind, default) = (kind?, default?);
    let value = default.to_json();
    let name = key.name.clone().into_owned();
    let parameter = Parameter {
        name,
        kind,
        default: value.clone(),
        min,
        max,
        title: title?,
        value,
    };
    check_bounds(&parameter, &fields, sink);
    if let Err(why) = parameter.accept(&parameter.default) {
        sink.report(default.span, format!("the default {why}"));
    }
    Some(parameter)
}

fn check_bounds(parameter: &Parameter, fields: &Fields<'_, '_>, sink: &mut Sink<'_>) {
    let Some(at) = fields.node("max").or_else(|| fields.node("min")) else {
        return;
    };
    if parameter.kind == ParamType::Bool {
        sink.report(at.span, "a bool has no bounds");
    }
    if !is_number(parameter.kind)
        && [parameter.min, parameter.max]
            .into_iter()
            .flatten()
            .any(|b| b < 0.0)
    {
        sink.report(at.span, "a length is not below 0");
    }
    if let (Some(min), Some(max)) = (parameter.min, parameter.max)
        && min > max
    {
        sink.report(at.span, format!("min {min} is more than max {max}"));
    }
}
