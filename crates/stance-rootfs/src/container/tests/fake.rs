//! A host whose runtimes' state is written by hand.

use std::fs;

use base64::Engine as _;
use serde_json::{Value, json};

use super::super::{ContainerPaths, Runtime, open};
use super::{DB, IMAGE};
use crate::error::ScanError;
use crate::source::folder::FolderSource;

/// A host whose runtimes' state is written by hand.
pub(super) struct Fake {
    pub(super) folder: tempfile::TempDir,
    paths: ContainerPaths,
}

impl Fake {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paths = ContainerPaths {
            root: folder.path().into(),
            podman: vec![(
                "/var/lib/containers/storage".into(),
                "/run/containers/storage".into(),
            )],
            ..ContainerPaths::default()
        };
        Self { folder, paths }
    }

    pub(super) fn text(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn json(&self, path: &str, value: &Value) {
        self.text(path, &value.to_string());
    }

    pub(super) fn open(
        &self,
        runtime: Option<Runtime>,
        id: &str,
    ) -> Result<FolderSource, ScanError> {
        open(runtime, id, &self.paths)
    }

    pub(super) fn failed(&self, id: &str) -> ScanError {
        self.open(None, id).unwrap_err()
    }

    /// A container of Docker; its root is merged where it runs.
    pub(super) fn docker(&self, id: &str, name: &str, runs: bool) {
        let pid = if runs { 4242 } else { 0 };
        self.json(
            &format!("var/lib/docker/containers/{id}/config.v2.json"),
            &json!({
                "State": {"Running": runs, "Pid": pid}, "ID": id, "Name": format!("/{name}"), "Driver": "overlay2", "OS": "linux",
                "Created": "2026-11-25T15:54:24.5Z", "Image": format!("sha256:{IMAGE}"),
                "MountPoints": {"/srv/data": {}},
                "Config": {"User": "0", "Env": ["A=b"], "Image": "planted:v1", "Cmd": ["/bin/sleep", "600"]},
            }),
        );
        let store = "var/lib/docker/image/overlay2";
        self.text(
            &format!("{store}/layerdb/mounts/{id}/mount-id"),
            &format!("m{id}\n"),
        );
        self.json(
            &format!("{store}/imagedb/content/sha256/{IMAGE}"),
            &json!({"os": "linux", "architecture": "arm64", "created": "2026-01-01T00:00:00Z", "history": [{"created_by": "ADD x"}], "config": {"User": "app"}}),
        );
        self.json(
            &format!("{store}/repositories.json"),
            &json!({"Repositories": {"planted": {"planted:v1": format!("sha256:{IMAGE}"), "planted@sha256:dd": format!("sha256:{IMAGE}")}}}),
        );
        if runs {
            self.text(
                &format!("var/lib/docker/overlay2/m{id}/merged/etc/hostname"),
                name,
            );
        }
    }

    pub(super) fn podman(&self) {
        let storage = "var/lib/containers/storage";
        self.json(
            &format!("{storage}/overlay-containers/containers.json"),
            &json!([{"id": DB, "names": ["db"], "image": IMAGE, "layer": "l1", "metadata": "{\"image-name\":\"localhost/planted:v1\"}"}]),
        );
        self.json(
            &format!("{storage}/overlay-containers/{DB}/userdata/config.json"),
            &spec(),
        );
        self.json(
            &format!("{storage}/overlay-images/images.json"),
            &json!([{"id": IMAGE, "digest": "sha256:ee", "names": ["localhost/planted:v1"]}]),
        );
        let name = base64::engine::general_purpose::STANDARD.encode(format!("sha256:{IMAGE}"));
        self.json(
            &format!("{storage}/overlay-images/{IMAGE}/={name}"),
            &json!({"os": "linux", "architecture": "amd64", "config": {"Labels": {"a": "b"}, "User": "app"}}),
        );
        self.text(&format!("{storage}/overlay/l1/merged/etc/hostname"), "db");
    }

    pub(super) fn containerd(&self, namespace: &str, id: &str, spec: &Value) -> String {
        let task = format!("run/containerd/io.containerd.runtime.v2.task/{namespace}/{id}");
        self.json(&format!("{task}/config.json"), spec);
        self.text(&format!("{task}/init.pid"), "777");
        task
    }
}

/// The runtime configuration of a container.
pub(super) fn spec() -> Value {
    json!({"process": {"user": {"uid": 1000, "gid": 50}, "args": ["/bin/x"], "env": ["DB_PASSWORD=hunter2"], "cwd": "/srv"}, "root": {"path": "rootfs"}})
}
