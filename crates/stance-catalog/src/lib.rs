//! The catalogue: checks, standards and asset types as files; loaded, type-checked, linted with places, indexed.
//!
//! Files are YAML and come from the program itself or from users' directories. Everything in them is foreign: the
//! readers are bounded, and whatever is wrong is reported with its line, all of it in one run.
//!
//! Knows nothing of accounts, stores or the network.

mod baseline;
mod catalog;
mod check;
mod example;
mod lint;
mod load;
#[cfg(test)]
mod mutations;
mod operation;
mod parameter;
mod problem;
mod read;
mod scaffold;
mod single;
mod source;
mod standard;
mod suggest;
mod try_examples;
mod unique;
mod walk;
mod yaml;

pub use baseline::{Baseline, BaselineClass, BaselineName, Target};
pub use catalog::Catalog;
pub use check::{Check, ParamError, Remediation};
pub use example::{
    EXAMPLE_NOW, Example, ExampleFile, ExampleRun, FilesExample, ReadFacts, RootReader,
    run_examples,
};
pub use lint::{check_file, lint, lint_builtin};
pub use operation::{AssetTypeInfo, Call, Scope};
pub use parameter::Parameter;
pub use problem::{LintReport, Problem};
pub use scaffold::new_check_yaml;
pub use standard::{Requirement, Section, Standard};
