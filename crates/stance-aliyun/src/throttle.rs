//! How many requests one access key may have running at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts the running requests of every key.
#[derive(Debug, Clone)]
pub(crate) struct Throttle {
    running: Arc<Mutex<HashMap<String, usize>>>,
    limit: usize,
}

impl Throttle {
    /// At most `limit` running requests per key.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            running: Arc::default(),
            limit,
        }
    }

    /// A place for one more request of `key`, held until it is dropped; none when all are taken.
    pub(crate) fn enter(&self, key: &str) -> Option<Place> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let count = running.entry(key.to_owned()).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Place {
            throttle: self.clone(),
            key: key.to_owned(),
        })
    }

    fn leave(&self, key: &str) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = running.get_mut(key) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                running.remove(key);
            }
        }
    }
}

/// The place of a running request.
#[derive(Debug)]
pub(crate) struct Place {
    throttle: Throttle,
    key: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.throttle.leave(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_left_can_be_taken_again() {
        let throttle = Throttle::new(2);
        let (first, _second) = (throttle.enter("a"), throttle.enter("a"));
        assert!(throttle.enter("a").is_none());
        assert!(
            throttle.enter("b").is_some(),
            "another key has its own places"
        );
        drop(first);
        assert!(throttle.enter("a").is_some());
    }

    #[test]
    fn a_key_without_requests_is_forgotten() {
        let throttle = Throttle::new(2);
        drop(throttle.enter("a"));
        assert!(throttle.running.lock().unwrap().is_empty());
    }
}
