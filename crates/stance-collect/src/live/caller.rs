//! One call: its turn, its signature, its answer, and again where the failure may pass.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use stance_model::operation::{Api, CallSpec};
use stance_model::{Clock, ReasonKind};

use super::answer::content;
use super::build::build;
use super::credential::Credential;
use super::failure::Failure;
use super::keys::Keys;
use super::rate::{Quota, Rates};
use super::sign::{Moment, sign};
use super::template::Vars;
use super::transport::Transport;
use super::turn::Turn;

/// How often and how long it is tried.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Patience {
    /// Attempts of one call.
    pub(crate) attempts: u32,
    /// The pause after the first failure; twice as long after each further one.
    pub(crate) pause: Duration,
    /// The longest pause.
    pub(crate) longest: Duration,
}

/// What calls have in common.
pub(super) struct Caller<'c> {
    pub(super) transport: &'c dyn Transport,
    pub(super) rates: &'c Rates,
    pub(super) keys: &'c Keys<'c>,
    pub(super) patience: Patience,
    pub(super) clock: Clock,
    pub(super) cancel: &'c AtomicBool,
}

/// One call with all that it is made of.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) call: &'a CallSpec,
    pub(super) api: &'a Api,
    pub(super) vars: &'a Vars<'a>,
    pub(super) turn: &'a Turn,
}

impl Ask<'_> {
    fn quota(&self) -> Quota {
        Quota {
            account: self.vars.account.to_owned(),
            region: self.vars.region.to_owned(),
            product: self.api.product.clone(),
            action: self.call.action.clone(),
        }
    }
}

/// How often a wait looks whether it was cancelled.
const SLICE: Duration = Duration::from_millis(50);

impl Caller<'_> {
    /// The answer to a call, after as many attempts as it takes and patience allows.
    pub(super) fn call(&self, ask: &Ask<'_>) -> Result<Value, Failure> {
        let (mut attempt, mut refreshed) = (1, false);
        let (mut generation, mut credential) = self.keys.get()?;
        loop {
            let failure = match self.once(ask, &credential) {
                Ok(value) => {
                    self.keys.worked(generation);
                    return Ok(value);
                }
                Err(failure) => failure,
            };
            if failure.kind == ReasonKind::CredentialExpired && !refreshed {
                (generation, credential) = self.keys.newer_than(generation, &failure)?;
                refreshed = true;
                continue;
            }
            if !failure.is_passing() || attempt >= self.patience.attempts {
                return Err(failure);
            }
            self.wait(self.pause(attempt, &failure))?;
            attempt += 1;
        }
    }

    fn once(&self, ask: &Ask<'_>, credential: &Credential) -> Result<Value, Failure> {
        let quota = ask.quota();
        self.wait(self.rates.turn(&quota, Instant::now()))?;
        let mut built = build(ask.call, ask.api, ask.vars, ask.turn)?;
        let nonce = format!("{:016x}{:016x}", random(), random());
        let moment = Moment {
            now: self.clock.now(),
            nonce: &nonce,
        };
        sign(&mut built.request, &built.dialect, credential, moment);
        let answer = {
            let _flight = self.rates.fly(&quota);
            self.transport.send(&built.request)?
        };
        let found = content(ask.api.style, ask.call, &answer);
        if matches!(&found, Err(failure) if failure.kind == ReasonKind::Throttled) {
            self.rates.slow(&quota);
        }
        found
    }

    /// Between nothing and twice as long as before, or as long as the provider asks for.
    fn pause(&self, attempt: u32, failure: &Failure) -> Duration {
        let doubled = self.patience.pause.saturating_mul(1 << attempt.min(16));
        let longest = doubled.min(self.patience.longest);
        let share = f64::from(u32::try_from(random() >> 32).unwrap_or(0)) / f64::from(u32::MAX);
        failure.retry_after.unwrap_or(longest.mul_f64(share))
    }

    fn wait(&self, pause: Duration) -> Result<(), Failure> {
        let end = Instant::now() + pause;
        loop {
            if self.cancel.load(Ordering::Relaxed) {
                let why = "the collection was cancelled";
                return Err(Failure::own(ReasonKind::NotCollected, "Cancelled", why));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(SLICE));
        }
    }
}

/// A number that nobody guesses; where the system gives none, the signature's time is all that differs.
fn random() -> u64 {
    getrandom::u64().unwrap_or_default()
}
