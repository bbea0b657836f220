"""The same image is judged alike in whatever form it comes."""

import pytest

# A folder has no layers that a later one deleted from, no configuration and no build history.
ONLY_IN_IMAGES = ("config", "history:")


@pytest.mark.parametrize("form", ["oci_archive", "zstd"])
def test_every_form_of_an_oci_image_gives_the_same(scanned, found, form):
    assert found("planted", form) == found("planted")
    assert _statuses(scanned("planted", form)) == _statuses(scanned("planted"))


def test_a_docker_archive_gives_the_same(scanned, found):
    docker, oci = scanned("planted", "docker_archive"), scanned("planted")
    assert {place for place in found("planted", "docker_archive") if place.item in oci.failing()} == found("planted")
    differing = {key for key, status in _statuses(docker).items() if _statuses(oci)[key] != status}
    assert len(differing) == 1, differing
    # A HEALTHCHECK has a place only in Docker's own configuration.
    assert all("healthcheck" in key for key in differing)


def test_a_folder_gives_all_that_it_can_know(found):
    def seen(form: str) -> set:
        places = found("planted", form)
        return {(p.item, p.path, p.line) for p in places if p.visible and not p.path.startswith(ONLY_IN_IMAGES)}

    assert seen("root") == seen("layout")


def test_a_folder_has_no_configuration_to_judge(scanned):
    results = scanned("planted", "root").results().values()
    of_config = [r for r in results if r["baseline"]["class"] == "image_config" and r["status"] == "NOT_PASS"]
    places = [p for r in of_config for p in r["evidence"].get("findings", {}).get("places", [])]
    assert not [place for place in places if place["path"].startswith(ONLY_IN_IMAGES)]


def _statuses(scan) -> dict:
    return {key: result["status"] for key, result in scan.results().items()}
