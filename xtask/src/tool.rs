//! Other programs: run visibly, read, or tried.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// A program with its arguments.
#[derive(Debug)]
pub(crate) struct Tool {
    command: Command,
}

impl Tool {
    /// A program that runs in `folder` and reads no input.
    pub(crate) fn new(program: &Path, folder: &Path) -> Self {
        let mut command = Command::new(program);
        command.current_dir(folder).stdin(Stdio::null());
        Self { command }
    }

    /// Adds an argument.
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it; what it prints is seen.
    ///
    /// # Errors
    /// When it cannot be started or does not end with success.
    pub(crate) fn run(mut self) -> Result<()> {
        let line = self.line();
        let status = self
            .command
            .status()
            .with_context(|| format!("`{line}` cannot be started"))?;
        if !status.success() {
            bail!("`{line}` failed ({status})");
        }
        Ok(())
    }

    /// Runs it and gives what it printed.
    ///
    /// # Errors
    /// When it cannot be started or does not end with success, or prints what is no text.
    pub(crate) fn read(mut self) -> Result<String> {
        let line = self.line();
        let output = self
            .command
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("`{line}` cannot be started"))?;
        if !output.status.success() {
            bail!("`{line}` failed ({})", output.status);
        }
        String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed no text"))
    }

    /// Whether it is there and ends with success; what it prints is not seen.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command.stdout(Stdio::null()).stderr(Stdio::null());
        self.command.status().is_ok_and(|status| status.success())
    }

    /// The command as a person would type it.
    fn line(&self) -> String {
        let program = Path::new(self.command.get_program());
        let name = program
            .file_name()
            .map_or_else(OsString::new, OsStr::to_owned);
        let words = std::iter::once(name.as_os_str()).chain(self.command.get_args());
        words
            .map(OsStr::to_string_lossy)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Tool {
        Tool::new(Path::new("/bin/sh"), Path::new(".")).args(["-c", script])
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = sh("exit 3").run().unwrap_err().to_string();
        assert!(error.starts_with("`sh -c exit 3` failed"), "{error}");
    }

    #[test]
    fn what_is_printed_is_read() {
        assert_eq!(
            sh("echo $GREETING")
                .env("GREETING", "hello")
                .read()
                .unwrap(),
            "hello\n"
        );
    }

    #[test]
    fn a_program_that_is_not_there_does_not_succeed() {
        assert!(!Tool::new(Path::new("no-such-program"), Path::new(".")).succeeds());
        assert!(sh("true").succeeds());
    }
}
