//! Scenes: a store of its own for each test, and short words to fill it.

mod build;
mod dice;
mod images;
mod postgres;

use std::path::PathBuf;

use sqlx::{AnyConnection, Connection};
use stance_model::query::PageRequest;
use stance_model::view::Counts;
use stance_model::{CheckId, Provider, TenantId};
use stance_store::{Lease, NewTask, ResultFilter, Store, StoredResult};

pub(crate) use build::{HANGZHOU, RDS, SHANGHAI, SLB, batch};
pub(crate) use dice::Dice;
pub(crate) use images::{images, tagged};

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A store that nobody else uses.
pub(crate) struct Scene {
    pub(crate) store: Store,
    pub(crate) tenant: TenantId,
    pub(crate) url: String,
    pub(crate) engine: Engine,
    folder: tempfile::TempDir,
}

impl Scene {
    pub(crate) async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}/stance.db", folder.path().display()),
            Engine::Postgres => postgres::fresh_database().await,
        };
        let store = Store::open(&url).await.unwrap();
        Self {
            store,
            tenant: TenantId::default(),
            url,
            engine,
            folder,
        }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("stance.db")
    }

    /// A connection past the store, to look and to damage.
    pub(crate) async fn direct(&self) -> AnyConnection {
        AnyConnection::connect(&self.url).await.unwrap()
    }

    pub(crate) async fn task(&self, now: i64) -> Lease {
        self.task_of(&self.tenant, now).await
    }

    pub(crate) async fn task_of(&self, tenant: &TenantId, now: i64) -> Lease {
        let task = NewTask {
            kind: "scan".into(),
            source: "test".into(),
            checks: vec![check(1)],
            lease_ms: 60_000,
        };
        self.store.create_task(tenant, &task, now).await.unwrap()
    }

    /// Counts over all accounts, by check.
    pub(crate) async fn counts(&self, id: i64) -> Counts {
        let mut sum = Counts::default();
        let all = self.store.rollups(&self.tenant, None).await.unwrap();
        all.iter()
            .filter(|r| r.check_id == check(id))
            .for_each(|r| sum.add(&r.counts));
        sum
    }

    /// All results that the filter selects.
    pub(crate) async fn all(&self, filter: &ResultFilter) -> Vec<StoredResult> {
        let page = PageRequest {
            number: 1,
            size: u32::MAX,
        };
        let page = self
            .store
            .list_results(&self.tenant, filter, page)
            .await
            .unwrap();
        assert_eq!(page.total, page.items.len() as u64);
        page.items
    }

    /// The one result of a check for an asset.
    pub(crate) async fn result(&self, id: i64, asset: &str) -> Option<StoredResult> {
        let filter = ResultFilter {
            check_ids: vec![check(id)],
            asset_ids: vec![asset.into()],
            ..ResultFilter::default()
        };
        let mut all = self.all(&filter).await;
        assert!(all.len() < 2);
        all.pop()
    }
}

pub(crate) fn check(id: i64) -> CheckId {
    CheckId::new(id).unwrap()
}

pub(crate) fn aliyun(account: &str) -> Option<(Provider, &str)> {
    Some((Provider::Aliyun, account))
}

/// Runs a scene on a store of its own; at its end the store must be sound.
pub(crate) fn run(engine: Engine, scene: impl AsyncFnOnce(&Scene)) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let stage = Scene::new(engine).await;
        scene(&stage).await;
        assert_eq!(stage.store.verify().await.unwrap(), Vec::<String>::new());
        stage.store.close().await;
    });
}

/// One test for each database of each scene.
macro_rules! on_both {
    ($($scene:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $scene() {
                crate::support::run(crate::support::Engine::Sqlite, super::$scene);
            })+
        }
        mod postgres {
            $(#[test]
            fn $scene() {
                crate::support::run(crate::support::Engine::Postgres, super::$scene);
            })+
        }
    };
}
pub(crate) use on_both;
