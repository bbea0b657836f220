"""Exceptions made at the command line are seen by the clients as the whitelist."""

from clients import MODES, pages


def status_of(client, check_id):
    return client.call("ListCheckResult", CheckIds=[check_id])["Checks"][0]["Status"]


def legacy_of(client, check_id):
    items = client.call("DescribeRiskCheckResult", ItemIds=[str(check_id)])["List"]
    return items[0]["Status"], items[0]["AffectedCount"]


def test_whitelisting_instances_and_checks(fresh):
    client = MODES["v3"](fresh.endpoint, fresh.main_key)
    check_id = 5
    failing = pages(client, "ListCheckInstanceResult", "BasicData", 100, CheckId=check_id, Statuses=["NOT_PASS"])
    assert len(failing) > 1 and status_of(client, check_id) == "NOT_PASS"
    assert legacy_of(client, check_id) == ("failed", len(failing))

    first = failing[0]["InstanceId"]
    accept = ["exception", "add", str(check_id), "--db", fresh.db, "--reason"]
    fresh.run(*accept, "accepted until the move", "--asset", first)
    listed = pages(client, "ListCheckInstanceResult", "BasicData", 100, CheckId=check_id, Statuses=["WHITELIST"])
    assert {r["InstanceId"] for r in listed} == {first}
    assert all("accepted until the move" in r["StatusMessage"] for r in listed)
    assert status_of(client, check_id) == "NOT_PASS", "others still fail"
    assert legacy_of(client, check_id) == ("failed", len(failing) - len(listed))

    fresh.run(*accept, "the whole check")
    listed = pages(client, "ListCheckInstanceResult", "BasicData", 100, CheckId=check_id, Statuses=["WHITELIST"])
    assert len(listed) == len(failing)
    assert check_id in [c["CheckId"] for c in pages(client, "ListCheckResult", "Checks", 100)]
    assert status_of(client, check_id) in ("WHITELIST", "FAILED"), "FAILED where something could not be read"
    assert legacy_of(client, check_id)[1] == 0
