"""Requests signed by hand, for what no client sends: replays, old dates, other methods."""

import base64
import hashlib
import hmac
import http.client
import json
import uuid
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

from clients import Key


def encode(text: str) -> str:
    return quote(text, safe="-_.~")


def canonical(parameters: dict) -> str:
    return "&".join(f"{encode(name)}={encode(str(value))}" for name, value in sorted(parameters.items()))


def stamp(minutes: float = 0) -> str:
    """The time, `minutes` from now."""
    return (datetime.now(timezone.utc) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def send(endpoint: str, method: str, target: str, headers: dict | None = None, body: str = ""):
    """The status and the JSON of the answer."""
    connection = http.client.HTTPConnection(endpoint, timeout=10)
    connection.request(method, target, body=body, headers=headers or {})
    response = connection.getresponse()
    text = response.read()
    connection.close()
    assert response.getheader("Content-Type") == "application/json;charset=utf-8"
    return response.status, json.loads(text)


def v1(endpoint: str, key: Key, method: str = "POST", in_form: bool = False, **parameters):
    """A request of version 1; parameters given replace those that it would have."""
    parameters = {
        "Action": "ListCheckResult",
        "Version": "2018-12-03",
        "AccessKeyId": key.id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": stamp(),
    } | parameters
    text = f"{method}&%2F&{encode(canonical(parameters))}"
    digest = hmac.new(f"{key.secret}&".encode(), text.encode(), hashlib.sha1).digest()
    signed = canonical(parameters | {"Signature": base64.b64encode(digest).decode()})
    if in_form:
        return send(endpoint, method, "/", {"Content-Type": "application/x-www-form-urlencoded"}, signed)
    return send(endpoint, method, f"/?{signed}")


def v3(endpoint: str, key: Key, method: str = "POST", path: str = "/", parameters: dict | None = None, **headers):
    """A request of version 3; headers given (with `_` for `-`) replace those that it would have."""
    values = {
        "host": endpoint,
        "x-acs-action": "ListCheckResult",
        "x-acs-version": "2018-12-03",
        "x-acs-date": stamp(),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    query = canonical(parameters or {})
    names = ";".join(sorted(values))
    lines = "".join(f"{name}:{value}\n" for name, value in sorted(values.items()))
    request = f"{method}\n/\n{query}\n{lines}\n{names}\n{values['x-acs-content-sha256']}"
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(key.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    authorization = f"ACS3-HMAC-SHA256 Credential={key.id},SignedHeaders={names},Signature={signature}"
    return send(endpoint, method, f"{path}?{query}", values | {"Authorization": authorization})
