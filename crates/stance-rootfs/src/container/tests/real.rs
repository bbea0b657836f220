//! Against real runtimes, which have to be installed, and the rights of the super-user: Debian's `docker.io`,
//! `containerd` and `busybox-static`. `cargo nextest run -p stance-rootfs --run-ignored only`.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::super::{ContainerPaths, Runtime, open};
use super::paths;
use crate::image;
use crate::source::Source;

/// A daemon that ends with the test.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        let pid = self.0.id().to_string();
        let _ = Command::new("kill").arg(pid).status();
        let _ = self.0.wait();
    }
}

fn daemon(program: &str, arguments: &[&str], socket: &str) -> Daemon {
    let child = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let daemon = Daemon(child);
    for _ in 0..200 {
        if Path::new(socket).exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(Duration::from_secs(1));
    daemon
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {error}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A tar of a root with a shell.
fn root(at: &Path) -> String {
    let root = at.join("root");
    for name in ["bin", "etc"] {
        fs::create_dir_all(root.join(name)).unwrap();
    }
    fs::copy("/usr/bin/busybox", root.join("bin/busybox")).unwrap();
    std::os::unix::fs::symlink("busybox", root.join("bin/sleep")).unwrap();
    fs::write(root.join("etc/passwd"), "root:x:0:0::/:/bin/sh\n").unwrap();
    let tar = at.join("root.tar").display().to_string();
    run(
        "tar",
        &["-C", &root.display().to_string(), "-cf", &tar, "."],
    );
    tar
}

#[test]
#[ignore = "needs dockerd, containerd, busybox-static and the super-user"]
fn containers_of_docker_and_containerd_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let tar = root(folder.path());
    let paths_of = ContainerPaths {
        docker: vec![at("docker").into()],
        docker_run: vec![at("exec").into()],
        containerd: vec![at("state").into()],
        podman: Vec::new(),
        ..ContainerPaths::default()
    };
    let (data, exec, pid, socket) = (at("docker"), at("exec"), at("pid"), at("docker.sock"));
    let address = format!("unix://{socket}");
    let arguments = [
        "--iptables=false",
        "--bridge=none",
        "--data-root",
        &data,
        "--exec-root",
        &exec,
        "--pidfile",
        &pid,
        "-H",
        &address,
    ];
    let dockerd = daemon("dockerd", &arguments, &socket);
    let docker = |arguments: &[&str]| run("docker", &[&["-H", &address], arguments].concat());
    docker(&[
        "import",
        "-c",
        "ENV A=b",
        "-c",
        "USER 0",
        &tar,
        "planted:v1",
    ]);
    let id = docker(&[
        "run",
        "-d",
        "--name",
        "web",
        "--network",
        "none",
        "planted:v1",
        "/bin/sleep",
        "600",
    ]);
    let source = open(None, "web", &paths_of).unwrap();
    assert_eq!(source.image().container.as_ref().unwrap().id, id);
    assert!(paths(&source).contains(&"etc/passwd:0".to_owned()));
    let (facts, unknown) = image::facts(source.image(), source.layers());
    assert!(unknown.is_empty(), "{unknown:?}");
    assert_eq!(
        (&facts["config"]["User"], &facts["image"]["tag"]),
        (&"0".into(), &"v1".into())
    );
    assert!(!facts["history"]["steps"].as_array().unwrap().is_empty());
    drop(source);
    let archive = at("planted.tar");
    docker(&["save", "-o", &archive, "planted:v1"]);
    docker(&["rm", "-f", "web"]);
    drop(dockerd);
    let config = at("containerd.toml");
    fs::write(&config, format!(
        "version = 2\nroot = '{}'\nstate = '{}'\ndisabled_plugins = ['io.containerd.grpc.v1.cri']\n[grpc]\naddress = '{}'\n",
        at("lasting"), at("state"), at("ctr.sock")
    )).unwrap();
    let socket = at("ctr.sock");
    let _containerd = daemon("containerd", &["-c", &config], &socket);
    let ctr = |arguments: &[&str]| run("ctr", &[&["-a", &socket], arguments].concat());
    ctr(&["image", "import", &archive]);
    // The runtime below keeps its ids for the whole host.
    let id = format!("stance-{}", std::process::id());
    ctr(&[
        "run",
        "-d",
        "docker.io/library/planted:v1",
        &id,
        "/bin/sleep",
        "600",
    ]);
    let source = open(Some(Runtime::Containerd), &id, &paths_of).unwrap();
    assert!(paths(&source).contains(&"etc/passwd:0".to_owned()));
    assert_eq!(
        image::facts(source.image(), source.layers()).0["config"]["User"],
        "0"
    );
    drop(source);
    ctr(&["task", "kill", "-s", "9", &id]);
    std::thread::sleep(Duration::from_secs(1));
    ctr(&["task", "rm", &id]);
    assert!(open(None, &id, &paths_of).is_err());
    ctr(&["container", "rm", &id]);
}

#[test]
#[ignore = "needs podman, runc, busybox-static and the super-user"]
fn containers_of_podman_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let tar = root(folder.path());
    let (lasting, running) = (at("lasting"), at("running"));
    let paths_of = ContainerPaths {
        podman: vec![(lasting.clone().into(), running.clone().into())],
        ..ContainerPaths::default()
    };
    let podman = |arguments: &[&str]| {
        let general = [
            "--root",
            &lasting,
            "--runroot",
            &running,
            "--storage-driver",
            "overlay",
            "--cgroup-manager",
            "cgroupfs",
            "--runtime",
            "/usr/sbin/runc",
        ];
        run("podman", &[&general, arguments].concat())
    };
    podman(&[
        "import",
        "-c",
        "ENV A=b",
        "-c",
        "USER 0",
        &tar,
        "planted:v1",
    ]);
    let limits = [
        "--ulimit",
        "nofile=1024:1024",
        "--ulimit",
        "nproc=1024:1024",
    ];
    let start = [
        &["run", "-d", "--name", "pweb", "--network", "none"],
        &limits[..],
        &["localhost/planted:v1", "/bin/sleep", "600"],
    ]
    .concat();
    let id = podman(&start);
    let source = open(Some(Runtime::Podman), "pweb", &paths_of).unwrap();
    assert_eq!(source.image().container.as_ref().unwrap().id, id);
    assert!(paths(&source).contains(&"etc/passwd:0".to_owned()));
    let (facts, unknown) = image::facts(source.image(), source.layers());
    assert!(unknown.is_empty(), "{unknown:?}");
    assert_eq!(
        (&facts["config"]["User"], &facts["image"]["tag"]),
        (&"0".into(), &"v1".into())
    );
    assert!(
        facts["image"]["digest"]
            .as_str()
            .unwrap()
            .starts_with("sha256:")
    );
    drop(source);
    podman(&["rm", "-f", "-t", "0", "pweb"]);
    assert!(open(None, "pweb", &paths_of).is_err());
    podman(&["rmi", "-f", "localhost/planted:v1"]);
}
