//! Files of a catalogue, from the program itself or from a directory.

use std::borrow::Cow;
use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use crate::problem::Problem;
use crate::read::Kind;
use crate::walk;

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../catalog");

/// The folder name that embedded files are shown under.
const EMBEDDED_NAME: &str = "catalog";

/// One file.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// How it was reached.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: Cow<'static, str>,
}

impl Source {
    /// The file name without its ending.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit(['/', '\\']).next().unwrap_or_default();
        name.strip_suffix(".yaml")
            .or_else(|| name.strip_suffix(".yml"))
            .unwrap_or(name)
    }

    /// A problem of the file as a whole.
    pub(crate) fn problem(path: &str, message: impl Into<String>) -> Problem {
        Problem {
            file: path.to_owned(),
            line: 1,
            column: 1,
            length: 0,
            message: message.into(),
            help: None,
        }
    }
}

/// The files of a whole catalogue, each kind in the order of their paths.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    /// What asset types are: `operations/`.
    pub(crate) operations: Vec<Source>,
    /// How the accounts of providers are found: `providers/`.
    pub(crate) providers: Vec<Source>,
    /// Checks: `checks/`.
    pub(crate) checks: Vec<Source>,
    /// Standards: `standards/`.
    pub(crate) standards: Vec<Source>,
    /// What readers of root file systems tell: `readers/`.
    pub(crate) readers: Vec<Source>,
    /// The classes of baselines: `baselines/classes.yaml`.
    pub(crate) classes: Vec<Source>,
    /// Items of baselines: `baselines/`.
    pub(crate) items: Vec<Source>,
    /// What could not be read.
    pub(crate) problems: Vec<Problem>,
}

impl Tree {
    /// The catalogue that the program carries.
    pub(crate) fn embedded() -> Self {
        let mut tree = Self::default();
        tree.operations = tree.embedded_folder("operations");
        tree.providers = tree.embedded_folder("providers");
        tree.checks = tree.embedded_folder("checks");
        tree.standards = tree.embedded_folder("standards");
        tree.readers = tree.embedded_folder("readers");
        let baselines = tree.embedded_folder("baselines");
        tree.add_baselines(baselines);
        tree
    }

    fn add_baselines(&mut self, sources: Vec<Source>) {
        let is_classes = |source: &Source| {
            let mut ends = source.path.rsplit(['/', '\\']);
            ends.next() == Some("classes.yaml") && ends.next() == Some("baselines")
        };
        (self.classes, self.items) = sources.into_iter().partition(is_classes);
    }

    fn embedded_folder(&mut self, name: &str) -> Vec<Source> {
        let mut sources = Vec::new();
        if let Some(dir) = EMBEDDED.get_dir(name) {
            self.collect(dir, &mut sources);
        }
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        sources
    }

    fn collect(&mut self, dir: &Dir<'static>, sources: &mut Vec<Source>) {
        for entry in dir.entries() {
            match entry {
                DirEntry::Dir(dir) => self.collect(dir, sources),
                DirEntry::File(file) if walk::is_yaml(file.path()) => {
                    let path = format!("{EMBEDDED_NAME}/{}", file.path().to_string_lossy());
                    match file.contents_utf8() {
                        Some(text) => sources.push(Source {
                            path,
                            text: Cow::Borrowed(text),
                        }),
                        None => self
                            .problems
                            .push(Source::problem(&path, "the file is not UTF-8")),
                    }
                }
                DirEntry::File(_) => {}
            }
        }
    }

    /// The catalogue in a directory that has the folders `operations`, `checks` and `standards`.
    pub(crate) fn read(dir: &Path) -> Self {
        let mut tree = Self::default();
        tree.operations = tree.folder(&dir.join("operations"));
        tree.checks = tree.folder(&dir.join("checks"));
        tree.standards = tree.folder(&dir.join("standards"));
        // A catalogue of checks alone has none of these.
        let [providers, readers, baselines] =
            ["providers", "readers", "baselines"].map(|name| dir.join(name));
        if providers.is_dir() {
            tree.providers = tree.folder(&providers);
        }
        if readers.is_dir() {
            tree.readers = tree.folder(&readers);
        }
        if baselines.is_dir() {
            let sources = tree.folder(&baselines);
            tree.add_baselines(sources);
        }
        tree
    }

    /// Whether a directory is laid out as a whole catalogue, rather than as a folder of own checks.
    pub(crate) fn is_catalogue(dir: &Path) -> bool {
        dir.join("operations").is_dir()
    }

    /// A folder of own checks.
    pub(crate) fn read_checks(dir: &Path) -> Self {
        let mut tree = Self::default();
        tree.checks = tree.folder(dir);
        tree
    }

    fn folder(&mut self, dir: &Path) -> Vec<Source> {
        let (sources, problems) = walk::read_folder(dir);
        self.problems.extend(problems);
        sources
    }

    /// What the file with this number is, of checks and then items.
    pub(crate) fn kind(&self, at: usize) -> Kind {
        if at < self.checks.len() {
            Kind::Check
        } else {
            Kind::Item
        }
    }

    /// All files.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Source> {
        self.operations
            .iter()
            .chain(&self.providers)
            .chain(&self.checks)
            .chain(&self.standards)
            .chain(&self.readers)
            .chain(&self.classes)
            .chain(&self.items)
    }
}
