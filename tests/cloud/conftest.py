"""One moto server for all tests, filled once, and what `stance` makes of it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

import account
import moto_server

ROOT = Path(__file__).resolve().parents[2]


def stance(*arguments, cwd):
    """Runs the program with keys for the server; its standard output."""
    binary = os.environ.get("STANCE_BIN", "target/debug/stance")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    run = subprocess.run(
        [str(ROOT / binary), *arguments],
        cwd=cwd,
        env={**clean, **moto_server.KEYS, "STANCE_LANG": "en", "HOME": str(cwd)},
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture(scope="session")
def cloud():
    """The address of the filled server, and what is expected of it."""
    with moto_server.running() as endpoint:
        yield endpoint, account.fill(endpoint)


@pytest.fixture(scope="session")
def snapshot(cloud, tmp_path_factory):
    """The account as `stance collect` reads it."""
    endpoint, _ = cloud
    folder = tmp_path_factory.mktemp("collected")
    regions = [word for region in account.REGIONS for word in ("--region", region)]
    # moto holds hundreds of snapshots of its own in each region; a real account would not be asked so fast.
    fast = ["--rate", "100000", "--timeout", "120"]
    stance("collect", "aws", "--endpoint", endpoint, "--output", "account.jsonl", *regions, *fast, cwd=folder)
    return folder / "account.jsonl"


@pytest.fixture(scope="session")
def scan(snapshot):
    """Scans the snapshot: the status by (check, asset id), as of now or of another day."""

    def run(*arguments):
        output = stance("scan", snapshot.name, "--format", "json", "--output", "report.json", *arguments, cwd=snapshot.parent)
        report = json.loads((snapshot.parent / "report.json").read_text())
        return {(r["check"], r["asset_id"]): r["status"] for r in report["results"]}

    return run
