"""How fast one process serves pages of a large archive, and what of it is search, snippets and template.

    .venv/bin/python -m tests.measure_pages --articles 100000      (its table stands in ARCHITECTURE.md)

The articles are those of ``tests/bench/corpus.py``. A client on loopback asks for one page after the other; what the
server computes for each is read from the system. Then the same pages are made in this process, step by step.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from unittest import mock
from urllib.parse import urlencode

from flask.testing import FlaskClient

from search import engine_whoosh
from search.engine_whoosh import WhooshEngine
from tests.bench import corpus
from tests.serving import COMMAND, Server
from web import create_app

ROOT = Path(__file__).parent.parent
HEADERS = {"Accept-Encoding": "gzip", "Accept-Language": "de"}
SAMPLE = 1000
"""Articles whose words and names are asked for."""


class Row(NamedTuple):
    """Milliseconds of each page of a kind."""

    wall: list[float]
    server: list[float]
    search: list[float]
    snippets: list[float]
    page: list[float]

    def cells(self) -> list[str]:
        """Wall clock and computing at the median and at the 95th percentile, and the split at both."""
        return [f"{_at(times, 50):.1f} / {_at(times, 95):.1f}" for times in self]


def _at(times: list[float], percent: int) -> float:
    return sorted(times)[min(len(times) * percent // 100, len(times) - 1)]


def pages(count: int) -> dict[str, list[str]]:
    """Addresses by kind, the same at every run: drawn from articles as readers would type them."""
    rng = Random(corpus.SEED)
    sample = [article for _, article in zip(range(SAMPLE), corpus.articles(0, corpus.SHARD), strict=False)]

    def words(article: dict[str, object], many: int) -> str:
        found = [
            word for word in str(article["text"]).split() if word.isalpha() and word[0].isupper() and len(word) > 4
        ]
        return " ".join(rng.sample(found, min(many, len(found))))

    def one(kind: str) -> list[tuple[str, str]]:
        article = rng.choice(sample)
        year = str(article.get("date", "2010"))[:4]
        person = (article["persons"] or [""])[0]
        return {
            "one word": [("q", words(article, 1))],
            "two words": [("q", words(article, 2))],
            "a frequent word": [
                ("q", rng.choice(["Regierung", "Jahr", "nach", "der", "und"])),
                ("page", rng.choice("123")),
            ],
            "word, person, years": [("q", words(article, 1)), ("person", person), ("from", "2005"), ("to", year)],
            "newest first": [("q", words(article, 1)), ("sort", "newest")],
            "with a map": [("q", words(article, 1)), ("map", "1")],
        }[kind]

    kinds = ("one word", "two words", "a frequent word", "word, person, years", "newest first", "with a map")
    return {kind: ["/?" + urlencode(one(kind)) for _ in range(count)] for kind in kinds}


def cpu(process: int) -> float:
    """Seconds that a process has computed so far, all threads together, to a microsecond or so."""
    ticks = 0
    for task in Path(f"/proc/{process}/task").iterdir():
        ticks += int((task / "schedstat").read_text().split()[0])
    return ticks / 1e9


def served(server: Server, address: str) -> tuple[float, float]:
    """Milliseconds until the whole page is there, and those that the server computed."""
    computed, began = cpu(server.process.pid), time.perf_counter()
    status, body, _ = server.get(address, **HEADERS)
    took = time.perf_counter() - began
    assert status == 200, (address, body)
    return took * 1000, (cpu(server.process.pid) - computed) * 1000


class Watch:
    """Adds up what calls of some functions compute."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def over(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, watched."""

        @wraps(function)
        def watched(*arguments: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds += time.process_time() - began

        return watched


def split(client: FlaskClient, addresses: list[str]) -> Iterator[tuple[float, float, float]]:
    """Milliseconds of computing for search and facets, for hits with their snippets, and for the rest of the page."""
    for address in addresses:
        searches, hits, page = Watch(), Watch(), Watch()
        with (
            mock.patch.object(WhooshEngine, "search", searches.over(WhooshEngine.search)),
            mock.patch.object(engine_whoosh, "_read", hits.over(engine_whoosh._read)),
        ):
            page.over(client.get)(address, headers=HEADERS)
        yield (
            (searches.seconds - hits.seconds) * 1000,
            hits.seconds * 1000,
            (page.seconds - searches.seconds) * 1000,
        )


def measured(index: Path, count: int) -> Iterator[tuple[str, Row]]:
    """The times of all kinds of pages over an index."""
    asked = pages(count)
    server = Server(index)
    try:
        outside = {}
        for kind, addresses in asked.items():
            served(server, addresses[0])
            outside[kind] = [served(server, address) for address in addresses]
    finally:
        server.stop()
    client = create_app(str(index)).test_client()
    for kind, addresses in asked.items():
        client.get(addresses[0])
        inside = list(split(client, addresses))
        yield (
            kind,
            Row(*(list(times) for times in zip(*outside[kind], strict=True)), *map(list, zip(*inside, strict=True))),
        )


def prepared(folder: Path, articles: int) -> Path:
    """The index of so many generated articles, made if it is not there."""
    index = folder / f"pages-{articles}"
    if not (index / "current").exists():
        source = folder / f"pages-{articles}-articles"
        if not source.exists():
            corpus.write(source, articles)
        command = [*COMMAND, "index", "--entities", "none", "--index", str(index), str(source)]
        subprocess.run(command, check=True, cwd=ROOT)
    return index


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure_pages", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--index", type=Path, help="an index of them that is there already")
    parser.add_argument("--pages", type=int, default=200, help="pages of each kind")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "indexes" / "bench", help="where articles and index are kept"
    )
    options = parser.parse_args()
    index = options.index or prepared(options.folder, options.articles)
    print("| page | wall clock | computed | search, facets | snippets | template, rest |")
    print("| --- | --- | --- | --- | --- | --- |")
    everything = Row([], [], [], [], [])
    for kind, row in measured(index, options.pages):
        print(f"| {kind} | {' | '.join(row.cells())} |")
        for all_times, times in zip(everything, row, strict=True):
            all_times += times
    print(f"| all | {' | '.join(everything.cells())} |")
    print(f"milliseconds, median / 95th percentile; load of the machine {os.getloadavg()[0]:.1f}", file=sys.stderr)


if __name__ == "__main__":
    main()
