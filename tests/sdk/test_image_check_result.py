"""DescribeImageBaselineCheckResult through the official clients."""

import pytest

from clients import Failure, pages
from images import own, uuid

ACTION, LIST = "DescribeImageBaselineCheckResult", "BaselineResult"
LEVELS = {"HighRiskItemCount": "high", "MiddleRiskItemCount": "medium", "LowRiskItemCount": "low"}


def results(client, name, **parameters):
    found = own(client, ACTION, LIST, ImageUuid=uuid(name), **parameters)
    return {result["BaselineNameKey"]: result for result in found}


def counts(result):
    return tuple(result[name] for name in LEVELS)


def test_every_element_is_there_with_its_type(buyer):
    answer = buyer.call(ACTION, ImageUuid=uuid("web"), PageSize=100)
    assert len(answer["RequestId"]) == 36
    assert all(type(answer["PageInfo"][n]) is int for n in ("CurrentPage", "PageSize", "TotalCount", "Count"))
    assert answer[LIST]
    for result in answer[LIST]:
        for name in ("BaselineNameKey", "BaselineNameAlias", "BaselineClassAlias", "BaselineNameLevel"):
            assert type(result[name]) is str and result[name].strip() == result[name] != ""
        for name in (*LEVELS, "Status", "BaselineItemCount", "FirstScanTime", "LastScanTime"):
            assert type(result[name]) is int
        assert result["Status"] in (0, 1)
        assert sum(counts(result)) <= result["BaselineItemCount"]
        worst = next(level for name, level in LEVELS.items() if result["Status"] or result[name])
        assert result["Status"] or result["BaselineNameLevel"] == worst
        assert 0 < result["FirstScanTime"] <= result["LastScanTime"]


def test_what_fails_is_counted_by_level(buyer):
    found = results(buyer, "web")
    assert list(found) == ["shop_users", "shop_ports"], "worst first"
    assert counts(found["shop_users"]) == (1, 1, 0) and counts(found["shop_ports"]) == (0, 0, 1)
    assert found["shop_users"]["BaselineItemCount"] == 2
    assert {result["Status"] for result in found.values()} == {0}
    assert found["shop_users"]["BaselineClassAlias"] == "shop_rules", "the key of the class"
    assert results(buyer, "job")["shop_users"]["BaselineNameLevel"] == "medium"


def test_what_a_second_scan_no_longer_finds_is_fixed(buyer):
    for result in results(buyer, "api").values():
        assert result["Status"] == 1 and counts(result) == (0, 0, 0)
        assert result["FirstScanTime"] < result["LastScanTime"]
    assert results(buyer, "api")["shop_users"]["BaselineNameLevel"] == "high", "as it was"


def test_an_image_without_failures_and_one_that_is_not_known_have_none(buyer):
    assert results(buyer, "clean") == {}
    answer = buyer.call(ACTION, ImageUuid="0" * 32)
    assert answer[LIST] == [] and answer["PageInfo"]["TotalCount"] == 0


def test_containers_are_kept_apart(buyer):
    assert len(results(buyer, "web-1")) == 2
    assert len(results(buyer, "web-1", ScanRange=["container"])) == 2
    assert results(buyer, "web-1", ScanRange=["image"]) == {}
    assert results(buyer, "web", ScanRange=["container"]) == {}
    assert len(results(buyer, "web", ScanRange=["image", "container"])) == 2


def test_both_languages(buyer):
    def alias(**parameters):
        return results(buyer, "web", **parameters)["shop_users"]["BaselineNameAlias"]

    assert (alias(), alias(Lang="zh"), alias(Lang="en")) == ("运行账户", "运行账户", "Running account")


@pytest.mark.parametrize(
    "level, names",
    [("high", ["shop_users"]), ("low", ["shop_ports"]), ("medium", []), ("high,low", ["shop_users", "shop_ports"])],
)
def test_filter_by_level(buyer, level, names):
    assert list(results(buyer, "web", RiskLevel=level)) == names


@pytest.mark.parametrize(
    "criteria, kind, lang, found",
    [
        ("shop_users", "BaselineNameAlias", "zh", 1),
        ("运行", "BaselineNameAlias", "zh", 1),
        ("RUNNING", "BaselineNameAlias", "en", 1),
        ("Running", "BaselineNameAlias", "zh", 0),
        ("shop_rules", "BaselineNameAlias", "zh", 0),
        ("shop_rules", "BaselineClassAlias", "en", 2),
        ("shop image", "BaselineClassAlias", "en", 2),
        ("商城", "BaselineClassAlias", "zh", 2),
        ("shop_%", "BaselineNameAlias", "zh", 0),
    ],
)
def test_filter_by_condition(buyer, criteria, kind, lang, found):
    answer = buyer.call(ACTION, ImageUuid=uuid("web"), Criteria=criteria, CriteriaType=kind, Lang=lang)
    assert len(answer[LIST]) == found


def test_paging_through_everything_meets_each_baseline_once(buyer):
    walked = pages(buyer, ACTION, LIST, 1, ImageUuid=uuid("web"))
    whole = pages(buyer, ACTION, LIST, 100, ImageUuid=uuid("web"))
    assert walked == whole and len(whole) >= 2
    beyond = buyer.call(ACTION, ImageUuid=uuid("web"), CurrentPage=1000)
    assert beyond[LIST] == [] and beyond["PageInfo"]["TotalCount"] == len(whole)


@pytest.mark.parametrize(
    "parameters, code",
    [
        ({}, "MissingImageUuid"),
        ({"ImageUuid": "x", "RiskLevel": "HIGH"}, "IllegalParam"),
        ({"ImageUuid": "x", "CriteriaType": "Name"}, "IllegalParam"),
        ({"ImageUuid": "x", "ScanRange": ["host"]}, "IllegalParam"),
        ({"ImageUuid": "x", "PageSize": 101}, "IllegalParam"),
        ({"ImageUuid": "x", "CurrentPage": 0}, "IllegalParam"),
        ({"ImageUuid": "x", "Lang": "fr"}, "IllegalParam"),
    ],
)
def test_bad_values(buyer, parameters, code):
    with pytest.raises(Failure) as failure:
        buyer.call(ACTION, **parameters)
    assert (failure.value.code, failure.value.status) == (code, 400)
