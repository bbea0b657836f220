//! A service whose catalogue has three items of its own, and images for them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};
use stance_catalog::Catalog;
use stance_model::query::PageRequest;
use stance_model::{Asset, CheckId, Clock, TenantId};
use stance_service::{
    BaselineQuery, BaselineResult, Caller, ImageScanner, ItemQuery, ItemView, ScanOptions,
    ScanSummary, SealingKey, Service, Task,
};
use stance_store::Store;

static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| {
    let items = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/sdk/items");
    let catalog = Catalog::with_custom(&[items]);
    Arc::new(catalog.unwrap_or_else(|report| panic!("{report}")))
});

/// The class of the items.
pub(crate) const CLASS: &str = "shop_rules";

pub(crate) const PAGE: PageRequest = PageRequest {
    number: 1,
    size: 100,
};

pub(crate) const DAY_MS: i64 = 86_400_000;

/// A service with its database, at a time that the test sets.
pub(crate) struct Scene {
    folder: tempfile::TempDir,
    store: Store,
    pub(crate) service: Service,
    pub(crate) caller: Caller,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("stance.db").display());
        let store = Store::open(&url).await.unwrap();
        let service = service(&folder, &store, 0);
        Self {
            folder,
            store,
            service,
            caller: Caller::local(TenantId::default()),
        }
    }

    /// So many days after the beginning.
    pub(crate) fn on_day(&mut self, day: i64) {
        self.service = service(&self.folder, &self.store, day);
    }

    /// What the store has of tasks after the service was closed.
    pub(crate) async fn tasks_after_close(&self) -> Vec<Task> {
        let url = format!(
            "sqlite://{}",
            self.folder.path().join("stance.db").display()
        );
        let store = Store::open(&url).await.unwrap();
        store.tasks(&self.caller.tenant, 100).await.unwrap()
    }

    pub(crate) fn with_scanner(&mut self, scanner: Arc<dyn ImageScanner>) {
        self.service = self.service.clone().with_image_scanner(scanner);
    }

    /// Scans documents by the three items.
    pub(crate) async fn scan(&self, documents: &[Value]) -> ScanSummary {
        let options = ScanOptions {
            checks: Some(items()),
            ..ScanOptions::default()
        };
        let assets = documents.iter().map(asset).collect();
        self.service
            .scan_assets(&self.caller, assets, "test", options)
            .await
            .unwrap()
    }

    pub(crate) async fn baselines(&self, uuid: &str, query: &BaselineQuery) -> Vec<BaselineResult> {
        let found = self
            .service
            .describe_image_baseline_check_result(&self.caller, uuid, query, PAGE)
            .await
            .unwrap();
        assert_eq!(found.total, found.items.len() as u64);
        found.items
    }

    /// Name, whether it is fixed, level, items, failing items by level.
    pub(crate) async fn table(&self, uuid: &str) -> Vec<String> {
        let found = self.baselines(uuid, &BaselineQuery::default()).await;
        let row = |r: BaselineResult| {
            let fixed = if r.fixed { "fixed" } else { "open" };
            let Levels { high, medium, low } = Levels::of(&r);
            let (name, level) = (&r.baseline.name, r.level.key());
            format!("{name} {fixed} {level} {} {high}/{medium}/{low}", r.items)
        };
        found.into_iter().map(row).collect()
    }

    pub(crate) async fn items(&self, uuid: &str) -> Vec<ItemView> {
        let query = ItemQuery {
            uuids: vec![uuid.to_owned()],
            ..ItemQuery::default()
        };
        let found = self
            .service
            .describe_image_baseline_item_list(&self.caller, &query, PAGE);
        found.await.unwrap().items
    }
}

struct Levels {
    high: u64,
    medium: u64,
    low: u64,
}

impl Levels {
    fn of(result: &BaselineResult) -> Self {
        let failing = result.failing;
        Self {
            high: failing.high,
            medium: failing.medium,
            low: failing.low,
        }
    }
}

fn service(folder: &tempfile::TempDir, store: &Store, day: i64) -> Service {
    let sealing = SealingKey::open(&folder.path().join("key")).unwrap();
    let start: jiff::Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
    let now = jiff::Timestamp::from_millisecond(start.as_millisecond() + day * DAY_MS).unwrap();
    Service::new(
        store.clone(),
        Arc::clone(&CATALOG),
        sealing,
        Clock::Fixed(now),
    )
}

/// The numbers of the three items.
pub(crate) fn items() -> BTreeSet<CheckId> {
    let ids = [900_101, 900_102, 900_103];
    ids.into_iter()
        .map(|id| CheckId::new(id).unwrap())
        .collect()
}

pub(crate) fn asset(document: &Value) -> Asset {
    serde_json::from_value(document.clone()).unwrap()
}

/// What an image declares.
#[derive(Clone, Copy)]
pub(crate) struct Config {
    pub(crate) user: &'static str,
    pub(crate) healthcheck: bool,
    pub(crate) port: u16,
}

/// All three items fail.
pub(crate) const BAD: Config = Config {
    user: "",
    healthcheck: false,
    port: 22,
};

/// None does.
pub(crate) const GOOD: Config = Config {
    user: "app",
    healthcheck: true,
    port: 80,
};

/// An image of a registry.
pub(crate) fn image(uuid: &str, name: &str, config: Config) -> Value {
    let at = |what: &str| json!({"path": format!("config:{what}"), "visible": true, "what": what});
    let facts = json!({
        "image": {
            "reference": format!("registry.example:5000/shop/{name}:v1"), "registry": "registry.example:5000",
            "repo_namespace": "shop", "repo_name": name, "tag": "v1", "digest": digest(uuid), "image_id": digest("id"),
            "created": 1_700_000_000_000_i64, "size": 1234, "os": "linux", "architecture": "amd64", "kind": "image",
            "layers": [{"digest": digest("layer"), "size": 1234, "instruction": "ADD"}],
        },
        "config": {
            "User": config.user, "Env": [], "Healthcheck": config.healthcheck, "oci_only": false, "at": at("User"),
            "ExposedPorts": [{"port": config.port, "protocol": "tcp", "at": at("ExposedPorts")}],
            "Entrypoint": [], "Cmd": [], "Volumes": [], "WorkingDir": "", "Labels": {}, "StopSignal": "",
        },
    });
    json!({
        "provider": "image", "account": "registry.example:5000", "region": "global", "type": "image/oci/image",
        "id": uuid, "name": format!("registry.example:5000/shop/{name}:v1"), "facts": facts,
    })
}

/// The same as a container of this host.
pub(crate) fn container(uuid: &str, name: &str, config: Config) -> Value {
    let mut document = image(uuid, name, config);
    document["type"] = json!("image/oci/container");
    document["account"] = json!("local");
    document["facts"]["image"]["kind"] = json!("container");
    document["facts"]["image"]["container_id"] = json!(digest(uuid).replace("sha256:", ""));
    document["facts"]["image"]["container_name"] = json!(name);
    document
}

/// The same when its configuration could not be read.
pub(crate) fn unread(mut document: Value) -> Value {
    document["facts"].as_object_mut().unwrap().remove("config");
    document["unknown"] = json!({"config": {"kind": "truncated"}});
    document
}

/// A digest made of a text.
pub(crate) fn digest(text: &str) -> String {
    let hex: String = text.bytes().map(|b| format!("{b:02x}")).collect();
    format!("sha256:{hex:0>64}")
}
