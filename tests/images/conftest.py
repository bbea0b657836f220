"""The images, made when they are not there, and one scan of each in each form."""

import functools
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sdk"))

import forms
import make
from scanner import scan


@pytest.fixture(scope="session")
def image():
    """The folder of an image: `image("planted")`."""
    return functools.cache(make.image)


@pytest.fixture(scope="session")
def scanned(image, tmp_path_factory):
    """The scan of an image in a form: `scanned("planted", "docker_archive")`."""

    @functools.cache
    def scanned(name: str, form: str = "layout"):
        return scan(tmp_path_factory.mktemp(f"{name}-{form}"), getattr(forms, form)(image(name)))

    return scanned


@pytest.fixture(scope="session")
def found(image, scanned):
    """Every place that the scan of an image in a form found."""

    @functools.cache
    def found(name: str, form: str = "layout"):
        done = scanned(name, form)
        return done.places(forms.layer_numbers(image(name)))

    return found
