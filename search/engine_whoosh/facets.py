"""Counting facets: how many of the documents found have each value, exactly, without looking at most of the values.

A count of few documents gathers their values. A count of many looks at values from the most frequent of the whole
archive down, and stops where no other can reach the page: no value has more hits than documents. This is the threshold
algorithm of Fagin, Lotem and Naor (2001, "Optimal aggregation algorithms for middleware") with one list.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from search.engine import FacetResult, FacetValue, Request
from search.engine_whoosh.layout import in_order
from search.engine_whoosh.segment import run_starts
from search.names import Naming, Words, as_entries

if TYPE_CHECKING:
    from search.engine_whoosh.lists import Members
    from search.engine_whoosh.snapshot import Part

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]

FEW = 16
"""Values of the documents found that are so many times fewer than those of all are gathered sooner than counted."""
SMALL = 500
"""Values that are sorted sooner than it is found out which of them have to be."""
FIRST_LOOK = 64
"""Values that a count from the top looks at before it first asks whether it is done."""


Top = tuple[list[tuple[int, int]], int, int]
"""Values with their counts, how many values there are in all, and how many documents have none."""


class Values:
    """The values of one facet, numbered from the most frequent down, equals in the order of names."""

    def __init__(self, parts: Sequence[Part], facet: str, naming: Naming, size: int) -> None:
        names, keys, sounds = _held(parts, facet)
        self.entries = _entries(names, np.bincount(keys >> 32, minlength=len(names)), sounds, naming.of(facet))
        """For each name that is not shown as it is written, the value under which it is shown, None if it is hidden."""
        shown = names
        if self.entries:
            targets = [entry for entry in self.entries.values() if entry is not None]
            shown = sorted(dict.fromkeys([*names, *targets]))
            place = {name: at for at, name in enumerate(shown)}
            entry = np.arange(len(shown))
            for name, target in self.entries.items():
                entry[place[name]] = -1 if target is None else place[target]
            keys = entry[[place[name] for name in names]][keys >> 32] << 32 | keys & 0xFFFFFFFF
        # what comes in ascending stretches is merged by a stable sort
        keys.sort(kind="stable")
        if self.entries:
            keys = keys[run_starts(keys)]
            keys = keys[keys >= 0]
        begins = keys.searchsorted(np.arange(len(shown) + 1) << 32)
        totals = np.diff(begins)
        order = np.argsort(-totals, kind="stable")[: np.count_nonzero(totals)]
        self.by_name = order
        """Place of each value in the order of names."""
        self.values = [shown[at] for at in order.tolist()]
        self.totals: Counts = totals[order]
        """How many documents have each value."""
        self._begins = np.concatenate([[0], np.cumsum(self.totals)])
        moved = np.arange(len(keys))
        moved += np.repeat(begins[order] - self._begins[:-1], self.totals)
        self._documents = keys.astype(np.int32).take(moved)  # the lowest bits
        by_document = self._documents.astype(np.int64) << 32
        by_document |= np.repeat(np.arange(len(order)), self.totals)
        by_document.sort()
        self._of = by_document.astype(np.int32)
        many = np.bincount(self._documents, minlength=size)
        self.many = many.astype(np.min_scalar_type(many.max(initial=0)))
        """How many values each document has, in as few bytes as it takes."""
        self._ends = np.cumsum(self.many, dtype=np.int64)
        self._size = size

    @cached_property
    def missing(self) -> int:
        """How many documents have no value."""
        return int(np.count_nonzero(self.many == 0))

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of each value."""
        return {value: at for at, value in enumerate(self.values)}

    def numbers_of(self, chosen: Collection[str]) -> set[int]:
        """The values that are meant by names, be it another spelling of them."""
        entries = (self.entries.get(name, name) for name in chosen)
        return {self.number[entry] for entry in entries if entry is not None and entry in self.number}

    def shown(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Names of an article as their entries, each once, without hidden ones."""
        return as_entries(names, self.entries)

    def holders(self, number: int) -> Numbers:
        """The documents that have a value."""
        return self._documents[self._begins[number] : self._begins[number + 1]]

    def holding(self, chosen: Collection[str]) -> Numbers:
        """Documents that have any of the chosen values, ascending."""
        return self._any(self.numbers_of(chosen))

    def _any(self, numbers: Collection[int]) -> Numbers:
        held = [self.holders(number) for number in numbers]
        if len(held) == 1:
            return held[0]
        return np.unique(np.concatenate(held)) if held else np.zeros(0, np.int32)

    def counts(self, documents: Numbers) -> Counts:
        """How many of the documents have each value."""
        if len(documents) == self._size:
            return self.totals
        many = self.many.take(documents)
        return np.bincount(self._gathered(documents, many), minlength=len(self.values))

    def _gathered(self, documents: Numbers, many: npt.NDArray[Any]) -> Numbers:
        """The values of all of the documents."""
        ends = np.cumsum(many, dtype=np.int64)
        begins = self._ends.take(documents) - ends
        return self._of.take(np.repeat(begins, many) + np.arange(ends[-1] if len(ends) else 0))

    def top(self, found: Members, size: int) -> Top:
        """The ``size`` values that most of the documents have, equals in the order of names."""
        documents = found.documents
        if len(documents) == self._size:
            return self._first(np.arange(len(self.values)), self.totals, size), len(self._of), self.missing
        many = self.many.take(documents)
        held = int(many.sum(dtype=np.int64))
        missing = len(documents) - int(np.count_nonzero(many))
        if not held:
            return [], 0, missing
        if held * FEW <= len(self._of):
            values = np.sort(self._gathered(documents, many))
            edges = np.append(run_starts(values), held)
            numbers, counts = values[edges[:-1]].astype(np.int64), edges[1:] - edges[:-1]
        else:
            counts = self._from_the_top(found.mask, size)
            numbers = np.arange(len(counts))
        return self._first(numbers, counts, size), held, missing

    def _from_the_top(self, mask: Mask, size: int) -> Counts:
        """Counts of as many of the most frequent values as it takes."""
        counted = np.zeros(0, np.int64)
        while True:
            begin, end = len(counted), min(max(FIRST_LOOK, 2 * size, 2 * len(counted)), len(self.values))
            hits = mask.take(self._documents[self._begins[begin] : self._begins[end]])
            more = np.add.reduceat(hits, self._begins[begin:end] - self._begins[begin], dtype=np.int64)
            counted = np.concatenate([counted, more])
            if end == len(self.values):
                return counted
            if end >= size and np.partition(counted, -size)[-size] > self.totals[end]:
                return counted

    def _first(self, numbers: Counts, counts: Counts, size: int) -> list[tuple[int, int]]:
        """Value and count of the ``size`` highest counts, equals in the order of names."""
        if len(counts) > SMALL:
            least = np.partition(counts, -size)[-size] if len(counts) > size else 0
            enough = np.flatnonzero(counts >= max(least, 1))
            numbers, counts = numbers.take(enough), counts.take(enough)
        first = np.argsort((-counts << 32) + self.by_name.take(numbers))[:size]
        return [row for row in zip(numbers.take(first).tolist(), counts.take(first).tolist(), strict=True) if row[1]]

    def count(self, number: int, mask: Mask) -> int:
        """How many documents of a mask have a value."""
        return int(np.count_nonzero(mask.take(self.holders(number))))

    @cached_property
    def words(self) -> Words[int]:
        """The values by words of any of their spellings."""
        spellings = [(name, self.number[entry]) for name, entry in self.entries.items() if entry in self.number]
        return Words(chain(self.number.items(), spellings))

    def named(self, words: Collection[str]) -> Numbers:
        """Documents with a value that has all of these words, whatever their umlauts, case and order."""
        return self._any(self.words.named(words))


def _held(parts: Sequence[Part], facet: str) -> tuple[list[str], Counts, npt.NDArray[np.uint64]]:
    """All names in order; name << 32 | document of all postings; what each name sounds like."""
    fields = [part.reader.field(facet) for part in parts]
    order, terms = in_order([field.terms for field in fields])
    begins = run_starts(terms)
    names = [term.decode("utf-8", "surrogatepass") for term in terms[begins].tolist()]
    place = np.zeros(len(order), np.int64)
    place[order] = np.repeat(np.arange(len(names)), np.diff(begins, append=len(order)))
    sounds = np.zeros(len(names), np.uint64)
    if facet == "person":
        sounds[place] = np.concatenate([sounds[:0], *(field.keys for field in fields)])
    keys = [np.zeros(0, np.int64)]
    for part, field in zip(parts, fields, strict=True):
        of_term, place = np.split(place, [len(field.terms)])
        documents = part.numbered(field.documents((0, int(field.starts[-1]))))
        own = np.repeat(of_term << 32, np.diff(field.starts)) | documents
        keys.append(own if part.numbers is None else own[documents >= 0])
    return names, np.concatenate(keys), sounds


def _entries(names: list[str], counts: Counts, sounds: npt.NDArray[np.uint64], naming: Naming) -> dict[str, str | None]:
    """The entries of names that are shown under another one, or not at all.

    Only those that a line speaks of, or that sound like another one, have to be looked at.
    """
    _, of_sound, many = np.unique(sounds, return_inverse=True, return_counts=True)
    alike = np.flatnonzero(many[of_sound] > 1).tolist() if sounds.any() else []
    looked = {names[at]: int(counts[at]) for at in alike if counts[at]}
    if naming.rules:
        looked |= {name: int(count) for name, count in zip(names, counts.tolist(), strict=True) if name in naming.rules}
    found = naming.entries(looked, merged=bool(sounds.any()))
    return {name: entry for name, entry in found.items() if entry != name}


def value_facet(held: Values, found: Members, request: Request, facet: str) -> FacetResult:
    """The most frequent values among the documents, all chosen ones in any case."""
    size, typed = request.facet_size, request.chosen.get(facet, ())
    top, total, missing = found.counted((id(held), size), lambda: held.top(found, size))
    chosen = held.numbers_of(typed)
    if unlisted := chosen - {number for number, _ in top}:
        more = [(number, held.count(number, found.mask)) for number in unlisted]
        top = [*top, *sorted(more, key=lambda row: (-row[1], held.values[row[0]]))]
    values = [FacetValue(held.values[number], count, number in chosen) for number, count in top]
    values += [FacetValue(value, 0, True) for value in typed if not held.numbers_of([value])]
    return FacetResult(
        values=tuple(values),
        missing=missing,
        missing_selected=facet in request.missing,
        other=total - sum(value.count for value in values),
    )
