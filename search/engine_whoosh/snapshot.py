"""One committed state of an index, opened for reading: postings of a term, and per-document arrays.

A snapshot never changes. Document numbers run from 0 to ``size``, deleted documents included; ``live`` says which
are there. All arrays are indexed by document number.
"""

from __future__ import annotations

import weakref
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh.index import FileIndex

from search import german
from search.dates import interval
from search.engine import Document
from search.engine_whoosh import generations
from search.engine_whoosh.facets import Ordinals
from search.engine_whoosh.fields import from_json
from search.names import Naming
from search.schema import FACETS

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

CACHED_TERMS = 2048
NO_DATE = 0


class Postings(NamedTuple):
    """The documents that hold a term, ascending, and its weighted frequency in each."""

    documents: Numbers
    weights: Floats


class Vocabulary(NamedTuple):
    """Every word of the archive as it is written, in the order of its folded form."""

    folded: list[str]
    exact: list[str]
    counts: list[int]
    """How many articles hold the word."""

    def beginning(self, prefix: str) -> range:
        """Where the words stand that begin with a folded prefix."""
        return range(bisect_left(self.folded, prefix), bisect_left(self.folded, prefix + "\U0010ffff"))


class Snapshot:
    """Arrays and postings of one committed state. Reading needs no lock but the term cache's own.

    Its files are given free as soon as nobody holds it any more: the last search that uses it, after a newer one is
    there. So nothing in here may refer back to it, or it would wait for the garbage collector.
    """

    def __init__(self, index: FileIndex, generation: Path, naming: Naming, fingerprint: str) -> None:
        self.reader = index.reader()
        weakref.finalize(self, self.reader.close).atexit = False
        number = self.reader.generation()
        # a reader of no documents at all does not know its number
        state = generations.state(generation) if number is None else f"{generation.name}-{number}"
        self.generation = state + fingerprint
        self.size: int = self.reader.doc_count_all()
        self.live: Mask = np.ones(self.size, bool)
        self.live[[number for number in range(self.size) if self.reader.is_deleted(number)]] = False
        self.count = int(self.live.sum())
        self.lengths = {name: self._lengths(name) for name in ("text", "part", "title", "exact")}
        self.id_rank = self._id_rank()
        self.first, self.last = self._dates()
        self.ordinals = {facet.name: self._ordinals(facet.field, naming) for facet in FACETS if facet.bucket == "value"}
        self.weak_places = self._ordinals("place_weak", naming)
        self.postings = lru_cache(CACHED_TERMS)(partial(_postings, self.reader))
        self.positions = lru_cache(CACHED_TERMS)(partial(_positions, self.reader))

    def _lengths(self, field: str) -> Floats:
        length = self.reader.doc_field_length
        return np.fromiter((length(number, field) for number in range(self.size)), np.float64, self.size)

    def _id_rank(self) -> Numbers:
        """Place of each document in the order of ids, which decides between equals."""
        rank = np.zeros(self.size, np.int32)
        for place, documents in enumerate(self._terms("id")):
            rank[documents[1]] = place
        return rank

    def _dates(self) -> tuple[Numbers, Numbers]:
        """First and last day, as yyyymmdd, that each document's date can mean; NO_DATE if it has none."""
        first, last = np.zeros(self.size, np.int32), np.zeros(self.size, np.int32)
        for date, documents in self._terms("date"):
            first[documents], last[documents] = interval(date)
        return first, last

    def _ordinals(self, field: str, naming: Naming) -> Ordinals:
        holders = {name: documents for name, documents in self._terms(field) if len(documents)}
        counts = {name: len(documents) for name, documents in holders.items()}
        # the archivist's lines speak of persons and places, not of papers that are named like one
        naming = naming if field in ("person", "place", "place_weak") else Naming({})
        return Ordinals.of(holders, naming.entries(counts, merged=field == "person"), self.size)

    def _terms(self, field: str) -> Iterator[tuple[str, Numbers]]:
        """Each term of a field in the order of its bytes, with its live documents."""
        for term in self.reader.lexicon(field):
            matcher = self.reader.postings(field, term)
            yield term.decode(), np.fromiter(matcher.all_ids(), np.int32)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Built when first asked for: prefixes, fuzzy words, completion and suggestions need it."""
        counts = ((term.decode(), self.reader.doc_frequency("exact", term)) for term in self.reader.lexicon("exact"))
        rows = sorted((german.fold(word), word, count) for word, count in counts)
        return Vocabulary([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])

    def document(self, number: int) -> Document:
        """The stored document, its names as they were written."""
        return from_json(self.reader.stored_fields(number)["article"])

    def shown(self, number: int) -> Document:
        """The stored document, its names as their entries, without hidden ones."""
        document = self.document(number)
        mentions = (
            replace(mention, name=entry)
            for mention in document.mentions
            for entry in self.ordinals[mention.kind].shown([mention.name])
        )
        return replace(
            document,
            mentions=tuple(mentions),
            persons=self.ordinals["person"].shown(document.persons),
            places=self.ordinals["place"].shown(document.places),
        )

    def number(self, article_id: str) -> int | None:
        """The live document that has an id."""
        found = self.postings("id", article_id).documents
        return int(found[-1]) if len(found) else None


def _postings(reader: Any, field: str, term: str) -> Postings:
    documents: list[int] = []
    weights: list[float] = []
    if (field, term) in reader:
        matcher = reader.postings(field, term)
        while matcher.is_active():
            documents.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
    return Postings(np.array(documents, np.int32), np.array(weights, np.float64))


def _positions(reader: Any, field: str, term: str) -> npt.NDArray[np.int64]:
    """Every place where a term stands, ascending, as (document number << 32) + position."""
    places: list[int] = []
    if (field, term) in reader:
        matcher = reader.postings(field, term)
        while matcher.is_active():
            begin = matcher.id() << 32
            places.extend(begin + position for position in matcher.value_as("positions"))
            matcher.next()
    return np.array(places, np.int64)
