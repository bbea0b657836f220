"""Images as snapshots, for three items of the tests' own beside those of the catalogue."""

import hashlib
import json
from pathlib import Path

from stance import Stance

ITEMS = Path(__file__).parent / "items"
REGISTRY = "registry.example:5000"

# All three items fail; none does; only the second and the third do.
BAD = {"User": "", "Healthcheck": False, "port": 22}
GOOD = {"User": "app", "Healthcheck": True, "port": 80}
HALF = {"User": "app", "Healthcheck": False, "port": 22}


def uuid(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def digest(name: str) -> str:
    return "sha256:" + hashlib.sha256(name.encode()).hexdigest()


def place(what: str) -> dict:
    return {"path": f"config:{what}", "visible": True, "what": what, "layer": digest("layer")}


def image(name: str, config: dict, **about) -> dict:
    """An image of the registry, `about` what differs."""
    reference = f"{REGISTRY}/shop/{name}:v1"
    facts = {
        "image": {
            "reference": reference,
            "registry": REGISTRY,
            "repo_namespace": "shop",
            "repo_name": name,
            "tag": "v1",
            "digest": digest(name),
            "image_id": digest(f"{name} config"),
            "created": 1700000000000,
            "size": 4096,
            "os": "linux",
            "architecture": "amd64",
            "kind": "image",
            "layers": [{"digest": digest("layer"), "size": 4096, "instruction": "ADD file:0 in /"}],
        }
        | about,
        "config": {
            "User": config["User"],
            "Env": [],
            "ExposedPorts": [{"port": config["port"], "protocol": "tcp", "at": place("ExposedPorts")}],
            "Healthcheck": config["Healthcheck"],
            "oci_only": False,
            "Entrypoint": [],
            "Cmd": ["/app"],
            "Volumes": [],
            "WorkingDir": "",
            "Labels": {},
            "StopSignal": "",
            "at": place("User"),
        },
    }
    return {
        "provider": "image",
        "account": REGISTRY,
        "region": "global",
        "type": "image/oci/image",
        "id": uuid(name),
        "name": reference,
        "facts": facts,
        "origin": {"kind": "image"},
    }


def container(name: str, config: dict) -> dict:
    """A container of this host, made of such an image."""
    about = {"kind": "container", "container_id": digest(name)[7:], "container_name": name}
    return image(name, config, **about) | {"type": "image/oci/container", "account": "local"}


class Shop(Stance):
    """A database of images."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.folder = folder
        self.environment["STANCE_CHECKS"] = str(ITEMS)

    def scan_images(self, *documents: dict, tenant: str = "default") -> None:
        records = [{"snapshot": {"format": 1, "at": "2026-11-01T08:00:00Z", "producer": "test"}}]
        records += [{"asset": document} for document in documents]
        records.append({"end": {"assets": len(documents), "coverage": 0}})
        snapshot = self.folder / "images.jsonl"
        snapshot.write_text("".join(json.dumps(record) + "\n" for record in records))
        self.run("scan", str(snapshot), "--db", self.db, "--tenant", tenant)


def own(client, action: str, list_name: str, **parameters) -> list:
    """What an operation says of the tests' own class of baselines."""
    answer = client.call(action, Criteria="shop_rules", CriteriaType="BaselineClassAlias", **parameters)
    assert answer["PageInfo"]["Count"] == len(answer[list_name]) <= answer["PageInfo"]["TotalCount"]
    return answer[list_name]
