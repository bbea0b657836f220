"""What the vendor's SDK reads of real images, before and after they were put right."""

import json
import time

import pytest
from clients import MODES, pages
from registry import Registry
from stance import Stance


@pytest.fixture(scope="module")
def story(image, tmp_path_factory):
    """The planted image under a tag, scanned; then another under the same tag, scanned; and a server over both."""
    folder = tmp_path_factory.mktemp("story")
    registry, stance = Registry(tmp_path_factory.mktemp("registry")), Stance(folder)
    story = {"times": [], "results": []}
    for name in ("planted", "fixed"):
        reference = registry.push(image(name), "shop/web:v1")
        begun = int(time.time() * 1000)
        report = json.loads(stance.run("scan", "image", reference, "--db", stance.db, "--format", "json"))
        story["times"].append((begun, int(time.time() * 1000)))
        if not stance.server:
            endpoint, key = stance.serve(), stance.key()
        story["client"] = MODES["v3"](endpoint, key)
        listed = pages(story["client"], "DescribeImageListWithBaselineName", "ImageInfos", 20, BaselineNameKey="sshd")
        story.setdefault("images", []).append(listed)
        uuid = story["uuid"] = report["results"][0]["asset_id"]
        results = pages(story["client"], "DescribeImageBaselineCheckResult", "BaselineResult", 20, ImageUuid=uuid, Lang="en")
        story["results"].append({_key(result): result for result in results})
    yield story
    stance.stop()
    registry.stop()


def _key(result: dict) -> tuple:
    """A baseline: several classes have one named after the same server."""
    return result["BaselineClassAlias"], result["BaselineNameKey"]


def test_a_planted_image_has_unfixed_baselines_of_every_class(story):
    before = story["results"][0]
    classes = {result["BaselineClassAlias"] for result in before.values()}
    assert {"ak_leak", "identification", "unauthorized_access", "service_configuration", "file_permission", "image_config"} <= classes
    for result in before.values():
        failing = [result[f"{level}RiskItemCount"] for level in ("High", "Middle", "Low")]
        assert (result["Status"] == 0) == (sum(failing) > 0)
        assert sum(failing) <= result["BaselineItemCount"]


def test_times_are_those_of_the_scans(story):
    begun, ended = story["times"][0]
    for result in story["results"][0].values():
        assert begun <= result["FirstScanTime"] <= ended
        assert result["FirstScanTime"] <= result["LastScanTime"] <= ended


def test_after_a_fixed_image_was_scanned_the_baselines_are_fixed(story):
    before, after = story["results"]
    begun, ended = story["times"][1]
    assert after.keys() >= before.keys()
    fixed = [key for key, result in after.items() if result["Status"] == 1]
    assert {("ak_leak", "ak_leak"), ("service_configuration", "sshd"), ("unauthorized_access", "redis")} <= set(fixed)
    for key in fixed:
        result = after[key]
        assert [result[f"{level}RiskItemCount"] for level in ("High", "Middle", "Low")] == [0, 0, 0]
        assert result["FirstScanTime"] == before[key]["FirstScanTime"]
        assert begun <= result["LastScanTime"] <= ended


def test_only_the_planted_image_is_listed_for_its_baseline(story):
    before, after = story["images"]
    assert [image["RepoName"] for image in before] == ["web"]
    assert after == []


def test_levels_and_criteria_select(story):
    def keys(**parameters) -> set:
        client, uuid = story["client"], story["uuid"]
        found = pages(client, "DescribeImageBaselineCheckResult", "BaselineResult", 20, ImageUuid=uuid, **parameters)
        return {_key(result) for result in found}

    assert keys(Criteria="sudo", CriteriaType="BaselineNameAlias") == {("identification", "sudo")}
    of_class = keys(Criteria="identification", CriteriaType="BaselineClassAlias")
    assert of_class == {("identification", "identification"), ("identification", "sudo")}
    levels = [keys(RiskLevel=level) for level in ("high", "medium", "low")]
    assert set.union(*levels) == keys()
    assert sum(map(len, levels)) == len(keys())
