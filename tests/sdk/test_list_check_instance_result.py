"""ListCheckInstanceResult through the official clients."""

import pytest

from clients import Failure, pages

STATUS_ORDER = ["NOT_PASS", "WHITELIST", "PASS", "NOT_CHECK"]


def ids(results):
    return [result["Id"] for result in results]


def listed(client, check_id, **parameters):
    return pages(client, "ListCheckInstanceResult", "BasicData", 100, CheckId=check_id, **parameters)


def test_paging_through_everything_meets_each_result_once(client, check_with_many):
    check_id, results = check_with_many
    walked = pages(client, "ListCheckInstanceResult", "BasicData", 3, CheckId=check_id)
    assert ids(walked) == ids(results)
    assert len(set(ids(walked))) == len(walked) > 3


def test_every_check_lists_its_results(client, checks):
    for check in checks:
        answer = client.call("ListCheckInstanceResult", CheckId=check["CheckId"], PageSize=100)
        statuses = {result["Status"] for result in answer["BasicData"]}
        assert statuses <= set(STATUS_ORDER)
        if check["Status"] == "NOT_PASS":
            assert "NOT_PASS" in statuses
        if check["Status"] == "PASS":
            assert "NOT_PASS" not in statuses


def test_every_element_is_there_with_its_type(client, check_with_many):
    answer = client.call("ListCheckInstanceResult", CheckId=check_with_many[0], PageSize=100)
    assert type(answer["PageInfo"]["Count"]) is str, "here alone, the count is a string"
    assert type(answer["PageInfo"]["TotalCount"]) is int
    for result in answer["BasicData"]:
        for name in ("Status", "RegionId", "InstanceId", "InstanceName", "StatusMessage", "VendorUserName"):
            assert type(result[name]) is str
        info = result["InstanceInfo"]
        assert 0 < result["Id"] < 2**53
        assert 0 < info["FirstUpdateTime"] <= info["LastUpdateTime"]
        for value in info["Config"]:
            assert value["Name"] and value["ShowName"] and type(value["Value"]) is str


def test_columns_and_cells_agree(client, check_with_many):
    answer = client.call("ListCheckInstanceResult", CheckId=check_with_many[0], PageSize=100)
    columns = {column["Key"]: column for column in answer["Columns"]}
    searched = {key: column["SearchKey"] for key, column in columns.items() if column["Search"]}
    assert searched == {
        "InstanceIdShow": "InstanceIdKey",
        "InstanceNameShow": "InstanceNameKey",
        "RegionIdShow": "RegionIdKey",
    }
    assert len(answer["Checks"]) == len(answer["BasicData"])
    for cells, result in zip(answer["Checks"], answer["BasicData"]):
        assert set(cells) == set(columns)
        assert cells["InstanceIdShow"]["value"] == result["InstanceId"]
        assert cells["InstanceNameShow"]["value"] == result["InstanceName"]
        for key, cell in cells.items():
            assert ("link" in cell) == (columns[key]["Type"] == "link")
    details = {grid["Key"] for column in answer["Columns"] for grid in column["Grids"]}
    assert details == set(columns) - set(searched)


def test_a_failure_shows_its_evidence(client):
    failing = listed(client, 5, Statuses=["NOT_PASS"])
    assert failing
    for result in failing:
        values = {value["Name"]: value["Value"] for value in result["InstanceInfo"]["Config"]}
        assert values["OpenEntries"], "the entries of the whitelist that admit every address"


def test_a_result_that_could_not_be_read_says_why(client, checks):
    unread = [r for check in checks for r in listed(client, check["CheckId"], Statuses=["NOT_CHECK"])]
    assert unread and all(result["StatusMessage"] for result in unread)


def test_both_languages(client, check_with_many):
    check_id = check_with_many[0]
    chinese = client.call("ListCheckInstanceResult", CheckId=check_id)
    english = client.call("ListCheckInstanceResult", CheckId=check_id, Lang="en")
    assert ids(english["BasicData"]) == ids(chinese["BasicData"])
    assert [c["ShowName"] for c in english["Columns"]] != [c["ShowName"] for c in chinese["Columns"]]
    assert english["Columns"][0]["ShowName"] == "Instance ID"
    regions = {cells["RegionIdShow"]["value"] for cells in english["Checks"]}
    assert all(region.isascii() for region in regions)


STATUSES = [["PASS"], ["NOT_PASS"], ["NOT_CHECK", "PASS"], ["WHITELIST"], ["CHECKING"], ["PASS,NOT_PASS"]]


@pytest.mark.parametrize("statuses", STATUSES, ids=str)
def test_statuses_select_what_they_say(client, check_with_many, statuses):
    check_id, results = check_with_many
    wanted = ",".join(statuses).split(",")
    assert ids(listed(client, check_id, Statuses=statuses)) == [r["Id"] for r in results if r["Status"] in wanted]


def test_the_keys_search_in_id_name_and_region(client, check_with_many):
    check_id, results = check_with_many
    for parameter, field in [
        ("InstanceIdKey", "InstanceId"),
        ("InstanceNameKey", "InstanceName"),
        ("RegionIdKey", "RegionId"),
    ]:
        part = results[0][field][1:-1] or results[0][field]
        found = listed(client, check_id, **{parameter: part})
        assert ids(found) == [r["Id"] for r in results if part.lower() in r[field].lower()]
        assert listed(client, check_id, **{parameter: "no%such_thing"}) == []


def test_named_instances_and_filters_hold_together(client, check_with_many):
    check_id, results = check_with_many
    chosen = [results[0]["InstanceId"], results[-1]["InstanceId"]]
    found = listed(client, check_id, InstanceIds=chosen)
    assert ids(found) == [r["Id"] for r in results if r["InstanceId"] in chosen]
    status, region = results[0]["Status"], results[0]["RegionId"]
    narrowed = listed(client, check_id, InstanceIds=chosen, Statuses=[status], RegionIdKey=region)
    assert results[0]["Id"] in ids(narrowed)
    assert listed(client, check_id, InstanceIds=["no-such-instance"]) == []


def test_sorting_by_status(client, check_with_many):
    check_id, results = check_with_many
    found = listed(client, check_id, SortTypes=["STATUS"])
    order = [STATUS_ORDER.index(r["Status"]) for r in found]
    assert order == sorted(order)
    assert sorted(ids(found)) == sorted(ids(results))


@pytest.mark.parametrize(
    "parameters, code",
    [
        ({}, "MissingCheckId"),
        ({"CheckId": "x"}, "IllegalParam"),
        ({"CheckId": 0}, "IllegalParam"),
        ({"CheckId": 1_048_575}, "IllegalParam"),
        ({"CheckId": 5, "Statuses": ["FAILED"]}, "IllegalParam"),
        ({"CheckId": 5, "SortTypes": ["RISK_LEVEL"]}, "IllegalParam"),
        ({"CheckId": 5, "PageSize": 101}, "IllegalParam"),
        ({"CheckId": 5, "Lang": "jp"}, "IllegalParam"),
    ],
    ids=str,
)
def test_bad_values(client, parameters, code):
    with pytest.raises(Failure) as refused:
        client.call("ListCheckInstanceResult", **parameters)
    assert (refused.value.code, refused.value.status) == (code, 400)
