"""tantivy, the Rust library, through its own Python package."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.engine import Searcher
from tests.bench.records import FACET_SIZE, Answer, Ask, Material, Row, Shown, read_lines, read_rows

tantivy: Any = import_module("tantivy")  # without its types, so that all is checked alike where it is not installed


class Tantivy:
    """The Rust library through its own Python package."""

    name = "tantivy"
    in_process = True
    warm_up = 0.0
    most = None
    version: str = tantivy.__version__.split(",")[0].removeprefix("tantivy v")
    builds = ("tokens", "own analysis", "our analysis")
    heap = 1024 * 1024 * 1024
    """Bytes: few and large segments are better to search."""

    def schema(self, *, raw: bool = False) -> Any:
        """Words with positions for phrases, without for single words; labels stored and as columns."""
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

    def build(self, how: str, index: Path, material: Material) -> None:
        """Our tokens ready-made; plain text through tantivy's own German stemmer; or through our analysis in Python."""
        from tests.bench.tokens import row  # here, as it is no part of a search

        if how == "own analysis":
            self._write(index, self.schema(raw=True), map(_of_article, read_lines(material.corpus)))
        else:
            rows = map(row, read_lines(material.corpus)) if how == "our analysis" else read_rows(material.rows)
            self._write(index, self.schema(), map(_of_row, rows))

    def _write(self, index: Path, schema: Any, documents: Iterable[dict[str, Any]]) -> None:
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
        return TantivySearcher(index, self.schema())


def _german(index: Any) -> None:
    stem = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    stem = stem.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("german"))
    index.register_tokenizer("de_stem", stem.build())


def _labels(day: int, date: str, source: str, persons: list[str], places: list[str]) -> dict[str, Any]:
    labels: dict[str, Any] = {"date": date, "day": day, "source": source, "person": persons, "place": places}
    return labels | {"year": day // 10_000} if day else labels


def _of_row(row: Row) -> dict[str, Any]:
    # title, lead and text are values of one field, between which tantivy leaves a gap
    body = {"title": row.title, "text": row.passages, "words": row.words, "folded": row.folded}
    return body | _labels(row.day, row.date, row.source, row.persons, row.places)


def _of_article(record: dict[str, Any]) -> dict[str, Any]:
    date = record.get("date", "")
    body = {"title": record["title"], "text": [record["lead"], record["text"]]}
    return body | _labels(int(date.replace("-", "") or 0), date, record["source"], record["persons"], record["places"])


class TantivySearcher:
    """See ``engine.Searcher``."""

    def __init__(self, index: Path, schema: Any) -> None:
        self.schema = schema
        self.searcher = tantivy.Index.open(str(index)).searcher()
        # fewer from one of several segments, and the counts would be estimates
        many = FACET_SIZE if self.searcher.num_segments == 1 else 1_000_000
        self.facets = {
            "person": {"terms": {"field": "person", "size": FACET_SIZE, "segment_size": many}},
            "place": {"terms": {"field": "place", "size": FACET_SIZE, "segment_size": many}},
            "year": {"terms": {"field": "year", "size": 1000}},
        }

    def query(self, ask: Ask) -> Any:
        """The query objects: cheaper than tantivy's own parser."""
        make, schema = tantivy.Query, self.schema
        match ask.kind:
            case "all":
                return make.all_query()
            case "phrase":
                return make.phrase_query(schema, "text", list(ask.terms))
            case "prefix":
                # five times faster than its regular expressions
                return make.fuzzy_term_query(schema, "folded", ask.terms[0], 0, True, True)
        words = [make.term_query(schema, "words", term, "freq") for term in ask.terms]
        occur = tantivy.Occur.Should if ask.kind == "any" else tantivy.Occur.Must
        parts = [(occur, word) for word in words]
        if ask.first:
            day = make.range_query(schema, "day", tantivy.FieldType.Integer, ask.first, ask.last)
            parts.append((tantivy.Occur.Must, make.const_score_query(day, 0.0)))
        return words[0] if len(parts) == 1 else make.boolean_query(parts)

    def ask_all(self, asks: Sequence[Ask]) -> list[Answer]:
        """See ``engine.Searcher``."""
        return list(map(self.ask, asks))

    def ask(self, ask: Ask) -> Answer:
        """Two calls where facets are asked for: the package has none that does both."""
        query = self.query(ask)
        # not its quick doc_freq for the total of one word, which counts what was deleted too
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
