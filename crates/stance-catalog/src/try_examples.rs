//! Runs the examples of a check for the lint: whether they are complete, and come out as they say.

use stance_engine::Types;
use stance_model::{Outcome, ResultStatus};

use crate::check::Check;
use crate::example::{ExampleRun, RootReader, run_each};
use crate::read::{CheckFile, Sink, outcome_name};
use crate::yaml::Span;

/// How many facts the help of a problem names.
const MAX_FACTS: usize = 8;

/// How many examples there are of each kind.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tried {
    /// They were run.
    pub(crate) run: usize,
    /// They have files, and there is no reader of such.
    pub(crate) left: usize,
}

/// Reports outcomes that no example has, and examples that come out otherwise. Gives how many were run.
pub(crate) fn try_examples(
    file: &CheckFile,
    types: &Types,
    reader: Option<&dyn RootReader>,
    sink: &mut Sink<'_>,
) -> Tried {
    let mut wanted = vec![
        ResultStatus::Pass,
        ResultStatus::Fail,
        ResultStatus::Unknown,
    ];
    if file.has_not_applicable {
        wanted.push(ResultStatus::NotApplicable);
    }
    for status in wanted {
        if !file.outcomes.iter().any(|(given, _)| *given == status) {
            sink.report(
                file.examples_at,
                format!("no example has the outcome `{}`", outcome_name(status)),
            );
        }
    }
    let check = file.check.as_ref();
    check.map_or_else(Tried::default, |check| {
        run(check, &file.outcomes, types, reader, sink)
    })
}

fn run(
    check: &Check,
    outcomes: &[(ResultStatus, Span)],
    types: &Types,
    reader: Option<&dyn RootReader>,
    sink: &mut Sink<'_>,
) -> Tried {
    for (example, (_, at)) in check.examples.iter().zip(outcomes) {
        if let Err(error) = check.with_params(&example.params, types) {
            sink.report(*at, format!("example `{}`: {error}", example.name));
        }
    }
    let runs = run_each(check, types, reader);
    let mut tried = Tried::default();
    for (run, (_, at)) in runs.iter().zip(outcomes) {
        match run {
            None => tried.left += 1,
            Some(run) => {
                tried.run += 1;
                if !run.is_as_wanted() {
                    sink.report_with(*at, difference(run), facts(run));
                }
            }
        }
    }
    tried
}

fn difference(run: &ExampleRun) -> String {
    let why = match &run.got {
        Outcome::Unknown(reason) => format!(" ({reason})"),
        Outcome::NotApplicable(text) => format!(" ({})", text.en),
        Outcome::Pass | Outcome::Fail => String::new(),
    };
    let (wanted, got) = (outcome_name(run.wanted), outcome_name(run.got.status()));
    format!("example `{}`: wanted {wanted}, got {got}{why}", run.name)
}

fn facts(run: &ExampleRun) -> Option<String> {
    let items = run
        .evidence
        .items
        .iter()
        .map(|item| format!("{} = {}", item.name, item.value));
    let facts = run
        .evidence
        .facts
        .iter()
        .map(|fact| format!("{} = {}", fact.path, fact.value));
    let shown: Vec<String> = items.chain(facts).take(MAX_FACTS).collect();
    (!shown.is_empty()).then(|| format!("it was decided by {}", shown.join("; ")))
}
