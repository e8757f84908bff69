"""SQLite's full-text tables, from Python's standard library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.engine import Searcher
from tests.bench.records import FACET_SIZE, Answer, Ask, Material, Shown, read_rows


class Fts5:
    """SQLite's full-text tables, from Python's standard library."""

    name = "fts5"
    in_process = True
    warm_up = 0.0
    most = None

    version = sqlite3.sqlite_version
    builds = ("tokens",)

    def build(self, how: str, index: Path, material: Material) -> None:
        """A table for words, one for phrases, one for prefixes, and plain tables for the labels."""
        index.mkdir(parents=True)
        with sqlite3.connect(index / "archive.sqlite") as archive:
            archive.executescript(_FTS5_SCHEMA)
            names: dict[tuple[str, str], int] = {}
            for number, row in enumerate(read_rows(material.rows), start=1):
                archive.execute(
                    "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (number, row.title, row.date, row.day, row.source, "\t".join(row.persons), "\t".join(row.places)),
                )
                archive.execute("INSERT INTO words (rowid, body) VALUES (?, ?)", (number, row.words))
                archive.execute("INSERT INTO folded (rowid, body) VALUES (?, ?)", (number, row.folded))
                archive.execute(
                    "INSERT INTO text (rowid, title, lead, body) VALUES (?, ?, ?, ?)", (number, *row.passages)
                )
                for kind, values in (("person", row.persons), ("place", row.places)):
                    ids = [(number, names.setdefault((kind, value), len(names) + 1)) for value in values]
                    archive.executemany(f"INSERT INTO {kind} VALUES (?, ?)", ids)
            archive.executemany("INSERT INTO name VALUES (?, ?)", ((id_, value) for (_, value), id_ in names.items()))
            for table in ("words", "folded", "text"):
                archive.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        archive.execute("ANALYZE")
        archive.close()

    def open(self, index: Path) -> Searcher:
        """One connection for all searches."""
        return Fts5Searcher(index)


_TOKENS = """tokenize = "ascii tokenchars ','" """
_FTS5_SCHEMA = f"""
    CREATE TABLE article (id INTEGER PRIMARY KEY, title, date, day INTEGER, source, persons, places);
    CREATE INDEX article_day ON article (day);
    CREATE TABLE name (id INTEGER PRIMARY KEY, name);
    CREATE TABLE person (article INTEGER, name INTEGER, PRIMARY KEY (article, name)) WITHOUT ROWID;
    CREATE TABLE place (article INTEGER, name INTEGER, PRIMARY KEY (article, name)) WITHOUT ROWID;
    CREATE VIRTUAL TABLE words USING fts5 (body, content = '', {_TOKENS});
    CREATE VIRTUAL TABLE text USING fts5 (title, lead, body, content = '', {_TOKENS});
    CREATE VIRTUAL TABLE folded USING fts5 (body, content = '', detail = none, {_TOKENS});
"""


class Fts5Searcher:
    """See ``engine.Searcher``."""

    def __init__(self, index: Path) -> None:
        self.archive = sqlite3.connect(f"file:{index / 'archive.sqlite'}?mode=ro", uri=True)
        self.archive.execute("PRAGMA cache_size = -262144")
        self.archive.execute("PRAGMA mmap_size = 17179869184")
        self.archive.execute("PRAGMA temp_store = MEMORY")

    def ask_all(self, asks: Sequence[Ask]) -> list[Answer]:
        """See ``engine.Searcher``."""
        return list(map(self.ask, asks))

    def ask(self, ask: Ask) -> Answer:
        """Total, page and facets are a statement each."""
        source, values = self.matching(ask)
        if ask.facets:
            # once for total and facets, which would else each search again
            self.archive.execute("DROP TABLE IF EXISTS temp.hits")
            self.archive.execute(f"CREATE TEMP TABLE hits AS SELECT article.id AS id {source}", values)
            total = self.archive.execute("SELECT count(*) FROM hits").fetchone()[0]
        else:
            total = self.archive.execute(f"SELECT count(*) {source}", values).fetchone()[0]
        order = "article.day DESC" if ask.newest or ask.kind in ("all", "prefix") else "rank"
        top = self.archive.execute(
            f"SELECT article.title, date, source, persons, places {source} ORDER BY {order} LIMIT {ask.size}",
            values,
        )
        hits = tuple(
            Shown(title, date, paper, tuple(persons.split("\t")), tuple(places.split("\t")))
            for title, date, paper, persons, places in top
        )
        if not ask.facets:
            return Answer(total, hits)
        persons, places, years = self.counts()
        return Answer(total, hits, persons, places, years)

    def matching(self, ask: Ask) -> tuple[str, list[object]]:
        """The FROM and WHERE of a search, with its values."""
        if ask.kind == "all":
            return "FROM article", []
        table = {"phrase": "text", "prefix": "folded"}.get(ask.kind, "words")
        quoted = [f'"{term}"' for term in ask.terms]
        match = {
            "words": " AND ".join(quoted),
            "any": " OR ".join(quoted),
            "phrase": f'"{" ".join(ask.terms)}"',
            "prefix": f"{quoted[0]}*",
        }[ask.kind]
        source = f"FROM {table} JOIN article ON article.id = {table}.rowid WHERE {table} MATCH ?"
        if not ask.first:
            return source, [match]
        return f"{source} AND article.day BETWEEN ? AND ?", [match, ask.first, ask.last]

    def counts(self) -> Iterator[tuple[int, ...]]:
        """Of persons, places and years among the hits."""
        for kind in ("person", "place"):
            yield tuple(
                count
                for (count,) in self.archive.execute(
                    f"SELECT count(*) FROM hits JOIN {kind} ON {kind}.article = hits.id"
                    f" GROUP BY {kind}.name ORDER BY 1 DESC LIMIT {FACET_SIZE}"
                )
            )
        yield tuple(
            count
            for _, count in self.archive.execute(
                "SELECT day / 10000, count(*) FROM hits JOIN article USING (id) WHERE day > 0 GROUP BY 1 ORDER BY 1"
            )
        )
