"""The built binary: commands on a database of its own, and a server on a free port."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from clients import Key

ROOT = Path(__file__).resolve().parents[2]
ESTATE = ROOT / "examples" / "estate"


def binary() -> str:
    """The binary that `STANCE_BIN` names; the debug build otherwise."""
    return os.environ.get("STANCE_BIN", str(ROOT / "target" / "debug" / "stance"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stance:
    """One database with the commands on it."""

    def __init__(self, folder: Path):
        self.db = f"sqlite://{folder / 'stance.db'}"
        # Everything that a command would look up in the home folder lies in the test's own.
        self.environment = dict(os.environ, STANCE_DB=self.db, HOME=str(folder), NO_COLOR="1")
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            self.environment[name] = str(folder)
        self.server = None
        self.log = folder / "server.log"

    def run(self, *arguments: str) -> str:
        done = subprocess.run([binary(), *arguments], env=self.environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"stance {' '.join(arguments)}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def scan(self) -> None:
        self.run("scan", str(ESTATE), "--db", self.db)

    def key(self, *arguments: str) -> Key:
        made = json.loads(self.run("key", "create", "--db", self.db, "--format", "json", *arguments))
        return Key(made["access_key_id"], made["access_key_secret"], made.get("security_token"))

    def serve(self, *arguments: str) -> str:
        """Starts the server; its `host:port`."""
        address = f"127.0.0.1:{free_port()}"
        command = [binary(), "serve", "--db", self.db, "--listen", address, *arguments]
        with self.log.open("w") as log:
            self.server = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        self._wait(address)
        return address

    def _wait(self, address: str) -> None:
        host, port = address.split(":")
        for _ in range(200):
            assert self.server.poll() is None, f"the server ended: {self.log.read_text()}"
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server does not listen")

    def stop(self) -> None:
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(timeout=30)
            self.server = None
