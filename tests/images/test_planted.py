"""Every planted risk is found where it was planted, and nothing where only a bait lies."""

import json
import re

import pytest
from recipes import BREAK, FOLDER, planted

LIST = planted()


def _name(risk: dict) -> str:
    return f"{risk['item']} {risk['path']}:{risk.get('line', '')}"


@pytest.mark.parametrize("risk", LIST["risks"], ids=_name)
def test_a_planted_risk_is_found_with_its_layer_and_line(found, risk):
    here = {place for place in found("planted") if place.item == risk["item"]}
    lines = {(place.path, place.line) for place in here}
    assert (risk["path"], risk.get("line")) in lines, f"found at {sorted(map(str, lines))}"
    layers = {(place.layer, place.visible) for place in here if (place.path, place.line) == (risk["path"], risk.get("line"))}
    assert (risk.get("layer"), risk.get("visible", True)) in layers


@pytest.mark.parametrize("bait", LIST["baits"], ids=lambda bait: f"{bait['path']}:{bait.get('line', '')}")
def test_a_bait_is_not_taken(scanned, found, bait):
    secret = {key for key, result in scanned("planted").results().items() if result["baseline"]["class"] == "ak_leak"}
    assert secret
    taken = [place for place in found("planted") if place.item in secret and place.path == bait["path"]]
    assert not [place for place in taken if bait.get("line") in (None, place.line)]


def test_the_list_is_as_long_as_it_has_to_be(scanned):
    secret = {key for key, result in scanned("planted").results().items() if result["baseline"]["class"] == "ak_leak"}
    leaks = [risk for risk in LIST["risks"] if risk["item"] in secret]
    assert len(leaks) >= 31
    assert len(LIST["risks"]) - len(leaks) >= 46
    assert len(LIST["baits"]) >= 4


def test_nothing_of_the_planted_image_stays_unread(scanned):
    assert scanned("planted").code == 0
    assert scanned("planted").unknown() == {}


def test_no_secret_is_printed(scanned):
    """What was planted as a secret is nowhere in the output, whole."""
    printed = json.dumps(scanned("planted").report, ensure_ascii=False)
    text = (FOLDER / "planted.yaml").read_text()
    secrets = {word.replace(BREAK, "") for word in re.findall(r"""[^\s"'=:/@,;<>]*\{\{\}\}[^\s"'=:/@,;<>]+""", text)}
    assert len(secrets) > 40
    assert [secret for secret in secrets if secret in printed] == []


def test_findings_say_which_instruction_brought_them(scanned):
    places = scanned("planted").results()["aliyun_access_key"]["evidence"]["findings"]["places"]
    found = next(place for place in places if place["path"] == "/srv/app/.env")
    assert found["instruction"].startswith("RUN |1 NPM_TOKEN=")
    assert "./build.sh" in found["instruction"]
