"""Layers that Debian's own tools make: a minimal system, and packages installed into it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

MIRROR = os.environ.get("STANCE_TEST_MIRROR", "http://deb.debian.org/debian")
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
ARCHIVES = "var/cache/apt/archives"


def debootstrap(recipe, layout: Path, work: Path, cache: Path) -> None:
    """Adds a layer with a minimal Debian system."""
    suite, variant = recipe.debootstrap["suite"], recipe.debootstrap["variant"]
    # It is kept, so that a change of what comes after costs no second download.
    cache.mkdir(parents=True, exist_ok=True)
    archive = cache / f"{suite}-{variant}.tar"
    if not archive.is_file():
        part = work / "system.tar"
        command = ["mmdebstrap", "--quiet", f"--variant={variant}", "--mode=root", suite, str(part), MIRROR]
        _run(command, "mmdebstrap")
        part.rename(archive)
    by = f"mmdebstrap --variant={variant} {suite}"
    _run(["umoci", "raw", "add-layer", "--image", f"{layout}:v1", "--history.created_by", by, str(archive)], "umoci")


def install(recipe, layout: Path, work: Path, cache: Path) -> None:
    """Adds a layer with packages, as a build would: unpack, install, take what has changed."""
    bundle = work / "bundle"
    _run(["umoci", "unpack", "--image", f"{layout}:v1", str(bundle)], "umoci")
    root = bundle / "rootfs"
    debs = cache / "installed"
    debs.mkdir(parents=True, exist_ok=True)
    _prepare(root, debs)
    packages = " ".join(recipe.packages)
    line = f"apt-get update && apt-get install -y --no-install-recommends {packages}"
    script = f"apt-get -q update && apt-get -q install -y --no-install-recommends {packages}"
    _run(["chroot", str(root), "/bin/sh", "-ec", script], "apt-get", ENVIRONMENT)
    _clean(root, debs)
    by = f"RUN /bin/sh -c {line} && rm -rf /var/lib/apt/lists/* # buildkit"
    _run(["umoci", "repack", "--image", f"{layout}:v1", "--history.created_by", by, str(bundle)], "umoci")
    shutil.rmtree(bundle)


def _prepare(root: Path, debs: Path) -> None:
    """Names resolve, services are not started, packages that were downloaded before are there."""
    resolver = root / "etc/resolv.conf"
    resolver.unlink(missing_ok=True)
    shutil.copy("/etc/resolv.conf", resolver)
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    (root / "etc/apt/apt.conf.d/99keep").write_text('APT::Keep-Downloaded-Packages "true";\n')
    for deb in debs.glob("*.deb"):
        shutil.copy(deb, root / ARCHIVES)


def _clean(root: Path, debs: Path) -> None:
    for deb in (root / ARCHIVES).glob("*.deb"):
        shutil.copy(deb, debs)
        deb.unlink()
    lists = root / "var/lib/apt/lists"
    shutil.rmtree(lists)
    lists.mkdir()
    (root / "usr/sbin/policy-rc.d").unlink()
    (root / "etc/apt/apt.conf.d/99keep").unlink()
    # The name server of the machine that builds is nobody's business.
    (root / "etc/resolv.conf").write_text("")
    for log in (root / "var/log").rglob("*.log"):
        log.unlink()


def _run(command: list, name: str, environment: dict | None = None) -> None:
    """Runs a program; what it says is shown only when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-20:])
        sys.exit(f"{name} failed ({done.returncode}), is there a network?\n{said}")
