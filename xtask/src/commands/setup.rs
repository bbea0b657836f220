//! `cargo xtask setup`: what the tests need beside Rust. Does nothing where it is there already.

use std::path::Path;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use stance_model::bounded;

use crate::steps::{self, Done, Step, say};
use crate::workspace::Workspace;

/// What is installed into the Python environment.
const REQUIREMENTS: [&str; 3] = [
    "tests/sdk/requirements.txt",
    "tests/images/requirements.txt",
    "xtask/requirements.txt",
];

/// What makes the images that tests scan: a program, and the Debian package that it comes in.
const IMAGE_TOOLS: [(&str, &str); 6] = [
    ("mmdebstrap", "mmdebstrap"),
    ("umoci", "umoci"),
    ("skopeo", "skopeo"),
    ("docker-registry", "docker-registry"),
    ("openssl", "openssl"),
    ("ssh-keygen", "openssh-client"),
];

/// What was installed into it last.
const STAMP: &str = ".venv/installed.txt";

/// The largest of these files that is read, bytes.
const LIMIT: u64 = 1 << 20;

pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "system packages",
        advice: "install PostgreSQL's server programs (initdb), Python 3.10 or later with its venv module, and on Debian \
                 mmdebstrap, umoci, skopeo, docker-registry, openssl and openssh-client",
        run: system_packages,
    },
    Step {
        name: "Python environment",
        advice: "remove the folder .venv and try again; it needs Python 3.10 or later and a package index",
        run: python_environment,
    },
    Step {
        name: "images",
        advice: "making images needs root, a network, and Debian's mirror (STANCE_TEST_MIRROR names another); \
                 remove target/images to begin anew",
        run: images,
    },
];

pub(crate) fn setup(workspace: &Workspace) -> Result<()> {
    steps::run("setup", STEPS, workspace)
}

/// PostgreSQL, on which every test of the store runs, Python with its venv module, and what makes images.
fn system_packages(workspace: &Workspace) -> Result<Done> {
    let mut missing = Vec::new();
    if !has_postgresql() {
        missing.push("postgresql");
    }
    if !workspace.tool("python3").arg("--version").succeeds() {
        missing.push("python3");
    }
    if !workspace
        .tool("python3")
        .args(["-c", "import ensurepip, venv"])
        .succeeds()
    {
        missing.push("python3-venv");
    }
    let absent = |(program, _): &&(&str, &str)| !on_path(program);
    missing.extend(
        IMAGE_TOOLS
            .iter()
            .filter(absent)
            .map(|(_, package)| *package),
    );
    if missing.is_empty() {
        return Ok(Done::Skipped("all are there"));
    }
    install(workspace, &missing)?;
    Ok(Done::Ran)
}

/// Whether the server's programs are where Debian puts them; a client alone does not do.
fn has_postgresql() -> bool {
    let Ok(versions) = fs::read_dir("/usr/lib/postgresql") else {
        return false;
    };
    versions
        .flatten()
        .any(|version| version.path().join("bin/initdb").is_file())
}

/// Whether a program is on the path; some of these have no option that only says their version.
fn on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The images that tests scan, made from Debian's packages once and kept in the target folder.
fn images(workspace: &Workspace) -> Result<Done> {
    workspace
        .python_tool("python")
        .arg("tests/images/make.py")
        .run()?;
    Ok(Done::Ran)
}

fn install(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if !workspace.tool("apt-get").arg("--version").succeeds() {
        bail!("missing: {names}; and this system has no apt-get to install them with");
    }
    let user = workspace.tool("id").arg("-u").read()?;
    let root = user.trim() == "0";
    let how = if root { "" } else { " with sudo" };
    say(&format!("    installing the Debian packages {names}{how}"));
    apt(workspace, root, &["update", "--quiet"])?;
    let flags = ["install", "--quiet", "--yes", "--no-install-recommends"];
    apt(workspace, root, &[&flags, packages].concat())
}

fn apt(workspace: &Workspace, root: bool, arguments: &[&str]) -> Result<()> {
    // Through `env`, since sudo hands no variable on.
    let quiet = [
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        "Dpkg::Use-Pty=0",
    ];
    let tool = if root {
        workspace.tool("env")
    } else {
        workspace.tool("sudo").arg("env")
    };
    tool.args(quiet).args(arguments).run()
}

fn python_environment(workspace: &Workspace) -> Result<Done> {
    let wanted = wanted(workspace)?;
    let works = workspace.python_tool("python").arg("--version").succeeds();
    let installed = bounded::read_text(&workspace.path(STAMP), LIMIT).unwrap_or_default();
    if works && installed == wanted {
        return Ok(Done::Skipped("all is there"));
    }
    if !works {
        workspace
            .tool("python3")
            .args(["-m", "venv", "--clear", ".venv"])
            .run()?;
    }
    let mut pip = workspace.python_tool("python").args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    for file in REQUIREMENTS {
        pip = pip.args(["--requirement", file]);
    }
    pip.run()?;
    // Last, so that what was interrupted is begun again.
    fs::write(workspace.path(STAMP), wanted).with_context(|| format!("writing `{STAMP}`"))?;
    Ok(Done::Ran)
}

/// The content of the requirement files.
fn wanted(workspace: &Workspace) -> Result<String> {
    let mut all = String::new();
    for file in REQUIREMENTS {
        let path = workspace.path(file);
        all.push_str(&read(&path)?);
    }
    Ok(all)
}

fn read(path: &Path) -> Result<String> {
    bounded::read_text(path, LIMIT).with_context(|| format!("reading `{}`", path.display()))
}
