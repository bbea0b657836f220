"""Recipes of images: `recipes/*.yaml`, and `planted.yaml`, the list of what the planted image must be found to have.

In a text of a recipe `{{}}` is taken out: it stands within made-up secrets, so that nobody's scanner takes this
repository's files for leaks.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "recipes"
BREAK = "{{}}"


@dataclass(frozen=True)
class File:
    """One entry of a layer. `key` names a kind of private key that is made afresh, `deb` a package's file; `long` is a
    text within a line of two megabytes, `binary` are texts between bytes that are none."""

    text: str = ""
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    link: str = ""
    dir: bool = False
    key: str = ""
    deb: tuple = ()
    capabilities: str = ""
    long: str = ""
    binary: tuple = ()

    @classmethod
    def of(cls, value) -> "File":
        if isinstance(value, str):
            return cls(text=value.replace(BREAK, ""))
        given = dict(value)
        if "mode" in given:
            given["mode"] = int(given["mode"], 8)
        elif given.get("dir"):
            given["mode"] = 0o755
        for name, field_value in given.items():
            if isinstance(field_value, str):
                given[name] = field_value.replace(BREAK, "")
            elif isinstance(field_value, list):
                given[name] = tuple(text.replace(BREAK, "") for text in field_value)
        return cls(**given)


@dataclass(frozen=True)
class Layer:
    """One layer: the line of the build history that makes it, what it brings, what it deletes."""

    by: str
    files: dict = field(default_factory=dict)
    delete: list = field(default_factory=list)

    @classmethod
    def of(cls, value: dict) -> "Layer":
        files = {path: File.of(given) for path, given in value.get("files", {}).items()}
        return cls(value["by"].replace(BREAK, ""), files, value.get("delete", []))


@dataclass(frozen=True)
class Recipe:
    """What an image is made from."""

    name: str
    parent: str
    debootstrap: dict
    packages: list
    layers: list
    history: list
    config: dict
    digest: str

    @classmethod
    def read(cls, name: str) -> "Recipe":
        """The recipe of that name; its digest changes with what it starts from, too."""
        text = (FOLDER / f"{name}.yaml").read_text()
        given = yaml.safe_load(text) or {}
        parent = given.get("from", "")
        makers = "".join((HERE / file).read_text() for file in ("make.py", "base.py", "layers.py"))
        above = cls.read(parent).digest if parent else hashlib.sha256(makers.encode()).hexdigest()
        return cls(
            name=name,
            parent=parent,
            debootstrap=given.get("debootstrap", {}),
            packages=given.get("packages", []),
            layers=[Layer.of(layer) for layer in given.get("layers", [])],
            history=[line.replace(BREAK, "") for line in given.get("history", [])],
            config={key: [text.replace(BREAK, "") for text in texts] for key, texts in given.get("config", {}).items()},
            digest=hashlib.sha256(f"{above}\n{text}".encode()).hexdigest()[:16],
        )

    def all_layers(self) -> int:
        """How many layers the image has."""
        own = len(self.layers) + bool(self.packages) + bool(self.debootstrap)
        return own + (Recipe.read(self.parent).all_layers() if self.parent else 0)


def every_name() -> list:
    return sorted(file.stem for file in FOLDER.glob("*.yaml"))


def planted() -> dict:
    """The list of what was planted: `risks` and `baits`."""
    return yaml.safe_load((HERE / "planted.yaml").read_text())
