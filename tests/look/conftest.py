"""The look on a server of its own, seen in a browser."""

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.look import harness


@pytest.fixture(scope="session")
def look() -> Flask:
    return harness.create_app()


@pytest.fixture(scope="session")
def site(look: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, look, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, site: str) -> Iterator[Opener]:
    """Opens a page of the harness; whatever its console says by the end of the test fails it."""
    contexts = []
    said: list[str] = []

    def opener(path: str, width: int = 1280, theme: str = "light", **options: object) -> Page:
        phone = {"is_mobile": True, "has_touch": True} if width < 500 else {}
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, color_scheme=theme, **phone, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(site + path)
        return page

    yield opener
    for context in contexts:
        context.close()
    # That a server is out of reach is what Chromium itself writes down.
    said = [line for line in said if not line.startswith("Failed to load resource")]
    assert not said, said


@pytest.fixture
def board(look: Flask) -> Iterator[SimpleNamespace]:
    state = look.extensions["board"]
    state.order, state.asked, state.status = list(range(1, 61)), [], 200
    state.gate.clear()
    yield state
    state.gate.set()
    state.order, state.asked, state.status = list(range(1, 61)), [], 200
