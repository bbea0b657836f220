"""One scanned database and one server for the tests that only read; a fresh pair for those that change something."""

import pytest

from clients import MODES, pages
from images import BAD, GOOD, HALF, Shop, container, image
from stance import Stance


def _started(folder):
    stance = Stance(folder)
    stance.scan()
    stance.endpoint = stance.serve()
    stance.main_key = stance.key()
    return stance


@pytest.fixture(scope="session")
def stance(tmp_path_factory):
    """A server over the example estate; no test may change its database but by adding keys."""
    started = _started(tmp_path_factory.mktemp("stance"))
    yield started
    started.stop()


@pytest.fixture
def fresh(tmp_path):
    """A server of the test's own."""
    started = _started(tmp_path)
    yield started
    started.stop()


@pytest.fixture(params=sorted(MODES))
def connect(request):
    """Makes a client of each kind: `connect(endpoint, key)`."""
    return MODES[request.param]


@pytest.fixture
def client(stance, connect):
    """A client of each kind with a key that may do everything."""
    return connect(stance.endpoint, stance.main_key)


@pytest.fixture(scope="session")
def checks(stance):
    """Every check in Chinese, by the current SDK."""
    return pages(MODES["v3"](stance.endpoint, stance.main_key), "ListCheckResult", "Checks", 100)


@pytest.fixture(scope="session")
def check_with_many(stance):
    """The check with the most results, and all of them."""
    client = MODES["v3"](stance.endpoint, stance.main_key)
    failing = pages(client, "ListCheckResult", "Checks", 100, Statuses=["NOT_PASS"])
    results = {
        check["CheckId"]: pages(client, "ListCheckInstanceResult", "BasicData", 100, CheckId=check["CheckId"])
        for check in failing
    }
    return max(results.items(), key=lambda item: (len({r["Status"] for r in item[1]}), len(item[1])))


def _opened(folder):
    shop = Shop(folder)
    shop.scan_images(
        image("web", BAD), image("api", BAD), image("job", HALF), image("clean", GOOD), container("web-1", BAD)
    )
    shop.scan_images(image("api", GOOD))
    shop.endpoint = shop.serve()
    shop.main_key = shop.key()
    return shop


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """A server over images: web fails, api is fixed since a second scan, job fails less, clean never failed, and a
    container fails. No test may change its database but by adding keys."""
    opened = _opened(tmp_path_factory.mktemp("shop"))
    yield opened
    opened.stop()


@pytest.fixture
def fresh_shop(tmp_path):
    """The same, of the test's own."""
    opened = _opened(tmp_path)
    yield opened
    opened.stop()


@pytest.fixture
def buyer(shop, connect):
    """A client of each kind of the shop's server, with a key that may do everything."""
    return connect(shop.endpoint, shop.main_key)
