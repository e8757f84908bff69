"""Xapian, through the Python package of a Linux distribution."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.engine import Searcher
from tests.bench.records import FACET_SIZE, Answer, Ask, Material, Shown, read_lines

xapian: Any = import_module("xapian")

DAY, YEAR = 0, 1
FACETS = {"person": 100, "place": 200}
"""Xapian counts one value of a slot, so the first person of an article is in one slot, the second in the next."""
GAP = 100
"""Positions between title, lead and text."""


class Xapian:
    """Terms of words begin with W, words with positions with T, folded forms with F."""

    name = "xapian"
    in_process = True
    warm_up = 0.0
    most = None
    version: str = xapian.version_string()
    builds = ("tokens", "own analysis")

    def build(self, how: str, index: Path, material: Material) -> None:
        """Our tokens, or plain text through Xapian's own German stemmer."""
        os.environ.setdefault("XAPIAN_FLUSH_THRESHOLD", "50000")
        index.mkdir(parents=True)
        database = xapian.WritableDatabase(str(index), xapian.DB_CREATE)
        slots = dict.fromkeys(FACETS, 0)
        generator = xapian.TermGenerator()
        generator.set_stemmer(xapian.Stem("german"))
        german = how == "own analysis"
        for record in read_lines(material.corpus if german else material.rows):
            document = xapian.Document()
            if german:
                generator.set_document(document)
                for passage in (record["title"], record["lead"], record["text"]):
                    generator.index_text(passage)
                    generator.increase_termpos()
            else:
                _add_tokens(document, record)
            _add_labels(document, record, slots)
            database.add_document(document)
        database.set_metadata("slots", json.dumps(slots))
        database.commit()
        database.close()

    def open(self, index: Path) -> Searcher:
        """One database for all searches."""
        return XapianSearcher(index)


def _add_tokens(document: Any, record: dict[str, Any]) -> None:
    begin = 0
    for passage in record["passages"]:
        terms = passage.split(" ")
        for at, term in enumerate(terms, start=begin):
            document.add_posting("T" + term, at)
        begin += len(terms) + GAP
    words = [*record["passages"], record["parts"]]
    for term, count in Counter(" ".join(words).split()).items():
        document.add_term("W" + term, count)
    for form in record["folded"].split(" "):
        document.add_boolean_term("F" + form)


def _add_labels(document: Any, record: dict[str, Any], slots: dict[str, int]) -> None:
    date = record.get("date", "")
    if date:
        document.add_value(DAY, xapian.sortable_serialise(int(date.replace("-", ""))))
        document.add_value(YEAR, date[:4])
    for kind, names in (("person", record["persons"]), ("place", record["places"])):
        for at, name in enumerate(names):
            document.add_value(FACETS[kind] + at, name)
        slots[kind] = max(slots[kind], len(names))
    shown = (record["title"], date, record["source"], record["persons"], record["places"])
    document.set_data(json.dumps(shown, ensure_ascii=False))


class XapianSearcher:
    """See ``engine.Searcher``."""

    def __init__(self, index: Path) -> None:
        self.database = xapian.Database(str(index))
        self.slots: dict[str, int] = json.loads(self.database.get_metadata("slots"))

    def query(self, ask: Ask) -> Any:
        """The query objects: cheaper than Xapian's own parser."""
        query = xapian.Query
        match ask.kind:
            case "all":
                return query("")
            case "phrase":
                return query(query.OP_PHRASE, ["T" + term for term in ask.terms])
            case "prefix":
                return query(query.OP_WILDCARD, "F" + ask.terms[0], 0, query.WILDCARD_LIMIT_ERROR)
        words = query(query.OP_OR if ask.kind == "any" else query.OP_AND, ["W" + term for term in ask.terms])
        if not ask.first:
            return words
        ends = (xapian.sortable_serialise(day) for day in (ask.first, ask.last))
        return query(query.OP_FILTER, words, query(query.OP_VALUE_RANGE, DAY, *ends))

    def ask_all(self, asks: Sequence[Ask]) -> list[Answer]:
        """See ``engine.Searcher``."""
        return list(map(self.ask, asks))

    def ask(self, ask: Ask) -> Answer:
        """All matches are looked at, else Xapian would estimate their number."""
        enquire = xapian.Enquire(self.database)
        enquire.set_query(self.query(ask))
        if ask.newest:
            enquire.set_sort_by_value(DAY, True)
        spies = {
            kind: [xapian.ValueCountMatchSpy(first + at) for at in range(self.slots[kind])]
            for kind, first in FACETS.items()
        }
        year = xapian.ValueCountMatchSpy(YEAR)
        if ask.facets:
            for spy in (*spies["person"], *spies["place"], year):
                enquire.add_matchspy(spy)
        found = enquire.get_mset(0, ask.size, self.database.get_doccount())
        shown = (json.loads(hit.document.get_data()) for hit in found)
        hits = tuple(Shown(title, date, source, tuple(who), tuple(where)) for title, date, source, who, where in shown)
        total = found.get_matches_estimated()
        if not ask.facets:
            return Answer(total, hits)
        years = tuple(value.termfreq for value in year.values())
        return Answer(total, hits, _largest(spies["person"]), _largest(spies["place"]), years)


def _largest(spies: list[Any]) -> tuple[int, ...]:
    counts: Counter[bytes] = Counter()
    for spy in spies:
        for value in spy.values():
            counts[value.term] += value.termfreq
    return tuple(count for _, count in counts.most_common(FACET_SIZE))
