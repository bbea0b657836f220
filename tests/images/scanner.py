"""`stance scan image` on one image, and what it found, in a form that tests compare."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from stance import binary


@dataclass(frozen=True)
class Place:
    """One place where an item was found to fail; `layer` is the layer's number from 1, none where the source has none."""

    item: str
    path: str
    line: int | None
    layer: int | None
    visible: bool


@dataclass
class Scan:
    """One run of the command."""

    code: int
    report: dict
    errors: str

    def results(self) -> dict:
        """The results by item."""
        return {result["check"]: result for result in self.report["results"]}

    def failing(self) -> dict:
        """The failing items with their risk levels."""
        return {key: result["risk_level"] for key, result in self.results().items() if result["status"] == "NOT_PASS"}

    def unknown(self) -> dict:
        """What could not be judged, with the reason; what does not apply is none of it."""
        results = self.results().items()
        return {key: result["reason"] for key, result in results if result["reason_kind"] not in (None, "NOT_APPLICABLE")}

    def places(self, layers: dict) -> set:
        """Every place of every failing item; `layers` are the numbers of the layers by digest."""
        return {
            Place(key, found["path"], found.get("line"), layers.get(found.get("layer")), found["visible"])
            for key, result in self.results().items()
            if result["status"] == "NOT_PASS"
            for found in result["evidence"].get("findings", {}).get("places", [])
        }


def scan(folder: Path, reference: str, *flags: str, **environment: str) -> Scan:
    """Scans an image into a database of its own; nothing of the user's own settings is seen."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    own = {name: str(home) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "DOCKER_CONFIG")}
    command = [os.path.abspath(binary()), "scan", "image", reference, "--db", f"sqlite://{folder / 'stance.db'}", "--format", "json", *flags]
    done = subprocess.run(
        command,
        env=dict(os.environ, NO_COLOR="1", **{**own, **environment}),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=600,
    )
    return Scan(done.returncode, json.loads(done.stdout) if done.stdout.strip() else {}, done.stderr)
