"""One committed state of an index, opened for reading: its documents under one numbering, whatever segment they are in.

A snapshot never changes. Its documents are those that are not deleted, numbered newest first, equals by id: so a list
of hits in the order of numbers is a list of hits newest first, and what lies in a range of dates is one stretch of it.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import accumulate, compress
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from whoosh.index import FileIndex

from search import limit
from search.article import address_key
from search.engine import Document, under_entries
from search.engine_whoosh.facets import Values
from search.engine_whoosh.fields import Card
from search.engine_whoosh.numbering import Numbers, Part
from search.engine_whoosh.ordinals import Ordinals
from search.engine_whoosh.segment import SegmentReader, run_starts
from search.names import Naming
from search.ranking import LENGTHS

Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
T = TypeVar("T")

CACHED_BYTES = 128 << 20
"""Of postings and scores of terms that were asked for, per snapshot."""
ANSWER_BYTES = 256
"""For each document, of what queries of several words found, but no less than a quarter of CACHED_BYTES: apart from
terms, of which a few frequent ones of a million documents would drive all answers out."""
COUNTED_BYTES = 32 << 20
"""Of counts, first pages and other small things that take long to make."""
KNOWN_CARDS = 20_000
"""Documents that were on a list of results and are kept as it shows them, some 500 bytes each."""
CACHED_PLACES = 64 << 20
"""Bytes of places of frequent terms, per snapshot: what makes these out of distances takes longest."""


class Cache:
    """What was computed, the last used of it up to some number of bytes."""

    def __init__(self, room: int) -> None:
        self._largest = room // 4
        self._room = room
        self._kept: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def get(self, key: Any, compute: Callable[[], T], size: Callable[[T], int] = lambda _: 0) -> T:
        """What is kept for a key, or else computed and kept; ``size``: its bytes, where they are many."""
        with self._one_at_a_time:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                found: T = kept[0]
                return found
        value = compute()
        needed = size(value) + 200
        with self._one_at_a_time:
            if key not in self._kept and needed < self._largest:
                self._kept[key] = value, needed
                self._room -= needed
                while self._room < 0:
                    self._room += self._kept.popitem(last=False)[1][1]
        return value


Span = tuple[Part, int, int]
"""A segment and a stretch of the terms of one of its fields: the first, and the one behind the last."""


class Snapshot:
    """Documents, columns and postings of one committed state. Any number of threads may read it.

    Its files are mapped into memory and given free as soon as nobody holds it any more.
    """

    def __init__(self, index: FileIndex, generation: Path, naming: Naming, name: str) -> None:
        self._ordinals = Ordinals(index, generation, naming)
        self.generation = name
        self.parts, self.size = self._ordinals.parts, self._ordinals.size
        self.size_with_deleted = sum(part.reader.size for part in self.parts)
        self._only = self.parts[0] if len(self.parts) == 1 and self.parts[0].numbers is None else None
        self.cache = Cache(CACHED_BYTES)
        self.answers = Cache(max(CACHED_BYTES // 4, ANSWER_BYTES * self.size))
        self.counts = Cache(COUNTED_BYTES)
        self.places = Cache(CACHED_PLACES)
        self._cards: dict[int, Card] = {}
        self._values: dict[str, Values] = {}
        self._making = threading.Lock()

    def column(self, of_segment: Callable[[SegmentReader], npt.NDArray[Any]], kind: Any) -> npt.NDArray[Any]:
        """A value of each document, from those of the segments."""
        if self._only:
            return of_segment(self._only.reader)
        columns = [of_segment(part.reader) for part in self.parts]
        return np.concatenate([np.zeros(0, kind), *columns]).take(self._order)

    @cached_property
    def first(self) -> Numbers:
        """First day, as yyyymmdd, that each document's date can mean; 0 if it has none."""
        return self.column(lambda reader: reader.first, np.int32)

    @cached_property
    def last(self) -> Numbers:
        """Last day that each document's date can mean; 0 if it has none."""
        return self.column(lambda reader: reader.last, np.int32)

    @cached_property
    def days_back(self) -> Numbers:
        """The first days, negative: ascending, as documents are numbered newest first."""
        return -self.first

    @cached_property
    def years(self) -> tuple[list[int], Numbers]:
        """The years of the documents, newest first, 0 if they have none; and where the documents of each begin."""
        year = self.first // 10_000
        begins = run_starts(year)
        return year[begins].tolist(), begins.astype(np.int32)

    @cached_property
    def dated(self) -> int:
        """How many documents have a date: the first so many."""
        return int(np.count_nonzero(self.first))

    @cached_property
    def precise(self) -> bool:
        """Whether every date is a day."""
        return bool((self.first == self.last).all())

    @cached_property
    def from_oldest(self) -> Numbers:
        """Place of each document in the order oldest first, equals by id, undated ones last."""
        first = np.where(self.first == 0, np.iinfo(np.int32).max, self.first)
        place = np.zeros(self.size, np.int32)
        place[np.argsort(first, kind="stable")] = np.arange(self.size, dtype=np.int32)
        return place

    @cached_property
    def everything(self) -> Numbers:
        """All documents."""
        return np.arange(self.size, dtype=np.int32)

    @cached_property
    def _order(self) -> Numbers:
        """Of each document its place among those of all segments one after the other, deleted ones counted."""
        numbers = np.concatenate([np.zeros(0, np.int32), *(part.all for part in self.parts)])
        kept = np.flatnonzero(numbers >= 0)
        order = np.zeros(self.size, np.int32)
        order[numbers[kept]] = kept
        return order

    @cached_property
    def _begins(self) -> list[int]:
        """Where the documents of each segment begin there."""
        return list(accumulate((part.reader.size for part in self.parts), initial=0))[:-1]

    def _place(self, number: int) -> tuple[SegmentReader, int]:
        if self._only:
            return self._only.reader, number
        place = int(self._order[number])
        segment = bisect_right(self._begins, place) - 1
        return self.parts[segment].reader, place - self._begins[segment]

    def located(self, documents: Numbers) -> Iterator[tuple[Part, Numbers]]:
        """The segments that have some of the documents, ascending, and the numbers of these in each."""
        if self._only:
            yield self._only, documents
            return
        places = self._order.take(documents)
        segments = np.searchsorted(self._begins, places, "right") - 1
        for at, (part, begin) in enumerate(zip(self.parts, self._begins, strict=True)):
            there = places[segments == at]
            if len(there):
                yield part, there - np.int32(begin)

    @cached_property
    def mean_lengths(self) -> dict[str, float]:
        """Of each field in words, deleted documents counted too, as Whoosh does."""

        def total(field: str) -> float:
            return sum(float(LENGTHS[part.reader.lengths(field)].sum(dtype=np.float64)) for part in self.parts)

        return {field: max(total(field) / max(self.size_with_deleted, 1), 1e-9) for field in ("text", "title", "exact")}

    def values(self, facet: str) -> Values:
        """The values of a facet, of ``author`` or ``place_weak``, under the entries of the archivist's names."""
        if facet not in self._values:
            with self._making, limit.once_for_all():
                if facet not in self._values:
                    self._values[facet] = Values(self._ordinals.facet(facet), self.size)
        return self._values[facet]

    def prepare_like(self, before: Snapshot) -> None:
        """Make the values of facets, and their words, that were asked for of another state."""
        for facet, values in list(before._values.items()):
            own = self.values(facet)
            if "words" in vars(values):  # where cached_property keeps what it has made
                own.words  # noqa: B018

    def card(self, number: int) -> Card:
        """What a list of results shows of a document, its names as their entries, without hidden ones."""
        card = self._cards.get(number)
        if card is None:
            reader, document = self._place(number)
            written = reader.card(document)
            persons, places = self.values("person").shown(written.persons), self.values("place").shown(written.places)
            card = self._cards[number] = written._replace(persons=persons, places=places)
            if len(self._cards) > KNOWN_CARDS:
                self._cards.clear()
        return card

    def document(self, number: int) -> Document:
        """The stored document, its names as they were written."""
        reader, document = self._place(number)
        return reader.document(document)

    def shown(self, number: int) -> Document:
        """The stored document, its names as their entries, without hidden ones."""
        return under_entries(self.document(number), self.names)

    def names(self, kind: str, written: tuple[str, ...]) -> tuple[str, ...]:
        """Names of one kind as their entries, without hidden ones."""
        return self.values(kind).shown(written)

    def documents(self) -> Iterator[Document]:
        """All documents, as their names were written, segment by segment."""
        for part in self.parts:
            yield from compress(part.reader.documents(), part.all >= 0)

    def number(self, article_id: str) -> int | None:
        """The document that has an id, or else the newest that has this address."""
        for name, value in (("id", article_id), ("url", address_key(article_id))):
            fields = [part.reader.field(name) for part in self.parts]
            extents = [field.extent_of(value.encode("utf-8", "surrogatepass")) for field in fields]
            found = [
                part.numbered(field.documents(extent))
                for part, field, extent in zip(self.parts, fields, extents, strict=True)
            ]
            numbers = np.concatenate([*found, np.zeros(0, np.int32)])
            if (numbers >= 0).any():
                return int(numbers[numbers >= 0].min())
        return None
