use std::fs;
use std::ops::ControlFlow;

use serde_json::{Value, json};
use stance_model::Reason;

use super::Runtime;
use crate::error::ScanErrorKind;
use crate::image;
use crate::source::folder::FolderSource;
use crate::source::{Found, ImageKind, Source, TreeSink};
use fake::{Fake, spec};

mod fake;
mod real;

const WEB: &str = "c478c4225abc638f09fa1eb83e8372bc183165d57886884f34f69d244d7aebe6";
const DB: &str = "c4aa9b41dba02aaa9cc800ec92227167edc2ad2e9cfc0bd898fc90ae12e729f2";
const IMAGE: &str = "b2884a90026e92fd1304b86372986803290b70b2b3630cc82ad5ce7b291c64a4";

/// The paths of a walk.
#[derive(Default)]
struct Paths(Vec<String>);

impl TreeSink for Paths {
    fn begin(&mut self, found: &Found<'_>) -> ControlFlow<Reason> {
        self.0.push(format!(
            "{}:{}",
            String::from_utf8_lossy(found.path),
            found.uid
        ));
        ControlFlow::Continue(())
    }
    fn data(&mut self, _: &[u8]) -> ControlFlow<Reason> {
        ControlFlow::Continue(())
    }
    fn end(&mut self, _: Result<(), Reason>) -> ControlFlow<Reason> {
        ControlFlow::Continue(())
    }
    fn unread(&mut self, _: &[u8], _: Reason) -> ControlFlow<Reason> {
        ControlFlow::Continue(())
    }
}

fn paths(source: &FolderSource) -> Vec<String> {
    let mut paths = Paths::default();
    source.walk(0, &mut paths).unwrap();
    paths.0
}

fn owner(fake: &Fake) -> u32 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(fake.folder.path()).unwrap().uid()
}

#[test]
fn dockers_containers_are_found_by_name_and_id() {
    let fake = Fake::new();
    fake.docker(WEB, "web", true);
    fake.docker(DB, "db", false);
    for wanted in ["web", WEB, WEB.get(..12).unwrap(), "c47"] {
        let source = fake.open(None, wanted).unwrap();
        let uid = owner(&fake);
        assert_eq!(
            paths(&source),
            [
                format!(":{uid}"),
                format!("etc:{uid}"),
                format!("etc/hostname:{uid}")
            ]
        );
    }
    let source = fake.open(Some(Runtime::Docker), "web").unwrap();
    let it = source.image();
    let container = it.container.as_ref().unwrap();
    assert_eq!(
        (it.kind, it.reference.as_str(), it.account.as_str()),
        (ImageKind::Container, "web", "local")
    );
    assert_eq!(
        (
            container.id.as_str(),
            container.image.as_str(),
            container.runtime.as_str()
        ),
        (WEB, "planted:v1", "docker")
    );
    assert_eq!(it.config_digest, Some(format!("sha256:{IMAGE}")));
    assert_eq!(it.manifest_digest.as_deref(), Some("sha256:dd"));
    assert_eq!(it.platform.architecture, "arm64");
    let (facts, unknown) = image::facts(it, source.layers());
    assert!(unknown.is_empty());
    assert_eq!(
        (&facts["config"]["User"], &facts["config"]["Env"][0]["name"]),
        (&json!("0"), &json!("A"))
    );
    assert_eq!(facts["config"]["Volumes"], json!(["/srv/data"]));
    assert_eq!(facts["history"]["steps"][0]["created_by"], "ADD x");
    assert_eq!(
        (&facts["image"]["container_name"], &facts["image"]["tag"]),
        (&json!("web"), &json!("v1"))
    );
}

#[test]
fn what_is_not_one_container_says_so() {
    let fake = Fake::new();
    fake.docker(WEB, "web", true);
    fake.docker(DB, "db", false);
    let several = fake.failed("c4");
    assert_eq!(several.kind, ScanErrorKind::BadReference);
    assert!(
        several.message.contains("docker/web (c478c4225abc)")
            && several.message.contains("docker/db"),
        "{several}"
    );
    let stopped = fake.failed("db");
    assert_eq!(stopped.kind, ScanErrorKind::NotFound);
    assert!(
        stopped.message.contains("does not run") && stopped.message.contains("planted:v1"),
        "{stopped}"
    );
    let missing = fake.failed("nothing");
    assert!(missing.message.contains("docker ps"), "{missing}");
    assert!(fake.open(Some(Runtime::Podman), "web").is_err());
}

#[test]
fn podmans_containers_have_the_settings_of_image_and_runtime() {
    let fake = Fake::new();
    fake.podman();
    let source = fake.open(None, "db").unwrap();
    assert_eq!(paths(&source).len(), 3);
    let it = source.image();
    assert_eq!(it.container.as_ref().unwrap().image, "localhost/planted:v1");
    assert_eq!(it.manifest_digest.as_deref(), Some("sha256:ee"));
    let (facts, _) = image::facts(it, source.layers());
    let config = &facts["config"];
    assert_eq!(
        (&config["User"], &config["Labels"]["a"]),
        (&json!("1000:50"), &json!("b"))
    );
    assert!(!config.to_string().contains("hunter2"));
    assert_eq!(
        (&config["Cmd"], &config["WorkingDir"]),
        (&json!(["/bin/x"]), &json!("/srv"))
    );
}

#[test]
fn what_containerd_does_not_say_stays_unknown() {
    let fake = Fake::new();
    let mut named = spec();
    named["annotations"] = json!({"io.kubernetes.cri.container-name": "app", "io.kubernetes.cri.image-name": "r.example/app:2"});
    named["mounts"] = json!([
        {"destination": "/proc", "type": "proc"}, {"destination": "/etc/hosts", "type": "bind"},
        {"destination": "/run/docker.sock", "type": "none", "options": ["rbind", "rw"]},
        {"destination": "/dev/shm", "type": "tmpfs"}, 7,
    ]);
    let task = fake.containerd("k8s.io", WEB, &named);
    fake.text(&format!("{task}/rootfs/etc/hostname"), "x");
    let source = fake.open(None, "app").unwrap();
    let (facts, _) = image::facts(source.image(), source.layers());
    let config = facts["config"].as_object().unwrap();
    assert_eq!(config["User"], "1000:50");
    for name in ["ExposedPorts", "Healthcheck", "Labels", "StopSignal"] {
        assert!(!config.contains_key(name), "{name}");
    }
    assert_eq!(config["Volumes"], json!(["/run/docker.sock"]));
    assert_eq!(facts["history"], Value::Null);
    assert_eq!(
        (&facts["image"]["repo_name"], &facts["image"]["tag"]),
        (&json!("app"), &json!("2"))
    );
}

#[test]
fn dockers_containers_are_not_taken_twice() {
    let fake = Fake::new();
    fake.docker(WEB, "web", true);
    fake.containerd("moby", WEB, &spec());
    let source = fake.open(None, WEB.get(..6).unwrap()).unwrap();
    assert_eq!(source.image().container.as_ref().unwrap().runtime, "docker");
}

#[test]
fn the_root_that_the_process_sees_is_the_last_resort() {
    let fake = Fake::new();
    fake.containerd("default", "cweb", &spec());
    fake.text("proc/777/root/etc/hostname", "x");
    fake.text(
        "proc/777/uid_map",
        &format!("         0 {:10}      65536\n", owner(&fake)),
    );
    // The number is another process's by now.
    fake.text("proc/777/cgroup", "0::/user.slice\n");
    assert_eq!(fake.failed("cweb").kind, ScanErrorKind::NotFound);
    fake.text("proc/777/cgroup", "0::/default/cweb\n");
    let source = fake.open(None, "cweb").unwrap();
    assert_eq!(paths(&source)[2], "etc/hostname:0");
}

#[test]
fn broken_state_is_survived() {
    let fake = Fake::new();
    fake.text(
        &format!("var/lib/docker/containers/{WEB}/config.v2.json"),
        "{",
    );
    fake.text("var/lib/docker/containers/..x/config.v2.json", "{}");
    fake.text(
        "var/lib/containers/storage/overlay-containers/containers.json",
        "[1, {\"id\": \"../../etc\"}]",
    );
    fake.containerd(
        "default",
        "odd",
        &json!({"process": {"user": {"uid": "root"}, "env": 3}, "root": {"path": 5}}),
    );
    fake.text(
        "run/containerd/io.containerd.runtime.v2.task/default/odd/rootfs/x",
        "",
    );
    assert!(fake.open(None, WEB).is_err());
    let source = fake.open(None, "odd").unwrap();
    let (facts, _) = image::facts(source.image(), source.layers());
    let config = facts["config"].as_object().unwrap();
    assert!(!config.contains_key("User") && !config.contains_key("Env"));
    assert_eq!(fake.failed("etc").kind, ScanErrorKind::NotFound);
}

#[test]
fn without_the_right_to_look_nothing_is_said_of_what_is_there() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::geteuid().is_root() {
        return;
    }
    let fake = Fake::new();
    fake.docker(WEB, "web", true);
    let folder = fake.folder.path().join("var/lib/docker/containers");
    let set = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    set(0o000);
    let error = fake.failed("web");
    set(0o755);
    assert_eq!(error.kind, ScanErrorKind::NoPermission);
    assert!(
        error.message.contains("/var/lib/docker/containers") && error.message.contains("as root"),
        "{error}"
    );
}
