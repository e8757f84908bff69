"""Fixtures: an index over the demo articles, and one for whatever articles a test makes up.

Take the smallest that has what you need. ``make_index`` is the only place that knows which engines there are: a suite
that uses it runs on every one of them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest
from browsing import browser, complaints, open_page, site  # noqa: F401
from flask import Flask
from flask.testing import FlaskClient
from nodes import Nodes, running

from search import Engine, open_index
from search.indexing import update
from web import create_app
from web.translations.build import compile_all

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
CORPORA = ROOT.parent / "shared" / "corpora"
RAW_ARTICLE = ROOT.parent / "shared" / "seed"
WIKINEWS = CORPORA / "wikinews-de.jsonl"
needs_corpora = pytest.mark.skipif(not CORPORA.exists(), reason="the corpora are not beside the project")

ENGINE = os.environ.get("NACHLESE_ENGINE", "whoosh")
"""Which engine the demo articles are served from: NACHLESE_ENGINE=opensearch takes the cluster."""

MakeIndex = Callable[[Iterable[Mapping[str, object]]], Engine]
NewLocation = Callable[[], str]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Three nodes, or a skip that says how to get them."""
    with running(tmp_path_factory.mktemp("cluster")) as nodes:
        yield nodes


ENGINES = ["whoosh", "opensearch"] if os.environ.get("NACHLESE_CLUSTER") else ["whoosh"]
"""Without a cluster one skipped test says so (tests/test_cluster.py), not each that could have one."""


@pytest.fixture(params=ENGINES)
def new_location(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NewLocation]:
    """Locations where there is no index yet, on each engine; those on the cluster are removed at the end."""
    if request.param == "whoosh":
        yield lambda: str(tmp_path_factory.mktemp("made") / "index")
        return
    nodes: Nodes = request.getfixturevalue("cluster")
    monkeypatch.setenv("NACHLESE_STATE", str(tmp_path_factory.mktemp("state")))
    made: list[str] = []

    def new() -> str:
        for location in made:
            remove(location)
        made[:] = [cluster_location(nodes)]
        return made[0]

    yield new
    for location in made:
        remove(location)


_numbers = count()


def cluster_location(nodes: Nodes, shards: int = 3) -> str:
    """An address on the cluster that nobody has used."""
    return f"opensearch://{nodes.hosts}/t{os.getpid()}.{next(_numbers)}?shards={shards}"


def remove(location: str) -> None:
    """Remove an archive from the cluster."""
    from search.engine_opensearch.address import read
    from search.engine_opensearch.cluster import Cluster

    there = Cluster(read(location))
    there.client.indices.delete(index=f"{there.address.name}-*")


@pytest.fixture
def location(cluster: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An address on the cluster where there is no archive yet."""
    monkeypatch.setenv("NACHLESE_STATE", str(tmp_path / "state"))
    made = cluster_location(cluster)
    yield made
    remove(made)


@pytest.fixture
def make_index(new_location: NewLocation, tmp_path_factory: pytest.TempPathFactory) -> MakeIndex:
    """Makes an index of articles given as JSON objects; an earlier one of the same test is no more."""

    def make(articles: Iterable[Mapping[str, object]]) -> Engine:
        path = tmp_path_factory.mktemp("articles") / "articles.jsonl"
        path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
        engine = open_index(new_location())
        report = update(engine, [str(path)])
        # a file without a single line is an error of its own, and leaves an empty index
        assert not report.failed or not path.stat().st_size, report.errors
        return engine

    return make


@pytest.fixture(scope="session")
def seeds_location(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where an index over seeds/ is."""
    if ENGINE == "opensearch":
        os.environ["NACHLESE_STATE"] = str(tmp_path_factory.mktemp("state"))
        location = cluster_location(request.getfixturevalue("cluster"))
    else:
        location = str(tmp_path_factory.mktemp("seeds") / "index")
    report = update(open_index(location), [str(SEEDS)])
    assert not report.failed, report.errors
    return location


@pytest.fixture(scope="session")
def seeds(seeds_location: str) -> Engine:
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
