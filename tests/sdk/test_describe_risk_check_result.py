"""DescribeRiskCheckResult through the official clients: the legacy table of 45 items."""

import math

import pytest

from clients import Failure, pages

IDS = [*range(1, 9), *range(12, 29), *range(30, 45), 46, 47, 49, 51, 52]
STATUSES = {
    "PASS": "pass",
    "NOT_PASS": "failed",
    "CHECKING": "running",
    "NOT_CHECK": "waiting",
    "FAILED": "waiting",
    "WHITELIST": "ignored",
}
# ItemId: GroupId, RiskLevel, AssetType of the reference's table, for one item of each service.
TABLE = {
    1: (3, "medium", "ActionTrail"),
    3: (1, "high", "RAM"),
    4: (2, "high", "DDoS"),
    5: (2, "high", "RDS"),
    6: (2, "high", "SLB"),
    7: (2, "high", "WAF"),
    8: (6, "high", "ECS"),
    12: (4, "high", "OSS"),
    14: (2, "high", "MongoDB"),
    19: (2, "high", "Redis"),
    22: (2, "medium", "PolarDB"),
    23: (2, "medium", "PostgreSQL"),
    28: (4, "medium", "SSL"),
    36: (5, "medium", "CloudMonitor"),
    38: (2, "medium", "VPC"),
    40: (4, "high", "CR"),
    51: (3, "medium", "CDN"),
}


def listed(client, **parameters):
    return pages(client, "DescribeRiskCheckResult", "List", 100, **parameters)


def ids(items):
    return [item["ItemId"] for item in items]


def test_the_table_has_its_45_items_in_order(client):
    items = pages(client, "DescribeRiskCheckResult", "List", 7)
    assert ids(items) == IDS
    assert [item["Sort"] for item in items] == list(range(1, 46))
    by_id = {item["ItemId"]: item for item in items}
    for item_id, (_, level, service) in TABLE.items():
        assert (by_id[item_id]["RiskLevel"], by_id[item_id]["RiskAssertType"]) == (level, service)


def test_counts_of_pages(client):
    for size in (1, 20, 44, 45, 46, 100):
        answer = client.call("DescribeRiskCheckResult", PageSize=size)
        assert (answer["TotalCount"], answer["PageCount"]) == (45, math.ceil(45 / size))
        assert answer["Count"] == len(answer["List"]) == min(size, 45)
    assert client.call("DescribeRiskCheckResult", CurrentPage=9)["List"] == []
    assert client.call("DescribeRiskCheckResult")["PageSize"] == 20


def test_every_element_is_there_with_its_type(client):
    for item in listed(client):
        for name in ("ItemId", "Sort", "RemainingTime", "AffectedCount", "TaskId", "CheckTime"):
            assert type(item[name]) is int
        for name in ("Title", "Type", "RiskLevel", "Status", "RepairStatus", "StartStatus", "RiskAssertType"):
            assert item[name] and type(item[name]) is str
        assert item["StartStatus"] == "enabled"
        assert (item["AffectedCount"] > 0) <= (item["Status"] in ("failed", "running"))
        contents = {r["ResourceName"]: r["ContentResource"] for r in item["RiskItemResources"]}
        assert list(contents) == ["bestPractice", "influence", "suggestion", "helpResource"]
        assert all(content["value"] for content in contents.values())
        assert contents["helpResource"]["type"] == "link"
        assert contents["helpResource"]["url"].startswith("https://")


def test_it_agrees_with_the_current_operation(client, checks):
    current = {check["CheckId"]: check for check in checks}
    for item in listed(client):
        check = current[item["ItemId"]]
        assert item["Title"] == check["CheckShowName"]
        assert item["Status"] == STATUSES[check["Status"]]
        assert item["RiskLevel"] == check["RiskLevel"].lower()
        assert str(item["TaskId"]) == (check["TaskId"] or "0")


def test_both_languages(client):
    chinese, english = listed(client), listed(client, Lang="en")
    assert ids(chinese) == ids(english)
    assert {item["Type"] for item in english} == {
        "Identity authentication and permissions",
        "Network access control",
        "Log audit",
        "Data security",
        "Monitoring and alerting",
        "Basic security protection",
    }
    assert all(e["Title"] != c["Title"] for e, c in zip(english, chinese))


def test_each_filter_selects_what_it_says(client):
    items = listed(client)
    for level in ("high", "medium", "low"):
        assert ids(listed(client, RiskLevel=level)) == [i["ItemId"] for i in items if i["RiskLevel"] == level]
    for status in ("pass", "failed", "running", "waiting", "ignored", "falsePositive"):
        assert ids(listed(client, Status=status)) == [i["ItemId"] for i in items if i["Status"] == status]
    for _, _, service in TABLE.values():
        wanted = [i["ItemId"] for i in items if i["RiskAssertType"] == service]
        assert wanted and ids(listed(client, AssetType=service)) == wanted
        assert ids(listed(client, AssetType=service.upper())) == wanted
    assert listed(client, AssetType="Abacus") == []
    assert ids(listed(client, ItemIds=["5", "15", "9"])) == [5, 15]
    assert listed(client, QueryFlag="disabled") == []
    assert ids(listed(client, QueryFlag="enabled", SourceIp="1.2.3.4")) == IDS


def test_groups_split_the_table(client):
    groups = {group: ids(listed(client, GroupId=group)) for group in range(1, 7)}
    assert sorted(sum(groups.values(), [])) == IDS
    for item_id, (group, _, _) in TABLE.items():
        assert item_id in groups[group]


def test_the_fuzzy_name_reads_titles_and_keys(client):
    title = listed(client, ItemIds=["5"], Lang="en")[0]["Title"]
    assert 5 in ids(listed(client, Name=title.upper()))
    assert 5 in ids(listed(client, Name="whitelist_open"))
    assert listed(client, Name="no such item") == []


def test_filters_hold_together_and_keep_positions(client):
    found = listed(client, GroupId=2, RiskLevel="high", AssetType="rds")
    assert [(item["ItemId"], item["Sort"]) for item in found] == [(5, 5)]


@pytest.mark.parametrize(
    "parameters",
    [
        {"GroupId": 7},
        {"GroupId": "x"},
        {"RiskLevel": "HIGH"},
        {"Status": "PASS"},
        {"QueryFlag": "disable"},
        {"ItemIds": ["five"]},
        {"PageSize": 0},
        {"PageSize": 101},
        {"CurrentPage": 0},
        {"Lang": "fr"},
    ],
    ids=str,
)
def test_bad_values(client, parameters):
    with pytest.raises(Failure) as refused:
        client.call("DescribeRiskCheckResult", **parameters)
    assert (refused.value.code, refused.value.status) == ("IllegalParam", 400)
