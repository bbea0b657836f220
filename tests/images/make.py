"""Makes the real images that the tests scan, from Debian packages: `.venv/bin/python tests/images/make.py [NAME …]`.

A recipe (`recipes/NAME.yaml`) says what an image starts from and what its layers hold. Each image is made once and
kept as an OCI layout in `target/images/NAME-<hash of its recipe and of what it starts from>`; the packages that were
downloaded lie beside it. Cold it takes a minute or two and a network, warm it takes nothing.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import base
import layers
from recipes import Recipe, every_name

ROOT = Path(__file__).resolve().parents[2]
STORE = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "images"
TOOLS = {
    "mmdebstrap": "mmdebstrap",
    "umoci": "umoci",
    "skopeo": "skopeo",
    "dpkg-deb": "dpkg",
    "openssl": "openssl",
    "ssh-keygen": "openssh-client",
    "chroot": "coreutils",
}


def image(name: str) -> Path:
    """The folder of an image, made if it is not there; its OCI layout is `layout`, where it has the tag `v1`."""
    recipe = Recipe.read(name)
    folder = STORE / f"{name}-{recipe.digest}"
    with _alone(name):
        if not (folder / "layout" / "index.json").is_file():
            _check()
            _make(recipe, folder)
    return folder


@contextlib.contextmanager
def _alone(name: str):
    """Only one process makes an image at a time."""
    STORE.mkdir(parents=True, exist_ok=True)
    with (STORE / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _check() -> None:
    missing = sorted({package for tool, package in TOOLS.items() if not shutil.which(tool)})
    if missing:
        sys.exit(f"making images needs the Debian packages {' '.join(missing)}; `cargo xtask setup` installs them")
    if os.geteuid() != 0:
        sys.exit("making images needs root, for chroot and for the owners of files; run it as root or in a container")


def _make(recipe: Recipe, folder: Path) -> None:
    print(f"making the image {recipe.name}", flush=True)
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    layout = part / "layout"
    if recipe.parent:
        _copy(image(recipe.parent) / "layout", layout)
    else:
        umoci("init", "--layout", layout)
        umoci("new", "--image", f"{layout}:v1")
    if recipe.debootstrap:
        base.debootstrap(recipe, layout, part, STORE / "packages")
    if recipe.packages:
        base.install(recipe, layout, part, STORE / "packages")
    folders = set()
    for number, layer in enumerate(recipe.layers):
        archive = part / f"layer-{number}.tar"
        layers.write(layer, archive, STORE / "packages", folders)
        by = ("--history.created_by", layer.by)
        umoci("raw", "add-layer", "--image", f"{layout}:v1", *by, archive)
        archive.unlink()
    _configure(recipe, layout)
    umoci("gc", "--layout", layout)
    # What earlier recipes made is of no use any more.
    for old in STORE.glob(f"{recipe.name}-{'?' * len(recipe.digest)}"):
        shutil.rmtree(old)
    part.rename(folder)


def _copy(source: Path, target: Path) -> None:
    """A layout of its own that shares the blobs, which nobody ever changes."""
    shutil.copytree(source / "blobs", target / "blobs", copy_function=os.link)
    for name in ("index.json", "oci-layout"):
        shutil.copy(source / name, target / name)


def _configure(recipe: Recipe, layout: Path) -> None:
    """Sets the configuration and adds the lines of the build history that make no layer."""
    for by in recipe.history:
        umoci("config", "--image", f"{layout}:v1", "--history.created_by", by)
    flags = [f"--config.{name}={value}" for name, values in recipe.config.items() for value in values]
    if flags:
        umoci("config", "--image", f"{layout}:v1", "--no-history", *flags)


def umoci(*arguments) -> None:
    """Runs umoci; what it says is shown only when it fails."""
    done = subprocess.run(["umoci", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"umoci {arguments[0]} failed: {done.stderr.strip()}")


def main() -> None:
    for name in sys.argv[1:] or every_name():
        print(image(name))


if __name__ == "__main__":
    main()
