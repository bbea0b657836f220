"""ListCheckResult through the official clients."""

import pytest

from clients import Failure, pages

STATUS_ORDER = ["CHECKING", "NOT_PASS", "FAILED", "WHITELIST", "PASS", "NOT_CHECK"]
RISK_ORDER = ["HIGH", "MEDIUM", "LOW"]
VENDORS = {"ALIYUN": 0, "TENCENT": 7, "AWS": 5, "MICROSOFT": 4, "HUAWEICLOUD": 3}


def ids(checks):
    return [check["CheckId"] for check in checks]


def listed(client, **parameters):
    return pages(client, "ListCheckResult", "Checks", 100, **parameters)


def policies(check, field):
    return {policy[field] for policy in check["CheckPolicies"]}


def test_paging_through_everything_meets_each_check_once(client, checks):
    walked = pages(client, "ListCheckResult", "Checks", 7)
    assert ids(walked) == ids(checks)
    assert len(set(ids(walked))) == len(walked) >= 45


def test_a_page_behind_the_last_is_empty(client, checks):
    answer = client.call("ListCheckResult", CurrentPage=1_000, PageSize=100)
    assert answer["Checks"] == []
    assert answer["PageInfo"] == {"CurrentPage": 1_000, "PageSize": 100, "TotalCount": len(checks), "Count": 0}


def test_the_default_page_is_the_first_of_twenty(client, checks):
    answer = client.call("ListCheckResult")
    assert ids(answer["Checks"]) == ids(checks)[:20]
    assert answer["PageInfo"]["PageSize"] == 20
    assert answer["RequestId"] == answer["RequestId"].upper()


def test_every_element_is_there_with_its_type(client):
    texts = "CheckShowName Vendor VendorShowName InstanceType InstanceSubType RiskLevel Status TaskId StatusMessage"
    texts = texts.split() + ["CheckType", "OperationType"]
    numbers = "CheckId LastCheckTime CheckSaleType AssetVendor AssetType AssetSubType TrialPermissionType".split()
    for check in listed(client):
        assert all(type(check[name]) is str for name in texts), check
        assert all(type(check[name]) is int for name in numbers), check
        assert check["TrialPermission"] is False
        assert check["RiskLevel"] in RISK_ORDER and check["Status"] in STATUS_ORDER
        assert check["AssetVendor"] == VENDORS[check["Vendor"]]
        assert check["TaskId"].isdigit() == (check["LastCheckTime"] > 0)
        for policy in check["CheckPolicies"]:
            assert all(type(policy[name]) is int for name in ("StandardId", "RequirementId", "SectionId"))
            assert all(policy[f"{name}ShowName"] for name in ("Standard", "Requirement", "Section"))


def test_a_check_that_could_not_be_read_says_why(client, checks):
    unread = (
        (check["CheckId"], result["InstanceId"])
        for check in checks
        for result in pages(
            client, "ListCheckInstanceResult", "BasicData", 100, CheckId=check["CheckId"], Statuses=["NOT_CHECK"]
        )
        if not result["StatusMessage"].startswith("NOT_APPLICABLE")
    )
    check_id, instance = next(unread)
    narrowed = listed(client, CheckIds=[check_id], InstanceIds=[instance], Statuses=["FAILED"])
    assert ids(narrowed) == [check_id]
    assert ": " in narrowed[0]["StatusMessage"]


def test_a_failed_region_is_said_beside_every_status(client):
    messages = [check["StatusMessage"] for check in listed(client, InstanceTypes=["ECS"])]
    assert any(message.startswith("SERVICE_UNAVAILABLE: ") for message in messages)


def test_both_languages(client, checks):
    english = listed(client, Lang="en")
    assert ids(english) == ids(checks)
    assert all(e["CheckShowName"] != c["CheckShowName"] for e, c in zip(english, checks))
    assert all(e["CheckShowName"].isascii() for e in english)
    assert listed(client, Lang="zh") == listed(client)


FILTERS = [
    ("Statuses", ["NOT_PASS"], lambda c: c["Status"] == "NOT_PASS"),
    ("Statuses", ["PASS", "FAILED"], lambda c: c["Status"] in ("PASS", "FAILED")),
    ("Statuses", ["PASS,NOT_CHECK"], lambda c: c["Status"] in ("PASS", "NOT_CHECK")),
    ("RiskLevels", ["HIGH"], lambda c: c["RiskLevel"] == "HIGH"),
    ("RiskLevels", ["LOW", "MEDIUM"], lambda c: c["RiskLevel"] != "HIGH"),
    ("Vendors", ["ALIYUN"], lambda c: c["Vendor"] == "ALIYUN"),
    ("Vendors", ["TENCENT", "AWS", "MICROSOFT"], lambda c: c["Vendor"] in ("TENCENT", "AWS", "MICROSOFT")),
    ("Vendors", ["HUAWEICLOUD"], lambda c: c["Vendor"] == "HUAWEICLOUD"),
    ("InstanceTypes", ["ECS", "OSS"], lambda c: c["InstanceType"] in ("ECS", "OSS")),
    ("InstanceTypes", ["RDS"], lambda c: c["InstanceType"] == "RDS"),
    ("InstanceTypes", ["POSTGRESQL"], lambda c: c["InstanceType"] in ("POSTGRESQL", "RDS")),
    ("InstanceTypes", ["NOTHING"], lambda c: False),
    ("CheckTypes", ["SYSTEM"], lambda c: c["CheckType"] == "SYSTEM"),
    ("CheckTypes", ["CUSTOM"], lambda c: c["CheckType"] == "CUSTOM"),
    ("CheckTypes", ["CUSTOM", "SYSTEM"], lambda c: True),
    ("OperationTypes", ["SUPPORT_REPAIR"], lambda c: c["OperationType"] == "SUPPORT_REPAIR"),
    ("OperationTypes", ["NOT_SUPPORT_REPAIR"], lambda c: c["OperationType"] == "NOT_SUPPORT_REPAIR"),
    ("StandardIds", [1], lambda c: 1 in policies(c, "StandardId")),
    ("StandardIds", [1, 2], lambda c: policies(c, "StandardId") & {1, 2}),
    ("CheckIds", [5, 12, 999_999], lambda c: c["CheckId"] in (5, 12)),
    ("CheckIds", [999_999], lambda c: False),
    ("TaskSources", ["YAO_CHI"], lambda c: False),
    ("RegionId", "ap-southeast-1", lambda c: True),
    ("CheckKey", "OSS", None),
    ("CheckKey", "a b*~/中", lambda c: False),
    ("CheckKey", "%_", lambda c: False),
]


@pytest.mark.parametrize("name, value, holds", FILTERS, ids=[f"{n}={v}" for n, v, _ in FILTERS])
def test_each_filter_selects_what_it_says(client, checks, name, value, holds):
    found = listed(client, **{name: value})
    if holds is None:
        assert 0 < len(found) < len(checks)
        return
    assert ids(found) == ids(filter(holds, checks))


def test_a_requirement_selects_the_checks_it_names(client, checks):
    requirement = next(p["RequirementId"] for c in checks for p in c["CheckPolicies"])
    found = listed(client, RequirementIds=[requirement])
    assert found and ids(found) == ids(c for c in checks if requirement in policies(c, "RequirementId"))


@pytest.mark.parametrize("kind", ["RISK", "COMPLIANCE", "IDENTITY_PERMISSION"])
def test_types_of_standards_select_some(client, checks, kind):
    assert 0 < len(listed(client, Types=[kind])) <= len(checks)


def test_parameters_split_the_checks_in_two(client, checks):
    having, lacking = ids(listed(client, CustomParam=True)), ids(listed(client, CustomParam=False))
    assert having and lacking
    assert sorted(having + lacking) == sorted(ids(checks))


def test_the_fuzzy_key_ignores_case_and_reads_both_languages(client):
    upper, lower = ids(listed(client, CheckKey="OSS")), ids(listed(client, CheckKey="oss"))
    assert upper == lower
    assert set(ids(listed(client, InstanceTypes=["OSS"]))) & set(upper)
    assert listed(client, CheckKey="白名单") and listed(client, CheckKey="whitelist")


def test_filters_hold_together(client, checks):
    found = listed(
        client,
        Vendors=["ALIYUN"],
        RiskLevels=["HIGH", "MEDIUM"],
        Statuses=["NOT_PASS"],
        InstanceTypes=["RDS", "SLB"],
    )
    wanted = [
        c
        for c in checks
        if (c["Vendor"], c["Status"]) == ("ALIYUN", "NOT_PASS")
        and c["RiskLevel"] != "LOW"
        and c["InstanceType"] in ("RDS", "SLB")
    ]
    assert wanted and ids(found) == ids(wanted)
    assert listed(client, CheckIds=[5], InstanceTypes=["OSS"]) == []


def test_sorting(client, checks):
    by_risk = [RISK_ORDER.index(c["RiskLevel"]) for c in listed(client, SortTypes=["RISK_LEVEL"])]
    assert by_risk == sorted(by_risk)
    by_status = [STATUS_ORDER.index(c["Status"]) for c in listed(client, SortTypes=["STATUS"])]
    assert by_status == sorted(by_status)
    by_both = listed(client, SortTypes=["STATUS", "RISK_LEVEL"])
    order = [(STATUS_ORDER.index(c["Status"]), RISK_ORDER.index(c["RiskLevel"])) for c in by_both]
    assert order == sorted(order) and len(order) == len(checks)


def test_instances_narrow_a_check_to_their_own_results(client, check_with_many):
    check_id, results = check_with_many
    failing = next(r["InstanceId"] for r in results if r["Status"] == "NOT_PASS")
    found = listed(client, InstanceIds=[failing])
    assert check_id in ids(found)
    assert next(c for c in found if c["CheckId"] == check_id)["Status"] == "NOT_PASS"
    assert listed(client, InstanceIds=["no-such-instance"]) == []


def test_a_member_account_narrows_and_a_foreign_one_is_refused(client, checks):
    own = listed(client, ResourceDirectoryAccountId=1000000000000001)
    assert own and set(ids(own)) <= set(ids(checks))
    with pytest.raises(Failure) as refused:
        client.call("ListCheckResult", ResourceDirectoryAccountId=4242424242424242)
    assert (refused.value.code, refused.value.status) == ("RdCheckNoPermission", 400)


ILLEGAL = [
    {"Statuses": ["GOOD"]},
    {"RiskLevels": ["high"]},
    {"Vendors": ["ORACLE"]},
    {"Types": ["OTHER"]},
    {"SortTypes": ["NAME"]},
    {"OperationTypes": ["REPAIR"]},
    {"CheckTypes": ["OWN"]},
    {"TaskSources": ["ELSEWHERE"]},
    {"Lang": "fr"},
    {"PageSize": 0},
    {"PageSize": 101},
    {"CurrentPage": 0},
    {"CurrentPage": -1},
    {"CheckIds": ["five"]},
    {"StandardIds": ["x"]},
    {"CustomParam": "maybe"},
    {"ResourceDirectoryAccountId": "me"},
]


@pytest.mark.parametrize("parameters", ILLEGAL, ids=str)
def test_a_bad_value_is_an_illegal_param(client, parameters):
    with pytest.raises(Failure) as refused:
        client.call("ListCheckResult", **parameters)
    assert (refused.value.code, refused.value.status) == ("IllegalParam", 400)
    assert "Illegal param" in refused.value.message
