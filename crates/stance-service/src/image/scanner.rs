//! Scanning images that requests name, beside the threads that answer.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use stance_model::Asset;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How many images are scanned at a time, over all tasks.
const AT_A_TIME: usize = 2;

/// How long scans may take to end once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// What turns a reference into an asset document. It does not return before it is done or told to stop.
pub trait ImageScanner: Send + Sync {
    /// Scans an image of one of [`ImageScanner::registries`]. Ends early, with any answer, once `cancel` is set.
    ///
    /// # Errors
    /// A sentence for people: what went wrong, where, and what to do.
    fn scan(&self, reference: &str, cancel: &AtomicBool) -> Result<Asset, String>;

    /// The hosts that the operator lets requests name, such as `registry.example:5000`. No other is ever contacted.
    fn registries(&self) -> &[String];
}

/// The scans that requests began.
pub(crate) struct ImageScans {
    pub(super) scanner: Arc<dyn ImageScanner>,
    pub(super) places: Semaphore,
    cancel: AtomicBool,
    tasks: Mutex<JoinSet<()>>,
}

impl fmt::Debug for ImageScans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageScans").finish_non_exhaustive()
    }
}

impl ImageScans {
    pub(crate) fn new(scanner: Arc<dyn ImageScanner>) -> Self {
        Self {
            scanner,
            places: Semaphore::new(AT_A_TIME),
            cancel: AtomicBool::new(false),
            tasks: Mutex::default(),
        }
    }

    /// Whether the server is stopping.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    /// Scans one image, on a thread that may block.
    pub(super) fn scan(&self, reference: &str) -> Result<Asset, String> {
        self.scanner.scan(reference, &self.cancel)
    }

    /// Does work in the background.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that have ended are forgotten, so that the set does not grow.
        while tasks.try_join_next().is_some() {}
        tasks.spawn(work);
    }

    /// Ends all scans: each is told to stop and notes how its task ended.
    pub(crate) async fn stop(&self) {
        self.cancel.store(true, Ordering::Relaxed);
        let mut tasks = {
            let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *tasks)
        };
        let ended = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(DRAIN, ended).await.is_err() {
            tracing::warn!("some image scans did not end in time and were cut off");
        }
    }
}
