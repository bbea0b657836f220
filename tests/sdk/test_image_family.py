"""The operations around DescribeImageBaselineCheckResult that only read, through the official clients."""

import pytest

from clients import Failure, pages
from images import REGISTRY, digest, own, uuid

SUMMARY, SUMMARIES = "DescribeImageBaselineCheckSummary", "BaselineResultSummary"
IMAGES, ITEMS = "DescribeImageListWithBaselineName", "DescribeImageBaselineItemList"


def test_the_catalogue_of_baselines(buyer):
    classes = buyer.call("DescribeAllImageBaseline", Lang="en")["ImageBaselines"]["BaselineClassList"]
    keys = [item["ItemKey"] for c in classes for n in c["BaselineNameList"] for item in n["BaselineItemList"]]
    assert len(keys) == len(set(keys)) > 3
    for one in classes:
        assert one["ClassKey"] and one["Alias"] and one["BaselineNameList"]
        for name in one["BaselineNameList"]:
            assert name["ClassKey"] == one["ClassKey"] and name["Alias"]
            for item in name["BaselineItemList"]:
                assert (item["ClassKey"], item["NameKey"]) == (one["ClassKey"], name["NameKey"]) and item["Alias"]
    shop = next(c for c in classes if c["ClassKey"] == "shop_rules")
    assert shop["Alias"] == "Shop image rules"
    assert [n["NameKey"] for n in shop["BaselineNameList"]] == ["shop_users", "shop_ports"]
    chinese = buyer.call("DescribeAllImageBaseline")["ImageBaselines"]["BaselineClassList"]
    assert next(c for c in chinese if c["ClassKey"] == "shop_rules")["Alias"] == "商城镜像规范"


def test_over_all_images_each_counts_under_its_worst_level(buyer):
    def row(**parameters):
        found = {s["BaselineNameKey"]: s for s in own(buyer, SUMMARY, SUMMARIES, **parameters)}
        one = found["shop_users"]
        return one["Status"], one["HighRiskImage"], one["MiddleRiskImage"], one["LowRiskImage"]

    assert row() == (0, 2, 1, 0), "web and a container; job"
    assert row(ScanRange=["image"]) == (0, 1, 1, 0)
    assert row(ScanRange=["container"]) == (0, 1, 0, 0)
    one = own(buyer, SUMMARY, SUMMARIES, Lang="en")[0]
    assert (one["BaselineClassKey"], one["BaselineClassAlias"]) == ("shop_rules", "Shop image rules")
    assert own(buyer, SUMMARY, SUMMARIES, ClusterId="c0") == []
    assert own(buyer, SUMMARY, SUMMARIES, RiskLevel="low")[0]["BaselineNameKey"] == "shop_ports"


def test_the_summary_agrees_with_the_images_one_by_one(buyer):
    for summary in pages(buyer, SUMMARY, SUMMARIES, 100):
        images = pages(buyer, IMAGES, "ImageInfos", 100, BaselineNameKey=summary["BaselineNameKey"])
        affected = summary["HighRiskImage"] + summary["MiddleRiskImage"] + summary["LowRiskImage"]
        # Two classes may have a baseline of the same name, and the images of both are listed.
        assert len(images) >= affected
        assert (affected == 0) == (summary["Status"] == 1)


def test_images_that_fail_a_baseline(buyer):
    def named(**parameters):
        found = buyer.call(IMAGES, BaselineNameKey="shop_users", **parameters)["ImageInfos"]
        return [image["RepoName"] for image in found]

    assert sorted(named()) == ["job", "web", "web-1"], "neither the fixed one nor the clean one"
    assert named(Image="JOB") == ["job"]
    assert named(ImageDigest=digest("web")) == named(ImageDigest=digest("web")[7:]) == ["web"]
    assert named(RepoName="job", RepoNamespace="shop", RepoInstanceId=REGISTRY) == ["job"]
    assert named(RepoNamespace="other") == named(Pod="p") == named(ClusterName="c") == named(Namespace="n") == []
    assert named(ScanRange=["container"]) == named(ContainerId=digest("web-1")[7:]) == ["web-1"]
    assert named(Criteria="shop_users", CriteriaType="BaselineNameAlias", Image="job") == ["job"]
    assert named(Criteria="shop_ports", CriteriaType="BaselineNameAlias") == []
    assert len(pages(buyer, IMAGES, "ImageInfos", 1, BaselineNameKey="shop_users")) == 3
    web = next(i for i in buyer.call(IMAGES, BaselineNameKey="shop_users")["ImageInfos"] if i["RepoName"] == "web")
    assert (web["Uuid"], web["Image"], web["Tag"]) == (uuid("web"), f"{REGISTRY}/shop/web:v1", "v1")
    assert (web["HighRiskImage"], web["MiddleRiskImage"], web["LowRiskImage"], web["NoRiskImage"]) == (1, 1, 0, 0)
    assert (web["TotalItemCount"], web["RiskStatus"], web["ImageSize"]) == (2, "YES", 4096)
    assert buyer.call(IMAGES, BaselineNameKey="no_such")["ImageInfos"] == []


def test_every_image_can_be_asked_for_by_the_uuid_it_is_listed_with(buyer):
    for image in buyer.call(IMAGES, BaselineNameKey="shop_ports")["ImageInfos"]:
        found = own(buyer, "DescribeImageBaselineCheckResult", "BaselineResult", ImageUuid=image["Uuid"])
        ports = next(result for result in found if result["BaselineNameKey"] == "shop_ports")
        assert ports["LowRiskItemCount"] == image["LowRiskImage"] == 1


def test_items_agree_with_the_counts_of_their_baselines(buyer):
    for name in ("web", "api", "job", "web-1"):
        items = pages(buyer, ITEMS, "BaselineItemInfos", 100, ImageUuid=uuid(name))
        for result in pages(buyer, "DescribeImageBaselineCheckResult", "BaselineResult", 100, ImageUuid=uuid(name)):
            key = result["BaselineClassAlias"], result["BaselineNameKey"]
            of_it = [i for i in items if (i["BaselineClassKey"], i["BaselineNameKey"]) == key]
            failing = [i for i in of_it if i["Status"] == 0 and i["WhiteList"] == 0]
            counted = result["HighRiskItemCount"] + result["MiddleRiskItemCount"] + result["LowRiskItemCount"]
            assert len(failing) == counted and of_it
            assert (result["Status"] == 1) == (not failing)


def test_items_of_images(buyer):
    def keys(**parameters):
        found = buyer.call(ITEMS, BaselineClassKey="shop_rules", PageSize=100, **parameters)["BaselineItemInfos"]
        return [item["BaselineItemKey"] for item in found]

    all_three = ["shop_user_root", "shop_healthcheck", "shop_port_22"]
    assert keys(ImageUuid=uuid("web")) == all_three
    assert keys(ImageUuid=uuid("web"), BaselineNameKey="shop_ports") == ["shop_port_22"]
    assert keys(ImageUuid=uuid("web"), Status="0") == all_three
    assert keys(ImageUuid=uuid("api"), Status="1") == all_three
    assert keys(ImageUuid=uuid("web"), Status="1") == keys(ImageUuid=uuid("web"), Status="2") == []
    assert keys(ImageUuid=uuid("web"), ScanRange=["container"]) == []
    assert keys(Uuids=[uuid("api"), uuid("job")], Status="0") == ["shop_healthcheck", "shop_port_22"]
    assert keys(ImageUuid=uuid("clean")) == keys(ImageUuid="0" * 32) == []


@pytest.mark.parametrize("lang, title, layer", [("en", "Open ports", "layer"), ("zh", "开放端口", "镜像层")])
def test_the_text_of_an_item_and_where_it_was_found(buyer, lang, title, layer):
    detail = buyer.call(
        "DescribeImageBaselineDetail", ImageUuid=uuid("web"), BaselineItemKey="shop_port_22", Lang=lang
    )["BaselineDetail"]
    assert detail["BaselineNameAlias"] == title and detail["Level"] == "low"
    assert detail["Prompt"].startswith("config:ExposedPorts ExposedPorts") and layer in detail["Prompt"]
    assert detail["Advice"] and detail["Description"] and detail["BaselineItemAlias"] and detail["ResultId"]
    alone = buyer.call("DescribeImageBaselineDetail", BaselineItemKey="shop_port_22", Lang=lang)["BaselineDetail"]
    assert (alone["Prompt"], alone["ResultId"]) == ("", "")


def test_what_images_are(buyer):
    infos = buyer.call("DescribeImageInfoList", Uuids=",".join(map(uuid, ("web", "clean", "nobody"))))["ImageInfos"]
    by_name = {info["RepoName"]: info for info in infos}
    assert sorted(by_name) == ["clean", "web"]
    assert by_name["web"]["RiskStatus"] == "YES"
    assert by_name["web"]["Digest"] == digest("web") and by_name["web"]["ImageCreate"] == 1700000000000
    assert by_name["web"].get("VulCount") is None, "vulnerabilities were not looked for"


def test_the_last_scan_of_an_image(buyer):
    (task,) = buyer.call("DescribeImageLatestScanTask", Digest=digest("api"))["Task"]
    assert (task["Status"], task["TargetType"], task["TaskType"]) == ("SUCCESS", "IMAGE", "IMAGE_SCAN")
    assert task["Target"] == digest("api") and task["StartTime"] <= task["FinishTime"]
    (earlier,) = buyer.call("DescribeImageLatestScanTask", Digest=digest("web"))["Task"]
    assert earlier["Id"] < task["Id"]
    assert buyer.call("DescribeImageLatestScanTask", Digest=digest("nobody"))["Task"] == []


def test_items_are_no_checks(buyer):
    checks = pages(buyer, "ListCheckResult", "Checks", 100)
    assert checks and not any(900101 <= check["CheckId"] <= 900103 for check in checks)
    with pytest.raises(Failure) as failure:
        buyer.call("ListCheckInstanceResult", CheckId=900101)
    assert (failure.value.code, failure.value.status) == ("IllegalParam", 400)


@pytest.mark.parametrize(
    "action, parameters, code",
    [
        (IMAGES, {}, "MissingBaselineNameKey"),
        (ITEMS, {}, "MissingImageUuid"),
        (ITEMS, {"ImageUuid": "x", "Status": "4"}, "IllegalParam"),
        ("DescribeImageBaselineDetail", {"BaselineItemKey": "no_such"}, "IllegalParam"),
        ("DescribeImageBaselineDetail", {}, "MissingBaselineItemKey"),
        ("DescribeImageInfoList", {}, "MissingUuids"),
        ("DescribeImageLatestScanTask", {}, "MissingDigest"),
        ("DescribeImageBaselineStrategy", {"StrategyId": 12345}, "IllegalParam"),
        ("DescribeImageBaselineStrategy", {"Source": "disk"}, "IllegalParam"),
    ],
)
def test_bad_values(buyer, action, parameters, code):
    with pytest.raises(Failure) as failure:
        buyer.call(action, **parameters)
    assert (failure.value.code, failure.value.status) == (code, 400)
