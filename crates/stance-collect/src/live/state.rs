//! What a job has found out so far, and the coverage that follows from it.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use stance_model::{CoverageStatus, Reason, ReasonKind};

use super::answer::not_documented;
use super::failure::Failure;

/// Shared by the threads of a job.
#[derive(Debug, Default)]
pub(super) struct State(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Why a listing ended early, the first.
    lost: Option<Failure>,
    /// Why something about an asset is not known, the first.
    missed: Option<Failure>,
    /// Whether any listing answered at all.
    answered: bool,
    assets: usize,
    regions: BTreeSet<String>,
    /// The number of the listing that gave an asset, by region and id.
    seen: HashMap<(String, String), usize>,
}

impl State {
    /// A listing ended early.
    pub(super) fn lost(&self, failure: Failure) {
        self.locked().lost.get_or_insert(failure);
    }

    /// Something about an asset is not known; the listing is whole.
    pub(super) fn missed(&self, failure: Failure) {
        self.locked().missed.get_or_insert(failure);
    }

    /// A listing answered, if only in part.
    pub(super) fn answered(&self) {
        self.locked().answered = true;
    }

    /// Whether an element that listing number `listing` gave is new. Pages shift while assets come and go, so that one
    /// listing may give an asset twice; but two listings that give the same id mean two assets, one of which cannot be
    /// told.
    pub(super) fn is_new(&self, region: &str, id: &str, listing: usize) -> bool {
        let key = (region.to_owned(), id.to_owned());
        let mut state = self.locked();
        match state.seen.get(&key) {
            None => {
                state.seen.insert(key, listing);
                state.assets += 1;
                state.regions.insert(region.to_owned());
                true
            }
            Some(before) => {
                if *before != listing {
                    let why = format!("several listings give an asset `{id}`");
                    let failure = not_documented("SameId", &why);
                    state.missed.get_or_insert(failure);
                }
                false
            }
        }
    }

    /// The regions of the assets.
    pub(super) fn regions(&self) -> BTreeSet<String> {
        self.locked().regions.clone()
    }

    /// How completely it was read. Only where no listing answered at all can there be nothing to read.
    pub(super) fn status(&self) -> (CoverageStatus, Option<Reason>) {
        let state = self.locked();
        let reason = |failure: &Failure| Some(failure.reason());
        match (&state.lost, &state.missed) {
            (Some(failure), _) if state.assets > 0 => (CoverageStatus::Partial, reason(failure)),
            (Some(failure), _) => (nothing(failure, state.answered), reason(failure)),
            (None, Some(failure)) => (CoverageStatus::Partial, reason(failure)),
            (None, None) => (CoverageStatus::Ok, None),
        }
    }

    fn locked(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn nothing(failure: &Failure, answered: bool) -> CoverageStatus {
    match failure.kind {
        ReasonKind::NotActivated if !answered => CoverageStatus::NotActivated,
        ReasonKind::NotOffered if !answered => CoverageStatus::NotOffered,
        _ => CoverageStatus::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: ReasonKind) -> Failure {
        Failure::own(kind, "", "")
    }

    #[test]
    fn a_failure_after_elements_is_partial_and_before_them_failed() {
        let state = State::default();
        state.lost(failure(ReasonKind::Throttled));
        assert_eq!(state.status().0, CoverageStatus::Failed);
        assert!(state.is_new("r", "a", 0));
        assert!(!state.is_new("r", "a", 0));
        assert_eq!(state.status().0, CoverageStatus::Partial);
    }

    #[test]
    fn a_product_is_not_there_only_if_nothing_of_it_answered() {
        let state = State::default();
        state.lost(failure(ReasonKind::NotActivated));
        assert_eq!(state.status().0, CoverageStatus::NotActivated);
        state.answered();
        assert_eq!(state.status().0, CoverageStatus::Failed);
    }

    #[test]
    fn the_same_id_of_two_listings_is_told() {
        let state = State::default();
        assert!(state.is_new("r", "a", 0));
        assert!(!state.is_new("r", "a", 1));
        let (status, reason) = state.status();
        assert_eq!(status, CoverageStatus::Partial);
        assert_eq!(reason.unwrap().code.as_deref(), Some("SameId"));
    }
}
