"""The forms in which an image comes: every one is made once, beside the layout that it comes from."""

import json
import shutil
import subprocess
from pathlib import Path

# The name that archives give the image.
NAME = "shop/web:v1"


def layout(folder: Path) -> str:
    """An OCI layout with layers of gzip."""
    return f"oci:{folder / 'layout'}:v1"


def oci_archive(folder: Path) -> str:
    """An OCI layout in a tar archive."""
    return f"oci-archive:{_made(folder, 'oci.tar', 'oci-archive:{}:v1')}"


def docker_archive(folder: Path) -> str:
    """What `docker save` writes: layers that are not compressed, a configuration in Docker's own form."""
    return f"docker-archive:{_made(folder, 'docker.tar', 'docker-archive:{}:' + NAME)}"


def zstd(folder: Path) -> str:
    """An OCI layout with layers of zstd."""
    flags = ("--dest-compress", "--dest-compress-format", "zstd")
    return f"oci:{_made(folder, 'zstd', 'oci:{}:v1', flags)}:v1"


def root(folder: Path) -> str:
    """The tree that the layers make, unpacked."""
    target = folder / "forms" / "bundle"
    if not target.is_dir():
        part = target.with_name(".bundle.part")
        shutil.rmtree(part, ignore_errors=True)
        part.parent.mkdir(exist_ok=True)
        command = ["umoci", "unpack", "--image", f"{folder / 'layout'}:v1", str(part)]
        subprocess.run(command, check=True, capture_output=True)
        part.rename(target)
    return f"dir:{target / 'rootfs'}"


def _made(folder: Path, name: str, target: str, flags: tuple = ()) -> Path:
    forms = folder / "forms"
    forms.mkdir(exist_ok=True)
    if not (forms / name).exists():
        part = forms / f".part-{name}"
        shutil.rmtree(part, ignore_errors=True)
        part.unlink(missing_ok=True)
        copy(layout(folder), target.format(part), *flags)
        part.rename(forms / name)
    return forms / name


def copy(source: str, target: str, *flags: str) -> None:
    """Copies an image from one form to another."""
    command = ["skopeo", "copy", "--quiet", "--insecure-policy", *flags, source, target]
    subprocess.run(command, check=True, capture_output=True, text=True)


def manifest(layout: Path) -> dict:
    """The manifest of a layout's only image."""
    index = json.loads((layout / "index.json").read_text())
    return json.loads(blob(layout, index["manifests"][0]["digest"]).read_text())


def blob(layout: Path, digest: str) -> Path:
    return layout / "blobs" / digest.replace(":", "/")


def layer_numbers(folder: Path) -> dict:
    """The number of each layer, from 1, by every digest that it has in any form."""
    numbers = {}
    for layout in (folder / "layout", folder / "forms" / "zstd"):
        if layout.is_dir():
            description = manifest(layout)
            config = json.loads(blob(layout, description["config"]["digest"]).read_text())
            for digests in ([layer["digest"] for layer in description["layers"]], config["rootfs"]["diff_ids"]):
                numbers |= {digest: number for number, digest in enumerate(digests, 1)}
    return numbers
