"""A segment open for reading: its documents, and for each field its terms and their postings, as arrays.

Documents are numbered newest first, equals by id, from 0; at most 65,536, so that a number takes two bytes. Per field:

    F.terms        the terms, ascending                  F.starts   where each term's postings begin, and the end
    F.docs         documents of each posting
    F.codes        each posting's row in F.pairs as one byte; 255 for those that F.rare lists, with rows in F.rare_codes
    F.pairs        weighted frequency among the words, and among the parts of compounds, the most frequent pair first
    F.places       positions of each term, as F.base[document] + position, each as its distance from the one before
                   (``distances``); F.place_starts where each term's begin
    F.marks        for each MARKED of these, the place that is the last one before them
    F.base         where each document's positions begin, with gaps between documents
    F.lengths      length of each document in words, as Whoosh's length byte
    F.keys         for persons: a hash of what their name sounds like (``sounds.merge_key``)

Words and parts of compounds are two fields of the schema and one list of postings here, since a word of a query asks
for both: so it is one list that is read, scored and counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engine import Document
from search.engine_whoosh.fields import KEEPS, Card, from_json, read_card
from search.engine_whoosh.layout import Blocks, Section, SegmentFile, Strings

MAX_DOCUMENTS = 1 << 16
RARE = 255
"""The code of a posting whose weights have none of the first rows of ``pairs``."""
FAR = 65_535
MARKED = 32
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

    def extent_of(self, term: bytes) -> tuple[int, int]:
        """Which postings a term has, none if it does not stand here."""
        place = self.place(term)
        return self.extent(place, place + 1) if place >= 0 else (0, 0)

    def documents(self, extent: tuple[int, int]) -> Shorts:
        """The documents of postings."""
        return self.section("docs")[slice(*extent)] if extent[1] > extent[0] else np.zeros(0, np.uint16)

    def codes(self, extent: tuple[int, int]) -> npt.NDArray[Any]:
        """The rows in ``pairs`` of postings."""
        if extent[1] <= extent[0]:
            return np.zeros(0, np.uint8)
        codes = self.section("codes")[slice(*extent)]
        if len(self.pairs) > RARE and len(rare := np.flatnonzero(codes == RARE)):
            codes = codes.astype(np.uint32)
            codes[rare] = self._rare[1][np.searchsorted(self._rare[0], rare + extent[0])]
        return codes

    @cached_property
    def _rare(self) -> tuple[Places, Places]:
        return self.section("rare").all, self.section("rare_codes").all

    @cached_property
    def pairs(self) -> Weights:
        """Rows of two: weighted frequency among words, and among parts."""
        return self.section("pairs").all.reshape(-1, 2)

    def places(self, term: int) -> Places:
        """Where a term stands, ascending; see ``base``."""
        starts = self.section("place_starts")[term : term + 2].tolist()
        return _summed(self.section("places")[starts[0] : starts[1]]) if starts[1] > starts[0] else _NOWHERE

    def room(self, term: int) -> int:
        """How much there is of ``places``, about as many as there are places."""
        begin, end = self.section("place_starts")[term : term + 2].tolist()
        return int(end - begin)

    def standing(self, term: int, wanted: Places) -> npt.NDArray[np.bool_] | None:
        """Which of a few places, ascending, are the term's; None if all of them have to be read for that.

        Only what lies between two marks around a place is read.
        """
        begin, end = self.section("place_starts")[term : term + 2].tolist()
        if len(wanted) * MARKED * 4 > end - begin:
            return None
        first, last = begin // MARKED, (end - 1) // MARKED
        marks = self.section("marks")[first + 1 : last + 1]
        row = np.searchsorted(marks, wanted)
        at = (row[:, None] + first) * MARKED + np.arange(-2, MARKED) - begin
        inside = (at >= 0) & (at < end - begin)
        steps = np.where(inside, self.section("places")[begin:end].take(at, mode="clip"), np.uint16(0))
        if (steps == FAR).any():
            return None
        steps[:, :2] = 0
        sums = np.cumsum(steps, 1, dtype=np.uint32)
        sums += np.where(row > 0, marks.take(row - 1, mode="clip"), np.uint32(0))[:, None]
        found: npt.NDArray[np.bool_] = (sums == wanted[:, None]).any(1)
        return found

    def all_places(self) -> tuple[Places, npt.NDArray[np.int64]]:
        """The places of all terms, one after the other, and how many each term has."""
        entries, starts = self.section("places").all, self.section("place_starts").all
        far = np.flatnonzero(entries == FAR)
        many = np.diff(starts - 2 * np.searchsorted(far, starts))
        if not len(entries):
            return _NOWHERE, many
        sums = _summed(entries)
        begins = np.cumsum(many) - many
        before = np.where(begins > 0, sums[np.maximum(begins, 1) - 1], np.uint32(0))
        return sums - np.repeat(before, many).astype(np.uint32), many

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


def run_starts(keys: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Where each of some keys in order begins, be it there several times."""
    return np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)])


def distances(steps: Places) -> tuple[Shorts, npt.NDArray[np.int64]]:
    """Distances of two bytes, and which ones are far: one of FAR and more is FAR, then its two digits to that base."""
    far = np.flatnonzero(steps >= FAR)
    digits = np.stack(np.divmod(steps[far], FAR), 1).astype(np.uint16)
    return np.insert(np.minimum(steps, FAR).astype(np.uint16), np.repeat(far + 1, 2), digits.ravel()), far


def begun(far: npt.NDArray[np.int64], entries: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many distances begin before each of some entries; ``far``: which ones are, see ``distances``."""
    begins = far + 2 * np.arange(len(far))
    many = np.searchsorted(begins, entries)
    open_ = np.clip(np.append(begins, -3)[many - 1] + 3 - entries, 0, 2)  # digits of the last one that stand behind
    return entries - 2 * many + open_


def _summed(entries: Shorts) -> Places:
    """The sums of ``distances``, modulo 2 ** 32."""
    far = np.flatnonzero(entries == FAR)
    if not len(far):
        return np.cumsum(entries, dtype=np.uint32)
    steps = entries.astype(np.uint32)
    steps[far] = steps[far + 1] * np.uint32(FAR) + steps[far + 2]
    kept = np.ones(len(steps), bool)
    kept[far + 1] = kept[far + 2] = False
    return np.cumsum(steps[kept], dtype=np.uint32)


class SegmentReader:
    """One segment file. Nothing of it is in memory but what was asked for."""

    def __init__(self, path: Path) -> None:
        self.file = SegmentFile(path)
        self.size = len(self.file.section("first"))
        self._fields: dict[str, FieldPostings] = {}
        self._lengths: dict[str, Bytes] = {}
        self._cards = Strings(self.file, "card")
        self._stored = Blocks(self.file, "stored")

    def field(self, name: str) -> FieldPostings:
        """The postings of a field."""
        found = self._fields.get(name)
        if found is None:
            # of two threads that come at once both get the same one: what is kept of it is kept under its identity
            found = self._fields.setdefault(name, FieldPostings(self.file, name))
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
        return from_json(self._cards[number], self._stored[number])

    def documents(self) -> Iterator[Document]:
        """All of them in their order, which is sooner than one by one."""
        return (from_json(card, rest) for card, rest in zip(self._cards, self._stored, strict=True))

    def raw(self) -> tuple[list[bytes], list[bytes]]:
        """The bytes of all cards and stored documents."""
        return list(self._cards), list(self._stored)
