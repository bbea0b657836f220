"""The image operations that change something, tenants and permissions, through the official clients."""

import json

import pytest

from clients import MODES, Failure
from images import BAD, digest, image, own, uuid

RESULT, RESULTS = "DescribeImageBaselineCheckResult", "BaselineResult"

RIGHT = {
    "DescribeAllImageBaseline": {},
    RESULT: {"ImageUuid": "x"},
    "DescribeImageBaselineCheckSummary": {},
    "DescribeImageBaselineDetail": {"BaselineItemKey": "shop_port_22"},
    "DescribeImageBaselineItemList": {"ImageUuid": "x"},
    "DescribeImageBaselineStrategy": {},
    "DescribeImageInfoList": {"Uuids": "x"},
    "DescribeImageLatestScanTask": {"Digest": "x"},
    "DescribeImageListWithBaselineName": {"BaselineNameKey": "x"},
    "OperateImageBaselineWhitelist": {"Operation": "del", "BaselineItemKeyList": "shop_port_22"},
    "PublicCreateImageScanTask": {},
    "SaveImageBaselineStrategy": {"BaselineItemList": "shop_rules"},
}


def levels(client, name):
    found = own(client, RESULT, RESULTS, ImageUuid=uuid(name))
    counts = ("HighRiskItemCount", "MiddleRiskItemCount", "LowRiskItemCount")
    return {result["BaselineNameKey"]: tuple(result[count] for count in counts) for result in found}


def refused(client, action, **parameters):
    with pytest.raises(Failure) as failure:
        client.call(action, **parameters)
    return failure.value.code, failure.value.status


def test_the_whitelist_of_one_image_and_of_all(fresh_shop, connect):
    client = connect(fresh_shop.endpoint, fresh_shop.main_key)

    def operate(operation, keys, **parameters):
        client.call("OperateImageBaselineWhitelist", Operation=operation, BaselineItemKeyList=keys, **parameters)

    before = levels(client, "web")
    assert before == {"shop_users": (1, 1, 0), "shop_ports": (0, 0, 1)}
    operate("add", "shop_user_root,shop_port_22", ImageUuid=uuid("web"))
    assert levels(client, "web") == {"shop_users": (0, 1, 0)}
    assert levels(client, "job")["shop_ports"] == (0, 0, 1), "another image"
    items = client.call("DescribeImageBaselineItemList", ImageUuid=uuid("web"), BaselineClassKey="shop_rules")
    marks = {item["BaselineItemKey"]: item["WhiteList"] for item in items["BaselineItemInfos"]}
    assert marks == {"shop_user_root": 1, "shop_healthcheck": 0, "shop_port_22": 1}

    fresh_shop.scan_images(image("web", BAD))
    assert levels(client, "web") == {"shop_users": (0, 1, 0)}, "a scan keeps it"
    accepted = fresh_shop.run("exception", "list", "--db", fresh_shop.db)
    assert fresh_shop.main_key.id in accepted, "who added it is seen at the command line"
    operate("del", json.dumps(["shop_user_root", "shop_port_22"]), ImageUuid=uuid("web"))
    assert levels(client, "web") == before

    operate("add", "shop_healthcheck")
    assert levels(client, "web")["shop_users"] == (1, 0, 0)
    assert "shop_users" not in levels(client, "job")
    assert levels(client, "web-1")["shop_users"] == (1, 0, 0), "containers, too"
    code = refused(
        client, "OperateImageBaselineWhitelist", Operation="del", BaselineItemKeyList="shop_healthcheck",
        ImageUuid=uuid("web"),
    )
    assert code == ("IllegalParam", 400), "it holds for all images"
    operate("del", "shop_healthcheck")
    assert levels(client, "web") == before


@pytest.mark.parametrize(
    "parameters, code",
    [
        ({"Operation": "add"}, "MissingBaselineItemKeyList"),
        ({"BaselineItemKeyList": "shop_port_22"}, "MissingOperation"),
        ({"Operation": "drop", "BaselineItemKeyList": "shop_port_22"}, "IllegalParam"),
        ({"Operation": "add", "BaselineItemKeyList": "no_such_item"}, "IllegalParam"),
        ({"Operation": "add", "BaselineItemKeyList": "shop_port_22", "ImageUuid": "nobody"}, "IllegalParam"),
    ],
)
def test_a_bad_whitelist(buyer, parameters, code):
    assert refused(buyer, "OperateImageBaselineWhitelist", **parameters) == (code, 400)


def test_a_strategy_is_read_and_saved(fresh_shop, connect):
    client = connect(fresh_shop.endpoint, fresh_shop.main_key)
    strategy = client.call("DescribeImageBaselineStrategy")["Strategy"]
    assert strategy["SelectedItemCount"] == strategy["TotalItemCount"] == len(strategy["BaselineItemList"]) > 3
    chosen = [item for item in strategy["BaselineItemList"] if item["ClassKey"] == "shop_rules"]
    client.call(
        "SaveImageBaselineStrategy",
        BaselineItemList=json.dumps(chosen),
        StrategyName="shop",
        StrategyId=strategy["StrategyId"],
        ImageVulClean=30,
    )
    saved = client.call("DescribeImageBaselineStrategy", StrategyId=strategy["StrategyId"])["Strategy"]
    assert (saved["SelectedItemCount"], saved["TotalItemCount"]) == (3, strategy["TotalItemCount"])
    assert (saved["StrategyName"], saved["ImageVulClean"], saved["Type"]) == ("shop", 30, "default")
    assert sorted(item["ItemKey"] for item in saved["BaselineItemList"]) == sorted(i["ItemKey"] for i in chosen)
    assert refused(client, "SaveImageBaselineStrategy", BaselineItemList="no_such") == ("IllegalParam", 400)
    client.call("SaveImageBaselineStrategy", BaselineItemList=json.dumps(strategy["BaselineItemList"]))
    assert client.call("DescribeImageBaselineStrategy")["Strategy"]["Type"] == "full"


def test_a_request_makes_the_server_call_no_host_that_was_not_allowed(buyer):
    for parameters in (
        {"Digests": digest("web")},
        {"InstanceIds": "127.0.0.1:1", "RepoNames": "web", "Tags": "v1"},
        {},
    ):
        data = buyer.call("PublicCreateImageScanTask", **parameters)["Data"]
        assert (data["Result"], data["Status"], data["TaskId"]) == ("TASK_NOT_SUPPORT_REGION", "FAIL", "")
    assert refused(buyer, "PublicCreateImageScanTask", Tags="no-such-tag") == ("IllegalParam", 400)


def test_a_tenant_sees_its_own_images_only(fresh_shop):
    fresh_shop.scan_images(image("theirs", BAD), tenant="other")
    theirs = MODES["v3"](fresh_shop.endpoint, fresh_shop.key("--tenant", "other"))
    ours = MODES["v3"](fresh_shop.endpoint, fresh_shop.main_key)
    assert levels(theirs, "web") == {} == levels(ours, "theirs")
    assert len(levels(theirs, "theirs")) == 2
    listed = theirs.call("DescribeImageListWithBaselineName", BaselineNameKey="shop_users")["ImageInfos"]
    assert [i["RepoName"] for i in listed] == ["theirs"]
    assert theirs.call("DescribeImageInfoList", Uuids=uuid("web"))["ImageInfos"] == []
    assert theirs.call("DescribeImageLatestScanTask", Digest=digest("web"))["Task"] == []
    theirs.call("OperateImageBaselineWhitelist", Operation="add", BaselineItemKeyList="shop_user_root")
    assert levels(ours, "web")["shop_users"] == (1, 1, 0)
    code = refused(
        theirs, "OperateImageBaselineWhitelist", Operation="add", BaselineItemKeyList="shop_user_root",
        ImageUuid=uuid("web"),
    )
    assert code == ("IllegalParam", 400)


def test_a_key_without_permission(shop, connect, tmp_path):
    policy = tmp_path / "policy.json"
    statement = {"Effect": "Allow", "Action": ["yundun-sas:ListCheckResult"], "Resource": "*"}
    policy.write_text(json.dumps({"Version": "1", "Statement": [statement]}))
    client = connect(shop.endpoint, shop.key("--policy", str(policy)))
    for action, parameters in RIGHT.items():
        assert refused(client, action, **parameters) == ("NoPermission", 403), action


@pytest.mark.parametrize("action", ["DescribeImageBaselineDetail", RESULT])
def test_a_key_for_one_operation(shop, connect, tmp_path, action):
    policy = tmp_path / "policy.json"
    statement = {"Effect": "Allow", "Action": f"yundun-sas:{action}", "Resource": "*"}
    policy.write_text(json.dumps({"Version": "1", "Statement": [statement]}))
    client = connect(shop.endpoint, shop.key("--policy", str(policy)))
    client.call(action, **RIGHT[action])
    assert refused(client, "DescribeAllImageBaseline") == ("NoPermission", 403)
