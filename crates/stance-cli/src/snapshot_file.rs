//! One snapshot that several threads write.

use std::sync::{Mutex, PoisonError};

use stance_collect::live::Sink;
use stance_collect::snapshot::{SnapshotError, Writer};
use stance_model::{Asset, Coverage, record};

/// What was collected.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) assets: u64,
    pub(crate) accounts: u64,
    /// Coverage records that tell of something unread.
    pub(crate) gaps: u64,
}

/// Takes assets and coverage from several threads into one file.
pub(crate) struct SnapshotFile {
    inner: Mutex<Inner>,
}

struct Inner {
    writer: Writer,
    collected: Collected,
    failed: Option<anyhow::Error>,
}

impl SnapshotFile {
    pub(crate) fn new(writer: Writer) -> Self {
        Self {
            inner: Mutex::new(Inner {
                writer,
                collected: Collected::default(),
                failed: None,
            }),
        }
    }

    /// Writes a record, unless an earlier one could not be written.
    fn write(&self, record: impl FnOnce(&mut Writer) -> Result<(), SnapshotError>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.failed.is_none()
            && let Err(error) = record(&mut inner.writer)
        {
            inner.failed = Some(error.into());
        }
    }

    fn count(&self, count: impl FnOnce(&mut Collected)) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        count(&mut inner.collected);
    }

    pub(crate) fn account(&self, account: record::Account) {
        self.write(|writer| writer.account(account));
        self.count(|collected| collected.accounts += 1);
    }

    pub(crate) fn finish(self) -> anyhow::Result<Collected> {
        let inner = self
            .inner
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = inner.failed {
            return Err(error);
        }
        inner.writer.finish()?;
        Ok(inner.collected)
    }
}

impl Sink for SnapshotFile {
    fn asset(&self, asset: Asset) {
        self.write(|writer| writer.asset(asset));
        self.count(|collected| collected.assets += 1);
    }

    fn coverage(&self, coverage: Coverage) {
        if coverage.problem().is_some() {
            self.count(|collected| collected.gaps += 1);
        }
        self.write(|writer| writer.coverage(coverage));
    }
}
