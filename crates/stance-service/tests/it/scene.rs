//! A service over an embedded database of the test's own.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};
use stance_catalog::Catalog;
use stance_model::query::{CheckQuery, InstanceQuery, PageRequest};
use stance_model::view::{CheckView, ResultView};
use stance_model::{Clock, TenantId};
use stance_service::{Caller, ScanOptions, ScanSummary, SealingKey, Service, ServiceError};
use stance_store::Store;

static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| Arc::new(Catalog::builtin().unwrap()));

pub(crate) const ALL: PageRequest = PageRequest {
    number: 1,
    size: 100_000,
};

/// A service with its database.
pub(crate) struct Scene {
    folder: tempfile::TempDir,
    pub(crate) service: Service,
    pub(crate) store: Store,
    pub(crate) caller: Caller,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        Self::at(Clock::System).await
    }

    pub(crate) async fn at(clock: Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("stance.db").display());
        let store = Store::open(&url).await.unwrap();
        let sealing = SealingKey::open(&folder.path().join("key")).unwrap();
        let service = Service::new(store.clone(), Arc::clone(&CATALOG), sealing, clock);
        Self {
            folder,
            service,
            store,
            caller: Caller::local(TenantId::default()),
        }
    }

    /// The same data seen at another time.
    pub(crate) fn later(&self, clock: Clock) -> Service {
        let sealing = SealingKey::open(&self.folder.path().join("key")).unwrap();
        Service::new(self.store.clone(), Arc::clone(&CATALOG), sealing, clock)
    }

    pub(crate) async fn scan_bytes(&self, bytes: &[u8]) -> Result<ScanSummary, ServiceError> {
        let path: PathBuf = self.folder.path().join("snapshot.jsonl");
        std::fs::write(&path, bytes).unwrap();
        self.service
            .scan(&self.caller, &[path], ScanOptions::default())
            .await
    }

    pub(crate) async fn scan(&self, records: &[Value]) -> ScanSummary {
        let text: String = records.iter().map(|record| format!("{record}\n")).collect();
        self.scan_bytes(text.as_bytes()).await.unwrap()
    }

    pub(crate) async fn check(&self, key: &str) -> CheckView {
        let query = CheckQuery {
            check_key: Some(key.to_owned()),
            ..CheckQuery::default()
        };
        let mut found = self
            .service
            .list_check_result(&self.caller, &query, ALL)
            .await
            .unwrap()
            .items;
        assert_eq!(found.len(), 1, "{key}");
        found.remove(0)
    }

    pub(crate) async fn results(&self, check_id: i64, query: &InstanceQuery) -> Vec<ResultView> {
        let (_, page) = self
            .service
            .list_check_instance_result(&self.caller, check_id, query, ALL)
            .await
            .unwrap();
        assert_eq!(page.total, page.items.len() as u64);
        page.items
    }
}

/// Ends a list of records with their numbers.
pub(crate) fn ended(mut records: Vec<Value>) -> Vec<Value> {
    let count = |name: &str| {
        records
            .iter()
            .filter(|record| record.get(name).is_some())
            .count()
    };
    records.push(json!({"end": {"assets": count("asset"), "coverage": count("coverage")}}));
    records
}

/// Coverage of a type in cn-hangzhou of account 1.
pub(crate) fn cover(asset_type: &str, status: &str) -> Value {
    let mut record = json!({"provider": "aliyun", "account": "1", "region": "cn-hangzhou", "type": asset_type, "status": status});
    if status == "failed" || status == "partial" {
        record["reason"] = json!({"kind": "throttled", "code": "Throttling.User"});
    }
    json!({ "coverage": record })
}

/// A disk of account 1.
pub(crate) fn disk(id: &str, encrypted: bool) -> Value {
    json!({"asset": {"provider": "aliyun", "account": "1", "region": "cn-hangzhou", "type": "aliyun/ecs/disk", "id": id,
        "name": format!("disk {id}"), "facts": {"list": {"DiskId": id, "Encrypted": encrypted, "Status": "In_use",
            "Category": "cloud_essd", "EnableAutomatedSnapshotPolicy": false}}}})
}
