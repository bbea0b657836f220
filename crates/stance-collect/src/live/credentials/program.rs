//! Programs that print keys: bounded in time and in what they print.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The most bytes that a program may print.
const MAX_BYTES: u64 = 1 << 20;

/// How often it is looked whether the program has ended.
const SLICE: Duration = Duration::from_millis(20);

/// How a program ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Well, having printed this.
    Well(Vec<u8>),
    /// With a code of failure.
    Badly,
    /// There is no such program.
    Missing,
}

/// Runs a program without a shell and without input. What it prints about errors is thrown away: it may hold secrets.
///
/// # Errors
/// `TimedOut` when it does not end in time, `FileTooLarge` when it prints too much; it is stopped then.
pub(super) fn run(program: &Path, arguments: &[&str], time: Duration) -> io::Result<Ended> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ended::Missing),
        Err(error) => return Err(error),
    };
    let ended = wait(&mut child, time);
    if ended.is_err() {
        // Whether it could be stopped changes nothing: it gave no keys.
        let _ = child.kill();
        let _ = child.wait();
    }
    ended
}

fn wait(child: &mut Child, time: Duration) -> io::Result<Ended> {
    let end = Instant::now() + time;
    let printed = child.stdout.take().map(reader);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if Instant::now() >= end {
            return Err(io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(SLICE);
    };
    if !status.success() {
        return Ok(Ended::Badly);
    }
    let Some(printed) = printed else {
        return Ok(Ended::Well(Vec::new()));
    };
    while !printed.is_finished() {
        // A child of the program may still hold its output.
        if Instant::now() >= end {
            return Err(io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(SLICE);
    }
    let bytes = printed
        .join()
        .unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))?;
    match bytes.len() as u64 > MAX_BYTES {
        true => Err(io::ErrorKind::FileTooLarge.into()),
        false => Ok(Ended::Well(bytes)),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the reader is limited right here"
)]
fn reader(output: std::process::ChildStdout) -> std::thread::JoinHandle<io::Result<Vec<u8>>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        output.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, time: Duration) -> io::Result<Ended> {
        run(Path::new("sh"), &["-c", script], time)
    }

    #[test]
    fn what_a_program_prints_is_taken_within_bounds() {
        let long = Duration::from_secs(20);
        assert_eq!(
            shell("echo keys; echo no >&2", long).unwrap(),
            Ended::Well(b"keys\n".to_vec())
        );
        assert_eq!(shell("echo keys; exit 1", long).unwrap(), Ended::Badly);
        assert_eq!(
            run(Path::new("/no/such"), &[], long).unwrap(),
            Ended::Missing
        );
        let short = Duration::from_millis(200);
        assert_eq!(
            shell("sleep 30", short).unwrap_err().kind(),
            io::ErrorKind::TimedOut
        );
        // Its output is closed then, which ends it.
        let endless = "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyy; done";
        assert!(!matches!(shell(endless, long), Ok(Ended::Well(_))));
    }
}
