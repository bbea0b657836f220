//! The keys of one account: fetched when they are first needed, and again when they ran out, by one thread for all.

use std::sync::{Mutex, MutexGuard, PoisonError};

use stance_model::ReasonKind;

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
    /// The newest generation with which a call went well.
    worked: u64,
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
        let mut state = self.locked();
        if state.last.is_none() {
            self.fetch(&mut state);
        }
        state.current()
    }

    /// Notes that a call went well with the keys of a generation.
    pub(super) fn worked(&self, generation: u64) {
        let mut state = self.locked();
        state.worked = state.worked.max(generation);
    }

    /// Keys newer than those of a generation that ran out. Whoever asks first fetches them; the others wait and have
    /// the same. A failure to fetch holds for all who ask, and so does `expired` where keys that were just fetched
    /// have never worked: fetching them again and again helps nobody.
    pub(super) fn newer_than(
        &self,
        generation: u64,
        expired: &Failure,
    ) -> Result<(u64, Credential), Failure> {
        let mut state = self.locked();
        if state.generation <= generation {
            if generation > 1 && state.worked < generation {
                state.last = Some(Err(expired.clone()));
            } else {
                self.fetch(&mut state);
            }
        }
        state.current()
    }

    fn fetch(&self, state: &mut State) {
        state.last = Some(self.source.fetch().map_err(about_keys));
        state.generation += 1;
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn current(&self) -> Result<(u64, Credential), Failure> {
        match &self.last {
            Some(Ok(credential)) => Ok((self.generation, credential.clone())),
            Some(Err(failure)) => Err(failure.clone()),
            None => Err(Failure::own(
                ReasonKind::CredentialInvalid,
                "",
                "there are no keys",
            )),
        }
    }
}

/// Without keys nothing is known of products: what a look-up of keys says of its own must not read as theirs.
fn about_keys(mut failure: Failure) -> Failure {
    if matches!(
        failure.kind,
        ReasonKind::NotActivated | ReasonKind::NotOffered
    ) {
        failure.kind = ReasonKind::CredentialInvalid;
    }
    failure
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

    fn expired() -> Failure {
        Failure::own(ReasonKind::CredentialExpired, "ExpiredToken", "")
    }

    #[test]
    fn all_who_find_keys_expired_fetch_them_once() {
        let source = Counting::default();
        let keys = Keys::new(&source);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let (generation, _) = keys.get().unwrap();
                    keys.newer_than(generation.min(1), &expired()).unwrap();
                });
            }
        });
        assert_eq!(source.0.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn keys_that_never_work_are_not_fetched_for_ever() {
        let source = Counting::default();
        let keys = Keys::new(&source);
        let (first, _) = keys.get().unwrap();
        let (second, _) = keys.newer_than(first, &expired()).unwrap();
        assert_eq!(keys.newer_than(second, &expired()), Err(expired()));
        assert_eq!(keys.get(), Err(expired()));
        assert_eq!(source.0.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn keys_that_worked_are_fetched_again() {
        let source = Counting::default();
        let keys = Keys::new(&source);
        keys.get().unwrap();
        for generation in 1..5 {
            keys.worked(generation);
            assert_eq!(
                keys.newer_than(generation, &expired()).unwrap().0,
                generation + 1
            );
        }
    }
}
