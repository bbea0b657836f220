"""`stance collect aws` and `stance scan` against a moto server: check by check, what was created is what is found."""

import json
from datetime import datetime, timedelta, timezone

from account import FAIL, NONE


def test_everything_is_read(snapshot):
    records = [json.loads(line) for line in snapshot.read_text().splitlines()]
    gaps = [r["coverage"] for r in records if "coverage" in r and r["coverage"]["status"] != "ok"]
    assert gaps == []
    unknown = [r["asset"]["id"] for r in records if "asset" in r and r["asset"].get("unknown")]
    assert unknown == []


def test_verdicts_are_those_of_what_was_created(cloud, scan):
    _, expected = cloud
    found = scan()
    wrong = {
        key: (verdict, found.get(key))
        for key, verdict in expected.items()
        if found.get(key) != verdict
    }
    assert wrong == {}
    checks = {check for check, _ in expected}
    assert len(checks) == 28, sorted(checks)


def test_counts_are_those_of_what_was_created(cloud):
    _, expected = cloud
    counts = {}
    for check, _ in expected:
        counts[check] = counts.get(check, 0) + 1
    assert counts["aws.s3.public"] >= 500
    assert counts["aws.ec2.sg_admin_ports"] >= 200
    assert counts["aws.iam.user_mfa_console"] >= 100
    assert counts["aws.rds.public"] >= 50


def test_keys_and_passwords_grow_old(cloud, scan):
    _, expected = cloud
    later = datetime.now(timezone.utc) + timedelta(days=91)
    found = scan("--now", later.strftime("%Y-%m-%dT%H:%M:%SZ"))
    for check in ("aws.iam.key_rotation_90d", "aws.iam.credentials_unused_45d"):
        of_check = {key: verdict for key, verdict in expected.items() if key[0] == check}
        assert all(found.get(key) == FAIL for key, verdict in of_check.items() if verdict != NONE)
