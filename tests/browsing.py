"""A real Chromium over the demo articles, for tests of what people do on the pages.

Takes the system's Chromium; NACHLESE_CHROMIUM names another one. Without any, these tests are skipped, unless
NACHLESE_BROWSER=required makes that a failure.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server

from search import Engine
from web import create_app
from web.translations.build import compile_all

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

REQUIRED = os.environ.get("NACHLESE_BROWSER") == "required"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO = "no Chromium found: install one (Debian: apt install chromium) or name it in NACHLESE_CHROMIUM"


def required(module: str) -> Any:
    """A module that only these tests need: they are skipped without it, unless they must not be."""
    return importlib.import_module(module) if REQUIRED else pytest.importorskip(module)


def chromium() -> str:
    """The Chromium of this machine."""
    found = os.environ.get("NACHLESE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and REQUIRED:
        pytest.fail(HOW_TO)
    return found or pytest.skip(HOW_TO)


@contextmanager
def served(engine: Engine) -> Iterator[str]:
    """The address of a running server over an archive."""
    compile_all()
    server = make_server("127.0.0.1", 0, create_app(engine), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def site(seeds: Engine) -> Iterator[str]:
    """The address of a running server over the demo articles."""
    with served(seeds) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    playwright = required("playwright.sync_api")
    executable = chromium()
    # Chromium refuses its sandbox to root, as which containers run
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about."""
    return []


@pytest.fixture
def open_page(browser: Browser, site: str, complaints: list[str]) -> Iterator:
    """Opens a page in a window of its own; whatever the browser complains about fails the test."""
    contexts = []

    def open_page(path: str = "/", **options) -> Page:
        context = browser.new_context(**{"locale": "de-DE", "base_url": site, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


def total(page: Page) -> int:
    """How many articles a page says it found."""
    return int(re.match(r"[\d.,]+", page.locator("h1").inner_text())[0].replace(".", ""))


def count(box: Locator) -> int:
    """The number beside a value."""
    return int(box.locator(".count").first.inner_text())


def unfold(page: Page) -> None:
    """On small screens the filters are folded."""
    if not page.locator(".facet").first.is_visible():
        page.locator("#filters > summary").click()
