//! Examples: the tests of a check, and its documentation.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use stance_engine::{Context, Document, RelatedIndex, Types};
use stance_model::{
    Asset, AssetType, Coverage, CoverageStatus, Evidence, Outcome, Provider, Reason, ReasonKind,
    ResultStatus,
};

use stance_model::secret::SecretRule;

use crate::check::Check;

/// `now` in examples: 2026-06-01T00:00:00Z.
pub const EXAMPLE_NOW: Timestamp = Timestamp::constant(1_780_272_000, 0);

/// One case of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The outcome that the check must have.
    pub wanted: ResultStatus,
    /// The asset that is judged.
    pub asset: Asset,
    /// The files of which readers make its facts, for items of baselines.
    pub files: Option<FilesExample>,
    /// The assets that the check may look up.
    pub related: Vec<Asset>,
    /// Asset types that could not be listed completely, with the reason.
    pub incomplete: BTreeMap<AssetType, Reason>,
    /// Values of parameters, where other than the defaults.
    pub params: BTreeMap<String, Value>,
}

/// A small root file system.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FilesExample {
    /// Its files by path, which begins with a slash.
    pub files: BTreeMap<String, ExampleFile>,
    /// `config`, `history` and `reference` of the image, as they are written; none: it is a folder.
    pub image: Option<Value>,
}

/// A file, a directory or a link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExampleFile {
    /// What it holds.
    pub text: String,
    /// The permission bits, `0o7777` at most; none: what is usual.
    pub mode: Option<u32>,
    /// The owner.
    pub uid: u64,
    /// The group.
    pub gid: u64,
    /// Where it points, if it is a symbolic link.
    pub link: Option<String>,
    /// Whether it is a directory.
    pub dir: bool,
}

/// Facts by reader, and the readers that could not tell, with the reason.
pub type ReadFacts = (serde_json::Map<String, Value>, BTreeMap<String, Reason>);

/// Makes facts of the files of examples: the readers of root file systems, which this crate does not know.
pub trait RootReader: Sync {
    /// The facts of a small root file system, in which secrets are looked for by these rules.
    fn facts(&self, example: &FilesExample, secrets: &[SecretRule]) -> ReadFacts;
}

/// What became of an example.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleRun {
    /// The example's name.
    pub name: String,
    /// The outcome that it must have.
    pub wanted: ResultStatus,
    /// The outcome that it has.
    pub got: Outcome,
    /// What decided that.
    pub evidence: Evidence,
}

impl ExampleRun {
    /// Whether the outcome is the wanted one.
    #[must_use]
    pub fn is_as_wanted(&self) -> bool {
        self.got.status() == self.wanted
    }
}

/// Runs every example of a check, in order. A parameter that cannot have the example's value makes the outcome
/// unknown. Those with files are left out where there is no reader.
#[must_use]
pub fn run_examples(
    check: &Check,
    types: &Types,
    reader: Option<&dyn RootReader>,
) -> Vec<ExampleRun> {
    run_each(check, types, reader)
        .into_iter()
        .flatten()
        .collect()
}

/// The same, with nothing where an example was not run.
pub(crate) fn run_each(
    check: &Check,
    types: &Types,
    reader: Option<&dyn RootReader>,
) -> Vec<Option<ExampleRun>> {
    let run = |example: &Example| {
        let Some(files) = &example.files else {
            return Some(run_example(check, example, types));
        };
        let (facts, unknown) = reader?.facts(files, check.secret.as_slice());
        let mut example = example.clone();
        example.asset.facts.extend(facts);
        for (name, reason) in unknown {
            example.asset.unknown.entry(name).or_insert(reason);
        }
        Some(run_example(check, &example, types))
    };
    check.examples.iter().map(run).collect()
}

fn run_example(check: &Check, example: &Example, types: &Types) -> ExampleRun {
    let (got, evidence) = if example.params.is_empty() {
        judge(check, example)
    } else {
        match check.with_params(&example.params, types) {
            Ok(check) => judge(&check, example),
            Err(error) => unreadable(error.to_string()),
        }
    };
    ExampleRun {
        name: example.name.clone(),
        wanted: example.wanted,
        got,
        evidence,
    }
}

fn judge(check: &Check, example: &Example) -> (Outcome, Evidence) {
    let mut related = RelatedIndex::new(check.rule.lookups());
    related.assume_complete();
    for asset in &example.related {
        match document(asset) {
            Ok(value) => related.insert(value),
            Err(message) => return unreadable(message),
        }
    }
    for coverage in coverage(example) {
        related.cover(&coverage);
    }
    let context = Context {
        now: EXAMPLE_NOW,
        related: &related,
    };
    match document(&example.asset) {
        Ok(asset) => {
            let asset = Document::of(&asset);
            let outcome = check.rule.evaluate(&asset, &context);
            (outcome, check.rule.explain(&asset, &context))
        }
        Err(message) => unreadable(message),
    }
}

/// The document as a snapshot gives it: parsed from text, which keeps the order of fields.
fn document(asset: &Asset) -> Result<sonic_rs::Value, String> {
    let text = serde_json::to_string(asset).map_err(|error| error.to_string())?;
    sonic_rs::from_str(&text).map_err(|error| error.to_string())
}

fn unreadable(message: String) -> (Outcome, Evidence) {
    (
        Outcome::Unknown(Reason::new(ReasonKind::TypeMismatch, message)),
        Evidence::default(),
    )
}

/// What is incomplete is so in the asset's region and for what has none.
fn coverage(example: &Example) -> impl Iterator<Item = Coverage> {
    example.incomplete.iter().flat_map(|(asset_type, reason)| {
        [example.asset.region.as_str(), GLOBAL].map(|region| Coverage {
            provider: example.asset.provider,
            account: example.asset.account.clone(),
            region: region.to_owned(),
            asset_type: asset_type.clone(),
            status: CoverageStatus::Failed,
            reason: Some(reason.clone()),
        })
    })
}

/// The region of what has none.
pub(crate) const GLOBAL: &str = "global";

/// The account and the region of examples that name none.
pub(crate) fn default_place(provider: Provider) -> (&'static str, &'static str) {
    match provider {
        Provider::Aliyun => ("1000000000000001", "cn-hangzhou"),
        Provider::Aws => ("200000000001", "us-east-1"),
        Provider::Azure => ("00000000-0000-4000-8000-000000000003", "eastus"),
        Provider::Tencent => ("300000000004", "ap-guangzhou"),
        Provider::Huawei => ("0400000000000000000000000000000a", "cn-north-4"),
        Provider::Image | Provider::Host => ("default", GLOBAL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_is_what_the_documentation_says() {
        assert_eq!(EXAMPLE_NOW.to_string(), "2026-06-01T00:00:00Z");
    }
}
