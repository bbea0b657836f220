//! Docker's credential helpers: programs `docker-credential-NAME` that are asked `get` for a server on their input.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::Credential;
use crate::registry::options::Secret;

/// How long a helper may take; a keychain that is locked waits for nobody.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The most bytes of its answer.
const ANSWER: u64 = 64 << 10;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    username: String,
    #[serde(default)]
    secret: String,
}

/// Asks a helper; none: it has no credentials for the server. `folder`: where the helper is, none for the PATH.
///
/// # Errors
/// Why it could not be asked.
pub(super) fn get(
    name: &str,
    server: &str,
    folder: Option<&Path>,
) -> Result<Option<Credential>, String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if name.is_empty() || name.len() > 64 || !name.bytes().all(fits) {
        return Err("it is no name of a helper".into());
    }
    let program = format!("docker-credential-{name}");
    let program = folder.map_or_else(|| program.clone().into(), |folder| folder.join(&program));
    let child = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("it cannot be run: {e}"))?;
    let (success, answer) = ask(child, server)?;
    if !success {
        // The helper's way to say that it has none; its texts are in the answer.
        let text = String::from_utf8_lossy(&answer).to_ascii_lowercase();
        return if text.contains("not found") || text.contains("no credentials") {
            Ok(None)
        } else {
            Err("it ended with an error".into())
        };
    }
    let answer: Answer = serde_json::from_slice(&answer)
        .map_err(|_| "its answer is not as documented".to_owned())?;
    Ok(answer.credential())
}

impl Answer {
    fn credential(self) -> Option<Credential> {
        if self.secret.is_empty() {
            return None;
        }
        let secret = Secret::new(self.secret);
        Some(match self.username.as_str() {
            "<token>" => Credential::Identity(secret),
            user => Credential::Password {
                user: user.to_owned(),
                secret,
            },
        })
    }
}

/// Writes the server's name and reads the answer; whether the helper ended well, and what it wrote.
fn ask(mut child: Child, server: &str) -> Result<(bool, Vec<u8>), String> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (sender, receiver) = mpsc::channel();
    let server = server.to_owned();
    // Detached: what the helper started may hold the pipe open after it was killed.
    std::thread::spawn(move || {
        if let Some(mut stdin) = stdin {
            // A helper that does not read its input still may answer.
            let _ = stdin.write_all(server.as_bytes());
        }
        let answer = stdout.map(read_answer).transpose();
        // Nobody listens after the timeout.
        let _ = sender.send(answer);
    });
    let until = Instant::now() + TIMEOUT;
    let answer = receiver.recv_timeout(TIMEOUT);
    let status = wait(&mut child, until);
    let late = || format!("it did not answer within {} seconds", TIMEOUT.as_secs());
    let success = status.ok_or_else(late)?;
    match answer {
        Ok(Ok(answer)) => Ok((success, answer.unwrap_or_default())),
        Ok(Err(e)) => Err(format!("its answer cannot be read: {e}")),
        Err(_) => Err(late()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the reader is limited right here"
)]
fn read_answer(stdout: impl Read) -> std::io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    stdout.take(ANSWER + 1).read_to_end(&mut answer)?;
    if answer.len() as u64 > ANSWER {
        return Err(std::io::ErrorKind::FileTooLarge.into());
    }
    Ok(answer)
}

/// Whether the child ended well; none: it was still running and was killed.
fn wait(child: &mut Child, until: Instant) -> Option<bool> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
            Ok(None) | Err(_) => {
                // It may have ended in between.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}
