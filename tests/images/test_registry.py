"""Images from Debian's own registry on loopback."""

import forms
import pytest
from registry import PASSWORD, USER, Registry
from scanner import scan


@pytest.fixture(scope="module")
def open_registry(tmp_path_factory):
    registry = Registry(tmp_path_factory.mktemp("open"))
    yield registry
    registry.stop()


@pytest.fixture(scope="module")
def closed_registry(tmp_path_factory):
    registry = Registry(tmp_path_factory.mktemp("closed"), password=True)
    yield registry
    registry.stop()


@pytest.mark.parametrize("form", ["oci", "v2s2"])
def test_an_open_registry_gives_what_the_layout_gives(open_registry, image, found, tmp_path, form):
    reference = open_registry.push(image("planted"), f"shop/web:{form}", form)
    result = scan(tmp_path, reference)
    assert result.code == 0, result.errors
    places = result.places(forms.layer_numbers(image("planted")))
    assert {place for place in places if "healthcheck" not in place.item} == found("planted")
    first = result.report["results"][0]
    assert (first["account"], first["asset_name"]) == (open_registry.host, reference)


def test_a_registry_with_a_password_takes_it_from_dockers_configuration(closed_registry, image, tmp_path):
    reference = closed_registry.push(image("alpine-like"), "shop/small:v1")
    config = closed_registry.docker_config(tmp_path / "docker")
    result = scan(tmp_path, reference, DOCKER_CONFIG=str(config))
    assert result.code == 0, result.errors
    assert result.report["results"]


def test_without_the_password_the_error_says_what_to_do(closed_registry, image, tmp_path):
    reference = closed_registry.push(image("alpine-like"), "shop/small:v1")
    result = scan(tmp_path, reference)
    assert result.code == 2
    assert closed_registry.host in result.errors
    assert "docker login" in result.errors or "log in" in result.errors


def test_a_wrong_password_is_not_shown(closed_registry, image, tmp_path):
    reference = closed_registry.push(image("alpine-like"), "shop/small:v1")
    config = closed_registry.docker_config(tmp_path / "docker") / "config.json"
    config.write_text(f'{{"auths": {{"{closed_registry.host}": {{"username": "{USER}", "password": "not-the-one"}}}}}}')
    result = scan(tmp_path, reference, DOCKER_CONFIG=str(config.parent))
    assert result.code == 2
    assert "not-the-one" not in result.errors and PASSWORD not in result.errors


@pytest.mark.parametrize("name", ["shop/none:v1", "shop/small:none"])
def test_what_the_registry_does_not_have_is_an_error(open_registry, image, tmp_path, name):
    open_registry.push(image("alpine-like"), "shop/small:v1")
    result = scan(tmp_path, f"{open_registry.host}/{name}")
    assert result.code == 2
    assert name in result.errors
