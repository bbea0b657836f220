//! What goes to the terminal, and how.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use stance_model::view::Report;
use stance_report::{Format, Options, ReportError};
use tracing_subscriber::EnvFilter;

/// Logs to standard error: `STANCE_LOG` takes a filter such as `info` or `stance_aliyun=debug`.
pub(crate) fn log_to_stderr(server: bool) {
    let default = if server { "info" } else { "warn" };
    let filter = EnvFilter::try_from_env("STANCE_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colours(&io::stderr()))
        .with_target(false)
        .init();
}

/// Whether colours are wanted there: a terminal, and no `NO_COLOR`.
pub(crate) fn colours(stream: &impl IsTerminal) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !refused && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Prints text to standard output.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// A text of somebody else's without what a terminal would obey.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Prints a remark to standard error; one that nobody can read is lost.
pub(crate) fn remark(text: &str) {
    let _unread = writeln!(io::stderr().lock(), "{text}");
}

/// Prints an error with its causes.
pub(crate) fn complain(error: &anyhow::Error) {
    let mut text = format!("error: {error}");
    let mut told = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        // A cause that its effect already quotes is not said twice.
        if !told.contains(&cause) {
            text.push_str(&format!("\n  because: {cause}"));
            told.push_str(&cause);
        }
    }
    remark(&text);
}

/// Whether an error says only that the reader of the output has gone, which is its right.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause
            .downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe);
        io || matches!(
            cause.downcast_ref::<ReportError>(),
            Some(ReportError::BrokenPipe)
        )
    })
}

/// Writes a report to a file, at once or not at all and readable by its owner only, or to standard output.
pub(crate) fn report(
    report: &Report,
    format: Format,
    limit: Option<usize>,
    file: Option<&Path>,
) -> anyhow::Result<()> {
    let Some(path) = file else {
        let stdout = io::stdout();
        let options = Options {
            colour: colours(&stdout),
            width: width(&stdout),
            limit,
        };
        let mut out = io::BufWriter::new(stdout.lock());
        return Ok(stance_report::write(report, format, &options, &mut out)?);
    };
    let options = Options {
        colour: false,
        width: None,
        limit,
    };
    let writing = || format!("writing the report to `{}`", path.display());
    if path.exists() && !path.is_file() {
        // A pipe or a device is written to, not replaced.
        let mut out = std::fs::OpenOptions::new()
            .write(true)
            .open(path)
            .with_context(writing)?;
        return stance_report::write(report, format, &options, &mut io::BufWriter::new(&mut out))
            .with_context(writing);
    }
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut out = tempfile::NamedTempFile::new_in(folder).with_context(writing)?;
    stance_report::write(
        report,
        format,
        &options,
        &mut io::BufWriter::new(out.as_file_mut()),
    )
    .with_context(writing)?;
    out.persist(path).with_context(writing)?;
    Ok(())
}

/// How wide a table may be where there is no terminal to ask.
const WIDTH: u16 = 140;

/// The width of the terminal.
fn width(stream: &impl IsTerminal) -> Option<u16> {
    let asked = stream
        .is_terminal()
        .then(|| console::Term::stdout().size_checked())
        .flatten();
    Some(asked.map_or(WIDTH, |(_, columns)| columns.max(60)))
}
