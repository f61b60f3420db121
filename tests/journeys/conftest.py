"""One portal with the demo company a test process, and browsers before it."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsers import Browsers, quiet
from tests.database import demo_template, fresh_database
from tests.journeys.portal import Portal, running

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demo company, told up to today. Each test uses people of its own where it changes something."""
    with (
        fresh_database(f"demo_{WORKER}", template=demo_template()) as url,
        running(url, tmp_path_factory.mktemp("demo")) as portal,
    ):
        yield portal


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal in which nobody has been yet."""
    with (
        fresh_database(f"empty_{WORKER}") as url,
        running(url, tmp_path_factory.mktemp("empty")) as portal,
    ):
        yield portal


@pytest.fixture
def at_demo(chromium: Browser, demo: Portal) -> Iterator[Browsers]:
    """Browsers before the demo company; whatever their consoles say fails the test."""
    with quiet(Browsers(chromium, demo)) as browsers:
        yield browsers


@pytest.fixture
def at_empty(chromium: Browser, empty: Portal) -> Iterator[Browsers]:
    """Browsers before an empty portal."""
    with quiet(Browsers(chromium, empty)) as browsers:
        yield browsers
