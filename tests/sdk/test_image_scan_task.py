"""A request has an image of a real registry scanned, its results are read, it is repaired and scanned again."""

import time

import pytest

from images import Shop, own
from registry import Registry

ACCOUNTS = {
    "etc/passwd": "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\ntwin:x:1000:1000::/:/bin/sh\n",
    "etc/group": "root:x:0:\napp:x:1000:\n",
    "etc/shadow": "root:*:20000:0:99999:7:::\napp::20000:0:99999:7:::\ntwin:!:20000:0:99999:7:::\n",
}
BETTER = ACCOUNTS | {
    "etc/passwd": "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/usr/sbin/nologin\n",
    "etc/shadow": "root:*:20000:0:99999:7:::\napp:!:20000:0:99999:7:::\n",
}
BAD_CONFIG = {"User": "", "ExposedPorts": {"22/tcp": {}}}
GOOD_CONFIG = {"User": "app", "ExposedPorts": {"8080/tcp": {}}, "Healthcheck": {"Test": ["CMD", "/app"]}}


@pytest.fixture
def registry():
    opened = Registry()
    yield opened
    opened.close()


@pytest.fixture
def served(tmp_path, registry):
    """A server that may contact the registry."""
    shop = Shop(tmp_path)
    shop.endpoint = shop.serve("--registry", registry.host)
    shop.main_key = shop.key()
    yield shop
    shop.stop()


def scanned(client, digest, **parameters) -> dict:
    """Begins a scan and waits for its end."""
    data = client.call("PublicCreateImageScanTask", **parameters)["Data"]
    assert (data["Result"], data["Status"], data["CanCreate"]) == ("SUCCESS", "INIT", True)
    for _ in range(600):
        tasks = client.call("DescribeImageLatestScanTask", Digest=digest)["Task"]
        if tasks and tasks[0].get("FinishTime") and tasks[0]["TaskId"] == data["TaskId"]:
            return tasks[0]
        time.sleep(0.05)
    raise AssertionError("the task does not end")


def test_a_requested_scan_from_the_first_to_the_repaired(served, registry, connect):
    client = connect(served.endpoint, served.main_key)
    first = registry.push("shop/web", "v1", ACCOUNTS, BAD_CONFIG)
    task = scanned(client, first, RepoNamespaces="shop", RepoNames="web", Tags="v1")
    assert (task["Status"], task["Source"], task["Finish"]) == ("SUCCESS", "openapi", 1)

    (image,) = client.call("DescribeImageListWithBaselineName", BaselineNameKey="identification")["ImageInfos"]
    assert (image["InstanceId"], image["RepoNamespace"], image["RepoName"]) == (registry.host, "shop", "web")
    assert image["Digest"] == first and image["HighRiskImage"] >= 1
    uuid = image["Uuid"]
    items = client.call(
        "DescribeImageBaselineItemList", ImageUuid=uuid, BaselineNameKey="identification", PageSize=100
    )["BaselineItemInfos"]
    assert {"duplicate_uid", "non_pwd_user"} <= {i["BaselineItemKey"] for i in items if i["Status"] == 0}
    detail = client.call("DescribeImageBaselineDetail", ImageUuid=uuid, BaselineItemKey="non_pwd_user", Lang="en")
    assert "/etc/shadow:2" in detail["BaselineDetail"]["Prompt"] and "layer" in detail["BaselineDetail"]["Prompt"]
    assert len(own(client, "DescribeImageBaselineCheckResult", "BaselineResult", ImageUuid=uuid)) == 2

    second = registry.push("shop/web", "v1", BETTER, GOOD_CONFIG)
    task = scanned(client, second, Digests=first)
    assert task["Status"] == "SUCCESS"
    found = own(client, "DescribeImageBaselineCheckResult", "BaselineResult", ImageUuid=uuid)
    assert [result["Status"] for result in found] == [1, 1], "the history follows the tag"
    items = client.call("DescribeImageBaselineItemList", ImageUuid=uuid, Status="1", PageSize=100)
    assert {"duplicate_uid", "non_pwd_user"} <= {i["BaselineItemKey"] for i in items["BaselineItemInfos"]}


def test_only_items_of_the_strategy_are_looked_for(served, registry, connect):
    client = connect(served.endpoint, served.main_key)
    client.call("SaveImageBaselineStrategy", BaselineItemList="shop_port_22")
    digest = registry.push("shop/web", "v1", ACCOUNTS, BAD_CONFIG)
    scanned(client, digest, RepoNamespaces="shop", RepoNames="web", Tags="v1")
    (summary,) = client.call("DescribeImageBaselineCheckSummary")["BaselineResultSummary"]
    assert (summary["BaselineNameKey"], summary["LowRiskImage"]) == ("shop_ports", 1)


def test_an_image_that_is_not_there_fails_its_task(served, registry, connect):
    client = connect(served.endpoint, served.main_key)
    digest = "sha256:" + "0" * 64
    task = scanned(client, digest, RepoNamespaces="shop", RepoNames="web", Digests=digest)
    assert task["Status"] == "FAIL"
    tasks = served.run("task", "list", "--db", served.db)
    assert "failed" in tasks


def test_no_other_host_is_contacted(served, registry, connect):
    client = connect(served.endpoint, served.main_key)
    other = Registry()
    data = client.call(
        "PublicCreateImageScanTask", InstanceIds=other.host, RepoNamespaces="shop", RepoNames="web", Tags="v1"
    )["Data"]
    other.close()
    assert (data["Result"], data["Status"]) == ("TASK_NOT_SUPPORT_REGION", "FAIL")
    assert other.asked == [] == registry.asked


def test_a_server_that_stops_ends_its_tasks(served, registry, connect):
    client = connect(served.endpoint, served.main_key)
    for number in range(10):
        registry.push("shop/web", f"v{number}", ACCOUNTS, BAD_CONFIG)
    tags = ",".join(f"v{number}" for number in range(10))
    client.call("PublicCreateImageScanTask", RepoNamespaces="shop", RepoNames="web", Tags=tags)
    served.stop()
    assert "running" not in served.run("task", "list", "--db", served.db)
