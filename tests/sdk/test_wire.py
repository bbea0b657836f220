"""What happens below the clients: endpoints as people write them, replays, time, methods, envelopes."""

import re

import pytest

import raw
from clients import Classic, Current


@pytest.mark.parametrize("form", ["{}", "http://{}", "{}/", "{}/ali"])
@pytest.mark.parametrize("algorithm", [None, "v2"])
def test_the_current_client_reaches_every_form_of_endpoint(stance, form, algorithm):
    client = Current(form.format(stance.endpoint), stance.main_key, algorithm)
    assert client.call("ListCheckResult", CheckKey="a b+c*~/'中")["PageInfo"]["TotalCount"] == 0


@pytest.mark.parametrize("form", ["{}", "{}/ali"])
def test_the_classic_client_reaches_every_form_of_endpoint(stance, form):
    client = Classic(form.format(stance.endpoint), stance.main_key)
    assert client.call("ListCheckResult", CheckKey="a b+c*~/'中")["PageInfo"]["TotalCount"] == 0


HOSTILE = ["a b  c", "+ + +", "**''!!(())", "~~%%&&==//??", "中文😀", "\"<>[]{}|\\^`", "%2A%20", "\t\n", "", " x"]


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_hostile_values_are_signed_alike_on_both_sides(client, value):
    client.call("ListCheckResult", CheckKey=value, InstanceIds=[value])


def test_a_request_sent_twice_is_a_replay(stance):
    once = {"SignatureNonce": "replayed-by-version-1"}
    assert raw.v1(stance.endpoint, stance.main_key, **once)[0] == 200
    status, answer = raw.v1(stance.endpoint, stance.main_key, **once)
    assert (status, answer["Code"]) == (400, "SignatureNonceUsed")
    once = {"x_acs_signature_nonce": "replayed-by-version-3"}
    assert raw.v3(stance.endpoint, stance.main_key, **once)[0] == 200
    status, answer = raw.v3(stance.endpoint, stance.main_key, **once)
    assert (status, answer["Code"]) == (400, "SignatureNonceUsed")


def test_nobody_burns_the_nonce_of_another(stance):
    key, nonce = stance.key(), "a-nonce-seen-by-a-stranger"
    stranger = type(key)(key.id, "guessed")
    assert raw.v3(stance.endpoint, stranger, x_acs_signature_nonce=nonce)[1]["Code"] == "SignatureDoesNotMatch"
    assert raw.v3(stance.endpoint, key, x_acs_signature_nonce=nonce)[0] == 200
    assert raw.v3(stance.endpoint, stance.main_key, x_acs_signature_nonce=nonce)[0] == 200, "nonces belong to a key"


@pytest.mark.parametrize("minutes", [-16, -14, 14, 16])
def test_the_window_of_fifteen_minutes(stance, minutes):
    code = "InvalidTimeStamp.Expired" if abs(minutes) > 15 else None
    for status, answer in (
        raw.v1(stance.endpoint, stance.main_key, Timestamp=raw.stamp(minutes)),
        raw.v3(stance.endpoint, stance.main_key, x_acs_date=raw.stamp(minutes)),
    ):
        assert (status, answer.get("Code")) == (400 if code else 200, code)


def test_a_time_that_is_none(stance):
    for status, answer in (
        raw.v1(stance.endpoint, stance.main_key, Timestamp="yesterday"),
        raw.v3(stance.endpoint, stance.main_key, x_acs_date="2026-01-15 08:30:00"),
    ):
        assert (status, answer["Code"]) == (400, "InvalidTimeStamp.Format")


def test_get_and_form_bodies_are_served_and_other_methods_are_not(stance):
    assert raw.v1(stance.endpoint, stance.main_key, method="GET")[0] == 200
    assert raw.v3(stance.endpoint, stance.main_key, method="GET")[0] == 200
    assert raw.v1(stance.endpoint, stance.main_key, in_form=True)[0] == 200
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        status, answer = raw.send(stance.endpoint, method, "/")
        assert (status, answer["Code"]) == (400, "UnsupportedHTTPMethod")


def test_unknown_operations_and_versions(stance):
    status, answer = raw.v1(stance.endpoint, stance.main_key, Action="DropEverything")
    assert (status, answer["Code"]) == (404, "InvalidAction.NotFound")
    status, answer = raw.v3(stance.endpoint, stance.main_key, x_acs_version="2014-05-26")
    assert (status, answer["Code"]) == (404, "InvalidVersion")


def test_bearer_tokens_are_refused_clearly(stance):
    headers = {"x-acs-bearer-token": "token", "x-acs-action": "ListCheckResult", "x-acs-version": "2018-12-03"}
    status, answer = raw.send(stance.endpoint, "POST", "/?SignatureType=BEARERTOKEN", headers)
    assert (status, answer["Code"]) == (400, "InvalidSignatureType")
    assert "access key" in answer["Message"]


def test_an_error_has_the_documented_envelope(stance):
    status, answer = raw.send(stance.endpoint, "GET", "/")
    assert status == 400
    assert list(answer) == ["RequestId", "HostId", "Code", "Message", "Recommend"]
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", answer["RequestId"])
    assert answer["HostId"] == stance.endpoint
    for part in (f"q={answer['Code']}", "product=Sas", f"requestId={answer['RequestId']}"):
        assert part in answer["Recommend"]


def test_a_success_has_no_code(stance):
    for action in ("ListCheckResult", "ListCheckInstanceResult", "DescribeRiskCheckResult"):
        status, answer = raw.v1(stance.endpoint, stance.main_key, Action=action, CheckId=5)
        assert status == 200
        assert "Code" not in answer and "RequestId" in answer


def test_a_body_that_is_too_large_is_refused(stance):
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(2 << 20)}
    status, answer = raw.send(stance.endpoint, "POST", "/", headers, "")
    assert (status, answer["Code"]) == (413, "RequestTooLarge")
