//! A router over a service with a small scanned store, and a key that may do everything.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use stance_aliyun::{Options, router};
use stance_catalog::Catalog;
use stance_model::query::{CheckQuery, InstanceQuery, PageRequest};
use stance_model::{CheckId, Clock, TenantId};
use stance_service::{Caller, CreatedKey, ImageScanner, NewKey, ScanOptions, SealingKey, Service};
use stance_store::{NewTask, Store};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::sign::{Ask, Key, Wire};

/// When the scene plays.
pub(crate) const NOW: &str = "2026-06-01T08:30:00Z";

/// The account of the scene.
pub(crate) const ACCOUNT: &str = "1000000000000001";

/// The check whose assets the scene has: whitelists of RDS that admit every address.
pub(crate) const CHECK: i64 = 5;

/// A router with what stands behind it. Clones share everything.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) router: Router,
    pub(crate) service: Service,
    pub(crate) local: Caller,
    pub(crate) key: Key,
    store: Store,
    sealing: SealingKey,
    _folder: Arc<TempDir>,
}

/// An answer of the façade.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// `Code` and status.
    pub(crate) fn error(&self) -> (&str, u16) {
        (self.body["Code"].as_str().unwrap_or_default(), self.status)
    }
}

impl Scene {
    /// A fresh scene.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let snapshot = folder.path().join("shop.jsonl");
        std::fs::write(&snapshot, snapshot_lines()).unwrap();
        let url = format!("sqlite://{}", folder.path().join("stance.db").display());
        let store = Store::open(&url).await.unwrap();
        let items = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/sdk/items");
        let catalog = Catalog::with_custom(&[items]).unwrap_or_else(|report| panic!("{report}"));
        let sealing = SealingKey::open(&folder.path().join("stance.key")).unwrap();
        let service = Service::new(
            store.clone(),
            Arc::new(catalog),
            sealing.clone(),
            Clock::Fixed(NOW.parse().unwrap()),
        );
        let local = Caller::local(TenantId::default());
        service
            .scan(&local, &[snapshot], ScanOptions::default())
            .await
            .unwrap();
        let key = Key::of(&service.create_key(&local, NewKey::default()).await.unwrap());
        let router = router(service.clone(), Options::default());
        Self {
            router,
            service,
            local,
            key,
            store,
            sealing,
            _folder: Arc::new(folder),
        }
    }

    /// The same at another moment.
    pub(crate) fn at(&self, now: &str) -> Self {
        let clock = Clock::Fixed(now.parse().unwrap());
        let service = Service::new(
            self.store.clone(),
            Arc::clone(self.service.catalog()),
            self.sealing.clone(),
            clock,
        );
        Self {
            router: router(service.clone(), Options::default()),
            service,
            ..self.clone()
        }
    }

    /// The same with something that scans the images which requests name.
    pub(crate) fn scanning(&self, scanner: Arc<dyn ImageScanner>) -> Self {
        let service = self.service.clone().with_image_scanner(scanner);
        Self {
            router: router(service.clone(), Options::default()),
            service,
            ..self.clone()
        }
    }

    /// A task that will touch [`CHECK`], running from now on.
    pub(crate) async fn begin_task(&self) {
        let task = NewTask {
            kind: "scan".to_owned(),
            source: "test".to_owned(),
            checks: vec![CheckId::new(CHECK).unwrap()],
            lease_ms: 60_000,
        };
        let now_ms = self.service.clock().now_ms();
        self.store
            .create_task(&self.local.tenant, &task, now_ms)
            .await
            .unwrap();
    }

    /// A further key.
    pub(crate) async fn new_key(&self, new: NewKey) -> Key {
        Key::of(&self.service.create_key(&self.local, new).await.unwrap())
    }

    /// Sends a request and reads its answer, which is JSON whatever comes, but for HEAD, which has none.
    #[expect(clippy::disallowed_methods, reason = "the answer of our own router")]
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let head = request.method() == "HEAD";
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(
            response.headers()["content-type"],
            "application/json;charset=utf-8"
        );
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        let body = if head {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).expect("an answer is JSON")
        };
        Answer { status, body }
    }

    /// Sends what was signed.
    pub(crate) async fn wire(&self, wire: &Wire) -> Answer {
        self.send(wire.request().expect("a request")).await
    }

    /// Calls an operation by version 3.
    pub(crate) async fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Answer {
        self.wire(&Ask::new(action, NOW, parameters).v3(&self.key))
            .await
    }

    /// Everything that a request must not change.
    pub(crate) async fn state(&self) -> String {
        let (service, local) = (&self.service, &self.local);
        let all = PageRequest {
            number: 1,
            size: u32::MAX,
        };
        let checks = service
            .list_check_result(local, &CheckQuery::default(), all)
            .await
            .unwrap();
        let results = service
            .list_check_instance_result(local, CHECK, &InstanceQuery::default(), all)
            .await
            .unwrap();
        let keys = service.list_keys(local).await.unwrap();
        let exceptions = service.list_exceptions(local).await.unwrap();
        let tasks = service.tasks(local, 100).await.unwrap();
        let strategy = service
            .describe_image_baseline_strategy(local, None)
            .await
            .unwrap();
        assert_eq!(
            service.verify_store(local).await.unwrap(),
            Vec::<String>::new()
        );
        format!("{checks:?} {results:?} {keys:?} {exceptions:?} {tasks:?} {strategy:?}")
    }
}

impl Key {
    fn of(made: &CreatedKey) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self {
            id: made.id.clone(),
            secret: text(made.secret.as_bytes()),
            token: made.token.as_ref().map(|token| text(token.as_bytes())),
        }
    }
}

/// How long a temporary key of the tests lives, in milliseconds.
pub(crate) fn an_hour() -> Option<i64> {
    i64::try_from(Duration::from_secs(3_600).as_millis()).ok()
}

/// Five databases in two regions, one of which denied its whitelist, and a region that failed.
fn snapshot_lines() -> String {
    let place = |region: &str, extra: Value| {
        let mut record = json!({
            "provider": "aliyun", "account": ACCOUNT, "region": region, "type": "aliyun/rds/instance",
        });
        record
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        record
    };
    let database = |id: &str, name: &str, region: &str, list: &str| {
        let array = json!({
            "DBInstanceIPArrayName": "default", "SecurityIPList": list, "DBInstanceIPArrayAttribute": "",
        });
        let list = json!({"DBInstanceId": id, "Engine": "MySQL", "RegionId": region, "DBInstanceType": "Primary"});
        let facts = json!({"list": list, "ip_array": {"Items": {"DBInstanceIPArray": [array]}}});
        json!({"asset": place(region, json!({"id": id, "name": name, "facts": facts}))})
    };
    let denied = json!({
        "id": "rm-e", "name": "payments", "facts": {},
        "unknown": {"ip_array": {"kind": "no_permission", "code": "Forbidden.RAM"}},
    });
    let failed =
        json!({"status": "failed", "reason": {"kind": "timeout", "message": "cn-shanghai"}});
    let lines = [
        json!({"snapshot": {"format": 1, "at": NOW, "producer": "test"}}),
        json!({"account": {"provider": "aliyun", "id": ACCOUNT, "name": "shop-prod"}}),
        json!({"coverage": place("cn-hangzhou", json!({"status": "ok"}))}),
        json!({"coverage": place("cn-beijing", json!({"status": "ok"}))}),
        json!({"coverage": place("cn-shanghai", failed)}),
        database("rm-a", "orders", "cn-hangzhou", "0.0.0.0/0"),
        database("rm-b", "carts", "cn-hangzhou", "10.0.0.0/8"),
        database(
            "rm-c",
            "Orders-archive",
            "cn-beijing",
            "0.0.0.0/1,128.0.0.0/1",
        ),
        database("rm-d", "100%_sure", "cn-beijing", "127.0.0.1"),
        json!({"asset": place("cn-hangzhou", denied)}),
        json!({"end": {"assets": 5, "coverage": 3}}),
    ];
    lines.iter().map(|line| format!("{line}\n")).collect()
}
