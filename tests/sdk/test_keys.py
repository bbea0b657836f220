"""Access keys, temporary keys, policies and errors, as the official clients report them."""

import json

import pytest

from clients import Failure, Key


def refused(client, action="ListCheckResult", **parameters):
    with pytest.raises(Failure) as failure:
        client.call(action, **parameters)
    assert len(failure.value.request_id) == 36
    return failure.value.code, failure.value.status


def test_an_unknown_key(stance, connect):
    client = connect(stance.endpoint, Key("LTAInobody", "secret"))
    assert refused(client) == ("InvalidAccessKeyId.NotFound", 404)


def test_a_wrong_secret(stance, connect, request):
    client = connect(stance.endpoint, Key(stance.main_key.id, "wrong"))
    code = refused(client)
    # The classic client compares the string to sign in the message with its own and so finds out what is wrong.
    classic = "classic" in request.node.name
    assert code == ("InvalidAccessKeySecret" if classic else "SignatureDoesNotMatch", 400)


def test_a_disabled_key_works_again_when_enabled(stance, connect):
    key = stance.key()
    client = connect(stance.endpoint, key)
    client.call("ListCheckResult")
    stance.run("key", "disable", key.id, "--db", stance.db)
    assert refused(client) == ("InvalidAccessKeyId.Inactive", 400)
    stance.run("key", "enable", key.id, "--db", stance.db)
    client.call("ListCheckResult")


def test_a_deleted_key_is_unknown(stance, connect):
    key = stance.key()
    stance.run("key", "delete", key.id, "--db", stance.db)
    assert refused(connect(stance.endpoint, key)) == ("InvalidAccessKeyId.NotFound", 404)


def test_a_temporary_key_needs_its_token(stance, connect):
    key = stance.key("--temporary", "--hours", "1")
    assert key.token
    assert connect(stance.endpoint, key).call("ListCheckResult")["Checks"]
    assert refused(connect(stance.endpoint, Key(key.id, key.secret))) == ("MissingSecurityToken", 400)
    other = Key(key.id, key.secret, "x" * len(key.token))
    assert refused(connect(stance.endpoint, other)) == ("InvalidSecurityToken.MismatchWithAccessKey", 400)
    lasting = Key(stance.main_key.id, stance.main_key.secret, key.token)
    assert refused(connect(stance.endpoint, lasting)) == ("InvalidSecurityToken.MismatchWithAccessKey", 400)


@pytest.mark.parametrize(
    "action, allowed",
    [
        ("yundun-sas:ListCheckResult", ["ListCheckResult"]),
        ("yundun-sas:List*", ["ListCheckResult", "ListCheckInstanceResult"]),
        ("yundun-sas:DescribeRiskCheckResult", ["DescribeRiskCheckResult"]),
        ("ecs:*", []),
        ("*", ["ListCheckResult", "ListCheckInstanceResult", "DescribeRiskCheckResult"]),
    ],
)
def test_a_policy_limits_a_key(stance, connect, tmp_path, action, allowed):
    policy = tmp_path / "policy.json"
    statement = {"Effect": "Allow", "Action": [action], "Resource": "*"}
    policy.write_text(json.dumps({"Version": "1", "Statement": [statement]}))
    client = connect(stance.endpoint, stance.key("--policy", str(policy)))
    for name in ("ListCheckResult", "ListCheckInstanceResult", "DescribeRiskCheckResult"):
        parameters = {"CheckId": 5} if name == "ListCheckInstanceResult" else {}
        if name in allowed:
            client.call(name, **parameters)
        else:
            assert refused(client, name, **parameters) == ("NoPermission", 403)


def test_a_denial_wins(stance, connect, tmp_path):
    policy = tmp_path / "policy.json"
    statements = [
        {"Effect": "Allow", "Action": "yundun-sas:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "yundun-sas:ListCheckResult", "Resource": "*"},
    ]
    policy.write_text(json.dumps({"Version": "1", "Statement": statements}))
    client = connect(stance.endpoint, stance.key("--policy", str(policy)))
    assert refused(client) == ("NoPermission", 403)
    client.call("DescribeRiskCheckResult")


def test_secrets_and_tokens_stay_out_of_the_log(stance, connect):
    key = stance.key("--temporary", "--hours", "1")
    connect(stance.endpoint, key).call("ListCheckResult", CheckKey="a-value-of-a-request")
    log = stance.log.read_text()
    for secret in (key.secret, key.token, stance.main_key.secret, "a-value-of-a-request"):
        assert secret not in log
