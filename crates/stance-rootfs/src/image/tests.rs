use serde_json::{Value, json};
use stance_model::ReasonKind;

use super::{facts, instructions, said};
use crate::source::{ContainerMeta, ImageKind, ImageMeta, LayerSource, Platform};

fn meta(config: Option<Value>) -> ImageMeta {
    ImageMeta {
        account: "127.0.0.1:5000".into(),
        reference: "127.0.0.1:5000/shop/web:v1".into(),
        kind: ImageKind::Image,
        manifest_digest: Some("sha256:m".into()),
        manifest_type: "application/vnd.oci.image.manifest.v1+json".into(),
        config_digest: Some("sha256:c".into()),
        config,
        platform: Platform {
            os: "linux".into(),
            architecture: "amd64".into(),
            variant: String::new(),
        },
        config_unread: None,
        container: None,
    }
}

fn layer(digest: &str, size: u64) -> LayerSource {
    LayerSource {
        digest: Some(digest.into()),
        size: Some(size),
        ..LayerSource::default()
    }
}

#[test]
fn an_image_says_what_it_is() {
    let config = json!({"created": "2026-11-22T10:00:00.5Z"});
    let (facts, unknown) = facts(
        &meta(Some(config)),
        &[layer("sha256:a", 10), layer("sha256:b", 5)],
    );
    assert!(unknown.is_empty());
    assert_eq!(
        facts["image"],
        json!({
            "reference": "127.0.0.1:5000/shop/web:v1", "registry": "127.0.0.1:5000", "repo_namespace": "shop",
            "repo_name": "web", "tag": "v1", "digest": "sha256:m", "image_id": "sha256:c",
            "created": 1_795_341_600_500_i64, "size": 15, "os": "linux", "architecture": "amd64", "kind": "image",
            "layers": [
                {"digest": "sha256:a", "size": 10, "instruction": ""},
                {"digest": "sha256:b", "size": 5, "instruction": ""},
            ],
        })
    );
}

#[test]
fn a_container_says_which_and_a_folder_has_no_configuration() {
    let container = ContainerMeta {
        id: "3f2a".into(),
        name: "web".into(),
        runtime: "docker".into(),
        image: "nginx:1.25".into(),
    };
    let account = "local".to_owned();
    let it = ImageMeta {
        account: account.clone(),
        reference: "web".into(),
        kind: ImageKind::Container,
        container: Some(container),
        ..meta(Some(json!({})))
    };
    let (found, _) = facts(&it, &[]);
    assert_eq!(found["image"]["container_id"], "3f2a");
    assert_eq!(
        (&found["image"]["repo_name"], &found["image"]["tag"]),
        (&json!("nginx"), &json!("1.25"))
    );
    let folder = ImageMeta {
        account,
        reference: "/srv/root".into(),
        kind: ImageKind::Rootfs,
        ..meta(None)
    };
    let (found, unknown) = facts(&folder, &[]);
    assert_eq!(
        (&found["config"], &found["history"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (
            &found["image"]["repo_name"],
            found["image"].get("container_id")
        ),
        (&json!("root"), None)
    );
    assert!(unknown.is_empty());
}

#[test]
fn the_configuration_is_read_and_masked() {
    let config = json!({"config": {
        "User": "app", "Env": ["PATH=/bin", "DB_PASSWORD=hunter2", "EMPTY"], "ExposedPorts": {"22/tcp": {}, "53/udp": {}, "80-81": {}},
        "Healthcheck": {"Test": ["CMD-SHELL", "true"]}, "Entrypoint": ["/run", "--token", "abcdef"], "Cmd": null,
        "Volumes": {"/data": {}}, "WorkingDir": "/app", "Labels": {"a": "b"}, "StopSignal": "SIGTERM",
    }});
    let (facts, unknown) = facts(&meta(Some(config)), &[]);
    assert!(unknown.is_empty());
    let config = &facts["config"];
    assert!(!config.to_string().contains("hunter2") && !config.to_string().contains("abcdef"));
    assert_eq!(
        config["Env"][1],
        json!({
            "at": {"path": "config:Env/DB_PASSWORD", "visible": true, "what": "DB_PASSWORD=***"},
            "name": "DB_PASSWORD", "value_masked": "***",
        })
    );
    let ports: Vec<_> = config["ExposedPorts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["at"]["what"].clone())
        .collect();
    assert_eq!(
        json!(ports),
        json!(["22/tcp", "53/udp", "80/tcp", "81/tcp"])
    );
    assert_eq!(
        (&config["Healthcheck"], &config["oci_only"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        (&config["Cmd"], &config["Labels"]),
        (&json!([]), &json!({"a": "b"}))
    );
    assert_eq!(config["Entrypoint"], json!(["/run", "--token", "***"]));
}

#[test]
fn an_empty_configuration_has_the_defaults_of_the_specification() {
    let (facts, _) = facts(&meta(Some(json!({}))), &[]);
    let config = &facts["config"];
    assert_eq!((&config["User"], &config["Env"]), (&json!(""), &json!([])));
    assert_eq!(
        (&config["Healthcheck"], &config["ExposedPorts"]),
        (&json!(false), &json!([]))
    );
    assert_eq!(facts["history"], Value::Null);
    let (facts, _) = super::facts(&meta(Some(json!({"history": []}))), &[]);
    assert_eq!(facts["history"], json!({"steps": []}));
}

#[test]
fn a_health_check_of_none_is_none() {
    for (check, wanted) in [
        (json!({"Test": ["NONE"]}), json!(false)),
        (json!({"Test": []}), json!(false)),
        (json!({}), json!(false)),
        (json!({"Test": ["CMD", "x"]}), json!(true)),
    ] {
        let (facts, _) = facts(&meta(Some(json!({"config": {"Healthcheck": check}}))), &[]);
        assert_eq!(facts["config"]["Healthcheck"], wanted);
    }
}

#[test]
fn what_has_another_type_is_left_out_and_not_guessed() {
    let config = json!({"config": {
        "User": 5, "Env": ["A=1", 2], "ExposedPorts": {"http/tcp": {}}, "Healthcheck": {"Test": [1]}, "Entrypoint": {},
        "Volumes": [], "Labels": {"a": 1}, "WorkingDir": "/",
    }});
    let (facts, unknown) = facts(&meta(Some(config)), &[]);
    let names: Vec<_> = facts["config"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(names, ["oci_only", "Cmd", "WorkingDir", "StopSignal", "at"]);
    assert!(unknown.is_empty());
}

#[test]
fn documents_of_another_shape_are_unknown() {
    for (document, name) in [
        (json!([]), "config"),
        (json!({"config": 1}), "config"),
        (json!({"history": {}}), "history"),
        (json!({"history": [1]}), "history"),
        (json!({"history": [{"empty_layer": "no"}]}), "history"),
    ] {
        let (facts, unknown) = facts(&meta(Some(document.clone())), &[]);
        assert!(!facts.contains_key(name), "{document}");
        assert_eq!(unknown[name].kind, ReasonKind::TypeMismatch);
    }
}

#[test]
fn lists_without_end_are_unknown() {
    let many: Vec<String> = (0..20_001).map(|n| format!("A{n}=x")).collect();
    let ports = json!({"1-65535/tcp": {}, "1-65535/udp": {}});
    let steps = vec![json!({}); 10_001];
    let document = json!({"config": {"Env": many, "ExposedPorts": ports}, "history": steps});
    let (facts, unknown) = facts(&meta(Some(document)), &[]);
    assert_eq!(
        (
            facts["config"].get("Env"),
            facts["config"].get("ExposedPorts")
        ),
        (None, None)
    );
    assert_eq!(unknown["history"].kind, ReasonKind::Budget);
}

#[test]
fn steps_name_their_layers_unless_the_numbers_differ() {
    let document = json!({"history": [
        {"created_by": "ADD a"}, {"created_by": "ENV TOKEN=abcdef", "empty_layer": true}, {"created_by": "RUN b"},
    ]});
    let layers = [layer("sha256:a", 1), layer("sha256:b", 1)];
    let (found, _) = facts(&meta(Some(document.clone())), &layers);
    let steps = &found["history"]["steps"];
    let digests: Vec<_> = (0..3).map(|n| steps[n]["layer"].clone()).collect();
    assert_eq!(json!(digests), json!(["sha256:a", null, "sha256:b"]));
    assert_eq!(steps[1]["created_by"], "ENV TOKEN=***");
    assert_eq!(steps[2]["at"]["path"], "history:3");
    assert_eq!(instructions(&document, 2), ["ADD a", "RUN b"]);
    let (found, _) = facts(&meta(Some(document.clone())), &layers[..1]);
    assert_eq!(found["history"]["steps"][0]["layer"], Value::Null);
    assert_eq!(instructions(&document, 3), ["", "", ""]);
}

#[test]
fn the_scanner_is_given_every_text_as_it_stands() {
    let document = json!({
        "config": {"Env": ["A=b", 1], "Cmd": "c", "Labels": {"l": "d"}, "Healthcheck": {"Test": ["CMD", "e"]}},
        "history": [{"created_by": "f", "comment": "g"}, 3],
    });
    let said: Vec<String> = said(&document)
        .into_iter()
        .map(|(path, text)| format!("{path} {text}"))
        .collect();
    assert_eq!(
        said,
        [
            "config:Env/A A=b",
            "config:Cmd c",
            "config:Healthcheck CMD",
            "config:Healthcheck e",
            "config:Labels/l d",
            "history:1 f",
            "history:1 g",
        ]
    );
}
