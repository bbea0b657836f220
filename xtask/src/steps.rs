//! Steps of a task: each says its name and how long it took; the first that fails ends the task.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::workspace::Workspace;

/// One step.
#[derive(Debug)]
pub(crate) struct Step {
    /// What people call it.
    pub(crate) name: &'static str,
    /// What to do when it fails.
    pub(crate) advice: &'static str,
    /// What it does.
    pub(crate) run: fn(&Workspace) -> Result<Done>,
}

/// How a step ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// It did its work.
    Ran,
    /// There was nothing to do, or it cannot be done here.
    Skipped(&'static str),
}

/// The steps that a person asked for, in the task's order; all of them when none was named.
///
/// # Errors
/// When a step is named that there is none of.
pub(crate) fn pick<'s>(all: Vec<&'s Step>, names: &[String]) -> Result<Vec<&'s Step>> {
    for name in names {
        if !all.iter().any(|step| step.name == *name) {
            let known: Vec<&str> = all.iter().map(|step| step.name).collect();
            bail!("there is no step `{name}`; there is {}", known.join(", "));
        }
    }
    let wanted = |step: &&Step| names.is_empty() || names.iter().any(|name| step.name == *name);
    Ok(all.into_iter().filter(wanted).collect())
}

/// Runs the steps of a task in order.
///
/// # Errors
/// The first step that fails, with its advice.
pub(crate) fn run<'s>(
    task: &str,
    steps: impl IntoIterator<Item = &'s Step>,
    workspace: &Workspace,
) -> Result<()> {
    let (started, mut count) = (Instant::now(), 0_usize);
    for step in steps {
        one(step, workspace)?;
        count += 1;
    }
    say(&format!(
        "{task}: {count} steps done in {}",
        human(started.elapsed())
    ));
    Ok(())
}

fn one(step: &Step, workspace: &Workspace) -> Result<()> {
    let Step { name, advice, run } = step;
    say(&format!("==> {name}"));
    let started = Instant::now();
    let outcome = run(workspace);
    let took = human(started.elapsed());
    match &outcome {
        Ok(Done::Ran) => say(&format!("    {name}: ok, {took}")),
        Ok(Done::Skipped(why)) => say(&format!("    {name}: nothing done, {why}")),
        Err(_) => say(&format!("    {name}: FAILED, {took}")),
    }
    outcome
        .map(|_| ())
        .with_context(|| format!("the step `{name}` failed; {advice}"))
}

/// Prints a line. One that nobody can read is lost.
pub(crate) fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _unread = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Prints an error with its causes.
pub(crate) fn complain(error: &anyhow::Error) {
    let mut text = format!("error: {error}");
    for cause in error.chain().skip(1) {
        text.push_str(&format!("\n  because: {cause}"));
    }
    let _unread = writeln!(io::stderr().lock(), "{text}");
}

/// A duration for people.
fn human(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Step = Step {
        name: "good",
        advice: "none is needed",
        run: |_| Ok(Done::Ran),
    };
    const BAD: Step = Step {
        name: "bad",
        advice: "do it again",
        run: |_| bail!("it broke"),
    };
    const NEVER: Step = Step {
        name: "never",
        advice: "",
        run: |_| panic!("a step after one that failed"),
    };

    #[test]
    fn the_first_failure_ends_the_task_and_says_what_to_do() {
        let workspace = Workspace::here().unwrap();
        let error = run("task", [&GOOD, &BAD, &NEVER], &workspace).unwrap_err();
        assert_eq!(error.to_string(), "the step `bad` failed; do it again");
        assert_eq!(error.root_cause().to_string(), "it broke");
    }

    #[test]
    fn named_steps_are_picked_in_order() {
        let named = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            pick(vec![&GOOD, &BAD, &NEVER], &names)
                .map(|steps| steps.iter().map(|step| step.name).collect::<Vec<_>>())
        };
        assert_eq!(named(&["bad", "good"]).unwrap(), ["good", "bad"]);
        assert_eq!(named(&[]).unwrap().len(), 3);
        assert!(named(&["worst"]).is_err());
    }

    #[test]
    fn durations_are_readable() {
        assert_eq!(human(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(human(Duration::from_secs(125)), "2 min 5 s");
    }
}
