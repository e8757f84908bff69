"""Whoosh as it comes, for comparison: what Nachlese would be without an engine of its own."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from tests.bench.engine import Searcher
from tests.bench.records import FACET_SIZE, Answer, Ask, Material, Shown, read_rows

whoosh: Any = import_module("whoosh")
fields: Any = import_module("whoosh.fields")
whoosh_index: Any = import_module("whoosh.index")
query: Any = import_module("whoosh.query")
sorting: Any = import_module("whoosh.sorting")
SpaceSeparatedTokenizer: Any = import_module("whoosh.analysis").SpaceSeparatedTokenizer


class Whoosh:
    """Its own codec, matchers, collectors and facets."""

    name = "whoosh"
    in_process = True
    warm_up = 0.0
    most = 10_000
    version = ".".join(map(str, whoosh.__version__))
    builds = ("tokens",)

    def build(self, how: str, index: Path, material: Material) -> None:
        """The tokens, through an analyzer that only parts them."""
        plain = SpaceSeparatedTokenizer()
        schema = fields.Schema(
            passages=fields.TEXT(plain, phrase=True),
            words=fields.TEXT(plain, phrase=False),
            folded=fields.TEXT(plain, phrase=False),
            day=fields.NUMERIC(int, sortable=True),
            year=fields.NUMERIC(int, sortable=True),
            person=fields.KEYWORD(commas=True),
            place=fields.KEYWORD(commas=True),
            shown=fields.STORED,
        )
        index.mkdir(parents=True)
        writer = whoosh_index.create_in(str(index), schema).writer(limitmb=512)
        for row in read_rows(material.rows):
            dated = {"day": row.day, "year": row.day // 10_000} if row.day else {}
            writer.add_document(
                # words that no query has keep phrases from crossing from title to lead to text
                passages=" | ".join(row.passages),
                words=row.words,
                folded=row.folded,
                person=",".join(row.persons),
                place=",".join(row.places),
                shown=(row.title, row.date, row.source, tuple(row.persons), tuple(row.places)),
                **dated,
            )
        writer.commit()

    def open(self, index: Path) -> Searcher:
        """One searcher for all searches."""
        return WhooshSearcher(index)


class WhooshSearcher:
    """See ``engine.Searcher``."""

    def __init__(self, index: Path) -> None:
        self.searcher = whoosh_index.open_dir(str(index)).searcher()

    def query(self, ask: Ask) -> Any:
        """The query objects: cheaper than Whoosh's own parser."""
        match ask.kind:
            case "all":
                return query.Every()
            case "phrase":
                return query.Phrase("passages", list(ask.terms))
            case "prefix":
                return query.Prefix("folded", ask.terms[0])
        words = [query.Term("words", term) for term in ask.terms]
        found = words[0] if len(words) == 1 else query.Or(words) if ask.kind == "any" else query.And(words)
        return query.And([found, query.NumericRange("day", ask.first, ask.last)]) if ask.first else found

    def ask_all(self, asks: Sequence[Ask]) -> list[Answer]:
        """See ``engine.Searcher``."""
        return list(map(self.ask, asks))

    def ask(self, ask: Ask) -> Answer:
        """Facets are what Whoosh calls groups, counted by its own collector."""
        wanted: dict[str, Any] = {"limit": ask.size}
        if ask.newest:
            wanted |= {"sortedby": "day", "reverse": True}
        if ask.facets:
            groups = sorting.Facets()
            for name in ("person", "place"):
                groups.add_field(name, allow_overlap=True, maptype=sorting.Count)
            groups.add_field("year", maptype=sorting.Count)
            wanted["groupedby"] = groups
        results = self.searcher.search(self.query(ask), **wanted)
        total = len(results)
        hits = tuple(Shown(*hit["shown"]) for hit in islice(results, ask.size))
        if not ask.facets:
            return Answer(total, hits)
        persons, places = (_largest(results.groups(name)) for name in ("person", "place"))
        years = {year: count for year, count in results.groups("year").items() if year and 0 < year < 10_000}
        return Answer(total, hits, persons, places, tuple(years[year] for year in sorted(years)))


def _largest(groups: dict[str | None, int]) -> tuple[int, ...]:
    named = (count for name, count in groups.items() if name)
    return tuple(sorted(named, reverse=True)[:FACET_SIZE])
