//! Manifests, indexes and what is no image.

use serde_json::json;

use super::fixture::{
    DOCKER, DOCKER_LIST, OCI, OCI_INDEX, Store, digest, first_layer, second_layer,
};
use super::server::{Reply, Server};
use super::{failed, layer, options, pull, pull_for};
use crate::error::ScanErrorKind;
use crate::source::Source;

#[test]
fn an_image_is_pulled_by_tag_and_by_digest() {
    let mut store = Store::one();
    let manifest = store.image(OCI, "amd64");
    let by_digest = store.tag("v1", OCI, &manifest);
    let server = Server::start(store.handler(|_| None));
    for name in [
        ":v1".to_owned(),
        format!("@{by_digest}"),
        format!(":old@{by_digest}"),
    ] {
        let source = pull(&server, &name, &options()).unwrap();
        let image = source.image();
        assert_eq!(image.manifest_digest.as_deref(), Some(by_digest.as_str()));
        assert_eq!(
            (image.account.as_str(), image.manifest_type.as_str()),
            (server.address.as_str(), OCI)
        );
        assert_eq!(image.platform.to_string(), "linux/amd64");
        let lines: Vec<_> = source
            .layers()
            .iter()
            .map(|l| (l.instruction.as_str(), l.diff_id.as_deref()))
            .collect();
        assert_eq!(
            lines,
            [("ADD one", Some("sha256:1")), ("ADD two", Some("sha256:2"))]
        );
        assert_eq!(
            (layer(&source, 0).unwrap(), layer(&source, 1).unwrap()),
            (first_layer(), second_layer())
        );
    }
    let source = pull(&server, ":v1", &options()).unwrap();
    assert_eq!(
        source.image().reference,
        format!("{}/shop/web:v1", server.address)
    );
}

#[test]
fn dockers_own_manifests_are_read() {
    let mut store = Store::default();
    let manifest = store.image(DOCKER, "arm64");
    store.tag("v1", DOCKER, &manifest);
    let server = Server::start(store.handler(|_| None));
    assert_eq!(
        pull(&server, ":v1", &options())
            .unwrap()
            .image()
            .manifest_type,
        DOCKER
    );
}

#[test]
fn of_an_index_the_image_for_the_platform_is_chosen() {
    for (form, index_form) in [(OCI, OCI_INDEX), (DOCKER, DOCKER_LIST)] {
        let mut store = Store::default();
        let mut entries = vec![
            json!({"digest": format!("sha256:{}", "0".repeat(64)), "platform": {"os": "unknown", "architecture": "unknown"}}),
        ];
        for architecture in ["amd64", "arm64", "riscv64"] {
            let manifest = store.image(form, architecture);
            let digest = store.tag(architecture, form, &manifest);
            entries.push(json!({"mediaType": form, "digest": digest, "platform": {"os": "linux", "architecture": architecture}}));
        }
        store.tag(
            "v1",
            index_form,
            &json!({"schemaVersion": 2, "mediaType": index_form, "manifests": entries}),
        );
        let server = Server::start(store.handler(|_| None));
        let chosen = |platform: Option<&str>| {
            let source = pull_for(&server, ":v1", platform, &options());
            source.map(|source| source.image().platform.architecture.clone())
        };
        assert_eq!(chosen(Some("linux/riscv64")).unwrap(), "riscv64");
        let here = if cfg!(target_arch = "aarch64") {
            "arm64"
        } else {
            "amd64"
        };
        assert_eq!(chosen(None).unwrap(), here);
        let error = chosen(Some("windows/amd64")).unwrap_err();
        assert_eq!(error.kind, ScanErrorKind::NotFound);
        assert!(error.message.contains("linux/riscv64"), "{error}");
        // An image that is no index is for one platform.
        let error = pull_for(&server, ":arm64", Some("linux/s390x"), &options())
            .err()
            .unwrap();
        assert!(error.message.contains("linux/arm64"), "{error}");
    }
}

#[test]
fn what_is_no_image_says_what_it_is() {
    let mut store = Store::one();
    let empty = store.blob(b"{}");
    let config = |form: &str| json!({"mediaType": form, "digest": empty, "size": 2});
    let layers = json!([{"digest": digest(b"x"), "mediaType": "application/x", "size": 1}]);
    for (tag, document, word) in [
        (
            "artifact",
            json!({"schemaVersion": 2, "artifactType": "application/x.signature", "config": config("application/vnd.oci.empty.v1+json"), "layers": layers}),
            "artifact",
        ),
        (
            "chart",
            json!({"schemaVersion": 2, "config": config("application/vnd.cncf.helm.config.v1+json"), "layers": layers}),
            "artifact",
        ),
        (
            "old",
            json!({"schemaVersion": 1, "fsLayers": []}),
            "first manifest schema",
        ),
        (
            "both",
            json!({"schemaVersion": 2, "manifests": [], "config": config(""), "layers": []}),
            "index and a manifest",
        ),
        ("list", json!([1, 2]), "no image manifest"),
        ("nothing", json!({}), "no configuration"),
        (
            "attestation",
            json!({"schemaVersion": 2, "manifests": [{"digest": empty, "platform": {"os": "unknown", "architecture": "unknown"}}]}),
            "no image for",
        ),
        (
            "nodigest",
            json!({"schemaVersion": 2, "manifests": [{"digest": "../../etc", "platform": {"os": "linux", "architecture": "amd64"}}]}),
            "by no digest",
        ),
    ] {
        store.tag(tag, OCI, &document);
        let server = Server::start(store.clone().handler(|_| None));
        let error = failed(&server, &format!(":{tag}"), &options());
        assert!(error.message.contains(word), "{tag}: {error}");
        assert!(error.message.contains("shop/web"), "{tag}: {error}");
    }
}

#[test]
fn an_index_that_names_itself_ends() {
    let server = Server::start(Store::one().handler(|seen| {
        // Each index names another one, without an end; the digests are right.
        let depth = seen.path.matches("manifests").count();
        (depth > 0).then(|| Reply::body(nested(9 - seen.nth.min(8))))
    }));
    let error = failed(&server, ":v1", &options());
    assert!(!error.message.is_empty());
    let mut store = Store::default();
    let mut inner = store.tag(
        "d0",
        OCI_INDEX,
        &json!({"schemaVersion": 2, "manifests": []}),
    );
    for depth in 1..6 {
        let platform = json!({"os": "linux", "architecture": "amd64"});
        let index =
            json!({"schemaVersion": 2, "manifests": [{"digest": inner, "platform": platform}]});
        inner = store.tag(&format!("d{depth}"), OCI_INDEX, &index);
    }
    let server = Server::start(store.handler(|_| None));
    assert!(
        failed(&server, ":d5", &options())
            .message
            .contains("nested")
    );
}

fn nested(depth: usize) -> String {
    json!({"schemaVersion": 2, "manifests": [{"digest": digest(&[u8::try_from(depth).unwrap()])}]})
        .to_string()
}

#[test]
fn a_layer_that_may_not_be_distributed_is_not_fetched() {
    let mut store = Store::one();
    let mut manifest = store.image(OCI, "amd64");
    manifest["layers"][0]["mediaType"] =
        json!("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
    manifest["layers"][0]["urls"] = json!(["https://elsewhere.example/x"]);
    manifest["layers"][1]["digest"] = json!("sha256:../../x");
    store.tag("v1", OCI, &manifest);
    let server = Server::start(store.handler(|_| None));
    let source = pull(&server, ":v1", &options()).unwrap();
    let before = server.seen().len();
    assert!(
        layer(&source, 0)
            .unwrap_err()
            .to_string()
            .contains("may not be distributed")
    );
    assert!(
        layer(&source, 1)
            .unwrap_err()
            .to_string()
            .contains("no digest")
    );
    assert!(
        layer(&source, 9)
            .unwrap_err()
            .to_string()
            .contains("no layer 9")
    );
    assert_eq!(server.seen().len(), before);
}
