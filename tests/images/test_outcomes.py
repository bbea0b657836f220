"""Exit codes, and images that are broken: what could not be read is never a pass."""

import shutil

import forms
import pytest
from scanner import scan


# They ask for nothing but the variables of the configuration, which is there.
OF_THE_CONFIGURATION = {"mysql_allow_empty_password", "postgresql_trust_env"}


@pytest.mark.parametrize(
    ("name", "risk", "code"),
    [("planted", "high", 1), ("planted", "low", 1), ("alpine-like", "high", 0), ("services", "high", 0)],
)
def test_fail_on(image, tmp_path, name, risk, code):
    result = scan(tmp_path, forms.layout(image(name)), "--fail-on", risk)
    assert result.code == code, result.errors


def test_only_a_baseline_and_all_but_one(image, tmp_path):
    layout = forms.layout(image("planted"))
    only = scan(tmp_path, layout, "--baseline", "ak_leak")
    assert {result["baseline"]["class"] for result in only.report["results"]} == {"ak_leak"}
    but = scan(tmp_path, layout, "--skip", "ak_leak", "--skip", "sshd")
    assert not [r for r in but.report["results"] if "ak_leak" == r["baseline"]["class"] or r["baseline"]["name"] == "sshd"]


def test_a_truncated_archive_keeps_what_was_found(image, tmp_path):
    whole = forms.docker_archive(image("planted")).split(":", 1)[1]
    size = 0
    cut = tmp_path / "cut.tar"
    with open(whole, "rb") as source, cut.open("wb") as target:
        while chunk := source.read(1 << 20):
            target.write(chunk)
            size += len(chunk)
            if size > 100 << 20:
                break
    result = scan(tmp_path, f"docker-archive:{cut}")
    if result.code == 2:
        assert str(cut) in result.errors
    else:
        _nothing_passes(result)


def test_a_layer_with_the_wrong_digest_lets_nothing_pass(image, tmp_path):
    broken = _broken_layout(image("planted"), tmp_path, layer=3, how=lambda blob: blob[:-40] + bytes(40))
    result = scan(tmp_path, f"oci:{broken}:v1")
    assert result.code == 0, result.errors
    _nothing_passes(result)
    # What the layers before it held is reported all the same.
    assert "aliyun_access_key" in result.failing() or result.failing() == {}


def test_a_missing_layer_lets_nothing_pass(image, tmp_path):
    broken = _broken_layout(image("planted"), tmp_path, layer=1, how=None)
    result = scan(tmp_path, f"oci:{broken}:v1")
    assert result.code == 0, result.errors
    _nothing_passes(result)
    assert "aliyun_access_key" in result.failing(), "the layers above it are read"
    assert scan(tmp_path, f"oci:{broken}:v1", "--fail-on-unknown").code == 1


@pytest.mark.parametrize("reference", ["no-such-file.tar", "oci:no-such-folder", "oci:.:v1", "a b", "docker-archive:/dev/null"])
def test_what_is_no_image_is_an_error(tmp_path, reference):
    result = scan(tmp_path, reference)
    assert result.code == 2
    assert result.errors.strip()


def _broken_layout(folder, tmp_path, layer: int, how):
    """A copy of a layout in which one layer was changed, or deleted."""
    copy = tmp_path / "broken"
    shutil.copytree(folder / "layout", copy)
    digest = forms.manifest(copy)["layers"][layer]["digest"]
    blob = copy / "blobs" / digest.replace(":", "/")
    if how:
        blob.write_bytes(how(blob.read_bytes()))
    else:
        blob.unlink()
    return copy


def _nothing_passes(result) -> None:
    """No item says of such an image that something holds, but those that ask only its configuration."""
    passing = {key for key, r in result.results().items() if r["status"] == "PASS" and r["baseline"]["class"] != "image_config"}
    assert passing <= OF_THE_CONFIGURATION
    assert result.unknown()
