"""The vendor's official clients behind one call, so that each test runs through all of them.

`call("ListCheckResult", Statuses=["PASS"])` takes the parameters and returns the answer in the names of the API.
"""

import importlib
import json
import re
from dataclasses import dataclass

from alibabacloud_sas20181203 import models
from alibabacloud_sas20181203.client import Client as SasClient
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient


@dataclass
class Failure(Exception):
    """An error as the client reports it."""

    code: str
    status: int
    message: str
    request_id: str


@dataclass(frozen=True)
class Key:
    """An access key."""

    id: str
    secret: str
    token: str | None = None


class Current:
    """alibabacloud_sas20181203; its default signature is version 3, `v2` selects version 1."""

    def __init__(self, endpoint: str, key: Key, algorithm: str | None = None):
        config = Config(
            access_key_id=key.id,
            access_key_secret=key.secret,
            security_token=key.token,
            endpoint=endpoint,
            protocol="http",
        )
        if algorithm:
            config.signature_algorithm = algorithm
        self.client = SasClient(config)

    def call(self, action: str, **parameters) -> dict:
        request = getattr(models, f"{action}Request")().from_map(parameters)
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower()
        try:
            response = getattr(self.client, method)(request)
        except AlibabaCloudException as error:
            raise Failure(error.code, error.status_code, error.message, error.request_id) from error
        # A container of the wrong kind makes this client answer without a body and without an error.
        assert response.body is not None, "the client could not read the answer"
        return response.body.to_map()


class Classic:
    """aliyun-python-sdk-sas; signature version 1."""

    def __init__(self, endpoint: str, key: Key):
        if key.token:
            credential = StsTokenCredential(key.id, key.secret, key.token)
            self.client = AcsClient(region_id="cn-hangzhou", credential=credential)
        else:
            self.client = AcsClient(key.id, key.secret, "cn-hangzhou")
        self.endpoint = endpoint

    def call(self, action: str, **parameters) -> dict:
        module = importlib.import_module(f"aliyunsdksas.request.v20181203.{action}Request")
        request = getattr(module, f"{action}Request")()
        request.set_endpoint(self.endpoint)
        for name, value in parameters.items():
            self._set(request, name, value)
        try:
            return json.loads(self.client.do_action_with_exception(request))
        except ServerException as error:
            raise Failure(error.error_code, error.http_status, error.message, error.request_id) from error

    @staticmethod
    def _set(request, name: str, value) -> None:
        """Through the setter where this old package has one, else as any caller would add it by hand."""
        setter = getattr(request, f"set_{name}s" if isinstance(value, list) else f"set_{name}", None)
        if setter:
            setter(value)
        elif isinstance(value, list):
            for number, element in enumerate(value, 1):
                request.add_query_param(f"{name}.{number}", element)
        else:
            request.add_query_param(name, value)


MODES = {
    "v3": lambda endpoint, key: Current(endpoint, key),
    "v1": lambda endpoint, key: Current(endpoint, key, "v2"),
    "classic": lambda endpoint, key: Classic(endpoint, key),
}


def pages(client, action: str, list_name: str, size: int, **parameters) -> list:
    """Every entry of a list, read page by page; checks that the pages agree with one another."""
    entries, number = [], 1
    while True:
        answer = client.call(action, CurrentPage=number, PageSize=size, **parameters)
        info = answer.get("PageInfo", answer)
        found = answer[list_name]
        assert (info["CurrentPage"], info["PageSize"], int(info["Count"])) == (number, size, len(found))
        entries += found
        if len(entries) >= info["TotalCount"]:
            assert len(entries) == info["TotalCount"]
            return entries
        assert len(found) == size, "a page before the last is full"
        number += 1
