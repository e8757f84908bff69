"""Fixtures: an index over the demo articles, and one for whatever articles a test makes up.

Take the smallest that has what you need. ``make_index`` is the only place that knows which engines there are: a suite
that uses it runs on every one of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from browsing import browser, complaints, open_page, site  # noqa: F401
from flask import Flask
from flask.testing import FlaskClient

from search import Engine, open_index
from search.indexing import update
from web import create_app
from web.translations.build import compile_all

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
CORPORA = ROOT.parent / "shared" / "corpora"
RAW_ARTICLE = ROOT.parent / "shared" / "seed"

MakeIndex = Callable[[Iterable[Mapping[str, object]]], Engine]


@pytest.fixture(params=["whoosh"])
def make_index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MakeIndex:
    """Makes an index of articles given as JSON objects."""

    def make(articles: Iterable[Mapping[str, object]]) -> Engine:
        folder = tmp_path_factory.mktemp("made")
        path = folder / "articles.jsonl"
        path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
        engine = open_index(folder / "index")
        report = update(engine, [str(path)])
        # a file without a single line is an error of its own, and leaves an empty index
        assert not report.failed or not path.stat().st_size, report.errors
        return engine

    return make


@pytest.fixture(scope="session")
def seeds_location(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index over seeds/."""
    location = tmp_path_factory.mktemp("seeds") / "index"
    report = update(open_index(location), [str(SEEDS)])
    assert not report.failed, report.errors
    return location


@pytest.fixture(scope="session")
def seeds(seeds_location: Path) -> Engine:
    """The engine of an index over seeds/. Do not write to it."""
    return open_index(seeds_location)


@pytest.fixture(scope="session")
def app(seeds: Engine) -> Flask:
    """The web application over seeds/."""
    compile_all()
    return create_app(seeds)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Asks the application without a server in between."""
    return app.test_client()
