"""A registry of images on loopback, and images made of a few files."""

import gzip
import hashlib
import io
import json
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


def sha256(blob: bytes) -> str:
    return "sha256:" + hashlib.sha256(blob).hexdigest()


def tar(files: dict) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(text), 0o644
            archive.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()


class Registry:
    """Serves `shop/<name>:<tag>`; counts what it is asked for."""

    def __init__(self):
        self.blobs, self.manifests, self.asked = {}, {}, []
        registry = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                registry.answer(self)

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request) -> None:
        self.asked.append(request.path)
        kind, body = self.find(request.path)
        request.send_response(200 if kind else 404)
        request.send_header("Content-Type", kind or "application/json")
        request.send_header("Content-Length", str(len(body)))
        if kind:
            request.send_header("Docker-Content-Digest", sha256(body))
        request.end_headers()
        if request.command == "GET":
            request.wfile.write(body)

    def find(self, path: str):
        if path in ("/v2/", "/v2"):
            return "application/json", b"{}"
        name, _, wanted = path.removeprefix("/v2/").partition("/manifests/")
        if wanted:
            manifest = self.manifests.get((name, wanted))
            return (MANIFEST, manifest) if manifest else (None, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
        blob = self.blobs.get(path.rpartition("/")[2])
        return ("application/octet-stream", blob) if blob else (None, b'{"errors":[{"code":"BLOB_UNKNOWN"}]}')

    def push(self, name: str, tag: str, files: dict, config: dict) -> str:
        """Puts an image of one layer there; the digest of its manifest."""
        plain = tar(files)
        layer = gzip.compress(plain, mtime=0)
        document = {
            "architecture": "amd64",
            "os": "linux",
            "created": "2026-01-01T00:00:00Z",
            "config": config,
            "rootfs": {"type": "layers", "diff_ids": [sha256(plain)]},
            "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "COPY . / # buildkit"}],
        }
        config_blob = json.dumps(document).encode()
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "digest": sha256(config_blob), "size": len(config_blob)},
            "layers": [{"mediaType": LAYER, "digest": sha256(layer), "size": len(layer)}],
        }
        body = json.dumps(manifest).encode()
        self.blobs |= {sha256(config_blob): config_blob, sha256(layer): layer}
        self.manifests[(name, tag)] = self.manifests[(name, sha256(body))] = body
        return sha256(body)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
