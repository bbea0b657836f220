//! The memory of one evaluation. A thread keeps it for the next one, as long as it is small.

use std::cell::Cell;

use bumpalo::Bump;

/// The most bytes that a thread keeps.
const KEPT_BYTES: usize = 256 * 1024;

thread_local! {
    static KEPT: Cell<Option<Bump>> = const { Cell::new(None) };
}

/// Runs an evaluation with memory that is given back after it.
pub(crate) fn with<T>(evaluation: impl FnOnce(&Bump) -> T) -> T {
    let mut bump = KEPT.take().unwrap_or_default();
    let result = evaluation(&bump);
    if bump.allocated_bytes() <= KEPT_BYTES {
        bump.reset();
        KEPT.set(Some(bump));
    }
    result
}
