"""Debian's docker-registry on loopback, with and without a password."""

import base64
import json
import socket
import subprocess
import time
from pathlib import Path

import forms

USER, PASSWORD = "scan", "made-up-password"
# bcrypt of the above.
HTPASSWD = "scan:$2y$05$abcdefghijklmnopqrstuuJgtjjEyKgAjLKfyMzQrXVWZG2QMxka."


class Registry:
    """A registry on a port of its own; it keeps what is pushed in `folder`."""

    def __init__(self, folder: Path, password: bool = False):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.host = f"127.0.0.1:{probe.getsockname()[1]}"
        self.folder, self.password = folder, password
        configuration = {
            "version": "0.1",
            "log": {"level": "error", "accesslog": {"disabled": True}},
            "storage": {"filesystem": {"rootdirectory": str(folder / "data")}},
            "http": {"addr": self.host},
        }
        if password:
            (folder / "htpasswd").write_text(f"{HTPASSWD}\n")
            configuration["auth"] = {"htpasswd": {"realm": "shop", "path": str(folder / "htpasswd")}}
        # Every JSON document is a YAML document.
        (folder / "registry.yml").write_text(json.dumps(configuration))
        with (folder / "registry.log").open("w") as log:
            command = ["docker-registry", "serve", str(folder / "registry.yml")]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        self._wait()

    def _wait(self) -> None:
        host, port = self.host.split(":")
        for _ in range(200):
            assert self.process.poll() is None, (self.folder / "registry.log").read_text()
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the registry does not listen")

    def push(self, folder: Path, name: str, form: str = "v2s2") -> str:
        """Pushes an image under a name; `form` is `oci` or `v2s2`, Docker's own."""
        credentials = ("--dest-creds", f"{USER}:{PASSWORD}") if self.password else ()
        flags = ("--dest-tls-verify=false", "--format", form, *credentials)
        forms.copy(forms.layout(folder), f"docker://{self.host}/{name}", *flags)
        return f"{self.host}/{name}"

    def docker_config(self, folder: Path) -> Path:
        """A folder with a configuration of Docker's that holds the password, for `DOCKER_CONFIG`."""
        auth = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        folder.mkdir(exist_ok=True)
        (folder / "config.json").write_text(json.dumps({"auths": {self.host: {"auth": auth}}}))
        return folder

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
