//! How fast an account is asked: a token bucket for each (account, region, operation), that slows down when the
//! provider throttles and recovers slowly, and a bound on requests in flight for each (account, region, product).

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Whose quota a call takes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Quota {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) product: String,
    pub(super) action: String,
}

/// How fast, and how many at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pace {
    /// Calls of one operation in a second.
    pub(crate) per_second: f64,
    /// Calls of one operation that may come at once.
    pub(crate) burst: f64,
    /// Requests in flight for one product in one region.
    pub(crate) in_flight: usize,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    rate: f64,
    filled: Instant,
}

/// All buckets.
#[derive(Debug)]
pub(super) struct Rates {
    pace: Pace,
    buckets: Mutex<HashMap<Quota, Bucket>>,
    flying: Mutex<HashMap<(String, String, String), usize>>,
    landed: Condvar,
}

impl Rates {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            buckets: Mutex::default(),
            flying: Mutex::default(),
            landed: Condvar::new(),
        }
    }

    /// How long a call must wait for its turn, which it has then taken.
    pub(super) fn turn(&self, quota: &Quota, now: Instant) -> Duration {
        let mut buckets = locked(&self.buckets);
        let bucket = buckets.entry(quota.clone()).or_insert_with(|| Bucket {
            tokens: self.pace.burst,
            rate: self.pace.per_second,
            filled: now,
        });
        let passed = now.saturating_duration_since(bucket.filled).as_secs_f64();
        bucket.tokens = (bucket.tokens + passed * bucket.rate).min(self.pace.burst);
        bucket.filled = now;
        bucket.tokens -= 1.0;
        if bucket.tokens >= 0.0 {
            // A twentieth of the way back to the full rate with each call that did not have to wait.
            bucket.rate += (self.pace.per_second - bucket.rate) / 20.0;
            return Duration::ZERO;
        }
        Duration::from_secs_f64((-bucket.tokens / bucket.rate).min(600.0))
    }

    /// The provider throttles: half as fast from now on, down to one call in a minute.
    pub(super) fn slow(&self, quota: &Quota) {
        if let Some(bucket) = locked(&self.buckets).get_mut(quota) {
            bucket.rate = (bucket.rate / 2.0).max(1.0 / 60.0);
            bucket.tokens = bucket.tokens.min(0.0);
        }
    }

    /// Waits until there is room for another request, and takes it until the answer is dropped.
    pub(super) fn fly(&self, quota: &Quota) -> Flight<'_> {
        let key = (
            quota.account.clone(),
            quota.region.clone(),
            quota.product.clone(),
        );
        let mut flying = locked(&self.flying);
        while flying.get(&key).copied().unwrap_or(0) >= self.pace.in_flight {
            flying = self
                .landed
                .wait(flying)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *flying.entry(key.clone()).or_insert(0) += 1;
        Flight { rates: self, key }
    }
}

/// A request in flight.
pub(super) struct Flight<'r> {
    rates: &'r Rates,
    key: (String, String, String),
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        let mut flying = locked(&self.rates.flying);
        if let Some(count) = flying.get_mut(&self.key) {
            *count = count.saturating_sub(1);
        }
        drop(flying);
        self.rates.landed.notify_all();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota() -> Quota {
        Quota {
            account: "1".into(),
            region: "r".into(),
            product: "p".into(),
            action: "a".into(),
        }
    }

    #[test]
    fn a_bucket_lets_a_burst_through_and_then_paces() {
        let rates = Rates::new(Pace {
            per_second: 2.0,
            burst: 2.0,
            in_flight: 4,
        });
        let now = Instant::now();
        let waits: Vec<u128> = (0..4)
            .map(|_| rates.turn(&quota(), now).as_millis())
            .collect();
        assert_eq!(waits, [0, 0, 500, 1_000]);
        rates.slow(&quota());
        assert_eq!(rates.turn(&quota(), now).as_millis(), 3_000);
        let later = now + Duration::from_secs(60);
        assert_eq!(rates.turn(&quota(), later), Duration::ZERO);
    }

    #[test]
    fn no_more_than_so_many_fly_at_once() {
        let rates = Rates::new(Pace {
            per_second: 1e6,
            burst: 1e6,
            in_flight: 2,
        });
        let most = Mutex::new((0, 0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let _flight = rates.fly(&quota());
                    {
                        let mut most = locked(&most);
                        most.0 += 1;
                        most.1 = most.1.max(most.0);
                    }
                    std::thread::sleep(Duration::from_millis(5));
                    locked(&most).0 -= 1;
                });
            }
        });
        assert_eq!(locked(&most).1, 2);
    }
}
