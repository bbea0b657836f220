"""Time, CPU and memory of `stance scan aws` beside `prowler aws`, over the same services of the same moto server, in one
run. Not part of the tests: prowler is installed by hand, and what counts are the ratios.

    python tests/cloud/beside_prowler.py --prowler .venv-peers/bin/prowler --stance target/release/stance
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import account
import moto_server

SERVICES = ["s3", "iam", "ec2", "rds"]
TYPES = [
    "aws/s3/bucket",
    "aws/iam/account",
    "aws/iam/user",
    "aws/iam/policy",
    "aws/iam/role",
    "aws/ec2/instance",
    "aws/ec2/security_group",
    "aws/ec2/network_acl",
    "aws/ec2/region",
    "aws/rds/instance",
]


def measured(command, endpoint, folder):
    """Runs a command to its end: wall and CPU seconds, peak memory in MiB, and its exit status."""
    keys = {**moto_server.KEYS, "AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": account.HOME}
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **keys}
    log = (folder / "log").open("w")
    begun = time.monotonic()
    actions = [(os.POSIX_SPAWN_DUP2, log.fileno(), 1), (os.POSIX_SPAWN_DUP2, log.fileno(), 2)]
    child = os.posix_spawn(command[0], command, environment, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - begun
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def commands(options, endpoint, folder):
    # Both read one region. Prowler exits with 3 where it finds something.
    prowler = [options.prowler, "aws", "--service", *SERVICES, "--region", account.HOME, "--no-banner"]
    prowler += ["--output-directory", str(folder), "--output-formats", "json-ocsf"]
    types = [word for name in TYPES for word in ("--type", name)]
    stance = [options.stance, "scan", "aws", "--endpoint", endpoint, "--region", account.HOME, *types]
    stance += ["--rate", "100000", "--timeout", "120", "--db", f"sqlite://{folder}/stance.db"]
    stance += ["--format", "json", "--output", str(folder / "report.json")]
    return {"prowler": prowler, "stance": stance}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prowler", default=".venv-peers/bin/prowler")
    parser.add_argument("--stance", default="target/release/stance")
    options = parser.parse_args()
    options.prowler, options.stance = (str(Path(p).absolute()) for p in (options.prowler, options.stance))
    with moto_server.running() as endpoint, tempfile.TemporaryDirectory() as name:
        account.fill(endpoint)
        found = {}
        for program, command in commands(options, endpoint, Path(name)).items():
            found[program] = measured(command, endpoint, Path(name))
            wall, cpu, memory, status = found[program]
            print(f"{program:8} {wall:8.1f} s wall {cpu:8.1f} s CPU {memory:8.0f} MiB, exit {status}", flush=True)
            if status not in (0, 3):
                print((Path(name) / "log").read_text()[-2000:])
        pairs = zip(found["prowler"][:3], found["stance"][:3], ("wall", "CPU", "memory"))
        print("prowler to stance:", ", ".join(f"{a / b:.1f} x {what}" for a, b, what in pairs))


if __name__ == "__main__":
    main()
