"""A segment open for reading: its documents, and for each field its terms and their postings, as arrays.

Documents are numbered newest first, equals by id, from 0; at most 65,536, so that a number takes two bytes. Per field:

    F.terms        the terms, ascending                  F.starts   where each term's postings begin, and the end
    F.docs         documents of each posting             F.codes    its row in F.pairs
    F.pairs        weighted frequency among the words, and among the parts of compounds
    F.places       positions of each term, as F.base[document] + position; F.place_starts where each term's begin
    F.base         where each document's positions begin, with gaps between documents
    F.lengths      length of each document in words, as Whoosh's length byte
    F.keys         for persons: a hash of what their name sounds like (``entities.merge_key``)

Words and parts of compounds are two fields of the schema and one list of postings here, since a word of a query asks
for both: so it is one list that is read, scored and counted.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engine import Document
from search.engine_whoosh.fields import KEEPS, Card, from_json, read_card
from search.engine_whoosh.layout import Section, SegmentFile, Strings

MAX_DOCUMENTS = 1 << 16
KNOWN_PLACES = 4096
"""Terms of a field whose place is remembered."""

Bytes = npt.NDArray[np.uint8]
Shorts = npt.NDArray[np.uint16]
Places = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float32]


class FieldPostings:
    """The terms of one field and their postings. A term is meant by its place among the terms."""

    def __init__(self, file: SegmentFile, name: str) -> None:
        self.name = name
        self.keeps = KEEPS[name]
        self.terms = Strings(file, f"{name}.terms")
        self._file = file
        self._sections: dict[str, Section] = {}
        self._known: dict[bytes, int] = {}
        self._stretches: dict[str, tuple[int, int]] = {}

    def section(self, array: str) -> Section:
        """One of the field's arrays."""
        found = self._sections.get(array)
        if found is None:
            found = self._sections[array] = self._file.section(f"{self.name}.{array}")
        return found

    def place(self, term: bytes) -> int:
        """Where a term stands, -1 if it does not."""
        known = self._known.get(term)
        if known is None:
            place = self.terms.find(term)
            known = place if place < len(self.terms) and self.terms[place] == term else -1
            self._known[term] = known
            if len(self._known) > KNOWN_PLACES:
                self._known.clear()
        return known

    def stretch(self, begun: str) -> tuple[int, int]:
        """Where the terms begin and end that begin with some letters."""
        known = self._stretches.get(begun)
        if known is None:
            prefix = begun.encode("utf-8", "surrogatepass")
            known = self._stretches[begun] = self.terms.find(prefix), self.terms.find(prefix + b"\xff")
            if len(self._stretches) > KNOWN_PLACES:
                self._stretches.clear()
        return known

    def extent(self, first: int, last: int) -> tuple[int, int]:
        """Which postings the terms from ``first`` on and before ``last`` have."""
        if first >= last:
            return 0, 0
        starts = self.section("starts")
        return starts[first : first + 1].item(), starts[last : last + 1].item()

    def documents(self, extent: tuple[int, int]) -> Shorts:
        """The documents of postings."""
        return self.section("docs")[slice(*extent)] if extent[1] > extent[0] else np.zeros(0, np.uint16)

    def codes(self, extent: tuple[int, int]) -> npt.NDArray[Any]:
        """The rows in ``pairs`` of postings."""
        return self.section("codes")[slice(*extent)] if extent[1] > extent[0] else np.zeros(0, "u1")

    @cached_property
    def pairs(self) -> Weights:
        """Rows of two: weighted frequency among words, and among parts."""
        return self.section("pairs").all.reshape(-1, 2)

    def places(self, term: int) -> Places:
        """Where a term stands, ascending; see ``base``."""
        starts = self.section("place_starts")[term : term + 2].tolist()
        return self.section("places")[starts[0] : starts[1]] if starts[1] > starts[0] else _NOWHERE

    @property
    def all_places(self) -> Places:
        """The places of all terms, one after the other."""
        return self.section("places").all

    @property
    def place_starts(self) -> Places:
        """Where the places of each term begin, and the end of all."""
        return self.section("place_starts").all

    @cached_property
    def base(self) -> Places:
        """Where the positions of each document begin, and the end of all."""
        return self.section("base").all

    @cached_property
    def starts(self) -> npt.NDArray[Any]:
        """Where the postings of each term begin, and the end of all."""
        return self.section("starts").all

    @cached_property
    def keys(self) -> npt.NDArray[np.uint64]:
        """Per term a hash of its sound."""
        return self.section("keys").all


_NOWHERE: Places = np.zeros(0, np.uint32)


class SegmentReader:
    """One segment file. Nothing of it is in memory but what was asked for."""

    def __init__(self, path: Path) -> None:
        self.file = SegmentFile(path)
        self.size = len(self.file.section("first"))
        self._fields: dict[str, FieldPostings] = {}
        self._lengths: dict[str, Bytes] = {}
        self._cards = Strings(self.file, "card")
        self._stored = Strings(self.file, "stored")

    def field(self, name: str) -> FieldPostings:
        """The postings of a field."""
        found = self._fields.get(name)
        if found is None:
            found = self._fields[name] = FieldPostings(self.file, name)
        return found

    @cached_property
    def first(self) -> Numbers:
        """First day, as yyyymmdd, that each document's date can mean; 0 if it has none."""
        return self.file.section("first").all

    @cached_property
    def last(self) -> Numbers:
        """Last day that each document's date can mean; 0 if it has none."""
        return self.file.section("last").all

    def lengths(self, field: str) -> Bytes:
        """Length of each document in a field, as Whoosh's length byte."""
        found = self._lengths.get(field)
        if found is None:
            found = self._lengths[field] = self.file.section(f"{field}.lengths").all
        return found

    def card(self, number: int) -> Card:
        """What a list of results shows of a document."""
        return read_card(self._cards[number])

    def ids(self) -> Iterator[str]:
        """The ids of all documents in their order."""
        return (read_card(card).id for card in self._cards)

    def document(self, number: int) -> Document:
        """The stored document."""
        return from_json(self._cards[number], zlib.decompress(self._stored[number]))

    def raw(self) -> tuple[list[bytes], list[bytes]]:
        """Cards and stored documents as they are kept."""
        return list(self._cards), list(self._stored)
