"""One committed state of an archive on a cluster: which index it is, its figures, and the entries of its names.

The entries are read once for each state, so memory grows with the number of different names, not with that of
articles; words stay in the cluster and are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from search import german
from search.article import address_key
from search.engine import Document, under_entries
from search.engine_opensearch import mapping
from search.engine_opensearch.cluster import Cluster
from search.engine_opensearch.dsl import NEWEST, NONE, Json, fingerprint, some, term
from search.engine_opensearch.naming import Entries
from search.engine_opensearch.scores import Archive
from search.names import Naming
from search.query import VALUE_TARGETS, Word
from search.ranking import NEAREST, allowed_errors

LENGTHS = ("words_length", "title_length", "exact_length")
NAMES_AT_ONCE = 5_000
FILTERS_AT_ONCE = 500
REMEMBERED = 20_000
"""Counts of queries that a state keeps."""
SCORED_WORDS = 500
"""Words that begin as a prefix does and count for the score; any such word is found."""
NEAR_FORMS = 1_000
"""Forms that are looked at for a nearly spelled word, on each shard."""
LONGEST_BEGINNING = 24
"""Letters of a word whose first letter may be wrong beside another one: the pattern grows with their square."""
ANYTHING = ".*.?"
"""Not merely ".*": OpenSearch 2.19 takes that for a prefix, and fails if the prefix comes after all its words."""


class State:
    """Never changes; searches under way keep theirs."""

    def __init__(self, cluster: Cluster, index: str, generation: str, naming: Naming) -> None:
        self.cluster = cluster
        self.index = index
        self.generation = generation
        fields = sorted({*mapping.FACET_FIELDS, *mapping.FACET_FIELDS.values()})
        figures = _figures()
        found = self.search({"aggs": {**figures, **{field: _names(field) for field in fields}}})
        answers = found["aggregations"]
        self.figures = {name: answers[name]["value"] for name in figures}
        articles = int(found["hits"]["total"]["value"])
        self.archive = Archive(articles, {name: self.figures[name] / max(articles, 1) for name in LENGTHS})
        names = {field: dict(self._all_names(field, answers[field])) for field in fields}
        self.entries = {kind: Entries(kind, names[kind], naming) for kind in mapping.FACET_FIELDS}
        for kind, entries in self.entries.items():
            self._count(entries, names[mapping.FACET_FIELDS[kind]])
        self._counts: dict[str, int] = {}

    def search(self, body: Json) -> Json:
        """A search that is asked for figures, not for articles."""
        return self.cluster.search(self.index, {"size": 0, "track_total_hits": True, **body})

    def _all_names(self, field: str, answer: Json) -> Iterator[tuple[str, int]]:
        """Every value of a field with the number of its articles, from the first page of an answer on."""
        while True:
            for bucket in answer["buckets"]:
                yield bucket["key"]["name"], bucket["doc_count"]
            if len(answer["buckets"]) < NAMES_AT_ONCE:
                return
            page = self.search({"aggs": {field: _names(field, answer["after_key"])}})
            answer = page["aggregations"][field]

    def _count(self, entries: Entries, by_key: dict[str, int]) -> None:
        entries.counts = {entry: by_key[key] for entry, key in entries.key_of.items()}
        special = sorted(entries.special)
        for start in range(0, len(special), FILTERS_AT_ONCE):
            filters = {entry: entries.holding([entry]) for entry in special[start : start + FILTERS_AT_ONCE]}
            found = self.search({"aggs": {"special": {"filters": {"filters": filters}}}})["aggregations"]["special"]
            entries.counts |= {entry: bucket["doc_count"] for entry, bucket in found["buckets"].items()}

    def count(self, query: Json) -> int:
        """How many articles a query matches."""
        return self.counts([query])[0]

    def counts(self, queries: Iterable[Json]) -> list[int]:
        """How many articles each query matches."""
        named = [(fingerprint(query), query) for query in queries]
        known = self._counts  # while the cluster is asked, another thread may begin to remember anew
        new = {name: query for name, query in named if name not in known and query != NONE}
        found = dict(zip(new, self.cluster.counts(self.index, list(new.values())), strict=True))
        counts = [found.get(name, known.get(name, 0)) for name, _ in named]
        if len(known) > REMEMBERED:
            self._counts = found
        else:
            known.update(found)
        return counts

    # what a query asks before it can be written down: see queries.Lookup

    def named(self, kind: str, words: Iterable[str]) -> Json:
        """See ``queries.Lookup.named``."""
        words = tuple(words)
        found = self.entries[kind].named(words)
        if kind != "place":
            return found
        return some([found, self.entries["place_weak"].named(words)])

    def beginning(self, folded: str) -> list[str]:
        """The most frequent words, as written, that begin so."""
        return [word for word, _ in self.begun(folded, SCORED_WORDS)]

    def begun(self, folded: str, most: int) -> list[tuple[str, int]]:
        """Words that begin so, the most frequent first, each with the number of its articles."""
        return self._words({"prefix": {"folded": {"value": folded}}}, f"{_literal(folded)}{ANYTHING}", most)

    def near(self, text: str, most: int) -> list[str]:
        """Words of the archive, as written, that are at most one (from five letters on: two) typing errors away.

        Distance: optimal string alignment (Damerau 1964) between folded forms; nearest first, then the most frequent.
        """
        folded = german.fold(text)
        allowed = allowed_errors(folded)
        forms = self._near_forms(folded, allowed)
        queries: list[Json] = [{"terms": {"folded": forms}}]
        patterns = list(map(_literal, forms))
        if allowed > 1 and len(folded) <= LONGEST_BEGINNING:
            patterns.append(begun_otherwise(folded))
            queries.append({"regexp": {"folded": {"value": patterns[-1]}}})
        pattern = f"({'|'.join(patterns)}){mapping.SPELLED}{ANYTHING}"
        rows = []
        for word, count in self._words(some(queries), pattern, 2 * NEAR_FORMS):
            form = german.fold(word)
            distance = int(OSA.distance(folded, form))
            if distance <= allowed:
                rows.append((distance, -count, form, word))
        return [word for *_, word in sorted(rows)[:most]]

    def nearest(self, word: Word) -> list[str]:
        """Words spelled nearly as one of a query, behind a field those of its values."""
        if word.target in VALUE_TARGETS:
            entries = self.entries[word.target]
            return entries.words.near(word.text, str, entries.counts.__getitem__)
        return self.near(word.text, NEAREST)

    def _near_forms(self, folded: str, allowed: int) -> list[str]:
        """Folded forms near a word; those nearest and most frequent if there are very many.

        Not all: where two errors are allowed, OpenSearch takes the first letter for right.
        """
        found = {folded: (0, 0)}
        if allowed:
            suggest = {
                "field": "folded",
                "analyzer": "lines",
                "suggest_mode": "always",
                "max_edits": allowed,
                "prefix_length": 0,
                "min_word_length": 1,
                "size": NEAR_FORMS,
                "shard_size": NEAR_FORMS,
                "accuracy": 0.001,
                "max_term_freq": 2**31 - 1,
                "string_distance": "damerau_levenshtein",
            }
            answer = self.search({"suggest": {"near": {"text": folded, "term": suggest}}, "track_total_hits": False})
            for option in (option for token in answer["suggest"]["near"] for option in token["options"]):
                distance = int(OSA.distance(folded, option["text"]))
                if distance <= allowed:
                    found[option["text"]] = (distance, -int(option["freq"]))
        return sorted(found, key=lambda form: (found[form], form))[: NEAR_FORMS // 4]

    def _words(self, query: Json, pattern: str, most: int) -> list[tuple[str, int]]:
        """Words as written whose spelling matches a pattern, the most frequent first."""
        terms = {"field": "spelled", "include": pattern, "size": most, "shard_size": 2 * most + 1000}
        found = self.search({"query": query, "aggs": {"words": {"terms": terms}}, "track_total_hits": False})
        return [
            (bucket["key"].partition(mapping.SPELLED)[2], bucket["doc_count"])
            for bucket in found["aggregations"]["words"]["buckets"]
        ]

    # articles

    def get(self, article_id: str) -> Document | None:
        """The article of an id, or else the newest of this address, with its names as they were written."""
        for name, value in (("id", article_id), ("url", address_key(article_id))):
            body = {"query": term(name, value), "size": 1, "sort": NEWEST, "_source": ["article"]}
            if value and (found := self.search(body)["hits"]["hits"]):
                return document(found[0])
        return None

    def shown(self, written: Document) -> Document:
        """A document with its names as their entries, without hidden ones."""
        return under_entries(written, self.names)

    def names(self, kind: str, written: tuple[str, ...]) -> tuple[str, ...]:
        """Names of one kind as their entries, without hidden ones."""
        return self.entries[kind].shown(written)


def document(hit: Json) -> Document:
    """The document of a hit, its names as they were written."""
    return mapping.from_json(hit["_source"]["article"])


def _figures() -> Json:
    sums = {name: {"sum": {"field": name}} for name in LENGTHS}
    return {
        **sums,
        "first": {"min": {"field": "first"}},
        "last": {"max": {"field": "last"}},
        "dated": {"value_count": {"field": "first"}},
        # an estimate, within about one per cent
        "vocabulary": {"cardinality": {"field": "spelled", "precision_threshold": 40_000}},
    }


def _names(field: str, after: Json | None = None) -> Json:
    source = {"name": {"terms": {"field": field}}}
    return {"composite": {"size": NAMES_AT_ONCE, "sources": [source], **({"after": after} if after else {})}}


def begun_otherwise(folded: str) -> str:
    """A regular expression for all forms whose first letter is wrong, and at most one more."""
    first, rest = folded[0], folded[1:]
    # another letter, none, one too many, or the first two exchanged; then there are two too many
    begins = [(".?", rest), (f".{_literal(first)}", rest)]
    begins += [(f"{_literal(rest[0])}{_literal(first)}", rest[1:])]
    found = [f"{begin}({'|'.join(_once_wrong(end))})" for begin, end in begins]
    return "|".join([*found, f"..{_literal(folded)}"])


def _once_wrong(text: str) -> Iterator[str]:
    """Regular expressions for a text with at most one error: a letter too many, missing or wrong, or two exchanged."""
    for at in range(len(text) + 1):
        before, after = _literal(text[:at]), text[at:]
        yield f"{before}.?{_literal(after)}"
        if after:
            yield f"{before}.?{_literal(after[1:])}"
        if len(after) > 1:
            yield f"{before}{_literal(after[1] + after[0] + after[2:])}"


def _literal(text: str) -> str:
    """A regular expression of Lucene that matches just this."""
    return re.sub(r"([^\w])", r"\\\1", text)
