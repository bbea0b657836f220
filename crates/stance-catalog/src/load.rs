//! Loads files: reads each, then looks at what they are together.

use std::sync::Arc;

use rayon::prelude::*;
use stance_engine::Types;

use crate::check::Check;
use crate::problem::{LintReport, Problem};
use crate::read::{
    CheckFile, Infos, Keys, Origin, Sink, World, read_check, read_operations, read_standard,
};
use crate::source::{Source, Tree};
use crate::standard::Standard;
use crate::try_examples::try_examples;
use crate::unique::{Numbers, Unique};
use crate::yaml::{Node, Span, parse};

/// Whether examples are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Examples {
    /// They are read, so that they can be shown.
    Read,
    /// They are run and must be complete.
    Run,
}

/// What could be loaded.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) types: Types,
    pub(crate) infos: Infos,
    pub(crate) checks: Vec<Arc<Check>>,
    pub(crate) standards: Vec<Standard>,
}

impl Parts {
    fn world(&self) -> World<'_> {
        World {
            types: &self.types,
            infos: &self.infos,
        }
    }
}

/// Loads a whole catalogue.
pub(crate) fn load_catalogue(tree: &Tree, examples: Examples) -> (Parts, LintReport) {
    let mut loader = Loader {
        examples,
        problems: tree.problems.clone(),
        run: 0,
    };
    let mut parts = Parts::default();
    loader.operations(&tree.operations, &mut parts);
    let files = loader.checks(&tree.checks, Origin::Builtin, parts.world());
    loader.unique_checks(&tree.checks, &files, Unique::new("id"), Unique::new("key"));
    let keys = keys(&tree.checks, &files);
    parts.standards = loader.standards(&tree.standards, &keys);
    loader.named(&tree.checks, &files, &parts.standards);
    parts.checks = files
        .into_iter()
        .filter_map(|file| file.check.map(Arc::new))
        .collect();
    parts.checks.sort_by_key(|check| check.id);
    let report = loader.report(tree, parts.checks.len());
    (parts, report)
}

/// Loads checks beside the catalogue `base`.
pub(crate) fn load_beside(
    tree: &Tree,
    origin: Origin,
    base: &Parts,
    examples: Examples,
) -> (Vec<Arc<Check>>, LintReport) {
    let mut loader = Loader {
        examples,
        problems: tree.problems.clone(),
        run: 0,
    };
    let files = loader.checks(&tree.checks, origin, base.world());
    let (mut ids, mut keys) = (Unique::new("id"), Unique::new("key"));
    for check in &base.checks {
        ids.take(check.id, &check.path);
        keys.take(check.key.clone(), &check.path);
    }
    loader.unique_checks(&tree.checks, &files, ids, keys);
    let mut checks: Vec<_> = files
        .into_iter()
        .filter_map(|file| file.check.map(Arc::new))
        .collect();
    checks.sort_by_key(|check| check.id);
    let report = loader.report(tree, checks.len());
    (checks, report)
}

/// The checks that standards may name: those of broken files too, so that one fault is not reported twice.
fn keys(sources: &[Source], files: &[CheckFile]) -> Keys {
    let key = |(source, file): (&Source, &CheckFile)| match &file.key {
        Some((key, _)) => (key.clone(), file.id.map(|(id, _)| id)),
        None => (source.stem().to_owned(), None),
    };
    sources.iter().zip(files).map(key).collect()
}

struct Loader {
    examples: Examples,
    problems: Vec<Problem>,
    run: usize,
}

impl Loader {
    fn read<T: Default>(
        &mut self,
        source: &Source,
        read: impl FnOnce(&Node<'_>, &mut Sink<'_>) -> T,
    ) -> T {
        let (value, problems) = read_source(source, read);
        self.problems.extend(problems);
        value
    }

    fn report_at(&mut self, source: &Source, span: Span, message: impl Into<String>) {
        let mut sink = Sink::new(source);
        sink.report(span, message);
        self.problems.extend(sink.into_problems());
    }

    fn operations(&mut self, sources: &[Source], parts: &mut Parts) {
        let mut types = Unique::new("asset type");
        for source in sources {
            for operation in self.read(source, read_operations) {
                let asset_type = operation.asset_type;
                if let Err(message) = types.claim(asset_type.clone(), &source.path) {
                    self.report_at(source, operation.at, message);
                    continue;
                }
                match operation.whole {
                    Some((info, schema)) => {
                        parts.types.insert(asset_type.clone(), schema);
                        parts.infos.insert(asset_type, Some(info));
                    }
                    None => drop(parts.infos.entry(asset_type).or_default()),
                }
            }
        }
    }

    /// Reads and compiles checks, on all cores: they are by far the most of a catalogue.
    fn checks(&mut self, sources: &[Source], origin: Origin, world: World<'_>) -> Vec<CheckFile> {
        let examples = self.examples;
        let read: Vec<_> = sources
            .par_iter()
            .map(|source| check(source, origin, world, examples))
            .collect();
        let mut files = Vec::with_capacity(read.len());
        for (file, run, problems) in read {
            files.push(file);
            self.run += run;
            self.problems.extend(problems);
        }
        files
    }

    fn unique_checks(
        &mut self,
        sources: &[Source],
        files: &[CheckFile],
        mut ids: Unique<stance_model::CheckId>,
        mut keys: Unique<String>,
    ) {
        for (source, file) in sources.iter().zip(files) {
            if let Some((id, at)) = &file.id
                && let Err(message) = ids.claim(*id, &source.path)
            {
                self.report_at(source, *at, message);
            }
            if let Some((key, at)) = &file.key
                && let Err(message) = keys.claim(key.clone(), &source.path)
            {
                self.report_at(source, *at, message);
            }
        }
    }

    fn standards(&mut self, sources: &[Source], keys: &Keys) -> Vec<Standard> {
        let mut numbers = Numbers::default();
        let mut standards = Vec::new();
        for source in sources {
            let file = self.read(source, |root, sink| read_standard(root, keys, sink));
            for (at, message) in numbers.claim(&file, &source.path) {
                self.report_at(source, at, message);
            }
            standards.extend(file.standard);
        }
        standards.sort_by_key(|standard| standard.id);
        standards
    }

    /// A check that no standard names would be shown under none.
    fn named(&mut self, sources: &[Source], files: &[CheckFile], standards: &[Standard]) {
        let sections = standards
            .iter()
            .flat_map(|s| &s.requirements)
            .flat_map(|r| &r.sections);
        let named: std::collections::BTreeSet<_> =
            sections.flat_map(|section| &section.checks).collect();
        for (source, file) in sources.iter().zip(files) {
            if let (Some((id, _)), Some((key, at))) = (&file.id, &file.key)
                && !named.contains(id)
            {
                self.report_at(source, *at, format!("no standard names the check `{key}`"));
            }
        }
    }

    fn report(self, tree: &Tree, checks: usize) -> LintReport {
        let sources = tree
            .all()
            .map(|source| (source.path.as_str(), source.text.as_ref()));
        let mut report = LintReport::new(self.problems, sources);
        report.checks = checks;
        report.examples = self.run;
        report
    }
}

/// Parses a file and reads it; nothing comes of one that is no YAML.
fn read_source<T: Default>(
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
fn check(
    source: &Source,
    origin: Origin,
    world: World<'_>,
    examples: Examples,
) -> (CheckFile, usize, Vec<Problem>) {
    let ((file, run), problems) = read_source(source, |root, sink| {
        let file = read_check(root, origin, world, sink);
        let run = if examples == Examples::Run {
            try_examples(&file, world.types, sink)
        } else {
            0
        };
        (file, run)
    });
    (file, run, problems)
}
