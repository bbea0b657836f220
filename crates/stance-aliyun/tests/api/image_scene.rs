//! Images for the three items that the scene's catalogue has beside the built-in ones.

use serde_json::{Value, json};
use stance_service::ScanOptions;

use crate::scene::Scene;

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

impl Scene {
    /// Scans images by the three items.
    pub(crate) async fn scan_images(&self, documents: &[Value]) {
        let ids = [900_101, 900_102, 900_103];
        let ids = ids
            .into_iter()
            .map(|id| stance_model::CheckId::new(id).unwrap());
        let options = ScanOptions {
            checks: Some(ids.collect()),
            ..ScanOptions::default()
        };
        let assets = documents
            .iter()
            .map(|document| serde_json::from_value(document.clone()).unwrap());
        self.service
            .scan_assets(&self.local, assets.collect(), "test", options)
            .await
            .unwrap();
    }

    /// The entries of a list that an operation answers with 200.
    pub(crate) async fn listed(
        &self,
        action: &str,
        list: &str,
        parameters: &[(&str, &str)],
    ) -> Vec<Value> {
        let answer = self.call(action, parameters).await;
        let listed = answer.body[list].as_array();
        listed.unwrap_or_else(|| panic!("{answer:?}")).clone()
    }
}

/// An image of a registry.
pub(crate) fn image(uuid: &str, name: &str, config: Config) -> Value {
    let layer = digest("layer");
    let at = |what: &str| json!({"path": format!("config:{what}"), "visible": true, "what": what, "layer": layer});
    let reference = format!("registry.example:5000/shop/{name}:v1");
    let facts = json!({
        "image": {
            "reference": reference, "registry": "registry.example:5000", "repo_namespace": "shop", "repo_name": name,
            "tag": "v1", "digest": digest(uuid), "image_id": digest("id"), "created": 1_700_000_000_000_i64,
            "size": 1234, "os": "linux", "architecture": "amd64", "kind": "image",
            "layers": [{"digest": layer, "size": 1234, "instruction": "ADD"}],
        },
        "config": {
            "User": config.user, "Env": [], "Healthcheck": config.healthcheck, "oci_only": false, "at": at("User"),
            "ExposedPorts": [{"port": config.port, "protocol": "tcp", "at": at("ExposedPorts")}],
            "Entrypoint": [], "Cmd": [], "Volumes": [], "WorkingDir": "", "Labels": {}, "StopSignal": "",
        },
    });
    json!({
        "provider": "image", "account": "registry.example:5000", "region": "global", "type": "image/oci/image",
        "id": uuid, "name": reference, "facts": facts,
    })
}

/// The same as a container of this host.
pub(crate) fn container(uuid: &str, name: &str, config: Config) -> Value {
    let mut document = image(uuid, name, config);
    document["type"] = json!("image/oci/container");
    document["account"] = json!("local");
    document["facts"]["image"]["kind"] = json!("container");
    document["facts"]["image"]["container_id"] = json!("0123456789ab");
    document["facts"]["image"]["container_name"] = json!(name);
    document
}

/// A digest made of a text.
pub(crate) fn digest(text: &str) -> String {
    let hex: String = text.bytes().map(|b| format!("{b:02x}")).collect();
    format!("sha256:{hex:0>64}")
}
