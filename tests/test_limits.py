"""No query costs more than a bounded time, and whoever asks for more is told so."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from costly import COSTLY, generated

from search import HTTP_STATUS, Engine, Request, RequestError, RequestTooCostly, parse, status_of
from search.engine_whoosh import limit
from web import create_app


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return generated(tmp_path_factory.mktemp("costly"), 150)


def seconds(engine: Engine, query: str) -> float:
    """What a search computes, refused or not."""
    began = time.thread_time()
    with suppress(RequestTooCostly):
        engine.search(Request(parse(query).tree, size=100, facet_size=1000))
    return time.thread_time() - began


@pytest.mark.parametrize("name", COSTLY)
def test_no_query_takes_long(archive: Engine, name: str) -> None:
    assert seconds(archive, COSTLY[name]) < limit.SECONDS + 0.5


@pytest.mark.slow
def test_no_query_takes_long_in_ten_thousand_articles(tmp_path: Path) -> None:
    engine = generated(tmp_path, 10_000)
    for name, query in COSTLY.items():
        assert seconds(engine, query) < limit.SECONDS + 0.5, name


@pytest.mark.parametrize("query", [COSTLY["64 prefixes"], COSTLY["64 fuzzy words"], COSTLY["64 misspelled words"]])
def test_a_search_that_takes_too_long_is_refused_in_words(
    archive: Engine, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert issubclass(RequestTooCostly, RequestError)
    monkeypatch.setattr(limit, "SECONDS", 0.001)
    with pytest.raises(RequestTooCostly) as refused:
        archive.search(Request(parse(query).tree))
    assert status_of(refused.value, HTTP_STATUS) == 400
    client = create_app(archive).test_client()
    page = client.get("/", query_string={"q": query, "person": "Person 1"})
    assert page.status_code == 400
    assert "zu aufwendig" in page.text
    assert 'href="/?person=Person+1"' in page.text
    problem = client.get("/api/search", query_string={"q": query})
    assert problem.status_code == 400
    assert problem.mimetype == "application/problem+json"
    assert problem.json is not None
    assert problem.json["parameter"] == "q"
    monkeypatch.undo()
    assert archive.search(Request(parse("der").tree)).total
    assert archive.complete("ba", 10)


def test_what_a_thread_did_before_does_not_count(archive: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit, "SECONDS", 0.5)
    until = time.thread_time() + 1
    while time.thread_time() < until:
        archive.search(Request(parse("der ba*").tree))
