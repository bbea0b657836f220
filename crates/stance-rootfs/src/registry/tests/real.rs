//! Against Debian's `docker-registry`, which has to be installed: `cargo nextest run -p stance-rootfs --run-ignored only`.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::{layer, options, with_login};
use crate::limits::Limits;
use crate::registry::RegistrySource;
use crate::source::Source;

/// Ends a process with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn registry(folder: &std::path::Path, auth: &str) -> (Running, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let config = format!(
        "version: 0.1\nlog: {{level: error}}\nstorage:\n  filesystem: {{rootdirectory: {}}}\nhttp: {{addr: '{address}'}}\n{auth}",
        folder.join("data").display()
    );
    let file = folder.join("config.yml");
    std::fs::write(&file, config).unwrap();
    let child = Command::new("docker-registry")
        .arg("serve")
        .arg(&file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..100 {
        if std::net::TcpStream::connect(&address).is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    (Running(child), address)
}

/// An OCI layout of one layer, made by umoci.
fn image(folder: &std::path::Path) -> String {
    let layout = folder.join("layout").display().to_string();
    let tagged = format!("{layout}:v1");
    let rootfs = folder.join("rootfs");
    std::fs::create_dir_all(rootfs.join("etc")).unwrap();
    std::fs::write(rootfs.join("etc/passwd"), "root:x:0:0::/:/bin/sh\n").unwrap();
    run("umoci", &["init", "--layout", &layout]);
    run("umoci", &["new", "--image", &tagged]);
    run(
        "umoci",
        &[
            "insert",
            "--image",
            &tagged,
            &rootfs.display().to_string(),
            "/",
        ],
    );
    run(
        "umoci",
        &["config", "--image", &tagged, "--config.user", "app"],
    );
    tagged
}

fn pulled(address: &str, options: &crate::RegistryOptions) -> Result<usize, crate::ScanError> {
    let reference = format!("{address}/shop/web:v1").parse().unwrap();
    let source =
        RegistrySource::open(&reference, None, options, &Limits::default(), &super::GO_ON)?;
    assert_eq!(
        source.image().config.as_ref().unwrap()["config"]["User"],
        "app"
    );
    for (index, described) in source.layers().iter().enumerate() {
        let bytes = layer(&source, index).unwrap();
        let digest = format!("sha256:{}", hex::encode(Sha256::digest(bytes)));
        assert_eq!(described.digest.as_deref(), Some(digest.as_str()));
    }
    Ok(source.layers().len())
}

#[test]
#[ignore = "needs docker-registry, umoci, skopeo and htpasswd"]
fn a_real_registry_is_read_anonymously_and_with_a_password() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let tagged = image(at);
    let (_open, address) = registry(at, "");
    let push = |address: &str, also: &[&str]| {
        let (from, to) = (
            format!("oci:{tagged}"),
            format!("docker://{address}/shop/web:v1"),
        );
        let arguments = [&["copy", "--dest-tls-verify=false"], also, &[&from, &to]].concat();
        run("skopeo", &arguments);
    };
    push(&address, &[]);
    assert_eq!(pulled(&address, &options()).unwrap(), 1);
    let by_name = pulled(&address.replace("127.0.0.1", "localhost"), &options());
    assert_eq!(by_name.unwrap(), 1);
    let locked = tempfile::tempdir().unwrap();
    let file = locked.path().join("htpasswd").display().to_string();
    run("htpasswd", &["-Bbc", &file, "scan", "hunter2"]);
    let auth = format!("auth:\n  htpasswd: {{realm: x, path: '{file}'}}\n");
    let (_locked, address) = registry(locked.path(), &auth);
    push(&address, &["--dest-creds", "scan:hunter2"]);
    assert_eq!(pulled(&address, &with_login("scan", "hunter2")).unwrap(), 1);
    let refused = pulled(&address, &with_login("scan", "wrong")).unwrap_err();
    assert_eq!(refused.kind, crate::ScanErrorKind::Unauthorized);
    assert!(
        pulled(&address, &options())
            .unwrap_err()
            .message
            .contains("docker login")
    );
}
