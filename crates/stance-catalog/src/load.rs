//! Loads files: reads each, then looks at what they are together.

use std::sync::Arc;

use rayon::prelude::*;
use stance_engine::Types;
use stance_model::operation::ProviderCalls;

use crate::baseline::Classes;
use crate::check::Check;
use crate::example::RootReader;
use crate::problem::{LintReport, Problem};
use crate::read::{
    CheckFile, Infos, Keys, Kind, Origin, Reader, Sink, World, read_classes, read_operations,
    read_provider, read_reader, read_standard,
};
use crate::single::{check, read_source};
use crate::source::{Source, Tree};
use crate::standard::Standard;
use crate::try_examples::Tried;
use crate::unique::{Numbers, Unique};
use crate::yaml::{Node, Span};

/// Whether examples are run.
#[derive(Clone, Copy)]
pub(crate) enum Examples<'r> {
    /// They are read, so that they can be shown.
    Read,
    /// They are run and must be complete; those with files when there is a reader.
    Run(Option<&'r dyn RootReader>),
}

/// What could be loaded.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) types: Types,
    pub(crate) infos: Infos,
    pub(crate) providers: Vec<ProviderCalls>,
    pub(crate) classes: Classes,
    pub(crate) checks: Vec<Arc<Check>>,
    pub(crate) standards: Vec<Standard>,
}

impl Parts {
    fn world(&self) -> World<'_> {
        World {
            types: &self.types,
            infos: &self.infos,
            classes: &self.classes,
        }
    }
}

/// Loads a whole catalogue.
pub(crate) fn load_catalogue(tree: &Tree, examples: Examples<'_>) -> (Parts, LintReport) {
    let mut loader = Loader::new(tree, examples);
    let mut parts = Parts::default();
    let readers = loader.readers(&tree.readers);
    loader.operations(&tree.operations, &readers, &mut parts);
    for source in &tree.providers {
        parts.providers.extend(loader.read(source, read_provider));
    }
    for source in &tree.classes {
        parts.classes = loader.read(source, read_classes);
    }
    let sources: Vec<&Source> = tree.checks.iter().chain(&tree.items).collect();
    let files = loader.checks(&sources, Origin::Builtin, parts.world(), |at| tree.kind(at));
    loader.unique_checks(&sources, &files, Unique::new("id"), Unique::new("key"));
    let keys = keys(&sources, &files);
    parts.standards = loader.standards(&tree.standards, &keys);
    loader.named(&sources, &files, &parts.standards);
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
    examples: Examples<'_>,
) -> (Vec<Arc<Check>>, LintReport) {
    let mut loader = Loader::new(tree, examples);
    let sources: Vec<&Source> = tree.checks.iter().chain(&tree.items).collect();
    let files = loader.checks(&sources, origin, base.world(), |at| tree.kind(at));
    let (mut ids, mut keys) = (Unique::new("id"), Unique::new("key"));
    for check in &base.checks {
        ids.take(check.id, &check.path);
        keys.take(check.key.clone(), &check.path);
    }
    loader.unique_checks(&sources, &files, ids, keys);
    let mut checks: Vec<_> = files
        .into_iter()
        .filter_map(|file| file.check.map(Arc::new))
        .collect();
    checks.sort_by_key(|check| check.id);
    let report = loader.report(tree, checks.len());
    (checks, report)
}

/// The checks that standards may name: those of broken files too, so that one fault is not reported twice.
fn keys(sources: &[&Source], files: &[CheckFile]) -> Keys {
    let key = |(source, file): (&&Source, &CheckFile)| match &file.key {
        Some((key, _)) => (key.clone(), file.id.map(|(id, _)| id)),
        None => (source.stem().to_owned(), None),
    };
    sources.iter().zip(files).map(key).collect()
}

struct Loader<'r> {
    examples: Examples<'r>,
    problems: Vec<Problem>,
    tried: Tried,
}

impl<'r> Loader<'r> {
    fn new(tree: &Tree, examples: Examples<'r>) -> Self {
        Self {
            examples,
            problems: tree.problems.clone(),
            tried: Tried::default(),
        }
    }

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

    /// Readers by name, without those that are broken or stand twice.
    fn readers(&mut self, sources: &[Source]) -> Vec<Reader> {
        let mut names = Unique::new("reader");
        let mut readers = Vec::new();
        let files = sources.par_iter();
        let files: Vec<_> = files
            .map(|source| read_source(source, read_reader))
            .collect();
        for (source, (file, problems)) in sources.iter().zip(files) {
            self.problems.extend(problems);
            if let Some((name, at)) = file.name
                && let Err(message) = names.claim(name, &source.path)
            {
                self.report_at(source, at, message);
                continue;
            }
            readers.extend(file.whole);
        }
        readers
    }

    fn operations(&mut self, sources: &[Source], readers: &[Reader], parts: &mut Parts) {
        let mut types = Unique::new("asset type");
        for source in sources {
            for operation in self.read(source, |root, sink| read_operations(root, readers, sink)) {
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
    fn checks(
        &mut self,
        sources: &[&Source],
        origin: Origin,
        world: World<'_>,
        kind: impl Fn(usize) -> Kind + Sync,
    ) -> Vec<CheckFile> {
        let examples = self.examples;
        let read: Vec<_> = sources
            .par_iter()
            .enumerate()
            .map(|(at, source)| check(source, (origin, kind(at)), world, examples))
            .collect();
        let mut files = Vec::with_capacity(read.len());
        for (file, tried, problems) in read {
            files.push(file);
            self.tried.run += tried.run;
            self.tried.left += tried.left;
            self.problems.extend(problems);
        }
        files
    }

    fn unique_checks(
        &mut self,
        sources: &[&Source],
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

    /// A check that no standard names would be shown under none. Items are shown under their baseline.
    fn named(&mut self, sources: &[&Source], files: &[CheckFile], standards: &[Standard]) {
        let sections = standards
            .iter()
            .flat_map(|s| &s.requirements)
            .flat_map(|r| &r.sections);
        let named: std::collections::BTreeSet<_> =
            sections.flat_map(|section| &section.checks).collect();
        for (source, file) in sources.iter().zip(files) {
            if let (Some((id, _)), Some((key, at))) = (&file.id, &file.key)
                && !file.is_item
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
        report.examples = self.tried.run;
        report.examples_left = self.tried.left;
        report
    }
}
