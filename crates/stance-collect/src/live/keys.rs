//! The keys of one account: fetched when they are first needed, and again when they ran out, by one thread for all.

use std::sync::{Mutex, PoisonError};

use super::credential::Credential;
use super::failure::Failure;

/// Where keys come from.
pub trait KeySource: Send + Sync {
    /// New keys.
    ///
    /// # Errors
    /// [`Failure`] with the kind CredentialInvalid or another, that says what was tried and what to do.
    fn fetch(&self) -> Result<Credential, Failure>;
}

/// The keys of one account.
pub(super) struct Keys<'s> {
    source: &'s dyn KeySource,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How often keys were fetched.
    generation: u64,
    last: Option<Result<Credential, Failure>>,
}

impl<'s> Keys<'s> {
    pub(super) fn new(source: &'s dyn KeySource) -> Self {
        Self {
            source,
            state: Mutex::default(),
        }
    }

    /// The keys, and which generation they are of.
    pub(super) fn get(&self) -> Result<(u64, Credential), Failure> {
        self.newer_than(0)
    }

    /// Keys newer than those of a generation that ran out. Whoever asks first fetches them; the others wait and have
    /// the same. A failure to fetch holds for all who asked.
    pub(super) fn newer_than(&self, generation: u64) -> Result<(u64, Credential), Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.last.is_none() || state.generation <= generation && generation > 0 {
            state.last = Some(self.source.fetch());
            state.generation += 1;
        }
        let generation = state.generation;
        match &state.last {
            Some(Ok(credential)) => Ok((generation, credential.clone())),
            Some(Err(failure)) => Err(failure.clone()),
            None => Err(Failure::own(
                stance_model::ReasonKind::CredentialInvalid,
                "",
                "there are no keys",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[derive(Default)]
    struct Counting(AtomicU64);

    impl KeySource for Counting {
        fn fetch(&self) -> Result<Credential, Failure> {
            let count = self.0.fetch_add(1, Ordering::SeqCst);
            Ok(Credential::new(format!("key-{count}"), "s", None))
        }
    }

    #[test]
    fn all_who_find_keys_expired_fetch_them_once() {
        let source = Counting::default();
        let keys = Keys::new(&source);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let (generation, _) = keys.get().unwrap();
                    keys.newer_than(generation.min(1)).unwrap();
                });
            }
        });
        assert_eq!(source.0.load(Ordering::SeqCst), 2);
    }
}
