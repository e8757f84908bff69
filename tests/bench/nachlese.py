"""Nachlese itself, through the names that it offers to anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from search import Request, open_index, parse
from tests.bench.engine import Searcher
from tests.bench.records import FACET_SIZE, Answer, Ask, Material, Shown


def _fatal(record: Any) -> bool:
    """An archive survives a fault in one article, with a line in the log; what is measured must have none."""
    raise RuntimeError(record.getMessage())


class Nachlese:
    """Through the commands and names that it offers to anybody."""

    name = "nachlese"
    in_process = True
    warm_up = 0.0
    most = None

    version = "here"
    builds = ("names given", "names found")

    def build(self, how: str, index: Path, material: Material) -> None:
        """As ``nachlese reindex`` does it, with the names that the articles give, or those that it finds."""
        # not above: a search has no need of it, and cold starts are measured
        import logging

        from search.indexing import rebuild

        handler = logging.StreamHandler()
        handler.addFilter(_fatal)
        logging.basicConfig(level=logging.ERROR, handlers=[handler])
        found = how == "names found"
        folder = material.unnamed if found else material.corpus
        report = rebuild(open_index(index), [str(folder)], jobs=1, entities="default" if found else "none")
        assert not report.failed, report.errors[0]

    def open(self, index: Path) -> Searcher:
        """An engine opens when it is first asked."""
        return NachleseSearcher(index)


class NachleseSearcher:
    """See ``engine.Searcher``."""

    def __init__(self, index: Path) -> None:
        self.engine = open_index(index)
        known = {field.name for field in fields(Request)}
        self.plain: dict[str, Any] = {"snippets": False} if "snippets" in known else {}
        """Peers make no snippets either."""
        self.uncounted: dict[str, Any] = {"facets": ()} if "facets" in known else {}
        self.counted: dict[str, Any] = {"facets": ("person", "place", "date")} if "facets" in known else {}

    def ask_all(self, asks: Sequence[Ask]) -> list[Answer]:
        """See ``engine.Searcher``."""
        return list(map(self.ask, asks))

    def ask(self, ask: Ask) -> Answer:
        """From the typed query to the hits."""
        results = self.engine.search(
            Request(
                query=parse(ask.typed).tree,
                sort="newest" if ask.newest else "relevance",
                size=ask.size,
                facet_size=FACET_SIZE,
                **self.plain,
                **(self.counted if ask.facets else self.uncounted),
            )
        )
        hits = tuple(Shown(hit.title, hit.date, hit.source, hit.persons, hit.places) for hit in results.hits)
        if not ask.facets:
            return Answer(results.total, hits)
        counts = {
            name: tuple(value.count for value in results.facets[name].values) for name in ("person", "place", "date")
        }
        years = tuple(count for count in counts["date"] if count)
        return Answer(results.total, hits, counts["person"], counts["place"], years)
