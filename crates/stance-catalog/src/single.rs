//! Reads one file by itself.

use crate::load::Examples;
use crate::problem::Problem;
use crate::read::{CheckFile, Kind, Origin, Sink, World, read_check};
use crate::source::Source;
use crate::try_examples::{Tried, try_examples};
use crate::yaml::{Node, parse};

/// Parses a file and reads it; nothing comes of one that is no YAML.
pub(crate) fn read_source<T: Default>(
    source: &Source,
    read: impl FnOnce(&Node<'_>, &mut Sink<'_>) -> T,
) -> (T, Vec<Problem>) {
    let mut sink = Sink::new(source);
    let value = match parse(&source.text) {
        Ok(root) => read(&root, &mut sink),
        Err(error) => {
            sink.report(error.span, error.message);
            T::default()
        }
    };
    (value, sink.into_problems())
}

/// Reads a check and runs its examples when that is wanted; gives how many were run, and the problems.
pub(crate) fn check(
    source: &Source,
    (origin, kind): (Origin, Kind),
    world: World<'_>,
    examples: Examples<'_>,
) -> (CheckFile, Tried, Vec<Problem>) {
    let ((file, tried), problems) = read_source(source, |root, sink| {
        // A user's own item says so itself, since no folder does.
        let own = origin == Origin::Custom && root.get("baseline").is_some();
        let kind = if own { Kind::Item } else { kind };
        let strict = matches!(examples, Examples::Run(_));
        let file = read_check(root, (origin, kind), world, strict, sink);
        let tried = match examples {
            Examples::Run(reader) => try_examples(&file, world.types, reader, sink),
            Examples::Read => Tried::default(),
        };
        (file, tried)
    });
    (file, tried, problems)
}
