"""Images without planted risks: no high finding, and every other one is listed in clean.yaml with the reason why it is
true."""

from pathlib import Path

import pytest
import yaml

CLEAN = yaml.safe_load(Path(__file__).with_name("clean.yaml").read_text())


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_a_clean_image_has_no_high_finding(scanned, name):
    high = [key for key, risk in scanned(name).failing().items() if risk == "high"]
    assert high == []


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_every_finding_of_a_clean_image_is_true(scanned, name):
    failing = scanned(name).failing()
    assert failing.keys() == CLEAN[name].keys(), "clean.yaml says what is found, and why it is true"
    assert all(why for why in CLEAN[name].values())


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_everything_of_a_clean_image_is_read(scanned, name):
    assert scanned(name).code == 0
    assert scanned(name).unknown() == {}
