//! The client against a registry in this process.

mod fixture;
mod hostile;
mod login;
mod manifests;
mod real;
mod server;
mod streams;
mod tls;

use std::io::Read;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::{CredentialFiles, Credentials, RegistryOptions, RegistrySource, Secret};
use crate::error::ScanError;
use crate::limits::Limits;
use crate::source::Source;
use server::Server;

static GO_ON: AtomicBool = AtomicBool::new(false);

fn options() -> RegistryOptions {
    RegistryOptions {
        files: CredentialFiles::default(),
        backoff: Duration::from_millis(1),
        longest_pause: Duration::from_millis(5),
        idle_timeout: Duration::from_secs(5),
        ..RegistryOptions::default()
    }
}

fn with_login(user: &str, secret: &str) -> RegistryOptions {
    let credentials = Credentials {
        user: user.into(),
        secret: Secret::new(secret),
    };
    RegistryOptions {
        credentials: Some(credentials),
        ..options()
    }
}

fn pull(
    server: &Server,
    name: &str,
    options: &RegistryOptions,
) -> Result<RegistrySource<'static>, ScanError> {
    pull_for(server, name, None, options)
}

fn pull_for(
    server: &Server,
    name: &str,
    platform: Option<&str>,
    options: &RegistryOptions,
) -> Result<RegistrySource<'static>, ScanError> {
    let reference = format!("{}/shop/web{name}", server.address)
        .parse()
        .unwrap();
    let limits = Limits {
        document_bytes: 64 << 10,
        ..Limits::default()
    };
    RegistrySource::open(&reference, platform, options, &limits, &GO_ON)
}

fn failed(server: &Server, name: &str, options: &RegistryOptions) -> ScanError {
    match pull(server, name, options) {
        Ok(_) => panic!("{name} was pulled"),
        Err(error) => error,
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests' own layers are small")]
fn layer(source: &RegistrySource<'_>, index: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut reader = source
        .open(index)
        .map_err(|reason| std::io::Error::other(reason.to_string()))?;
    reader.read_to_end(&mut bytes)?;
    Ok(bytes)
}
