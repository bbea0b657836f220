//! A command that prints keys as JSON: `credential_process` of a profile. It is run without a shell, for a bounded time,
//! and may print so much.

use std::io::Read;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{invalid, keys};
use crate::live::credential::Credential;
use crate::live::failure::Failure;

/// How long the command may take: it may have to ask a person.
const TIME: Duration = Duration::from_secs(60);
/// The most bytes that it may print.
const MAX_BYTES: usize = 64 << 10;
const NAMES: [&str; 3] = ["AccessKeyId", "SecretAccessKey", "SessionToken"];

/// The keys that a command prints.
///
/// # Errors
/// [`Failure`] when it cannot be run, fails, takes too long or prints anything else.
pub(super) fn keys_of(command: &str) -> Result<Credential, Failure> {
    within(command, TIME)
}

pub(super) fn within(command: &str, time: Duration) -> Result<Credential, Failure> {
    let broken = |why: String| invalid(format!("`credential_process` {why}"));
    let words = words(command).ok_or_else(|| broken("has an open quote".to_owned()))?;
    let (program, arguments) = words
        .split_first()
        .ok_or_else(|| broken("is empty".to_owned()))?;
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child =
        child.map_err(|error| broken(format!("`{program}` does not start: {error}")))?;
    let printed = printed(&mut child, time);
    // What was printed is whole or worthless; nothing waits for what runs on.
    drop(child.kill());
    let ended = child.wait().is_ok();
    let printed = printed.filter(|_| ended);
    let printed = printed.ok_or_else(|| {
        broken(format!(
            "`{program}` does not end in time, or prints too much"
        ))
    })?;
    let value: Option<Value> = serde_json::from_slice(&printed).ok();
    let first = value.filter(|value| value.get("Version").and_then(Value::as_i64) == Some(1));
    first
        .and_then(|value| keys(&value, NAMES))
        .ok_or_else(|| broken(format!("`{program}` does not print keys as documented")))
}

/// What the command prints until it closes its output; none where that takes too long.
fn printed(child: &mut Child, time: Duration) -> Option<Vec<u8>> {
    let mut output = child.stdout.take()?;
    let end = Instant::now() + time;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || drop(send.send(read(&mut output))));
    let left = end.saturating_duration_since(Instant::now());
    receive.recv_timeout(left).ok().flatten()
}

fn read(output: &mut ChildStdout) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = output.read(&mut buffer).ok()?;
        if count == 0 {
            return Some(all);
        }
        all.extend_from_slice(buffer.get(..count)?);
        if all.len() > MAX_BYTES {
            return None;
        }
    }
}

/// The words of a command: parted by spaces, except within quotes; a backslash before a quote, a space or a backslash
/// takes it as it is.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let (mut word, mut quote) = (None::<String>, None::<char>);
    let mut letters = command.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\\', None | Some('"')) if letters.peek().is_some_and(|c| "\"' \\".contains(*c)) => {
                word.get_or_insert_default().extend(letters.next());
            }
            (letter, Some(open)) if letter == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (' ' | '\t', None) => words.extend(word.take()),
            (letter, _) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_outside_of_quotes() {
        let found = words(r#"/opt/my\ tool --name "a b" 'c"d' """#).unwrap();
        assert_eq!(found, ["/opt/my tool", "--name", "a b", "c\"d", ""]);
        assert_eq!(words("a 'b"), None);
        assert_eq!(words("  ").unwrap().len(), 0);
    }

    #[test]
    fn a_command_prints_keys() {
        let found = keys_of(
            r#"printf '{"Version":1,"AccessKeyId":"AK","SecretAccessKey":"S","SessionToken":"T"}'"#,
        );
        assert_eq!(found.unwrap().token(), Some("T"));
        let failure = keys_of("printf 'secret-that-is-no-json'").unwrap_err();
        assert!(!failure.message.contains("secret-that"));
        assert!(keys_of("/no/such/program").is_err());
    }

    #[test]
    fn a_command_that_does_not_end_or_prints_too_much_is_stopped() {
        let begun = Instant::now();
        let failure = within("sleep 30", Duration::from_millis(200)).unwrap_err();
        assert!(failure.message.contains("does not end in time"));
        assert!(begun.elapsed() < Duration::from_secs(10));
        assert!(within("yes", Duration::from_secs(20)).is_err());
    }
}
