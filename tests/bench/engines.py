"""What every engine of the benchmark does, and three of them: Nachlese, tantivy and SQLite FTS5."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from search import Request, open_index, parse
from search.indexing import rebuild
from tests.bench import tokens
from tests.bench.asks import Ask
from tests.bench.tokens import Row

FACET_SIZE = 20


class Shown(NamedTuple):
    """A hit as a list of results shows it."""

    title: str
    date: str
    source: str
    persons: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What every engine has to give for a search; facets only if they were asked for."""

    total: int
    hits: tuple[Shown, ...]
    persons: tuple[int, ...] = ()
    """The counts of the most frequent persons, falling."""
    places: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    """The counts of all years that have any, in their order."""


class Searcher(Protocol):
    """An opened index."""

    def ask(self, ask: Ask) -> Answer:
        """Answer one search."""


class Engine(Protocol):
    """One engine; whether it can run here is known when its file is imported and it is made."""

    name: str
    in_process: bool
    """Whether the time of this process says how long a search takes; else the searcher says it itself."""

    def version(self) -> str:
        """Of the engine; ImportError or OSError if it is not installed."""

    def build(self, index: Path, corpus: Path, rows: Path) -> None:
        """Index the rows, or the corpus, into a new folder, on one core."""

    def build_raw(self, index: Path, corpus: Path) -> bool:
        """Index plain articles with the engine's own German analysis, as its users do; False if it has none."""

    def open(self, index: Path) -> Searcher:
        """Open what ``build`` has made."""


class Nachlese:
    """Through the commands and names that it offers to anybody."""

    name = "nachlese"
    in_process = True

    def version(self) -> str:
        """Nachlese is always here."""
        return "here"

    def build(self, index: Path, corpus: Path, rows: Path, *, entities: str = "none") -> None:
        """As ``nachlese reindex`` does it; with the names that the articles give."""
        report = rebuild(open_index(index), [str(corpus)], jobs=1, entities=entities)
        assert not report.failed, report.errors[0]

    def build_raw(self, index: Path, corpus: Path) -> bool:
        """Its own analysis is what it is built with anyway."""
        return False

    def open(self, index: Path) -> Searcher:
        """An engine opens when it is first asked."""
        return _NachleseSearcher(index)


class _NachleseSearcher:
    def __init__(self, index: Path) -> None:
        self.engine = open_index(index)
        known = {field.name for field in fields(Request)}
        self.plain: dict[str, Any] = {"snippets": False} if "snippets" in known else {}
        """Peers make no snippets either."""
        self.uncounted: dict[str, Any] = {"facets": ()} if "facets" in known else {}
        self.counted: dict[str, Any] = {"facets": ("person", "place", "date")} if "facets" in known else {}

    def ask(self, ask: Ask) -> Answer:
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


class Tantivy:
    """The Rust library through its own Python package."""

    name = "tantivy"
    in_process = True
    heap = 512 * 1024 * 1024

    def version(self) -> str:
        """Of the Python package."""
        import tantivy

        return str(tantivy.__version__).split(",")[0]

    def schema(self, *, raw: bool = False) -> Any:
        """Words with positions for phrases, without for single words; labels stored and as columns."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        if raw:
            builder.add_text_field("title", stored=True, tokenizer_name="de_stem")
            builder.add_text_field("text", stored=True, tokenizer_name="de_stem")
        else:
            builder.add_text_field("title", stored=True, tokenizer_name="raw", index_option="basic")
            builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
            builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
            builder.add_text_field("folded", tokenizer_name="whitespace", index_option="basic")
        for label in ("source", "person", "place"):
            builder.add_text_field(label, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("date", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("day", indexed=True, fast=True)
        builder.add_integer_field("year", fast=True)
        return builder.build()

    def build(self, index: Path, corpus: Path, rows: Path) -> None:
        """The tokens; title, lead and text are values of one field, between which tantivy leaves a gap."""
        self._write(index, self.schema(), (_tantivy_row(row) for row in tokens.read(rows)))

    def build_raw(self, index: Path, corpus: Path) -> bool:
        """Plain text through tantivy's own German stemmer."""
        self._write(index, self.schema(raw=True), map(_tantivy_article, _articles(corpus)))
        return True

    def _write(self, index: Path, schema: Any, documents: Iterable[dict[str, Any]]) -> None:
        import tantivy

        index.mkdir(parents=True)
        opened = tantivy.Index(schema, path=str(index))
        _german(opened)
        writer = opened.writer(self.heap, 1)
        for document in documents:
            writer.add_document(tantivy.Document.from_dict(document, schema))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, index: Path) -> Searcher:
        """One searcher for all searches."""
        return _TantivySearcher(index, self.schema())


def _articles(corpus: Path) -> Iterator[dict[str, Any]]:
    for shard in sorted(corpus.iterdir()):
        with shard.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _german(index: Any) -> None:
    import tantivy

    stem = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    stem = stem.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("german"))
    index.register_tokenizer("de_stem", stem.build())


def _labels(day: int, date: str, source: str, persons: list[str], places: list[str]) -> dict[str, Any]:
    labels: dict[str, Any] = {"date": date, "day": day, "source": source, "person": persons, "place": places}
    return labels | {"year": day // 10_000} if day else labels


def _tantivy_row(row: Row) -> dict[str, Any]:
    body = {"title": row.title, "text": row.passages, "words": row.words, "folded": row.folded}
    return body | _labels(row.day, row.date, row.source, row.persons, row.places)


def _tantivy_article(record: dict[str, Any]) -> dict[str, Any]:
    date = record.get("date", "")
    body = {"title": record["title"], "text": [record["lead"], record["text"]]}
    return body | _labels(
        int(date.replace("-", "") or 0), date, record["source"], record["persons"], record["places"]
    )


class _TantivySearcher:
    def __init__(self, index: Path, schema: Any) -> None:
        import tantivy

        self.tantivy, self.schema = tantivy, schema
        self.searcher = tantivy.Index.open(str(index)).searcher()
        many = 1_000_000  # from each segment: fewer, and the counts would be estimates
        self.facets = {
            "person": {"terms": {"field": "person", "size": FACET_SIZE, "segment_size": many}},
            "place": {"terms": {"field": "place", "size": FACET_SIZE, "segment_size": many}},
            "year": {"terms": {"field": "year", "size": 1000}},
        }

    def query(self, ask: Ask) -> Any:
        """The query objects: cheaper than tantivy's own parser."""
        make, schema = self.tantivy.Query, self.schema
        match ask.kind:
            case "all":
                return make.all_query()
            case "phrase":
                return make.phrase_query(schema, "text", list(ask.terms))
            case "prefix":
                return make.regex_query(schema, "folded", re.escape(ask.terms[0]) + ".*")
        words = [make.term_query(schema, "words", term, "freq") for term in ask.terms]
        occur = self.tantivy.Occur.Should if ask.kind == "any" else self.tantivy.Occur.Must
        parts = [(occur, word) for word in words]
        if ask.first:
            day = make.range_query(schema, "day", self.tantivy.FieldType.Integer, ask.first, ask.last)
            parts.append((self.tantivy.Occur.Must, make.const_score_query(day, 0.0)))
        return words[0] if len(parts) == 1 else make.boolean_query(parts)

    def ask(self, ask: Ask) -> Answer:
        query = self.query(ask)
        found = self.searcher.search(query, ask.size, True, "day" if ask.newest else None)
        hits = []
        for _, address in found.hits:
            stored = self.searcher.doc(address)
            title, date, source = (stored.get_first(name) for name in ("title", "date", "source"))
            hits.append(Shown(title, date, source, tuple(stored.get_all("person")), tuple(stored.get_all("place"))))
        if not ask.facets:
            return Answer(found.count, tuple(hits))
        counted = self.searcher.aggregate(query, self.facets)
        persons, places = (
            tuple(bucket["doc_count"] for bucket in counted[name]["buckets"]) for name in ("person", "place")
        )
        years = sorted((bucket["key"], bucket["doc_count"]) for bucket in counted["year"]["buckets"])
        return Answer(found.count, tuple(hits), persons, places, tuple(count for _, count in years))


class Fts5:
    """SQLite's full-text tables, from Python's standard library."""

    name = "fts5"
    in_process = True

    def version(self) -> str:
        """Of the SQLite library."""
        return sqlite3.sqlite_version

    def build(self, index: Path, corpus: Path, rows: Path) -> None:
        """A table for words, one for phrases, one for prefixes, and plain tables for the labels."""
        index.mkdir(parents=True)
        with sqlite3.connect(index / "archive.sqlite") as archive:
            archive.executescript(_FTS5_SCHEMA)
            names: dict[tuple[str, str], int] = {}
            for number, row in enumerate(tokens.read(rows), start=1):
                archive.execute(
                    "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (number, row.title, row.date, row.day, row.source, "\t".join(row.persons), "\t".join(row.places)),
                )
                archive.execute("INSERT INTO words (rowid, body) VALUES (?, ?)", (number, row.words))
                archive.execute("INSERT INTO folded (rowid, body) VALUES (?, ?)", (number, row.folded))
                archive.execute("INSERT INTO text (rowid, title, lead, body) VALUES (?, ?, ?, ?)", (number, *row.passages))
                for kind, values in (("person", row.persons), ("place", row.places)):
                    ids = [(number, names.setdefault((kind, value), len(names) + 1)) for value in values]
                    archive.executemany(f"INSERT INTO {kind} VALUES (?, ?)", ids)
            archive.executemany("INSERT INTO name VALUES (?, ?)", ((id_, value) for (_, value), id_ in names.items()))
            for table in ("words", "folded", "text"):
                archive.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        archive.execute("ANALYZE")
        archive.close()

    def build_raw(self, index: Path, corpus: Path) -> bool:
        """SQLite has no German stemmer."""
        return False

    def open(self, index: Path) -> Searcher:
        """One connection for all searches."""
        return _Fts5Searcher(index)


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


class _Fts5Searcher:
    def __init__(self, index: Path) -> None:
        self.archive = sqlite3.connect(f"file:{index / 'archive.sqlite'}?mode=ro", uri=True)
        self.archive.execute("PRAGMA cache_size = -262144")
        self.archive.execute("PRAGMA mmap_size = 17179869184")
        self.archive.execute("PRAGMA temp_store = MEMORY")

    def ask(self, ask: Ask) -> Answer:
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
        return Answer(total, hits, *self.counts()) if ask.facets else Answer(total, hits)

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
