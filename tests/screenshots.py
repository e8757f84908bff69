"""Takes the pictures of the pages in docs/: ``.venv/bin/python tests/screenshots.py``, over the demo articles.

Not a test: run it after a change of the pages and look at what comes out. The day and the time that a search took are
fixed, so that only changes of the pages change the pictures.
"""

from __future__ import annotations

import datetime
import logging
import sys
import tempfile
from pathlib import Path
from unittest import mock

from browsing import chromium, served
from playwright.sync_api import sync_playwright

from search import open_index
from search.indexing import update

ROOT = Path(__file__).parent.parent
DAY = datetime.date(2026, 11, 9)
TOOK = "in weniger als 0,01 Sekunden"
LARGEST = 250_000
"""Bytes of one picture."""

SEARCH = "/?q=mauer&place=Berlin"
PICTURES: dict[str, tuple[str, int, str]] = {
    "search": (SEARCH, 1280, "light"),
    "search-dark": (SEARCH, 1280, "dark"),
    "search-tablet": (SEARCH, 768, "light"),
    "search-phone": (SEARCH, 390, "light"),
    "start": ("/", 1280, "light"),
    "start-phone": ("/", 390, "dark"),
    "map": ("/?q=&map=1", 1280, "light"),
    "map-phone": ("/?q=&map=1", 390, "dark"),
    "month": ("/?q=mauer&from=1989-11&to=1989-11", 1280, "light"),
    "article": ("/article/mauerfall-1989?q=mauer", 1280, "light"),
    "article-phone": ("/article/mauerfall-1989?q=mauer", 390, "light"),
    "person": ("/person/Willy%20Brandt", 1280, "light"),
    "place": ("/place/Berlin", 1280, "dark"),
    "nothing": ("/?q=mauer&from=1400&to=1401", 1280, "light"),
}
"""By the name of the file: address, width of the window, colour scheme."""


def take(folder: Path) -> None:
    """All pictures, into ``folder``."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    took = mock.patch("web.i18n.took_in_words", return_value=TOOK)
    with tempfile.TemporaryDirectory() as place, mock.patch("web.views.today", return_value=DAY), took:
        engine = open_index(Path(place) / "index")
        update(engine, [str(ROOT / "seeds")])
        with served(engine) as site:
            _take(folder, site)


def _take(folder: Path, site: str) -> None:
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, (address, width, scheme) in PICTURES.items():
            window = {"width": width, "height": 900 if width > 500 else 844}
            page = browser.new_page(viewport=window, color_scheme=scheme, locale="de-DE", base_url=site)
            page.goto(address)
            path = folder / f"{name}.png"
            page.screenshot(path=path)
            page.close()
            if path.stat().st_size > LARGEST:
                sys.exit(f"{path} has {path.stat().st_size} bytes, more than {LARGEST}")
        browser.close()


if __name__ == "__main__":
    take(ROOT / "docs")
